#!/usr/bin/python3
"""test_server.py - an XMPP server that misbehaves: whatever it sends, the bot
lives, comes back, and answers.

	[CARELAY=PROGRAM] tests/robust/test_server.py
"""
import asyncio
import hashlib
import itertools
import os
import re
import subprocess
import sys
import unittest

from prober import StackTest

CLINIC = "clinic.localhost"
DESK = "desk@clinic.localhost"
OPEN = ("<?xml version='1.0'?><stream:stream from='clinic.localhost' id='s1' "
        "xmlns='jabber:component:accept' "
        "xmlns:stream='http://etherx.jabber.org/streams'>")
PING = (f"<iq type='get' from='tom@localhost/x' to='{DESK}' id='{{}}'>"
        "<ping xmlns='urn:xmpp:ping'/></iq>")


def message(inner="<body>help</body>", sender="tom@localhost/x", to=DESK):
    return f"<message from='{sender}' to='{to}' type='chat'>{inner}</message>"


def stream_error(condition):
    return ("<stream:error><" + condition + " xmlns='urn:ietf:params:xml:ns:"
            "xmpp-streams'/></stream:error></stream:stream>")


# What ends the stream, and what need not.
FATAL = {
    "no XML": b"GET / HTTP/1.1\r\n\r\n",
    "not well formed": "<message><body></message>",
    "invalid UTF-8": b"<message from='tom@localhost' to='desk@clinic.localhost'"
                     b"><body>\xc3\x28\xff</body></message>",
    "a control character": "<message><body>\x01</body></message>",
    "an unknown entity": "<message><body>&nothing;</body></message>",
    "a document type": "<!DOCTYPE a [<!ENTITY b 'c'>]>",
    "the end of the stream": "</stream:stream>",
    "half a stanza and no more": "<message from='tom@localhost/x' to='",
    "internal-server-error": stream_error("internal-server-error"),
    "a condition nobody knows": stream_error("tired"),
}
HARMLESS = {
    "no addresses": "<message><body>help</body></message><iq type='get'/>",
    "empty addresses": message(sender="", to=""),
    "no from": f"<message to='{DESK}'><body>help</body></message>",
    "from ourselves": message(sender=DESK) + message(sender=CLINIC),
    "a stranger's domain": message(to="desk@elsewhere.example"),
    "upper case": message(to=DESK.upper()),
    "a long address": message(sender="a" * 3000 + "@localhost/x"),
    "an address that is none": message(sender="@/") + message(sender="a@@b/"),
    "an unknown stanza": "<dance xmlns='x'/><stream:features/><handshake/>",
    "an error about nothing": "<iq type='error' from='a' to='b'/><iq/>",
    "text between stanzas": "hello &amp; good bye",
    "two megabytes": message("<body>" + "x" * 2_000_000 + "</body>"),
    "twenty thousand levels": message("<body>help</body>" + "<a>" * 20000
                                      + "</a>" * 20000),
    "many elements": message("<body>help</body>" + "<a/>" * 100_000),
    "many attributes": message("<a " + " ".join(
        f"a{n}='b'" for n in range(10_000)) + "/>"),
    "a long tag": message("<a b='" + "x" * 100_000 + "'/>"),
    "bodies by the dozen": message("<body>help</body>" * 50),
    "an empty namespace": message("<body xmlns=''>help</body>"),
}


class Server:
    """Takes the bot's connection as a server does, and nothing else."""

    def __init__(self, secret):
        self.secret = secret
        self.connected = asyncio.Queue()

    async def open(self, port=0):
        self.listener = await asyncio.start_server(self.accept, "127.0.0.1",
                                                   port, limit=1 << 24)
        return self.listener.sockets[0].getsockname()[1]

    async def accept(self, reader, writer):
        try:
            await reader.readuntil(b">")
            if b"stream:stream" not in await reader.readuntil(b">"):
                return
            writer.write(OPEN.encode())
            said = await reader.readuntil(b"</handshake>")
            expected = hashlib.sha1(("s1" + self.secret).encode()).hexdigest()
            assert expected in said.decode()
            writer.write(b"<handshake/>")
            await self.connected.put((reader, writer))
        except (OSError, asyncio.IncompleteReadError):
            writer.close()


async def answers(reader, writer):
    """Pings the desk; whether it answers, after all that came before."""
    ident = f"p{next(NUMBERS)}"
    writer.write(PING.format(ident).encode())
    said = b""
    while not re.search(rf'<iq[^>]* id="{ident}"'.encode(), said):
        more = await asyncio.wait_for(reader.read(65536), 20)
        if not more:
            return False
        said += more
    return True


NUMBERS = itertools.count()


class Misbehaviour(StackTest):
    """One bot, connected to our server in place of the real one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stack.bot_stop()

    def setUp(self):
        self.bot_pid = None

    def play(self, talk, settings=""):
        async def with_server():
            server = Server(self.stack.state["secret"])
            self.stack.state["component_port"] = await server.open()
            self.stack.write_config()
            with open(self.stack.config, "a", encoding="utf-8") as config:
                config.write(settings)
            await asyncio.to_thread(self.stack.bot_start)
            self.bot_pid = self.stack.programs.pid("bot")
            await talk(server)
            self.assertEqual(self.stack.programs.pid("bot"), self.bot_pid)
            self.assertTrue(await asyncio.to_thread(self.stack.bot_stop))
            self.bot_pid = None
            server.listener.close()
        asyncio.run(with_server())

    async def connection(self, server):
        return await asyncio.wait_for(server.connected.get(), 70)

    def test_what_ends_the_stream(self):
        async def talk(server):
            for what, text in FATAL.items():
                with self.subTest(what=what):
                    reader, writer = await self.connection(server)
                    self.assertTrue(await answers(reader, writer))
                    writer.write(text if isinstance(text, bytes)
                                 else text.encode())
                    await writer.drain()
                    await asyncio.sleep(0.05)
                    writer.close()
            reader, writer = await self.connection(server)
            self.assertTrue(await answers(reader, writer))
            writer.close()
        self.play(talk)

    def test_what_is_only_strange(self):
        async def talk(server):
            reader, writer = await self.connection(server)
            for what, text in HARMLESS.items():
                with self.subTest(what=what):
                    writer.write(text.encode())
                    await writer.drain()
                    self.assertTrue(await answers(reader, writer))
            writer.close()
        self.play(talk)

    def test_who_writes_a_lot_keeps_nobody_waiting(self):
        """All is in the queue of one worker before it answers anything."""
        async def talk(server):
            reader, writer = await self.connection(server)
            with Held(self.stack) as held:
                writer.write(message().encode() * 20)
                writer.write(message(sender="mia@localhost/x").encode())
                # The stream itself answers this one, after the others.
                writer.write(message("<a/>" * 3000, "ann@localhost/x").encode())
                said = await self.until(reader, r'to="(ann)@.*?</message>', 1)
                self.assertEqual(said, ["ann"])
                held.let_go()
                order = await self.until(reader,
                                         r'to="(\w+)@[^<]*<body>', 21)
            # One may have been begun, one came before hers.
            self.assertIn("mia", order[:3])
            writer.close()
        self.play(talk, "[bot]\nworkers = 1\n")

    async def until(self, reader, pattern, count):
        """What was said so often, and nothing is read after it."""
        said = ""
        while len(found := re.findall(pattern, said, re.S)) < count:
            more = await asyncio.wait_for(reader.read(65536), 20)
            self.assertTrue(more, said)
            said += more.decode()
        return found


class Held:
    """While it is held the database lets nobody look at people."""

    def __init__(self, stack):
        self.psql = subprocess.Popen(  # pylint: disable=consider-using-with
            ["psql", "-XAtq", stack.database_url()], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        self.psql.stdin.write("BEGIN; LOCK TABLE clinic.person; SELECT 1;\n")
        self.psql.stdin.flush()
        self.psql.stdout.readline()
        return self

    def let_go(self):
        if not self.psql.stdin.closed:
            self.psql.stdin.close()
            self.psql.wait(10)

    def __exit__(self, *_):
        self.let_go()
        self.psql.stdout.close()


if __name__ == "__main__":
    os.environ.setdefault("CARELAY", "build/carelay")
    sys.exit(unittest.main())
