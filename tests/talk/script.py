"""script.py - reads a conversation (*.talk) and compares what was said with it.

	# Two patients want the same slot.
	@now 2026-11-30T08:00 Europe/Madrid
	jane: book dr ruiz tomorrow 9:40
	desk: Dr. Ana Ruiz, {date}, 09:40 - 10:00 ... Shall I book it?
	jane: yes
	desk: Booked: {code}, ...
	desk to ruiz: Jane Doe booked {date}, 09:40 ({code}).

"desk:" is what the one who spoke last gets next, "desk to ruiz:" what Ruiz gets
next. An indented line continues the one above. The whole message must match:
"..." stands for anything, {name} for something within one line that is the same
wherever the name comes again, and white space is like any other white space.
People can say {name} too; {x*4000} says x 4,000 times. Directives, see play.py,
begin with @.
"""
import re
from dataclasses import dataclass


class ScriptError(Exception):
    """A script that cannot be read."""


@dataclass
class Step:
    """One line of a script."""
    line: int
    kind: str           # "say", "hear" or "do"
    who: str            # who says or hears it; "" hears: who spoke last
    text: str           # the words, the pattern, or the directive


DIRECTIVES = {
    "now": r"\S+( \S+/\S+)?", "clock": r"[+-](\d+[dhms])+",
    "restart": "", "kill": "", "silence": r"(\w+)?",
    "react": r"\S+ \w+", "bot": "stop|start",
    "database": "stop|start", "server": "restart",
}
SPEECH = re.compile(r"(?:(desk)(?: to (\w+))?|(\w+)):(?:[ \t](.*))?$", re.S)


def read(text):
    """The steps of a script."""
    steps = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] in " \t":
            if not steps or steps[-1].kind == "do":
                raise ScriptError(f"line {number}: it continues nothing")
            steps[-1].text += "\n" + line.strip()
            continue
        steps.append(_step(number, line.rstrip()))
    for step in steps[1:]:
        if step.kind == "do" and step.text.startswith("now"):
            raise ScriptError(f"line {step.line}: @now stands at the head; "
                              "@clock moves the time")
    return steps


def _step(number, line):
    if line[0] == "@":
        word, _, rest = line[1:].partition(" ")
        if word not in DIRECTIVES or not re.fullmatch(DIRECTIVES[word],
                                                      rest.strip()):
            raise ScriptError(f'line {number}: no such directive: "{line}"')
        return Step(number, "do", "", line[1:])
    speech = SPEECH.match(line)
    if not speech:
        raise ScriptError(f'line {number}: neither "who: text" nor a '
                          f'directive: "{line}"')
    desk, to, who, text = speech.groups()
    if desk:
        return Step(number, "hear", to or "", text or "")
    return Step(number, "say", who, text or "")


def spoken(text, known):
    """What a person says: names are filled in, {x*3} becomes xxx."""
    def fill(found):
        word = found.group(1)
        if word in known:
            return known[word]
        piece, star, count = word.rpartition("*")
        if star and count.isdigit():
            return piece * int(count)
        return found.group(0)
    return re.sub(r"\{([^{}\n]+)\}", fill, text)


TOKENS = re.compile(r"(\s*\.\.\.\s*)|\{(\w+)\}|(\s+)|(.)", re.S)


def matches(pattern, message, known):
    """Whether the whole message is as the pattern says. What it captures is
    added to known (only if it matches)."""
    expression, new = "", set()
    for anything, name, space, char in TOKENS.findall(pattern.strip()):
        if anything:
            expression += r".*"
        elif name and name in known:
            expression += r"\s+".join(map(re.escape, known[name].split()))
        elif name and name in new:
            expression += f"(?P={name})"
        elif name:
            new.add(name)
            expression += f"(?P<{name}>[^\n]+?)"
        else:
            expression += r"\s+" if space else re.escape(char)
    found = re.fullmatch(expression, message.strip(), re.S)
    if found:
        known.update(found.groupdict())
    return bool(found)
