#!/usr/bin/python3
"""parrot.py - stands in for the bot when the player itself is tested: it says
back what it hears ("tell ruiz ..." to Ruiz). Started as the bot is."""
import asyncio
import configparser
import contextlib
import io
import signal
import sys

with contextlib.redirect_stderr(io.StringIO()):
    from slixmpp import ComponentXMPP

config = configparser.ConfigParser()
config.read(sys.argv[sys.argv.index("--config") + 1])
server = config["server"]


class Parrot(ComponentXMPP):
    """One component, one habit."""

    def __init__(self):
        super().__init__(server["domain"], server["secret"], server["host"],
                         int(server["port"]))
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("message", self.heard)
        self.add_event_handler("disconnected", self.again)

    async def get_dns_records(self, *_, **__):
        """It has an address, and would ask the DNS for "" all the same."""
        return []

    def started(self, _):
        print("<5>stream up\n<5>bot ready", file=sys.stderr, flush=True)

    def again(self, _):
        self.loop.call_later(0.2, self.connect)

    def heard(self, message):
        to, text = message["from"], message["body"]
        if text.startswith("tell "):
            to, text = text.split(" ", 2)[1] + "@localhost", text[10:]
        if message["type"] != "error" and text:
            self.send_message(to, text, mfrom="desk@" + server["domain"],
                              mtype="chat")


parrot = Parrot()
loop = asyncio.get_event_loop()
loop.add_signal_handler(signal.SIGTERM, sys.exit, 0)
parrot.connect()
loop.run_forever()
