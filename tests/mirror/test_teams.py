#!/usr/bin/python3
"""test_teams.py - care teams and their rooms, on both servers.

	[CARELAY=PROGRAM] tests/mirror/test_teams.py [NAME...]
"""
import asyncio
import re
import sys
import tempfile
import unittest
from xml.etree import ElementTree

from peers import LIMIT_S, NOW, Stack, slixmpp

DESK = "desk@clinic.localhost"
USER = "{http://jabber.org/protocol/muc#user}"
CLIENT = "{jabber:client}"


class Client(slixmpp.ClientXMPP):
    """Somebody's client. got: all that came, as elements, until it is taken."""

    def __init__(self, name, port):
        super().__init__(f"{name}@localhost/phone", name)
        self.port = port
        self.got = []
        self.bytes = b""
        self.arrived = asyncio.Event()
        self.online = asyncio.Event()
        self.use_presence_ids = False
        self.auto_authorize = None
        self.auto_subscribe = False
        self.add_event_handler("session_start", self._started)
        self.add_filter("in", self._keep)

    async def get_dns_records(self, *_, **__):
        """It has an address, and would ask the DNS for "" all the same."""
        return []

    def data_received(self, data):
        self.bytes += data
        super().data_received(data)

    async def _started(self, _):
        self.send_raw("<presence/>")
        self.online.set()

    def _keep(self, stanza):
        xml = getattr(stanza, "xml", None)
        if xml is None or "." not in (xml.get("from") or ""):
            return stanza
        self.got.append(xml)
        self.arrived.set()
        return None

    async def log_in(self):
        self.connect(("127.0.0.1", self.port), disable_starttls=True)
        await asyncio.wait_for(self.online.wait(), 20)
        return self

    async def expect(self, matches, what, limit_s=LIMIT_S):
        """The next stanza that matches, which is taken."""
        deadline = asyncio.get_running_loop().time() + limit_s
        while True:
            for xml in self.got:
                if matches(xml):
                    self.got.remove(xml)
                    return xml
            self.arrived.clear()
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self.arrived.wait(), max(left, 0.001))
            except asyncio.TimeoutError:
                there = "\n".join(ElementTree.tostring(xml, "unicode")
                                  for xml in self.got)
                raise AssertionError(f"{self.boundjid} got no {what}, but:\n"
                                     f"{there}") from None

    async def hear(self, words, sender=""):
        got = await self.expect(
            lambda xml: words in (xml.findtext(CLIENT + "body") or "")
            and xml.get("from").startswith(sender), f"message {words!r}")
        return got.findtext(CLIENT + "body")

    async def ask(self, text, words=""):
        """What the desk answers."""
        self.send_raw(f"<message to='{DESK}' type='chat'><body>{text}</body>"
                      "</message>")
        return await self.hear(words, DESK)

    async def join(self, room, nick):
        """Joins: the presence that says so, or its error."""
        self.send_raw(
            f"<presence to='{room}/{nick}'>"
            "<x xmlns='http://jabber.org/protocol/muc'/></presence>")
        return await self.expect(
            lambda xml: xml.tag.endswith("}presence")
            and xml.get("from").startswith(room)
            and (xml.get("type") == "error" or "110" in statuses(xml)),
            "presence of itself")

    def talk(self, room, text):
        self.send_raw(f"<message to='{room}' type='groupchat' id='g-{text}'>"
                      f"<body>{text}</body></message>")


def statuses(xml):
    return [one.get("code") for one in xml.findall(f"{USER}x/{USER}status")]


def is_out(room, nick):
    return lambda xml: (xml.tag.endswith("}presence")
                        and xml.get("type") == "unavailable"
                        and xml.get("from") == f"{room}/{nick}")


class Teams(unittest.IsolatedAsyncioTestCase):
    """A team from its beginning to its end."""
    SERVER = "prosody"

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.stack = Stack(holder.name)
        cls.stack.up(server=cls.SERVER, now=NOW)
        cls.addClassCleanup(cls.stack.down)

    async def asyncSetUp(self):
        await asyncio.to_thread(self.stack.settle)
        await asyncio.to_thread(self.stack.reset, NOW)
        self.clients = []
        self.sql("""SELECT api.book('tom@localhost', person.id,
            (SELECT starts_at::timestamptz FROM api.slots('tom@localhost',
            person.id, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL)
            LIMIT 1), NULL, NULL)
            FROM clinic.person WHERE jid = 'ruiz@localhost';""")

    async def asyncTearDown(self):
        for client in self.clients:
            client.abort()
        self.assertEqual(self.stack.complaints(), [])

    def sql(self, text):
        return self.stack.cluster.psql(text=text).strip()

    async def until(self, query, wanted):
        for _ in range(200):
            if self.sql(query) == wanted:
                return
            await asyncio.sleep(0.05)
        self.assertEqual(self.sql(query), wanted)

    async def log_in(self, name):
        client = Client(name, self.stack.state["client_port"])
        self.clients.append(client)
        return await client.log_in()

    async def team(self):
        """Ruiz has made a team with Chen: both clients, and the room."""
        ruiz, chen = await self.log_in("ruiz"), await self.log_in("chen")
        told = await ruiz.ask("team tom: add dr chen", "has a team now")
        room = re.search(r"xmpp:(\S+)\?join", told)[1]
        for one in ruiz, chen:
            got = await one.expect(
                lambda xml: xml.find("{jabber:x:conference}x") is not None
                and xml.get("from") == DESK, "direct invitation")
            self.assertEqual(got.find("{jabber:x:conference}x").get("jid"),
                             room)
            await one.expect(
                lambda xml: xml.find(f"{USER}x/{USER}invite") is not None
                and xml.get("from") == room, "invitation by the room")
        await chen.hear("You are in the team of Tom Baker now", DESK)
        return ruiz, chen, room

    async def both_in(self):
        ruiz, chen, room = await self.team()
        self.assertIn("110", statuses(await ruiz.join(room, "Ana")))
        self.assertIn("110", statuses(await chen.join(room, "Wei")))
        return ruiz, chen, room

    async def test_they_talk_and_see_no_addresses(self):
        ruiz, chen, room = await self.both_in()
        ruiz.talk(room, "good morning")
        await chen.hear("good morning", room + "/Ana")
        chen.talk(room, "good morning, Ana")
        await ruiz.hear("good morning, Ana", room + "/Wei")
        for one, other in (ruiz, b"chen@"), (chen, b"ruiz@"):
            self.assertNotIn(other, one.bytes)
        await self.until(
            "SELECT string_agg(jid || ' ' || body, ',' ORDER BY said.id) FROM "
            "clinic.team_message said JOIN clinic.person "
            "ON person.id = sender;",
            "ruiz@localhost good morning,chen@localhost good morning, Ana")

    async def test_they_find_what_was_said(self):
        ruiz, chen, room = await self.both_in()
        ruiz.talk(room, "shall we try the blue ointment?")
        await chen.hear("ointment", room + "/Ana")
        chen.talk(room, "yes, for a week")
        await ruiz.hear("for a week", room + "/Wei")
        await self.until("SELECT count(*) FROM clinic.team_message;", "2")
        for words in "team tom: history", "history of team tom since today":
            await ruiz.ask(words, "the team of Tom Baker: yes, for a week")
        await chen.ask("search ointment", "Dr. Ana Ruiz in the team of Tom "
                       "Baker: shall we try the blue ointment?")
        other = await self.log_in("okafor")
        await other.ask("search ointment", "I find nothing")
        await other.ask("history of team tom", "I know no team")
        admin = await self.log_in("admin")
        await admin.ask("audit", "Dr. Ana Ruiz (1) in the team of Tom Baker")
        await admin.ask("team tom: history", "Only who is in a team")

    async def test_only_members_come_in(self):
        _, _, room = await self.both_in()
        okafor = await self.log_in("okafor")
        self.assertEqual((await okafor.join(room, "Ngozi")).get("type"),
                         "error")
        self.assertNotIn(b"ruiz@", okafor.bytes)

    async def test_the_desk_answers_in_the_room(self):
        ruiz, chen, room = await self.both_in()
        ruiz.talk(room, "desk: who")
        self.assertEqual(
            await chen.hear("team of", room + "/desk"),
            "Ana: The team of Tom Baker: Dr. Ana Ruiz, Dr. Wei Chen.")
        ruiz.talk(room, "@desk, any visits?")
        self.assertRegex(await chen.hear("Visits", room + "/desk"),
                         r"2026-11-30 \d\d:\d\d Dr. Ana Ruiz$")
        ruiz.talk(room, "desk book me a visit")
        await chen.hear("Visits of", room + "/desk")
        ruiz.talk(room, "desks are made of wood")
        chen.talk(room, "desk")
        self.assertIn("desk@clinic.localhost",
                      await chen.hear("write to me", room + "/desk"))
        # Through the room to the desk alone: nobody is known there.
        ruiz.send_raw(f"<message to='{room}/desk' type='chat'><body>today"
                      "</body></message>")
        await ruiz.hear("write to me directly", room + "/desk")

    async def test_who_is_removed_is_out(self):
        ruiz, chen, room = await self.both_in()
        await ruiz.ask("team tom: remove dr chen", "is not in the team")
        await chen.expect(is_out(room, "Wei"), "being put out")
        await chen.hear("not in the team of Tom Baker any more", DESK)
        self.assertEqual((await chen.join(room, "Wei")).get("type"), "error")
        # And back, whoever puts it into the register.
        self.sql("UPDATE clinic.team_member SET removed_at = NULL "
                 "WHERE removed_at IS NOT NULL;")
        await asyncio.sleep(2)
        self.assertIn("110", statuses(await chen.join(room, "Wei")))

    async def test_it_comes_back_after_restarts(self):
        ruiz, _, room = await self.both_in()
        ruiz.abort()
        await asyncio.to_thread(self.stack.bot_stop)
        await asyncio.to_thread(self.stack.bot_start)
        await self._is_in_order(room)
        for client in self.clients:
            client.abort()
        await asyncio.to_thread(self.stack.server_restart)
        await self._is_in_order(room)

    async def _is_in_order(self, room):
        """The desk is in the room, and so is who may be."""
        ruiz = await self.log_in("ruiz")
        for _ in range(20):
            joined = await ruiz.join(room, "Ana")
            if "110" in statuses(joined):
                break
            await asyncio.sleep(0.5)
        self.assertIn("110", statuses(joined))
        for _ in range(20):
            ruiz.talk(room, "desk: who")
            try:
                await ruiz.hear("Dr. Wei Chen", room + "/desk")
                return
            except AssertionError:
                await asyncio.sleep(0.5)
        self.fail("the desk does not answer")

    async def test_leaving_and_closing(self):
        ruiz, chen, room = await self.both_in()
        await chen.ask("leave team tom", "You are not in the team")
        await chen.expect(is_out(room, "Wei"), "being put out")
        await ruiz.ask("close team tom", "Close the team")
        await ruiz.ask("yes", "is closed")
        await ruiz.expect(is_out(room, "Ana"), "being put out")
        await self.until("SELECT is_destroyed FROM clinic.team;", "t")
        self.assertEqual((await ruiz.ask("teams", "no team yet"))[:5], "There")


class TeamsOnEjabberd(Teams):
    """The same."""
    SERVER = "ejabberd"


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
