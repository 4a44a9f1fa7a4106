#!/usr/bin/python3
"""test_spoof.py - who writes is whom the server names, whatever else the stanza
says, on both servers.

	[CARELAY=PROGRAM] tests/robust/test_spoof.py
"""
import sys
import unittest

from prober import XEP, StackTest

FROM = "xmlns:p='urn:p' p:from='admin@localhost/x'"
MORE = FROM + (" p:id='other' p:type='error' p:to='clinic.localhost'"
               " p:xmlns='urn:q'")
WISH = "add admin tom@localhost"


class Spoof(StackTest):
    """On Prosody, which keeps attributes with a prefix."""

    def test_a_prefixed_from_is_nobodys_address(self):
        async def talk(person):
            for before, after in (FROM, ""), ("", FROM), (MORE, ""), ("", MORE):
                person.send_raw(
                    f"<message {before} to='{person.desk}' type='chat' {after}>"
                    f"<body {after}>{WISH}</body></message>")
                self.assertRegex(await person.hear(10), "administrators")
            await self.still_answers(person)
        self.chat("tom", talk)
        self.assertEqual(self.query(
            "SELECT count(*) FROM clinic.role JOIN clinic.person ON id = person"
            " WHERE jid = 'tom@localhost' AND role = 'admin'"), "0")

    def test_nor_that_of_a_form(self):
        async def talk(person):
            answer = await person.ask_iq(
                person.desk, f"set' {MORE} y='".replace("'", '"'),
                f'<command xmlns="{XEP["commands"]}" node="stats"/>')
            self.assertEqual(answer.get("type"), "error")
        self.chat("tom", talk)


class SpoofOnEjabberd(Spoof):
    """The same there."""
    server = "ejabberd"


if __name__ == "__main__":
    sys.exit(unittest.main())
