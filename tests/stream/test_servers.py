#!/usr/bin/python3
"""test_servers.py - the component's stream against real XMPP servers.

The same tests run with Prosody and with ejabberd, each started on free
loopback ports. What answers is bare (bare.c): stream, workers and switchboard
without a clinic. CARELAY names a program of the variant to test.
"""
import os
import select
import shutil
import socket
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/stack"), str(Path(__file__).parent)]

# pylint: disable=wrong-import-position
import servers
from processes import Programs, free_ports, until
from raw import Raw

BARE = Path(os.environ.get("CARELAY", ROOT / "build/carelay")
            ).parent / "stream/bare"
CLINIC, DESK = servers.CLINIC, servers.DESK
PING = "<ping xmlns='urn:xmpp:ping'/>"
INFO = "<query xmlns='http://jabber.org/protocol/disco#info'{}/>"
ITEMS = "<query xmlns='http://jabber.org/protocol/disco#items'{}/>"
CONFIG = """[server]
port = {port}
domain = {domain}
secret = {secret}
[database]
url = postgresql://127.0.0.1:{database_port}/none
patience_s = 2
[bot]
workers = 1
queue = 20
"""


class Server:
    """What the tests need of a server; a subclass names its KIND."""
    KIND = ""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="carelay-stream-"))
        cls.programs = Programs(cls.folder / "run")
        client, component = free_ports(2)
        cls.options = {"client_port": client, "component_port": component,
                       "secret": "sesame-7ab1", "accounts": ["jane", "tom"],
                       "keep": False}
        cls.server = servers.KINDS[cls.KIND](
            cls.programs, cls.folder, cls.options)
        cls.server.make()
        cls.server.start()
        cls.server.wait()
        # A database that lets in and never says a word.
        cls.database = socket.create_server(("127.0.0.1", 0))
        cls.bot("bare")
        cls.until_log("bare", "stream up")

    @classmethod
    def tearDownClass(cls):
        for name in ("bare", "second"):
            cls.programs.stop(name)
        cls.server.stop()
        cls.database.close()
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def bot(cls, name, secret=None):
        config = cls.folder / f"{name}.conf"
        config.write_text(CONFIG.format(
            port=cls.options["component_port"], domain=CLINIC,
            database_port=cls.database.getsockname()[1],
            secret=secret or cls.options["secret"]))
        cls.programs.start(name, [str(BARE), str(config)])

    @classmethod
    def log(cls, name):
        return cls.programs.log(name).read_text(errors="replace")

    @classmethod
    def until_log(cls, name, words, count=1):
        until(20, f"{name} says {words!r}",
              lambda: cls.log(name).count(words) >= count)

    def setUp(self):
        self.jane = Raw(self.options["client_port"], "jane")
        self.addCleanup(self.jane.close)

    def assert_alive(self, jane=None):
        """An answer that cannot come before earlier ones."""
        answer = (jane or self.jane).ask("get", DESK, PING, "alive")
        self.assertIn("result", answer)
        return answer

    # What every component must answer.

    def test_ping_version_and_card(self):
        for to in (CLINIC, DESK):
            self.assertRegex(self.jane.ask("get", to, PING, "p"),
                             "type=.result.")
            version = self.jane.ask(
                "get", to, "<query xmlns='jabber:iq:version'/>", "v")
            self.assertIn("<name>Carelay</name>", version)
            self.assertNotIn("<os>", version)
            card = self.jane.ask("get", to, "<vCard xmlns='vcard-temp'/>", "c")
            self.assertIn("<FN>Riverside Clinic</FN>", card)

    def test_discovery(self):
        info = self.jane.ask("get", CLINIC, INFO.format(""), "i1")
        self.assertRegex(info, "category=.gateway.")
        for feature in ("http://jabber.org/protocol/commands",
                        "http://jabber.org/protocol/disco#info",
                        "urn:xmpp:ping"):
            self.assertIn(feature, info)
        info = self.jane.ask("get", DESK, INFO.format(""), "i2")
        self.assertRegex(info, "type=.bot.")
        self.assertIn("urn:xmpp:receipts", info)
        self.assertIn(DESK, self.jane.ask("get", CLINIC, ITEMS.format(""),
                                          "i3"))
        node = " node='http://jabber.org/protocol/commands'"
        info = self.jane.ask("get", CLINIC, INFO.format(node), "i4")
        self.assertIn("command-list", info)
        for query in (INFO, ITEMS):
            self.assertIn("item-not-found", self.jane.ask(
                "get", DESK, query.format(" node='nothing'"), "i5"))

    def test_what_is_not_known_is_refused(self):
        self.assertIn("service-unavailable", self.jane.ask(
            "set", DESK, "<unheard xmlns='urn:of'/>", "u1"))
        self.assertIn("service-unavailable", self.jane.ask(
            "get", f"{CLINIC}/some", "<query xmlns='jabber:iq:last'/>", "u2"))
        self.assertIn("item-not-found", self.jane.ask(
            "get", f"nobody@{CLINIC}", PING, "u3"))
        self.jane.write(f"<message to='nobody@{CLINIC}' type='chat' id='u4'>"
                        "<body>hello?</body></message>")
        answer = self.jane.expect(r"<message [^>]*id=.u4.*?</message>")
        self.assertIn("item-not-found", answer)
        self.assertIn("nobody has this address", answer)

    def test_what_is_no_message_is_not_answered(self):
        for inside in ("<paused xmlns="
                       "'http://jabber.org/protocol/chatstates'/>",
                       "<received xmlns='urn:xmpp:receipts' id='x'/>",
                       "<displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>"):
            self.jane.write(f"<message to='nobody@{CLINIC}' type='chat' "
                            f"id='silent'>{inside}</message>")
        for kind in ("groupchat", "headline", "error"):
            self.jane.write(f"<message to='nobody@{CLINIC}' type='{kind}' "
                            "id='silent'><body>hello</body></message>")
        self.jane.write(f"<iq type='get' id='after' to='{DESK}'>{PING}</iq>")
        seen = self.jane.expect("id=.after.")
        self.assertNotIn("silent", seen)

    def test_subscription(self):
        self.jane.write(f"<presence to='{DESK}' type='subscribe'/>")
        self.jane.expect(r"<presence [^>]*type=.subscribed.")
        self.jane.write(f"<presence to='{DESK}' type='probe'/>")
        self.jane.expect(rf"<presence [^>]*{DESK}/carelay")
        self.jane.write(f"<presence to='{DESK}' type='unsubscribe'/>")
        self.assert_alive()

    # Trouble.

    def test_oversized_and_deep_stanzas_are_refused(self):
        deep = "<a>" * 2400 + "</a>" * 2400
        many = "<a/>" * 20000
        large = "<body>" + "x" * 220000 + "</body>"
        for number, inside in enumerate((deep, many, large)):
            self.jane.write(f"<message to='{DESK}' type='chat' "
                            f"id='big{number}'>{inside}</message>")
            answer = self.jane.expect(
                rf"<message [^>]*id=.big{number}.*?</message>")
            self.assertIn("policy-violation", answer)
        self.assert_alive()

    def test_nobody_waits_for_what_somebody_else_sends(self):
        """libstrophe took 21 seconds for the first, and waited for more bytes
        after the second."""
        tom = Raw(self.options["client_port"], "tom")
        self.addCleanup(tom.close)
        many = "<a/>" * 40000
        long = "<a " + " ".join(f"a{n}='b'" for n in range(10000)) + "/>"
        for number, inside in enumerate((many, long)):
            stanza = (f"<message to='{DESK}' type='chat' "
                      f"id='huge{number}'>{inside}</message>")
            # The server's own expat may wait for as much again.
            self.jane.write(stanza + " " * len(stanza))
            slowest = 0
            end = time.monotonic() + 20
            while (not select.select([self.jane.socket], [], [], 0.02)[0]
                   and time.monotonic() < end):
                began = time.monotonic()
                self.assert_alive(tom)
                slowest = max(slowest, time.monotonic() - began)
            self.assertLess(slowest, 4)
            answer = self.jane.expect(
                rf"<message [^>]*id=.huge{number}.*?</message>")
            self.assertIn("policy-violation", answer)

    def test_odd_bytes_do_no_harm(self):
        for name in ("a" * 1023, "o'brien", "&lt;b&gt;", "%00", "a b", "-",
                     "ünïcode", "..", "desk@desk"):
            self.jane.write(f"<iq type='get' id='odd' to=\"{name}@{CLINIC}\">"
                            f"{PING}</iq>")
        self.jane.write(f"<iq type='get' id='{'i' * 3000}' to='{DESK}'>"
                        f"{PING}</iq>")
        self.jane.write(f"<iq type='nonsense' id='odd' to='{DESK}'/>"
                        f"<iq type='get' id='odd' to='{DESK}'/>"
                        f"<message to='{DESK}/{'r' * 1000}' id='odd'/>"
                        f"<presence to='{DESK}' type='nonsense'/>")
        again = Raw(self.options["client_port"], "tom")
        self.addCleanup(again.close)
        self.assert_alive(again)

    def test_a_wrong_secret_is_said(self):
        self.bot("second", secret="wrong-99")
        self.until_log("second", "does not accept the secret")
        self.assertNotIn("wrong-99", self.log("second"))
        self.assertIsNotNone(self.programs.pid("second"))
        self.assertTrue(self.programs.stop("second"))
        self.assertEqual(self.programs.exit_status("second"), 0)
        self.assert_alive()

    def test_who_finds_the_worker_busy_is_told_so(self):
        self.jane.write(f"<message to='{DESK}' type='chat' id='first'>"
                        "<body>hello</body></message>")
        self.database.settimeout(20)
        busy = self.database.accept()[0]  # the worker waits for its words
        self.addCleanup(busy.close)
        self.jane.write("".join(  # five may wait: a quarter of twenty
            f"<iq type='get' id='wait{n}' to='{DESK}'>{PING}</iq>"
            for n in range(7)))
        for number in (5, 6):
            refused = self.jane.expect(rf"<iq [^>]*id=.wait{number}.*?</iq>")
            self.assertIn("resource-constraint", refused)
            self.assertRegex(refused, "<error [^>]*type=.wait.")
            self.assertNotIn("wait0", refused)
        tom = Raw(self.options["client_port"], "tom")
        self.addCleanup(tom.close)
        self.assert_alive(tom)  # there was room for him
        for number in range(5):  # in order, when the worker is free again
            self.jane.expect(rf"id=.wait{number}.")
        self.assert_alive()

    def test_a_barrier_is_proved_by_the_server(self):
        self.until_log("bare", "barrier proved")

    def test_a_restart_of_the_server_is_survived(self):
        ups = self.log("bare").count("stream up")
        self.jane.close()
        self.server.stop()
        self.until_log("bare", "stream lost")
        self.server.start()
        self.server.wait()
        self.until_log("bare", "stream up", ups + 1)
        self.setUp()
        self.assert_alive()

    def test_z_told_to_end_it_ends(self):
        self.jane.write("".join(
            f"<iq type='get' id='last{n}' to='{DESK}'>{PING}</iq>"
            for n in range(500)))
        self.jane.expect("last20")
        self.assertTrue(self.programs.stop("bare"))
        self.assertEqual(self.programs.exit_status("bare"), 0)
        self.assertNotIn("Sanitizer", self.log("bare"))
        self.assertNotIn("dropped a stanza", self.log("bare"))


class WithProsody(Server, unittest.TestCase):
    KIND = "prosody"

    def test_a_conflict_is_said(self):
        self.bot("second")
        self.until_log("second", "another process is connected")
        self.assertTrue(self.programs.stop("second"))
        self.assert_alive()


class WithEjabberd(Server, unittest.TestCase):
    KIND = "ejabberd"


if __name__ == "__main__":
    unittest.main()
