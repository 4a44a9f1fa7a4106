#!/usr/bin/python3
"""test_repeat.py - what a client sends again after it has reconnected is done
once, on both servers.

	[CARELAY=PROGRAM] tests/robust/test_repeat.py
"""
import sys
import unittest

from prober import XEP, StackTest

BOOK = "<body>book dr ruiz tomorrow 9:40, yes</body>"
RECEIPT = f'<request xmlns="{XEP["receipts"]}"/>'
HELP = "<body>help</body>"


class Repeats(StackTest):
    """On Prosody."""

    async def answers(self, person):
        """How many have come, and how many receipts."""
        await person.caught_up()
        messages = person.stanzas("message")
        person.arrived.clear()
        bodies = [one for one in messages
                  if one.find("{jabber:client}body") is not None]
        return len(bodies), len(messages) - len(bodies)

    def test_a_message_is_answered_once(self):
        async def first(person):
            person.raw_message(BOOK + RECEIPT, ident="a1")
            self.assertIn("Booked", await person.hear(10))
            person.raw_message(BOOK + RECEIPT, ident="a1")
            self.assertEqual(await self.answers(person), (1, 2))
            person.raw_message(HELP, "normal", ident="a2")
            person.raw_message(HELP, "normal", ident="a2")
            self.assertEqual(await self.answers(person), (1, 0))

        async def reconnected(person):
            person.raw_message(BOOK + RECEIPT, ident="a1")
            self.assertEqual(await self.answers(person), (0, 1))
            person.raw_message(HELP, ident="a1")
            person.raw_message(HELP, ident="a3")
            self.assertEqual(await self.answers(person), (2, 0))
        self.chat("tom", first)
        self.chat("tom", reconnected, "elsewhere")
        self.assertEqual(self.query("SELECT count(*) FROM clinic.appointment"),
                         "1")

        async def another(person):
            person.raw_message(HELP, ident="a3")
            self.assertEqual(await self.answers(person), (1, 0))
        self.chat("mia", another)

    def test_a_message_without_an_id_is_another_one(self):
        async def talk(person):
            for _ in range(2):
                person.send_raw(f'<message to="{person.desk}" type="chat">'
                                f'{HELP}</message>')
            self.assertEqual(await self.answers(person), (2, 0))
        self.chat("tom", talk)


class RepeatsOnEjabberd(Repeats):
    """The same there."""
    server = "ejabberd"


if __name__ == "__main__":
    sys.exit(unittest.main())
