"""tour.py - a short real conversation, printed as it happens.

Tom books the next free time with Dr. Ruiz, she is told and looks at her day,
he moves the visit, and cancels it, so that the clinic is as it was before.
"""
import asyncio
import re
import sys
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "talk"))
# pylint: disable=wrong-import-position
from people import log_in  # noqa: E402

ANSWER_S = 10
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{5}\b")
QUESTION = re.compile(r"\(yes\b|yes / no", re.I)
DAY = re.compile(r"\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")


class Astray(Exception):
    """The conversation went where it should not."""


def show(who, text):
    """Prints what was said; a choice stays on one line with its number."""
    whole = re.sub(r"(?<=\d)  (?=\S)", "\u00a0\u00a0", text)
    lines = [piece.replace("\u00a0", " ") for line in whole.splitlines()
             for piece in textwrap.wrap(line, 62) or [""]]
    print(f"  {who + ':':14}" + ("\n" + " " * 16).join(lines), flush=True)


async def hear(person, expected=""):
    """The next thing that somebody gets; it must look as expected."""
    try:
        text = await person.hear(ANSWER_S)
    except asyncio.TimeoutError as late:
        raise Astray(f"{person.name} got no answer") from late
    show(f"desk to {person.name}", text)
    if not re.search(expected, text, re.S):
        raise Astray(f'that should have been about "{expected}"')
    return text


async def ask(person, text, wanted, choice="1"):
    """Says something, then chooses and agrees until the desk says what was
    wanted."""
    for _ in range(6):
        show(person.name, text)
        person.say(text)
        answer = await hear(person)
        if re.search(wanted, answer):
            return answer
        text = "yes" if QUESTION.search(answer) else choice
    raise Astray(f'the desk never said "{wanted}"')


async def story(people):
    tom, ruiz = people["tom"], people["ruiz"]
    booked = await ask(tom, "I need to see dr ruiz as soon as possible",
                       r"^Booked")
    code, day = CODE.search(booked), DAY.search(booked)
    if not code or not day:
        raise Astray("there is no code or no day in that")
    code = code.group()
    await hear(ruiz, code)
    question = f"agenda {day.group()}"
    show("ruiz", question)
    ruiz.say(question)
    await hear(ruiz, code)
    await ask(tom, f"move {code}", r"^Moved", choice="2")
    await hear(ruiz, code)
    await ask(tom, f"cancel {code}, yes", r"^Cancelled")
    await hear(ruiz, code)


async def play(env):
    """True: it went well."""
    people = await log_in(["tom", "ruiz"], env)
    try:
        for one in people.values():
            await one.caught_up()
            one.forget()
        await story(people)
        return True
    except Astray as why:
        print(f"  ({why})", flush=True)
        return False
    finally:
        await asyncio.gather(*(one.log_out() for one in people.values()))
