#!/usr/bin/python3
"""test_omemo.py - keys of encrypted chats through the mirror, and the messages.

	[CARELAY=PROGRAM] tests/mirror/test_omemo.py [NAME...]
"""
import asyncio
import unittest
from xml.etree import ElementTree

from peers import PATIENT_DEVICE, MirrorTest, available, error_of

OMEMO = "eu.siacs.conversations.axolotl"
DEVICES = f"{OMEMO}.devicelist"
PUBSUB = "http://jabber.org/protocol/pubsub"
EVENT = f"{PUBSUB}#event"
OPTIONS = f"{PUBSUB}#publish-options"
BUNDLE = (f"<bundle xmlns='{OMEMO}'><signedPreKeyPublic signedPreKeyId='1'>QUJD"
          "</signedPreKeyPublic><signedPreKeySignature>REVG"
          "</signedPreKeySignature><identityKey>R0hJ</identityKey><prekeys>"
          "<preKeyPublic preKeyId='1'>SktM</preKeyPublic><preKeyPublic "
          "preKeyId='2'>TU5P</preKeyPublic></prekeys></bundle>")
ENCRYPTED = (f"<encrypted xmlns='{OMEMO}'><header sid='27183'><key rid='31415' "
             "prekey='true'>QUJDREVG</key><key rid='777'>R0hJ</key>"
             "<iv>SktM</iv></header><payload>TU5P</payload></encrypted>")


def device_list(*devices):
    return (f"<list xmlns='{OMEMO}'>"
            + "".join(f"<device id='{one}'/>" for one in devices) + "</list>")


def items(node):
    """As Gajim asks."""
    return (f"<pubsub xmlns='{PUBSUB}'><items node='{node}' max_items='1'/>"
            "</pubsub>")


def changed(xml):
    """Matches news of a node."""
    return xml.find(f"{{{EVENT}}}event") is not None


def devices_in(xml):
    return [one.get("id") for one in xml.iter(f"{{{OMEMO}}}device")]


class Omemo(MirrorTest):
    """A patient and a doctor with keys."""

    async def publish(self, peer, node, payload, access="open"):
        peer.send_raw(
            f"<iq type='set' id='pub'><pubsub xmlns='{PUBSUB}'><publish "
            f"node='{node}'><item id='current'>{payload}</item></publish>"
            "<publish-options><x xmlns='jabber:x:data' type='submit'><field "
            f"var='FORM_TYPE' type='hidden'><value>{OPTIONS}</value></field>"
            f"<field var='pubsub#access_model'><value>{access}</value></field>"
            "</x></publish-options></pubsub></iq>")
        await asyncio.sleep(0.2)

    async def with_keys(self, access="open", friends=False):
        patient, doctor = await (self.befriended() if friends
                                 else self.both())
        for peer, device in ((patient, 123), (doctor, 31415)):
            await self.publish(peer, DEVICES, device_list(device), access)
            await self.publish(peer, f"{OMEMO}.bundles:{device}", BUNDLE,
                               access)
        return patient, doctor

    async def test_lists_and_bundles_both_ways(self):
        """Section 8, 10: from a clinic address that nobody subscribed to."""
        patient, doctor = await self.with_keys()
        for peer, shown, device in ((patient, self.doctor, "31415"),
                                    (doctor, self.patient, "123")):
            got = await peer.ask(shown, items(DEVICES), ident="list-1")
            self.assertEqual(got.get("from"), shown)
            self.assertEqual(devices_in(got), [device])
            item = got.find(f".//{{{PUBSUB}}}item")
            self.assertEqual(item.attrib, {"id": "current"})
            got = await peer.ask(shown, items(f"{OMEMO}.bundles:{device}"),
                                 ident="bundle-1")
            self.assertEqual(got.get("from"), shown)
            bundle = got.find(f".//{{{OMEMO}}}bundle")
            self.assertEqual(
                ElementTree.canonicalize(ElementTree.tostring(bundle)),
                ElementTree.canonicalize(ElementTree.tostring(
                    ElementTree.fromstring(BUNDLE))))

    async def test_a_bundle_is_never_an_old_one(self):
        patient, doctor = await self.with_keys()
        node = f"{OMEMO}.bundles:31415"
        await patient.ask(self.doctor, items(node), ident="b1")
        await self.publish(doctor, node, BUNDLE.replace("R0hJ", "WFla"))
        got = await patient.ask(self.doctor, items(node), ident="b2")
        self.assertEqual(got.findtext(f".//{{{OMEMO}}}identityKey"), "WFla")

    async def test_nodes_that_are_not_there(self):
        """Section 8, 11: the newer OMEMO, and everything else."""
        patient, doctor = await self.with_keys()
        await self.publish(doctor, "urn:xmpp:omemo:2:devices",
                           "<devices xmlns='urn:xmpp:omemo:2'><device id='1'/>"
                           "</devices>")
        await self.publish(doctor, "urn:xmpp:omemo:2:bundles",
                           "<bundle xmlns='urn:xmpp:omemo:2'/>")
        await self.publish(doctor, "http://jabber.org/protocol/nick",
                           "<nick xmlns='http://jabber.org/protocol/nick'>"
                           "smithzk</nick>")
        for number, node in enumerate((
                "urn:xmpp:omemo:2:devices", "urn:xmpp:omemo:2:bundles",
                "storage:bookmarks",
                "urn:xmpp:bookmarks:1", "urn:xmpp:avatar:metadata",
                f"{OMEMO}.bundles:4", f"{OMEMO}.bundles:", f"{OMEMO}.x",
                f"{OMEMO}.bundles:31415x", f"{OMEMO}.verification:31415")):
            got = await patient.ask(self.doctor, items(node),
                                    ident=f"n{number}")
            self.assertEqual((got.get("type"), error_of(got)),
                             ("error", "item-not-found"), node)

    async def test_a_change_is_told(self):
        """Section 8, 9: rebuilt, from the bare address, with the list alone."""
        patient, doctor = await self.with_keys()
        for peer, other, shown in ((patient, doctor, self.doctor),
                                   (doctor, patient, self.patient)):
            await peer.ask(shown, items(DEVICES), ident="list-1")
            await asyncio.sleep(0.3)
            peer.got.clear()
            await self.publish(other, DEVICES, device_list(9, 777))
            got = await peer.expect(changed, "news")
            self.assertEqual(got.get("from"), shown)
            self.assertEqual(got.get("type"), "headline")
            self.assertEqual(devices_in(got), ["9", "777"])
            self.assertEqual({child.tag for child in got},
                             {f"{{{EVENT}}}event"})
            await self.publish(other, DEVICES, device_list(9))
            while devices_in(got) != ["9"]:
                got = await peer.expect(changed, "news")

    async def count(self, peer):
        """How many lists a client was told of."""
        await asyncio.sleep(1)
        return len([xml for xml in peer.got if changed(xml)])

    async def test_a_change_is_told_once(self):
        """Also to a contact who has subscribed and whom the server tells
        anyway."""
        patient, doctor = await self.with_keys(friends=True)
        for peer in (doctor, patient):
            peer.abilities = [f"{DEVICES}+notify"]
            peer.send_raw(
                "<presence><c xmlns='http://jabber.org/protocol/caps' "
                "hash='sha-1' node='https://app.example' ver='o'/></presence>")
        await asyncio.sleep(3)  # the servers have asked for abilities
        patient.got.clear()
        got = await patient.ask(self.doctor, items(DEVICES))
        self.assertEqual(devices_in(got), ["31415"])
        self.assertEqual(await self.count(patient), 0)
        for devices in ((5, 6), (5,), (5, 6)):
            patient.got.clear()
            await self.publish(doctor, DEVICES, device_list(*devices))
            self.assertEqual(await self.count(patient), 1)

    async def test_a_change_is_noticed_while_writing(self):
        """By who is no contact, whatever the server tells of itself."""
        patient, doctor = await self.with_keys()
        got = await patient.ask(self.doctor, items(DEVICES))
        self.assertEqual(devices_in(got), ["31415"])
        await asyncio.sleep(0.5)
        patient.got.clear()
        await self.publish(doctor, DEVICES, device_list(31415, 9))
        patient.say(self.doctor, "fallback", "e-1", ENCRYPTED)
        got = await patient.expect(changed, "news")
        self.assertEqual(got.get("from"), self.doctor)
        self.assertEqual(devices_in(got), ["31415", "9"])
        patient.say(self.doctor, "fallback", "e-2", ENCRYPTED)
        self.assertEqual(await self.count(patient), 0)

    async def test_a_change_is_told_to_contacts_without_asking(self):
        patient, doctor = await self.with_keys(friends=True)
        for peer, shown in ((doctor, self.patient), (patient, self.doctor)):
            await peer.expect(available(shown), "presence")
            peer.send_raw(
                "<presence><c xmlns='http://jabber.org/protocol/caps' "
                "hash='sha-1' node='https://app.example' ver='o'/></presence>")
            peer.abilities = [f"{DEVICES}+notify"]
        await asyncio.sleep(3)  # the servers have asked for abilities
        patient.got.clear()
        await self.publish(doctor, DEVICES, device_list(5, 6))
        got = await patient.expect(changed, "news")
        while devices_in(got) != ["5", "6"]:
            got = await patient.expect(changed, "news")
        self.assertEqual(got.get("from"), self.doctor)
        self.assertEqual({child.tag for child in got}, {f"{{{EVENT}}}event"})

    async def test_keys_for_contacts_only(self):
        """An account that shows its keys to contacts alone (Profanity)."""
        patient, _ = await self.with_keys("presence")
        got = await patient.ask(self.doctor, items(DEVICES))
        self.assertEqual((got.get("type"), error_of(got)),
                         ("error", "item-not-found"))

    async def test_keys_for_contacts_who_are(self):
        patient, doctor = await self.with_keys("presence", friends=True)
        got = await patient.ask(self.doctor, items(DEVICES))
        self.assertEqual(devices_in(got), ["31415"])
        got = await doctor.ask(self.patient, items(DEVICES))
        self.assertEqual(devices_in(got), ["123"])

    async def test_subscribing_as_monal_does(self):
        patient, doctor = await self.with_keys()
        got = await patient.ask(
            self.doctor, f"<pubsub xmlns='{PUBSUB}'><subscribe node='{DEVICES}'"
            f" jid='{self.patient_jid}'/></pubsub>", "set")
        said = got.find(f".//{{{PUBSUB}}}subscription")
        self.assertEqual(said.get("subscription"), "subscribed")
        await asyncio.sleep(0.3)
        patient.got.clear()
        await self.publish(doctor, DEVICES, device_list(8))
        got = await patient.expect(changed, "news")
        while devices_in(got) != ["8"]:
            got = await patient.expect(changed, "news")
        got = await patient.ask(
            self.doctor, f"<pubsub xmlns='{PUBSUB}'><publish node='{DEVICES}'/>"
            "</pubsub>", "set", "q2")
        self.assertEqual(error_of(got), "item-not-found")

    async def test_strangers_get_nothing(self):
        await self.with_keys()
        other = await self.log_in(self.other_patient_jid, "zebra.4")
        for shown, ident in ((self.doctor, "a"), (self.patient, "b")):
            got = await other.ask(shown, items(DEVICES), ident=ident)
            self.assertEqual(error_of(got), "item-not-found")

    async def test_an_answer_that_nobody_asked_for(self):
        """Its id was not made here, so it goes nowhere."""
        patient, doctor = await self.with_keys()
        for ident in ("cl-pep-", "cl-pep-devices", "cl-pep-abcdefgh2345"):
            doctor.put("iq", self.patient, items(DEVICES), type="result",
                       id=ident)
        await patient.quiet(lambda xml: xml.tag.endswith("}iq"))

    async def test_what_is_encrypted_passes_as_it_is(self):
        patient, doctor = await self.with_keys()
        patient.say(self.doctor, "I sent you an OMEMO encrypted message",
                    "e-1", ENCRYPTED + "<encryption xmlns='urn:xmpp:eme:0' "
                    f"namespace='{OMEMO}' name='OMEMO'/><store "
                    "xmlns='urn:xmpp:hints'/><encrypted "
                    "xmlns='urn:xmpp:omemo:2'><header sid='1'><keys "
                    f"jid='{self.patient_jid}'/></header></encrypted>")
        got = await doctor.hear("I sent you an OMEMO")
        self.assertEqual(got.get("id"), "e-1")
        [sealed] = got.findall(f"{{{OMEMO}}}encrypted")
        self.assertEqual(
            ElementTree.canonicalize(ElementTree.tostring(sealed)),
            ElementTree.canonicalize(ElementTree.tostring(
                ElementTree.fromstring(ENCRYPTED))))
        self.assertIsNotNone(got.find("{urn:xmpp:eme:0}encryption"))
        self.assertIsNone(got.find("{urn:xmpp:omemo:2}encrypted"))
        # The clinic keeps that there was one, not what.
        await asyncio.sleep(0.3)
        self.assertEqual(await asyncio.to_thread(
            self.sql, "SELECT count(*), count(body) FROM clinic.message;"),
            "1|0")

    async def test_keys_alone_are_no_message(self):
        """They pass, but nobody has said anything."""
        patient, doctor = await self.both()
        patient.put("message", self.doctor, ENCRYPTED.replace(
            "<payload>TU5P</payload>", ""), type="chat", id="k-1")
        got = await doctor.expect(
            lambda xml: xml.tag.endswith("}message"), "keys")
        self.assertEqual(got.get("id"), "k-1")
        self.assertIsNotNone(got.find(f"{{{OMEMO}}}encrypted"))
        await asyncio.sleep(0.3)
        self.assertEqual(await asyncio.to_thread(
            self.sql, "SELECT (SELECT count(*) FROM clinic.message), "
            "(SELECT count(*) FROM clinic.talk);"), "0|0")
        patient.say(self.doctor, "fallback", "e-1", ENCRYPTED)
        await doctor.hear("[Jane Doe")
        await doctor.hear("fallback")

    async def test_an_id_with_two_lines(self):
        """It is answered to whom it was asked by, whatever the id is."""
        patient, _ = await self.with_keys()
        patient.put("iq", self.doctor, items(DEVICES), type="get",
                    id="one&#10;two")
        got = await patient.expect(lambda xml: xml.tag.endswith("}iq")
                                   and xml.get("type") == "result", "answer")
        self.assertEqual(got.get("id").split(), ["one", "two"])
        self.assertEqual(devices_in(got), ["31415"])

    async def test_the_newer_kind_alone_is_refused(self):
        patient, doctor = await self.with_keys()
        patient.put("message", self.doctor, "<encrypted "
                    "xmlns='urn:xmpp:omemo:2'><header sid='1'><keys "
                    f"jid='{self.patient_jid}'/></header><payload>QUJD"
                    "</payload></encrypted>", type="chat", id="n-1")
        got = await patient.expect(lambda xml: xml.get("type") == "error",
                                   "error")
        self.assertEqual(error_of(got), "not-acceptable")
        await patient.hear("choose OMEMO in its usual form")
        await doctor.quiet()

    async def is_said_once_a_day(self, patient, doctor):
        """To each of the two, also after a restart."""
        await asyncio.sleep(0.3)  # it is put down aside
        await asyncio.to_thread(self.stack.bot_stop)
        await asyncio.to_thread(self.stack.bot_start)
        patient.say(self.doctor, "fallback", "e-3", ENCRYPTED)
        await patient.expect(lambda xml: xml.get("type") == "error", "error")
        await patient.quiet()
        doctor.say(self.patient, "fallback", "e-4", ENCRYPTED)
        await doctor.hear("switch encryption off for this chat")
        self.assertEqual(await asyncio.to_thread(
            self.sql, "SELECT count(*) FROM api.talks('admin@localhost', "
            "NULL, NULL);"), "0")  # nothing was said
        await asyncio.to_thread(self.stack.move_clock, "+24h")
        await asyncio.sleep(0.3)
        patient.say(self.doctor, "fallback", "e-5", ENCRYPTED)
        await patient.hear("switch encryption off for this chat")

    async def test_switched_off(self):
        config = self.stack.config.read_text()
        self.stack.config.write_text(config + "\n[mirror]\nencryption = no\n")
        await asyncio.to_thread(self.stack.bot_stop)
        await asyncio.to_thread(self.stack.bot_start)
        try:
            patient, doctor = await self.with_keys()
            got = await patient.ask(self.doctor, items(DEVICES))
            self.assertEqual(error_of(got), "item-not-found")
            for ident in ("e-1", "e-2"):
                patient.say(self.doctor, "fallback", ident, ENCRYPTED)
                got = await patient.expect(
                    lambda xml: xml.get("type") == "error", "error")
                self.assertEqual((got.get("id"), error_of(got)),
                                 (ident, "not-acceptable"))
            await patient.hear("switch encryption off for this chat")
            await patient.quiet()  # said once
            await doctor.quiet()
            await self.is_said_once_a_day(patient, doctor)
            patient.say(self.doctor, "in clear then", "c-1")
            await doctor.hear("in clear then")
        finally:
            self.stack.config.write_text(config)
            await asyncio.to_thread(self.stack.bot_stop)
            await asyncio.to_thread(self.stack.bot_start)


class EjabberdOmemo(Omemo):
    """The same on the other server, which tells of changes those alone who
    share presence, whoever else subscribed to the node."""
    SERVER = "ejabberd"
    test_a_change_is_told = None
    test_subscribing_as_monal_does = None

    async def test_what_must_not_pass_is_there(self):
        """Section 8, 9: with news ejabberd sends the full address of who has
        them. A contact of the patient's own gets it; the doctor, in all the
        other tests, does not."""
        patient, _ = await self.with_keys()
        other = await self.log_in(self.other_patient_jid, "zebra.4")
        for peer, jid in ((other, self.patient_jid),
                          (patient, self.other_patient_jid)):
            for kind in ("subscribe", "subscribed"):
                peer.send_raw(f"<presence to='{jid}' type='{kind}'/>")
            await asyncio.sleep(0.3)
        other.send_raw(f"<presence to='{self.patient_jid}' "
                       "type='subscribed'/>")
        other.add_filter("in", lambda stanza: self.shows(other, stanza), 0)
        other.send_raw(
            "<presence><c xmlns='http://jabber.org/protocol/caps' hash='none' "
            "node='https://other.example' ver='o'/></presence>")
        await asyncio.sleep(1)
        await self.publish(patient, DEVICES, device_list(5, 6))
        for _ in range(50):
            if b"http://jabber.org/protocol/address" in other.bytes:
                break
            await asyncio.sleep(0.1)
        self.assertIn(b"http://jabber.org/protocol/address", other.bytes)
        self.assertIn(f"{self.patient_jid}/{PATIENT_DEVICE}".encode(),
                      other.bytes)

    @staticmethod
    def shows(peer, stanza):
        """Tells its server that it wants such news."""
        xml = getattr(stanza, "xml", None)
        query = "{http://jabber.org/protocol/disco#info}query"
        if xml is None or xml.get("type") != "get" or xml.find(query) is None:
            return stanza
        node = xml.find(query).get("node")
        shown = f" node='{node}'" if node else ""
        peer.put("iq", xml.get("from"), "<query xmlns='http://jabber.org/"
                 f"protocol/disco#info'{shown}><identity category='client' "
                 f"type='pc'/><feature var='{DEVICES}+notify'/></query>",
                 type="result", id=xml.get("id"))
        return None


if __name__ == "__main__":
    unittest.main()
