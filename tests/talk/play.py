#!/usr/bin/python3
"""play.py - plays conversations (*.talk) with a running clinic.

	tests/talk/play.py [--stack DIR] [--variant V] [--server S] [FILE|FOLDER...]
	tests/talk/play.py --stack DIR --say jane "book dr ruiz tomorrow"

Without --stack it starts a clinic of its own (of build/V/carelay) and ends it.
Before each script the clinic is emptied and its time is set. The format of a
script is said in script.py; its directives are

	@now TIME [ZONE]  at the head: the clinic's time (2026-11-30T07:00Z)
	@clock +90m       time passes
	@restart, @kill   the bot is ended by SIGTERM or SIGKILL, and started
	@react 👍 tom   tom puts a sign under the last message that he got
	@silence [ruiz]   nothing comes (to who spoke last) for a short while
	@bot stop         and start
	@database stop    and start; @server restart

Prints "ok" or "not ok" for each script, and at the end "N passed, M failed".
"""
import argparse
import asyncio
import sys
from pathlib import Path

import script
from people import Person, log_in

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/stack"))
# pylint: disable=wrong-import-position
from processes import StackError  # noqa: E402
from stack import PEOPLE, Stack  # noqa: E402

NOW = "2026-11-30T07:00Z"
ANSWER_S = 10
SILENCE_S = 0.4
# After its last step a script must have heard all that the last speaker got.
REST_S = 0.05


class Mismatch(Exception):
    """A script and reality differ."""


class Player:
    """Plays scripts, one after another, on one stack."""

    def __init__(self, stack):
        self.stack = stack
        self.people = {}
        self.known = {}
        self.speaker = ""
        self.transcript = []

    async def open(self):
        self.people = await log_in(PEOPLE, self.stack.env())

    async def close(self):
        await asyncio.gather(*(one.log_out()
                               for one in self.people.values()))

    async def play(self, path):
        """None, or why the script failed, in lines."""
        self.known, self.speaker, self.transcript = {}, "", []
        line = 0
        try:
            steps = script.read(Path(path).read_text(encoding="utf-8"))
            await self._begin(steps)
            for step in steps:
                line = step.line
                await self._step(step)
            await self._end()
        except (Mismatch, script.ScriptError, StackError, ConnectionError,
                OSError) as why:
            where = f"{path}:{line}: " if line else f"{path}: "
            return [*(where + str(why)).splitlines(), "the conversation:",
                    *("  " + said.replace("\n", "\n      ")
                      for said in self.transcript)]
        return None

    async def _begin(self, steps):
        """Everything runs, nobody has anything to read, all is as new."""
        await asyncio.to_thread(self._mend)
        await asyncio.gather(*(one.caught_up()
                               for one in self.people.values()))
        now = NOW
        if steps and steps[0].kind == "do" and steps[0].text[:4] == "now ":
            now = steps.pop(0).text[4:]
        await asyncio.to_thread(self.stack.reset, now)
        await asyncio.gather(*(one.caught_up()
                               for one in self.people.values()))
        for one in self.people.values():
            one.forget()

    def _mend(self):
        """A script that failed may have left the stack in pieces."""
        programs = self.stack.programs
        if not programs.pid("postgres"):
            self.stack.database_start()
        if not programs.pid("bot"):
            self.stack.bot_start()
        self.stack.settle()

    async def _step(self, step):
        if step.kind == "say":
            self._say(step.who, script.spoken(step.text, self.known))
        elif step.kind == "hear":
            await self._hear(step.who or self.speaker, step.text)
        else:
            self.transcript.append("@" + step.text)
            await self._do(*step.text.split())

    def _person(self, name):
        if name not in self.people:
            raise script.ScriptError(
                f'who is "{name}"? There are {", ".join(self.people)}'
                if name else "nobody has spoken yet")
        return self.people[name]

    def _say(self, name, text):
        person = self._person(name)
        if not person.unread.empty():
            raise Mismatch(f"{name} speaks, but has not read:\n"
                           f"{person.unread.get_nowait()}")
        self.speaker = name
        self.transcript.append(f"{name}: {text}")
        person.say(text)

    async def _hear(self, name, pattern):
        person = self._person(name)
        try:
            message = await person.hear(ANSWER_S)
        except asyncio.TimeoutError as late:
            raise Mismatch(f"expected: {pattern}\n     got: nothing within "
                           f"{ANSWER_S} s") from late
        self.transcript.append(f"desk to {name}: {message}")
        if not script.matches(pattern, message, self.known):
            known = "".join(f"\n   known: {{{key}}} is {value}"
                            for key, value in self.known.items()
                            if "{" + key + "}" in pattern)
            raise Mismatch(f"expected: {pattern}\n     got: {message}{known}")

    async def _do(self, word, argument=None, name=""):
        stack = self.stack
        if word == "react":
            self.speaker = name
            self._person(name).react(argument)
        elif word == "silence":
            await self._silence(argument or self.speaker, SILENCE_S)
        elif word == "clock":
            await asyncio.to_thread(stack.move_clock, argument)
        elif word == "restart":
            if not await asyncio.to_thread(stack.bot_stop):
                raise Mismatch("the bot did not end well within 10 s")
            await asyncio.to_thread(stack.bot_start)
        elif word == "kill":
            await asyncio.to_thread(stack.bot_kill)
            await asyncio.to_thread(stack.bot_start)
        elif word == "bot":
            await asyncio.to_thread(stack.bot_stop if argument == "stop"
                                    else stack.bot_start)
        elif word == "database":
            await asyncio.to_thread(stack.database_stop if argument == "stop"
                                    else stack.database_start)
        elif word == "server":
            await self.close()
            await asyncio.to_thread(stack.server_restart)
            await self.open()

    async def _silence(self, name, limit_s):
        try:
            message = await self._person(name).hear(limit_s)
        except asyncio.TimeoutError:
            return
        raise Mismatch(f"expected: nothing for {name}\n     got: {message}")

    async def _end(self):
        if self.speaker:
            await self.people[self.speaker].caught_up()
            await self._silence(self.speaker, REST_S)


async def play_all(stack, paths):
    """Plays scripts and prints the results; how many passed and failed."""
    player = Player(stack)
    await player.open()
    failed_count = 0
    for number, path in enumerate(paths, 1):
        why = await player.play(path)
        failed_count += why is not None
        print(f"{'ok' if why is None else 'not ok'} {number} - {path}",
              flush=True)
        for line in why or []:
            print("# " + line.replace("\n", "\n# "), flush=True)
    await player.close()
    return len(paths) - failed_count, failed_count


async def say(stack, name, text):
    """Says one thing and prints what is answered, until it is quiet."""
    if not stack.programs.pid("bot"):
        raise StackError(f"no bot runs in {stack.folder}: tests/stack/up")
    person = Person(name, stack.env(), resource="say")
    await person.log_in()
    person.say(text)
    limit_s = ANSWER_S
    try:
        while True:
            print(await person.hear(limit_s))
            limit_s = SILENCE_S
    except asyncio.TimeoutError:
        pass
    await person.log_out()
    return 0 if limit_s == SILENCE_S else 1


def scripts(names):
    """The scripts in the named files and folders, in order."""
    found = []
    for name in names:
        path = Path(name)
        found += sorted(path.glob("**/*.talk")) if path.is_dir() else [path]
    return found


def options():
    parser = argparse.ArgumentParser(
        description="plays conversations with a running clinic")
    parser.add_argument("names", nargs="*", metavar="FILE|FOLDER",
                        default=[str(ROOT / "tests/talk")])
    parser.add_argument("--stack", metavar="DIR", help="a stack that runs")
    parser.add_argument("--variant", choices=["release", "asan", "tsan"],
                        default="release", help="which build of the bot")
    parser.add_argument("--server", choices=["prosody", "ejabberd"],
                        default="prosody")
    parser.add_argument("--say", nargs=2, metavar=("WHO", "TEXT"),
                        help="says one thing and prints the answer")
    return parser.parse_args()


def main():
    asked = options()
    if asked.say and not asked.stack:
        raise StackError("--say needs --stack DIR: tests/stack/up DIR")
    if asked.say:
        return asyncio.run(say(Stack(asked.stack), *asked.say))
    paths = scripts(asked.names)
    if asked.stack:
        failed = asyncio.run(play_all(Stack(asked.stack), paths))
    else:
        failed = on_own_stack(paths, asked.variant, asked.server)
    print(f"{failed[0]} passed, {failed[1]} failed")
    return 1 if failed[1] else 0


def on_own_stack(paths, variant, server):
    """Plays on a stack that lives as long as the play. How the bot ends, and
    what sanitizers found, is one more result."""
    build = ROOT / "build" / ("" if variant == "release" else variant)
    stack = Stack(ROOT / f"build/test/talk-{variant}-{server}")
    stack.bot_log.unlink(missing_ok=True)
    stack.up(server=server, now=NOW, carelay=build / "carelay")
    try:
        passed, failed = asyncio.run(play_all(stack, paths))
    finally:
        ended_well = stack.down()
    complaints = stack.complaints()
    good = ended_well and not complaints
    print(f"{'ok' if good else 'not ok'} {len(paths) + 1} - "
          "the bot ends well, and no sanitizer complains")
    if not good:
        print(f"# see {stack.bot_log}", *complaints[:10], sep="\n# ")
    return passed + good, failed + (not good)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (StackError, ConnectionError) as error:
        print(f"play.py: {error}", file=sys.stderr)
        sys.exit(1)
