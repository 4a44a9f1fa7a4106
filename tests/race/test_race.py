#!/usr/bin/python3
"""test_race.py - many patients want the same visit in the same moment.

	[CARELAY=PROGRAM] tests/race/test_race.py [--users 100]
"""
import asyncio
import re
import sys
import tempfile
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "talk"), str(TESTS / "stack")]
# pylint: disable=wrong-import-position
from people import log_in  # noqa: E402
from stack import Stack  # noqa: E402

USERS = 100
if "--users" in sys.argv:
    at = sys.argv.index("--users")
    USERS = int(sys.argv[at + 1])
    del sys.argv[at:at + 2]

NOW = "2026-11-30T07:00Z"
WISH = "book dr ruiz thursday 15:20"
LIVE = """SELECT count(*) FROM clinic.appointment WHERE is_live
	AND doctor = (SELECT id FROM clinic.person WHERE jid = 'ruiz@localhost')"""
LIMIT_S = 60


class Race(unittest.TestCase):
    """One of them gets it, all get a friendly answer."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.stack = Stack(holder.name)
        cls.stack.up(now=NOW, users=USERS)
        cls.addClassCleanup(cls.stack.down)

    def setUp(self):
        self.stack.settle()
        self.stack.reset(NOW)

    def tearDown(self):
        self.assertEqual(self.stack.complaints(), [])

    def count(self, query):
        return int(self.stack.cluster.psql(text=query + ";"))

    async def converse(self, lines):
        """Everybody says each line at once; the answers to the last one, and
        what Dr. Ruiz heard."""
        names = [f"user{n}" for n in range(USERS)] + ["ruiz"]
        people = await log_in(names, self.stack.env())
        ruiz = people.pop("ruiz")
        try:
            for line in lines:
                for one in people.values():
                    one.say(line)
                answers = await asyncio.gather(
                    *(one.hear(LIMIT_S) for one in people.values()))
            told = [await ruiz.hear(LIMIT_S)]
            await asyncio.to_thread(self.stack.settle)
            await ruiz.caught_up()
            while not ruiz.unread.empty():
                told.append(await ruiz.hear(1))
            return answers, told
        finally:
            await asyncio.gather(*(one.log_out() for one in
                                   [ruiz, *people.values()]))

    def check(self, answers, told):
        booked = [one for one in answers if re.match("Booked", one)]
        friendly = [one for one in answers
                    if re.search("just taken|not free", one)
                    and re.search(r"\d\d:\d\d", one)]
        others = [one for one in answers
                  if one not in booked and one not in friendly]
        self.assertEqual(others, [])
        self.assertEqual((len(booked), len(friendly)), (1, USERS - 1))
        self.assertEqual(self.count(LIVE), 1)
        self.assertEqual(len(told), 1)
        self.assertIn("15:20", told[0])

    def test_all_agree_at_once(self):
        self.check(*asyncio.run(self.converse([WISH, "yes"])))

    def test_all_book_in_one_line_at_once(self):
        self.check(*asyncio.run(self.converse([WISH + ", yes"])))


if __name__ == "__main__":
    sys.exit(unittest.main())
