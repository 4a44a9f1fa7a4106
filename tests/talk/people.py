"""people.py - the people of the demo, each with an XMPP client (slixmpp)."""
import asyncio
import contextlib
import io
import logging

with contextlib.redirect_stderr(io.StringIO()):  # it advises on its speed
    import slixmpp

logging.getLogger("slixmpp").setLevel(logging.CRITICAL)


class Person(slixmpp.ClientXMPP):
    """Logged in, and hearing what the clinic says to her.

	unread is a queue of what arrived: a message's text, or "(error CONDITION)
	TEXT" for one that came back."""

    def __init__(self, name, env, resource="test"):
        super().__init__(f"{name}@{env['XMPP_DOMAIN']}/{resource}", name)
        self.name = name
        self.desk = env["DESK"]
        self.clinic = env["CLINIC"]
        self.address = env["XMPP_HOST"], int(env["XMPP_PORT"])
        self.unread = asyncio.Queue()
        self.heard = ""
        self.online = asyncio.Event()
        self.gone = False
        self.use_presence_ids = False
        self.end_session_on_disconnect = True
        self.register_plugin("xep_0030")
        self.register_plugin("xep_0199")
        self.add_event_handler("session_start", self._started)
        self.add_event_handler("message", self._heard)
        self.add_event_handler("message_error", self._heard)
        self.add_event_handler("failed_auth", self._refused)

    async def get_dns_records(self, *_, **__):
        """It has an address, and would ask the DNS for "" all the same."""
        return []

    async def _started(self, _):
        self.send_presence()
        await self.get_roster()
        self.online.set()

    def _refused(self, _):
        self.gone = True
        self.online.set()

    def _heard(self, message):
        if message["from"].domain != self.clinic:
            return
        if message["type"] == "error":
            self.unread.put_nowait(f"(error {message['error']['condition']}) "
                                   f"{message['error']['text']}".strip())
        elif message["type"] in ("chat", "normal") and message["body"]:
            self.heard = message["id"]
            self.unread.put_nowait(message["body"])

    async def log_in(self, limit_s=20):
        """Connects; ConnectionError when that cannot be done."""
        self.online.clear()
        self.connect(self.address, disable_starttls=True)
        try:
            await asyncio.wait_for(self.online.wait(), limit_s)
        except asyncio.TimeoutError as late:
            raise ConnectionError(f"{self.name} cannot log in at "
                                  f"{self.address[0]}:{self.address[1]}"
                                  ) from late
        if self.gone:
            raise ConnectionError(f"the server does not let {self.name} in")

    async def log_out(self):
        try:
            await asyncio.wait_for(self.disconnect(wait=0.5), 2)
        except asyncio.TimeoutError:
            self.abort()

    def say(self, text, to=None):
        """Says something to the desk; the message's id."""
        message = self.make_message(mto=to or self.desk, mtype="chat")
        message["id"] = self.new_id()
        message.xml.append(_body(text))
        message.send()
        return message["id"]

    def react(self, sign):
        """Puts a sign under the last message that she got (XEP-0444)."""
        message = self.make_message(mto=self.desk, mtype="chat")
        message["id"] = self.new_id()
        reactions = slixmpp.xmlstream.ET.SubElement(
            message.xml, "{urn:xmpp:reactions:0}reactions", id=self.heard)
        slixmpp.xmlstream.ET.SubElement(
            reactions, "{urn:xmpp:reactions:0}reaction").text = sign
        message.send()

    async def hear(self, limit_s):
        """The next thing that she gets; asyncio.TimeoutError when nothing
        comes."""
        return await asyncio.wait_for(self.unread.get(), limit_s)

    async def caught_up(self, limit_s=5):
        """Everything that the desk has sent to her before now has come: a
        ping's answer, or its refusal, comes after it."""
        with contextlib.suppress(slixmpp.exceptions.XMPPError):
            await self["xep_0199"].send_ping(self.desk, timeout=limit_s)

    def forget(self):
        """What has come so far does not matter."""
        while not self.unread.empty():
            self.unread.get_nowait()


def _body(text):
    """slixmpp leaves an empty body out, which is what a test may want."""
    body = slixmpp.xmlstream.ET.Element("{jabber:client}body")
    body.text = text
    return body


async def log_in(names, env):
    """Everybody logged in, by name."""
    people = {name: Person(name, env) for name in names}
    await asyncio.gather(*(one.log_in() for one in people.values()))
    return people
