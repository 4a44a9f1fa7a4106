"""peers.py - patients and doctors with a client each, and the search for leaks.

Every byte that a client gets is kept. At the end of each test what one side
got is searched for everything by which the other could be known: local part,
domain, resource, and the SHA-1 of the bare address.
"""
import asyncio
import contextlib
import hashlib
import io
import logging
import sys
import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "stack")]
# pylint: disable=wrong-import-position
from processes import StackError  # noqa: E402
from stack import Stack  # noqa: E402

with contextlib.redirect_stderr(io.StringIO()):  # it advises on its speed
    import slixmpp

for noisy in ("slixmpp", "asyncio"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)

CLINIC = "clinic.localhost"
DESK = "desk@clinic.localhost"
# Each side has a domain of its own, so that the domain can be searched for.
PATIENT_HOST = "home.test"
DOCTOR_HOST = "hosp.test"
# Names that are in nothing else.
PATIENT, OTHER_PATIENT = "patqx", "tomqz"
DOCTOR, OTHER_DOCTOR = "smithzk", "chenzy"
PATIENT_DEVICE, DOCTOR_DEVICE = "Conversations.aB1", "dino.7fKq"
NOW = "2026-11-30T07:00Z"
LIMIT_S = 10
QUIET_S = 0.4

NS = {
    "client": "jabber:client",
    "receipts": "urn:xmpp:receipts",
    "states": "http://jabber.org/protocol/chatstates",
    "info": "http://jabber.org/protocol/disco#info",
    "caps": "http://jabber.org/protocol/caps",
    "stanzas": "urn:ietf:params:xml:ns:xmpp-stanzas",
    "reply": "urn:xmpp:reply:0",
    "delay": "urn:xmpp:delay",
}


class Peer(slixmpp.ClientXMPP):
    """An account with one device. got: the stanzas from the clinic, as
    elements, until somebody takes them."""

    def __init__(self, account, resource, port, presence=True):
        name = account.partition("@")[0]
        super().__init__(f"{account}/{resource}", name)
        self.account = account
        self.resource = resource
        self.port = port
        self.presence = presence
        self.got = []
        self.desk = asyncio.Queue()  # what the desk answers
        self.arrived = asyncio.Event()
        self.online = asyncio.Event()
        self.bytes = b""
        self.listening = False
        self.use_presence_ids = False
        self.end_session_on_disconnect = True
        self.auto_authorize = None
        self.auto_subscribe = False
        self.abilities = []
        self.add_event_handler("session_start", self._started)
        self.add_filter("in", self._keep)

    async def get_dns_records(self, *_, **__):
        """It has an address, and would ask the DNS for "" all the same."""
        return []

    def data_received(self, data):
        if self.listening:
            self.bytes += data
        super().data_received(data)

    async def _started(self, _):
        self.listening = True
        await self.get_roster()
        if self.presence:
            self.send_raw("<presence/>")
        self.online.set()

    def _keep(self, stanza):
        xml = getattr(stanza, "xml", None)
        sender = xml.get("from") or "" if xml is not None else ""
        if CLINIC not in sender:
            return stanza
        if sender.startswith(DESK):
            body = xml.findtext("client:body", None, NS)
            if body is not None and not xml.findall(
                    "{urn:xmpp:hints}store"):  # an answer, no notice
                self.desk.put_nowait(body)
            return None
        if not self._answer(xml):
            self.got.append(xml)
            self.arrived.set()
        return None

    def _answer(self, xml):
        """A client with features answers who asks for them."""
        query = xml.find("info:query", NS)
        if not self.abilities or query is None or xml.get("type") != "get":
            return False
        node = query.get("node")
        shown = f" node='{node}'" if node else ""
        self.send_raw(
            f"<iq type='result' id='{xml.get('id')}' to='{xml.get('from')}'>"
            f"<query xmlns='{NS['info']}'{shown}><identity category='client' "
            "type='phone' name='Secret Client 1.2'/>"
            + "".join(f"<feature var='{feature}'/>"
                      for feature in self.abilities) + "</query></iq>")
        return True

    async def log_in(self):
        self.connect(("127.0.0.1", self.port), disable_starttls=True)
        await asyncio.wait_for(self.online.wait(), 20)
        return self

    async def log_out(self):
        if self.is_connected():
            self.send_raw("<presence type='unavailable'/></stream:stream>")
            await asyncio.sleep(0.05)
        self.abort()

    def take(self, matches):
        """The first stanza that matches, which is taken, or None."""
        for xml in self.got:
            if matches(xml):
                self.got.remove(xml)
                return xml
        return None

    async def expect(self, matches, what="a stanza", limit_s=LIMIT_S):
        """The next stanza that matches; the others stay."""
        deadline = asyncio.get_running_loop().time() + limit_s
        while True:
            xml = self.take(matches)
            if xml is not None:
                return xml
            self.arrived.clear()
            left = deadline - asyncio.get_running_loop().time()
            try:
                await asyncio.wait_for(self.arrived.wait(), max(left, 0.001))
            except asyncio.TimeoutError:
                there = "\n".join(ElementTree.tostring(xml, "unicode")
                                  for xml in self.got)
                raise AssertionError(
                    f"{self.account} got no {what}, but:\n{there}") from None

    async def hear(self, words=None, limit_s=LIMIT_S):
        """The next message with a body (with these words in it)."""
        def matches(xml):
            body = xml.findtext("client:body", None, NS)
            return body is not None and (words is None or words in body)
        return await self.expect(matches, f"message {words!r}", limit_s)

    async def quiet(self, matches=lambda xml: xml.tag.endswith("message"),
                    limit_s=QUIET_S):
        """Nothing that matches comes for a short while."""
        await asyncio.sleep(limit_s)
        xml = self.take(matches)
        if xml is not None:
            raise AssertionError(f"{self.account} got "
                                 + ElementTree.tostring(xml, "unicode"))

    def say(self, to, body, ident="m1", more="", kind="chat"):
        self.send_raw(f"<message to='{to}' type='{kind}' id='{ident}'>"
                      f"<body>{body}</body>{more}</message>")

    def put(self, name, to, inner="", **attributes):
        """A stanza as it is written."""
        pairs = "".join(f" {key.rstrip('_').replace('__', ':')}='{value}'"
                        for key, value in attributes.items())
        self.send_raw(f"<{name} to='{to}'{pairs}>{inner}</{name}>")

    async def ask_desk(self, words):
        """What the desk answers."""
        self.say(DESK, words, "desk-" + hashlib.sha1(words.encode())
                 .hexdigest()[:8])
        return await asyncio.wait_for(self.desk.get(), LIMIT_S)

    async def ask(self, to, inner, kind="get", ident="q1"):
        """An IQ's answer."""
        self.put("iq", to, inner, type=kind, id=ident)
        return await self.expect(
            lambda xml: xml.tag.endswith("}iq") and xml.get("id") == ident
            and xml.get("type") in ("result", "error"), f"answer to {ident}")


def secrets_of(account, resources):
    """By what an account could be known."""
    local, _, domain = account.partition("@")
    return [local, domain, hashlib.sha1(account.encode()).hexdigest(),
            *resources]


class MirrorTest(unittest.IsolatedAsyncioTestCase):
    """A clinic with a patient who may write to a doctor, and another of each.

    The stack lives as long as the class; SERVER says which server, HOME which
    one the patients have for themselves, if any. Every test has accounts of its
    own: servers remember contacts and offline messages."""
    SERVER = "prosody"
    HOME = None
    ACCOUNTS = 40
    test_count = 0

    @classmethod
    def setUpClass(cls):
        cls.test_count = 0  # not those of a class that this one is made of
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.stack = Stack(holder.name)
        numbers = range(1, cls.ACCOUNTS + 1)
        patients = {PATIENT_HOST: [f"{name}{number}" for number in numbers
                                   for name in (PATIENT, OTHER_PATIENT)]}
        doctors = {DOCTOR_HOST: [f"{name}{number}" for number in numbers
                                 for name in (DOCTOR, OTHER_DOCTOR)]}
        if cls.HOME:
            cls.stack.up(server=cls.SERVER, now=NOW, hosts=doctors,
                         home=(cls.HOME, patients))
        else:
            cls.stack.up(server=cls.SERVER, now=NOW,
                         hosts={**patients, **doctors})
        cls.addClassCleanup(cls.stack.down)

    IS_TOLD = True  # the patients know that their messages are kept

    async def asyncSetUp(self):
        self.peers = []
        type(self).test_count += 1
        self.patient_jid, self.other_patient_jid = (
            f"{name}{self.test_count}@{PATIENT_HOST}"
            for name in (PATIENT, OTHER_PATIENT))
        self.doctor_jid, self.other_doctor_jid = (
            f"{name}{self.test_count}@{DOCTOR_HOST}"
            for name in (DOCTOR, OTHER_DOCTOR))
        await asyncio.to_thread(self._people)
        self.patient = self.shown(self.patient_jid)
        self.doctor = self.shown(self.doctor_jid)

    def _people(self):
        self.stack.settle()
        try:
            self.stack.reset(NOW)
        except StackError:  # the bot was writing somebody's openings
            self.stack.reset(NOW)
        self.sql(PEOPLE.format(
            patient=self.patient_jid, doctor=self.doctor_jid,
            other_patient=self.other_patient_jid,
            other_doctor=self.other_doctor_jid))
        if self.IS_TOLD:
            self.sql("UPDATE clinic.person SET keeps_messages = true; "
                     "NOTIFY book, 'all';")
        self.visit()

    def sql(self, text):
        return self.stack.cluster.psql(text=text).strip()

    def visit(self, patient=None, doctor=None, when="tomorrow"):
        """The patient books the doctor's next free time."""
        self.sql(f"""SELECT api.book('{patient or self.patient_jid}', person.id,
            (SELECT starts_at::timestamptz FROM api.slots('{patient or
            self.patient_jid}', person.id, NULL, NULL, NULL, NULL, NULL, NULL,
            1, NULL, NULL, NULL) LIMIT 1), NULL, NULL)
            FROM clinic.person WHERE jid = '{doctor or self.doctor_jid}';""")

    def shown(self, jid):
        """Somebody's clinic address."""
        local = self.sql(f"""SELECT local FROM clinic.address
            JOIN clinic.person ON person.id = address.person
            WHERE jid = '{jid}';""")
        return f"{local}@{CLINIC}"

    async def settled(self):
        """The bot has read what was written."""
        await asyncio.sleep(0.15)

    async def log_in(self, account, resource, presence=True, features=()):
        server = self.stack.state
        if self.HOME and account.endswith("@" + PATIENT_HOST):
            server = server["home"]
        peer = Peer(account, resource, server["client_port"], presence)
        peer.abilities = list(features)
        self.peers.append(peer)
        return await peer.log_in()

    async def both(self, presence=True):
        await self.settled()
        patient = await self.log_in(self.patient_jid, PATIENT_DEVICE, presence)
        doctor = await self.log_in(self.doctor_jid, DOCTOR_DEVICE, presence)
        return patient, doctor

    async def befriended(self, patient_features=(), doctor_features=()):
        """Both are in each other's contact list and see each other."""
        await self.settled()
        patient = await self.log_in(self.patient_jid, PATIENT_DEVICE, True,
                                    patient_features)
        doctor = await self.log_in(self.doctor_jid, DOCTOR_DEVICE, True,
                                   doctor_features)
        patient.put("presence", self.doctor, type="subscribe")
        await patient.expect(of_type("subscribed"), "subscribed")
        await patient.expect(of_type("subscribe"), "subscribe")
        patient.put("presence", self.doctor, type="subscribed")
        await doctor.expect(of_type("subscribe"), "subscribe")
        doctor.put("presence", self.patient, type="subscribed")
        doctor.put("presence", self.patient, type="subscribe")
        await doctor.expect(of_type("subscribed"), "subscribed")
        return patient, doctor

    async def asyncTearDown(self):
        for peer in self.peers:
            await peer.log_out()
        self.search_for_leaks()
        self.assertEqual(self.stack.complaints(), [])

    def search_for_leaks(self):
        """What one side got says nothing of the other."""
        resources = {}
        for peer in self.peers:
            resources.setdefault(peer.account, set()).add(peer.resource)
        for peer in self.peers:
            got = peer.bytes.lower()
            for account, names in resources.items():
                if account.partition("@")[2] == peer.account.partition("@")[2]:
                    continue  # an account on the same side
                for secret in secrets_of(account, names):
                    self.assertNotIn(
                        secret.lower().encode(), got,
                        f"{peer.account} got {secret!r} of {account}")


def of_type(kind):
    """Matches presences of a type."""
    return lambda xml: (xml.tag.endswith("}presence")
                        and xml.get("type") == kind)


def available(sender):
    """Matches available presences from one of somebody's devices."""
    return lambda xml: (xml.tag.endswith("}presence") and not xml.get("type")
                        and xml.get("from").startswith(sender + "/"))


def error_of(xml):
    """The condition of an error stanza."""
    error = xml.find("client:error", NS)
    return next(child.tag.partition("}")[2] for child in error
                if child.tag.startswith("{" + NS["stanzas"]))


PEOPLE = """
BEGIN;
SELECT api.register('{patient}', 'Jane Doe', '1990-04-23', NULL, NULL);
SELECT api.register('{other_patient}', 'Tom Other', '1980-01-01', NULL, NULL);
SELECT api.doctor_add('admin@localhost', '{doctor}', 'John Smith',
	(SELECT min(id) FROM clinic.specialty), 40, 'EUR', 20);
SELECT api.doctor_add('admin@localhost', '{other_doctor}', 'Wu Chen',
	(SELECT min(id) FROM clinic.specialty), 40, 'EUR', 20);
INSERT INTO clinic.availability (doctor, rrule, starts, ends)
SELECT id, 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '09:00', '18:00'
FROM clinic.person WHERE jid IN ('{doctor}', '{other_doctor}');
INSERT INTO clinic.opening (doctor, during)
SELECT person.id, tstzrange((day + time '09:00') AT TIME ZONE 'Europe/Madrid',
	(day + time '18:00') AT TIME ZONE 'Europe/Madrid')
FROM clinic.person, generate_series(timestamp '2026-11-30',
	timestamp '2026-12-20', interval '1 day') day
WHERE jid IN ('{doctor}', '{other_doctor}') AND extract(isodow FROM day) <= 5
ON CONFLICT DO NOTHING;
COMMIT;
"""
