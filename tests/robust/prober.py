"""prober.py - a person who sends any stanza, and a test with its own stack."""
import asyncio
import sys
import tempfile
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "talk"), str(TESTS / "stack")]
# pylint: disable=wrong-import-position
from people import Person  # noqa: E402
from stack import Stack  # noqa: E402

XEP = {
    "states": "http://jabber.org/protocol/chatstates",
    "receipts": "urn:xmpp:receipts",
    "omemo": "eu.siacs.conversations.axolotl",
    "eme": "urn:xmpp:eme:0",
    "commands": "http://jabber.org/protocol/commands",
    "info": "http://jabber.org/protocol/disco#info",
    "items": "http://jabber.org/protocol/disco#items",
}
NOW = "2026-11-30T07:00Z"


class Prober(Person):
    """Sends XML as it is, and keeps what the clinic sends."""

    def __init__(self, name, env, resource="test"):
        super().__init__(name, env, resource)
        self.arrived = []
        self.answers = {}
        self.number = 0
        self.add_filter("in", self._keep)

    def _keep(self, stanza):
        xml = getattr(stanza, "xml", None)
        if xml is not None and self.clinic in (xml.get("from") or ""):
            self.arrived.append(xml)
            waiting = self.answers.get(xml.get("id"))
            if xml.tag.endswith("}iq") and waiting and not waiting.done():
                waiting.set_result(xml)
                return None
        return stanza

    def stanzas(self, name):
        return [xml for xml in self.arrived if xml.tag.endswith("}" + name)]

    def raw_message(self, inner, kind="chat", ident=None):
        self.number += 1
        ident = ident or f"m{self.number}"
        self.send_raw(f'<message to="{self.desk}" type="{kind}" '
                      f'id="{ident}">{inner}</message>')

    async def ask(self, words):
        """Says something; the answer."""
        self.say(words)
        return await self.hear(10)

    async def ask_iq(self, to, kind, inner):
        """The answer to an IQ, as an element."""
        self.number += 1
        ident = f"q{self.number}"
        self.answers[ident] = asyncio.get_running_loop().create_future()
        self.send_raw(f'<iq to="{to}" type="{kind}" id="{ident}">{inner}</iq>')
        return await asyncio.wait_for(self.answers[ident], 10)


class StackTest(unittest.TestCase):
    """The clinic is as new for every test. After it the bot is the same
    process as before, and no sanitizer has complained."""
    server = "prosody"

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.stack = Stack(holder.name)
        cls.stack.up(now=NOW, server=cls.server)
        cls.addClassCleanup(cls.stack.down)

    def setUp(self):
        self.stack.settle()
        self.stack.reset(NOW)
        self.bot_pid = self.stack.programs.pid("bot")

    def tearDown(self):
        self.assertEqual(self.stack.complaints(), [])
        self.assertEqual(self.stack.programs.pid("bot"), self.bot_pid)

    def query(self, text):
        return self.stack.cluster.psql(text=text + ";").strip()

    def chat(self, name, talk, resource="test"):
        """Runs talk(person) with somebody logged in."""
        async def with_person():
            person = Prober(name, self.stack.env(), resource)
            await person.log_in()
            try:
                await talk(person)
            finally:
                await person.log_out()
        asyncio.run(with_person())

    async def still_answers(self, person):
        await person.caught_up()
        person.forget()
        self.assertTrue(await person.ask("help"))
