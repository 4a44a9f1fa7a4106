#!/usr/bin/python3
"""test_fuzz.py - random stanzas both ways: nothing leaks, the stream lives.

	[CARELAY=PROGRAM] [SEED=N] tests/mirror/test_fuzz.py

Known elements with known attributes and the sender's own addresses stand
inside each other at random, in messages, presences and IQs. What a server would
not take from a client is not tried: it would end the client.
"""
import os
import random
import sys
import unittest

from peers import (CLINIC, DOCTOR_DEVICE, NS, PATIENT_DEVICE, MirrorTest)

ROUNDS = 250
NAMESPACES = [
    None, "urn:xmpp:receipts", "urn:xmpp:chat-markers:0", "urn:xmpp:reply:0",
    "urn:xmpp:fallback:0", "urn:xmpp:sid:0", "urn:xmpp:delay",
    "urn:xmpp:hints", "urn:xmpp:reactions:0", "urn:xmpp:message-retract:1",
    "urn:xmpp:message-correct:0", "urn:xmpp:fasten:0", "urn:xmpp:forward:0",
    "urn:xmpp:carbons:2", "urn:xmpp:jingle:1", "urn:xmpp:jingle-message:0",
    "urn:xmpp:jingle:apps:rtp:1", "urn:xmpp:jingle:transports:ice-udp:1",
    "eu.siacs.conversations.axolotl", "urn:xmpp:omemo:2", "urn:xmpp:eme:0",
    "http://jabber.org/protocol/pubsub", NS["info"], NS["caps"], NS["states"],
    "http://jabber.org/protocol/pubsub#event", "jabber:x:conference",
    "http://jabber.org/protocol/address", "http://jabber.org/protocol/nick",
    "vcard-temp:x:update", "vcard-temp", "urn:xmpp:ping", NS["stanzas"],
    "http://jabber.org/protocol/commands", "urn:xmpp:message-retract:0",
]
NAMES = [
    "body", "subject", "thread", "received", "displayed", "reply", "fallback",
    "origin-id", "stanza-id", "delay", "store", "reactions", "reaction",
    "retract", "replace", "apply-to", "forwarded", "sent", "message", "iq",
    "presence", "jingle", "propose", "content", "description", "transport",
    "candidate", "encrypted", "header", "key", "keys", "payload", "iv", "items",
    "item", "event", "pubsub", "query", "c", "x", "addresses", "address",
    "nick", "photo", "error", "text", "service-unavailable", "ping", "show",
    "status", "priority", "active", "composing", "encryption", "device",
]
ATTRIBUTES = ["id", "to", "from", "by", "jid", "for", "start", "end", "stamp",
              "node", "ver", "type", "sid", "rid", "initiator", "responder",
              "publisher", "uri", "name", "namespace", "xml:lang", "parent",
              "action", "ip", "code"]


class Fuzz(MirrorTest):
    """Both directions at once."""

    async def test_random_stanzas(self):
        seed = int(os.environ.get("SEED", "0")) or random.randrange(1 << 30)
        print(f"SEED={seed}", flush=True)
        chance = random.Random(seed)
        patient, doctor = await self.befriended()
        known = [self.patient, self.doctor, CLINIC, f"nobody@{CLINIC}"]
        for peer, other in ((patient, self.doctor), (doctor, self.patient)):
            peer.say(other, "begin", "b-1")
        known += [(await patient.hear("begin")).get("from"),
                  (await doctor.hear("begin")).get("from")]
        bot = self.stack.programs.pid("bot")
        told = self.stack.log_size()
        for number in range(ROUNDS):
            for peer, shown in ((patient, self.doctor), (doctor, self.patient)):
                peer.send_raw(self.stanza(chance, peer, shown, known))
            if number % 25 == 24:  # at the pace at which it is answered
                for peer, shown in ((patient, self.doctor),
                                    (doctor, self.patient)):
                    await peer.ask(shown, "<ping xmlns='urn:xmpp:ping'/>",
                                   ident=f"p-{number}")
                    peer.got.clear()
        patient.say(self.doctor, "the end", "e-1")
        await doctor.hear("the end")
        self.assertEqual(self.stack.programs.pid("bot"), bot)
        log = self.stack.log_since(told)
        self.assertNotIn("stream lost", log)
        self.assertNotIn("<3>", log)

    def stanza(self, chance, peer, shown, known):
        """Something that a client may send to an address of the clinic's."""
        name = chance.choice(["message"] * 5 + ["presence", "iq"])
        kind = chance.choice({
            "message": ["chat", "normal", "headline", "error", "groupchat"],
            "presence": ["", "", "unavailable", "error", "probe"],
            "iq": ["get", "set", "result", "error"]}[name])
        shown = chance.choice([shown] * 4 + known)
        inner = "".join(self.element(chance, peer, known, 0)
                        for _ in range(chance.randrange(1, 5)))
        kind = f" type='{kind}'" if kind else ""
        return (f"<{name} to='{shown}'{kind} id='f{chance.randrange(999)}'>"
                f"{inner}</{name}>")

    def element(self, chance, peer, known, depth):
        ns = chance.choice(NAMESPACES)
        name = chance.choice(NAMES)
        own = f" xmlns='{ns}'" if ns else ""
        for attribute in chance.sample(ATTRIBUTES, chance.randrange(4)):
            own += f" {attribute}='{self.value(chance, peer, known)}'"
        inner = "" if depth > 5 else "".join(
            self.element(chance, peer, known, depth + 1)
            for _ in range(max(0, chance.randrange(-2, 4))))
        if not inner and name not in ("body", "subject", "thread", "reaction",
                                      "payload", "key", "iv"):
            inner = chance.choice(["", peer.account])
        return f"<{name}{own}>{inner}</{name}>"

    @staticmethod
    def value(chance, peer, known):
        """Of an attribute: often the sender's own address."""
        return chance.choice([
            peer.account, f"{peer.account}/{peer.resource}", "en", "1", "x",
            f"xmpp:{peer.account}?message", peer.account.upper(), "current",
            *known])


class FuzzOnEjabberd(Fuzz):
    """The same."""
    SERVER = "ejabberd"


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
