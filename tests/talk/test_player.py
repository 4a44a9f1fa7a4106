#!/usr/bin/python3
"""test_player.py - the player itself: it must be able to fail.

	tests/talk/test_player.py            (with a parrot in place of the bot)
"""
import asyncio
import sys
import tempfile
import unittest
from pathlib import Path

import play
import script

HERE = Path(__file__).resolve().parent

GOOD = [
    "jane: hello\ndesk: hello\n",
    "# comment\n@now 2026-11-30T08:00\njane: a\n\tb\ndesk: a b\n",
    "jane: Booked: A7K3F, 15:20\ndesk: Booked: {code}, ...\n"
    "jane: cancel {code}\ndesk: cancel A7K3F\n"
    "tom: again {code}\ndesk: again {code}\n",
    "jane: tell ruiz hi\ndesk to ruiz: hi\n@silence ruiz\n@silence\n",
    "jane: a ... c\ndesk: a ...\n",
    "jane: {ab*3}\ndesk: ababab\n",
    "jane: one\ndesk: one\n@restart\njane: two\ndesk: two\n"
    "@kill\njane: three\ndesk: three\n",
    "@clock +90m\njane: x\ndesk: x\n@database stop\n@database start\n",
    "jane: x\ndesk: x\n@server restart\njane: y\ndesk: y\n",
]
BAD = [
    ("jane: hello\ndesk: good bye\n", "expected: good bye"),
    ("jane: hello\ndesk: hell\n", "expected: hell"),
    ("jane: tell jane a\ntom: b\ndesk: b\n@silence tom\njane: c\n",
     "has not read"),
    ("jane: a\n", "expected: nothing"),
    ("jane: a\ndesk: {w}\njane: b\ndesk: {w}\n", "known: {w} is a"),
    ("jane: a\ndesk to tom: a\n", "nothing within"),
    ("jane: tell jane b\n@silence\n", "expected: nothing"),
    ("nobody: a\n", 'who is "nobody"'),
    ("desk: a\n", "nobody has spoken"),
    ("jane a\n", "line 1: neither"),
    ("@dance\n", "no such directive"),
    ("jane: a\n@now 2026-11-30T08:00\n", "stands at the head"),
    ("  jane: a\n", "continues nothing"),
]


class Matching(unittest.TestCase):
    """Patterns, without a clinic."""

    def test_the_whole_message_must_match(self):
        for pattern, message, good in [
                ("a b", "a \n b", True), ("a b", "ab", False),
                ("a ... d", "a b\nc d", True), ("a ...", "a", True),
                ("{x} and {x}", "1 and 1", True),
                ("{x} and {x}", "1 and 2", False),
                ("{x}", "two\nlines", False), ("a.c", "abc", False),
                ("(1) [2]", "(1) [2]", True)]:
            with self.subTest(pattern=pattern, message=message):
                self.assertEqual(script.matches(pattern, message, {}), good)

    def test_a_mismatch_captures_nothing(self):
        known = {}
        script.matches("{x} a", "1 b", known)
        self.assertEqual(known, {})


class Playing(unittest.TestCase):
    """Scripts, played to a parrot."""

    def test_good_scripts_pass_and_bad_ones_fail(self):
        play.ANSWER_S = 1
        with tempfile.TemporaryDirectory() as folder:
            stack = play.Stack(folder)
            stack.up(carelay=HERE / "parrot.py")
            try:
                asyncio.run(self.play(stack, Path(folder) / "x.talk"))
            finally:
                self.assertTrue(stack.down())

    async def play(self, stack, path):
        player = play.Player(stack)
        await player.open()
        for text, expected in [(text, None) for text in GOOD] + BAD:
            path.write_text(text, encoding="utf-8")
            why = await player.play(path)
            with self.subTest(script=text):
                if expected is None:
                    self.assertIsNone(why)
                else:
                    self.assertIn(expected, "\n".join(why or []))
        await player.close()


if __name__ == "__main__":
    sys.exit(unittest.main())
