#!/usr/bin/python3
"""test_fuzz.py - random stanzas both ways: nothing leaks, the stream lives.

	[CARELAY=PROGRAM] [SEED=N] tests/mirror/test_fuzz.py

Known elements, in their own namespaces and with attributes of their own, stand
inside each other at random, in messages, presences and IQs: chat, errors, keys,
their news, files, calls. So do names in namespaces that are not theirs. Every
value may be an address of the sender's. What a server would not take from a
client is not tried: it would end the client.
"""
import hashlib
import os
import random
import sys
import unittest

from peers import (CLINIC, DOCTOR_DEVICE, NS, PATIENT_DEVICE, MirrorTest)

ROUNDS = 250
# Elements as they are, by namespace: name and attributes.
PUBSUB = "http://jabber.org/protocol/pubsub"
JINGLE, RTP = "urn:xmpp:jingle:1", "urn:xmpp:jingle:apps:rtp:1"
ICE = "urn:xmpp:jingle:transports:ice-udp:1"
JMI = "urn:xmpp:jingle-message:0"
OMEMO = "eu.siacs.conversations.axolotl"
FILE = "urn:xmpp:file:metadata:0"
REAL = [(ns, *one.split()) for ns, names in {
    None: "body xml:lang,subject,thread parent,show,status,priority,"
          "error type by code",
    NS["stanzas"]: "service-unavailable,item-not-found,forbidden,gone,"
                   "redirect,text xml:lang,remote-server-timeout",
    "urn:xmpp:receipts": "request,received id",
    "urn:xmpp:chat-markers:0": "markable,displayed id",
    NS["states"]: "active,composing,paused,gone",
    "urn:xmpp:reply:0": "reply id to",
    "urn:xmpp:fallback:0": "fallback for,body start end",
    "urn:xmpp:reactions:0": "reactions id,reaction",
    "urn:xmpp:message-correct:0": "replace id",
    "urn:xmpp:message-retract:1": "retract id",
    "urn:xmpp:fasten:0": "apply-to id",
    "urn:xmpp:sid:0": "origin-id id,stanza-id id by",
    "urn:xmpp:delay": "delay from stamp",
    "urn:xmpp:hints": "store,no-copy,no-store",
    "urn:xmpp:forward:0": "forwarded",
    "urn:xmpp:carbons:2": "sent,received,private",
    "http://jabber.org/protocol/address": "addresses,address type jid uri",
    "http://jabber.org/protocol/nick": "nick",
    "vcard-temp:x:update": "x,photo",
    NS["caps"]: "c hash node ver ext",
    NS["info"]: "query node,identity category type name,feature var",
    PUBSUB: "pubsub,items node max_items,item id publisher,publish node,"
            "subscribe node jid,subscription node jid subid",
    PUBSUB + "#event": "event,items node,item id publisher,retract id,"
                       "delete node,purge node,redirect uri",
    OMEMO: "encrypted,header sid,key rid prekey,iv,payload,list,device id,"
           "bundle,identityKey,prekeys,preKeyPublic preKeyId",
    "urn:xmpp:omemo:2": "encrypted,header sid,keys jid,key rid,devices",
    "urn:xmpp:eme:0": "encryption namespace name",
    JMI: "propose id,ringing id,proceed id,accept id,reject id,retract id,"
         "finish id,migrated to,tie-break",
    JINGLE: "jingle action sid initiator responder,content creator name "
            "senders,reason,success,busy,text,alternative-session,sid",
    RTP: "description media ssrc,payload-type id name clockrate channels,"
         "parameter name value,rtcp-mux,encryption",
    ICE: "transport ufrag pwd,candidate ip port type rel-addr rel-port id "
         "component foundation priority protocol,remote-candidate ip port",
    "urn:xmpp:jingle:apps:dtls:0": "fingerprint hash setup",
    "urn:xmpp:jingle:apps:rtp:rtcp-fb:0": "rtcp-fb type subtype",
    "urn:xmpp:jingle:apps:rtp:ssma:0": "source ssrc,ssrc-group semantics",
    "urn:xmpp:jingle:apps:grouping:0": "group semantics,content name",
    "urn:xmpp:jingle:apps:rtp:info:1": "mute name creator,ringing,active",
    "urn:xmpp:jingle:errors:1": "unknown-session,tie-break",
    "http://gultsch.de/xmpp/drafts/omemo/dlts-srtp-verification":
        "device id,fingerprint hash setup",
    "jabber:x:oob": "x,url,desc",
    "urn:xmpp:sfs:0": "file-sharing disposition id,sources",
    FILE: "file,name,media-type,size,hash algo,desc",
    "http://jabber.org/protocol/url-data": "url-data target",
    "urn:xmpp:reference:0": "reference type uri begin end",
    "jabber:x:conference": "x jid reason",
    "http://jabber.org/protocol/muc#user": "x,invite to from,item jid",
    "http://jabber.org/protocol/commands": "command node action sessionid",
    "jabber:iq:roster": "query ver,item jid name subscription",
    "jabber:iq:version": "query,name,os", "urn:xmpp:ping": "ping",
    "vcard-temp": "vCard,FN,JABBERID", "jabber:iq:private": "query",
}.items() for one in names.split(",")]
LINKS = {("url-data", "target"), ("reference", "uri"), ("address", "uri")}
# What stands in what when all is well.
PLACES = {
    "message": "body body event encrypted propose proceed reject finish error "
               "received displayed reactions reply fallback replace x "
               "file-sharing delay addresses",
    "iq": "jingle jingle jingle pubsub query ping error vCard command",
    "presence": "show priority status c x nick error delay",
    "jingle": "content content reason group mute", "reason": "success text",
    "content": "description transport", "group": "content",
    "description": "payload-type source encryption rtcp-mux rtcp-fb",
    "payload-type": "parameter rtcp-fb", "source": "parameter",
    "transport": "candidate fingerprint remote-candidate",
    "fingerprint": "encrypted", "propose": "description",
    "proceed": "device", "reject": "reason tie-break", "finish": "reason",
    "encrypted": "header payload", "header": "key iv keys", "keys": "key",
    "event": "items purge delete", "pubsub": "items publish subscribe",
    "items": "item retract", "publish": "item", "item": "list bundle devices",
    "list": "device", "bundle": "identityKey prekeys",
    "prekeys": "preKeyPublic", "addresses": "address",
    "fallback": "body", "reactions": "reaction", "x": "url photo invite",
    "file-sharing": "file sources", "sources": "url-data",
    "file": "name media-type size hash desc", "query": "identity feature item",
    "error": "text service-unavailable item-not-found gone unknown-session",
    "forwarded": "message delay", "sent": "forwarded", "vCard": "JABBERID",
}
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
        known += [(await doctor.hear("begin")).get("from"),
                  (await patient.hear("begin")).get("from")]
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
        for peer, other in ((patient, self.doctor), (doctor, self.patient)):
            self.assertGreater(peer.bytes.count(other.encode()), ROUNDS // 20)
        self.assertEqual(self.stack.programs.pid("bot"), bot)
        log = self.stack.log_since(told)
        self.assertNotIn("stream lost", log)
        self.assertNotIn("<3>", log)

    def stanza(self, chance, peer, shown, known):
        """Something that a client may send to an address of the clinic's."""
        name = chance.choice(["message"] * 5 + ["presence", "iq"])
        kind = chance.choice({
            "message": ["chat", "chat", "normal", "headline", "error",
                        "groupchat"],
            "presence": ["", "", "unavailable", "error", "probe"],
            "iq": ["get", "set", "result", "error"]}[name])
        shown = chance.choice([shown] * 4 + known)
        if name == "iq" and chance.random() < 0.7:  # for a device, as calls are
            shown = known[-1 if peer is self.peers[0] else -2]
        inner = "".join(self.element(chance, peer, known, 0, name)
                        for _ in range(chance.randrange(1, 5)))
        kind = f" type='{kind}'" if kind else ""
        return (f"<{name} to='{shown}'{kind} id='f{chance.randrange(999)}'>"
                f"{inner}</{name}>")

    def element(self, chance, peer, known, depth, within):
        if chance.random() < 0.8:
            there = PLACES.get(within, "").split()
            ns, name, *attributes = chance.choice(
                [one for one in REAL if one[1] in there]
                if there and chance.random() < 0.7 else REAL)
            attributes = {*attributes, *chance.sample(
                ATTRIBUTES, chance.choice([0, 0, 1]))}
        else:
            ns, name = chance.choice(NAMESPACES), chance.choice(NAMES)
            attributes = set(chance.sample(ATTRIBUTES, chance.randrange(4)))
        own = f" xmlns='{ns}'" if ns else ""
        for attribute in sorted(attributes):
            value = (self.link(peer) if (name, attribute) in LINKS
                     else self.value(chance, peer, known))
            own += f" {attribute}='{value}'"
        inner = "" if depth > 5 else "".join(
            self.element(chance, peer, known, depth + 1, name)
            for _ in range(max(0, chance.randrange(-2, 4))))
        if name == "url":
            inner = self.link(peer)
        elif not inner and name not in ("body", "subject", "thread", "reaction",
                                      "payload", "key", "iv"):
            inner = chance.choice(["", peer.account])
        return f"<{name}{own}>{inner}</{name}>"

    @staticmethod
    def link(peer):
        """To a file at the sender's server, as some make it."""
        return ("http://127.0.0.1:9/upload/"
                + hashlib.sha1(peer.account.encode()).hexdigest() + "/x.jpg")

    @staticmethod
    def value(chance, peer, known):
        """Of an attribute: often the sender's own address."""
        return chance.choice([
            peer.account, f"{peer.account}/{peer.resource}", "en", "1", "x",
            f"xmpp:{peer.account}?message", peer.account.upper(), "current",
            "S", "chat", "eu.siacs.conversations.axolotl.devicelist", "0",
            "session-initiate", "transport-info", *known])


class FuzzOnEjabberd(Fuzz):
    """The same."""
    SERVER = "ejabberd"


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
