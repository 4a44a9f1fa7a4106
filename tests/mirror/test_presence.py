#!/usr/bin/python3
"""test_presence.py - who is there, and what devices can do, on both servers.

	[CARELAY=PROGRAM] tests/mirror/test_presence.py [NAME...]
"""
import asyncio
import base64
import hashlib
import signal
import sys
import unittest

from peers import (CLINIC, DOCTOR_DEVICE, NS, PATIENT_DEVICE, MirrorTest,
                   available, error_of, of_type)

NICK = "http://jabber.org/protocol/nick"
CAPS_NODE = f"https://{CLINIC}/caps/"
CHAT = ["http://jabber.org/protocol/caps",
        "http://jabber.org/protocol/chatstates",
        "http://jabber.org/protocol/disco#info", "urn:xmpp:chat-markers:0",
        "urn:xmpp:message-correct:0", "urn:xmpp:ping", "urn:xmpp:receipts"]
# What must never show.
SECRET = ["jabber:iq:version", "urn:xmpp:time", "jabber:iq:last",
          "urn:xmpp:jingle:apps:file-transfer:5", "urn:xmpp:omemo:2:devices",
          "http://jabber.org/protocol/muc"]


def with_caps(ver="v1", more=""):
    return (f"<c xmlns='{NS['caps']}' hash='sha-1' node='https://secret.client'"
            f" ver='{ver}'/>{more}")


def hash_of(query):
    """The hash of XEP-0115 over a disco#info answer."""
    text = "".join(
        f"{one.get('category')}/{one.get('type')}//{one.get('name')}<"
        for one in query.findall("info:identity", NS))
    text += "".join(sorted(one.get("var") + "<" for one
                           in query.findall("info:feature", NS)))
    return base64.b64encode(hashlib.sha1(text.encode()).digest()).decode()


class Presence(MirrorTest):
    """Subscriptions, presence, capabilities."""
    ACCOUNTS = 70

    async def test_each_is_asked_once_and_then_sees_the_other(self):
        patient, doctor = await self.befriended()
        got = await doctor.expect(available(self.patient), "presence")
        self.assertIn("/", got.get("from"))
        await patient.expect(available(self.doctor), "presence")
        # Again, and after a restart: nobody is asked any more.
        patient.put("presence", self.doctor, type="subscribe")
        await asyncio.to_thread(self.stack.bot_stop)
        await asyncio.to_thread(self.stack.bot_start)
        patient.put("presence", self.doctor, type="subscribe")
        await doctor.quiet(of_type("subscribe"))
        await patient.quiet(of_type("subscribe"))

    async def test_who_is_away_is_asked_when_she_comes(self):
        """Prosody forgets a request that waits when its sender probes."""
        await self.settled()
        patient = await self.log_in(self.patient_jid, PATIENT_DEVICE)
        patient.put("presence", self.doctor, type="subscribe")
        await patient.expect(of_type("subscribe"))
        patient.put("presence", self.doctor, type="subscribed")
        again = await self.log_in(self.patient_jid, "another")
        await again.quiet()
        doctor = await self.log_in(self.doctor_jid, DOCTOR_DEVICE)
        await doctor.expect(of_type("subscribe"), "subscribe")
        doctor.put("presence", self.patient, type="subscribed")
        await patient.expect(available(self.doctor), "presence")

    async def test_a_contact_request_says_who_it_is(self):
        await self.settled()
        patient = await self.log_in(self.patient_jid, PATIENT_DEVICE)
        doctor = await self.log_in(self.doctor_jid, DOCTOR_DEVICE)
        doctor.put("presence", self.patient, type="subscribe")
        await doctor.expect(of_type("subscribed"))
        got = await patient.expect(of_type("subscribe"))
        self.assertEqual(
            got.findtext("{http://jabber.org/protocol/nick}nick"),
            "Dr. John Smith")

    async def test_who_has_no_visit_is_not_let_in(self):
        await self.settled()
        other = await self.log_in(self.other_patient_jid, "x1y2")
        doctor = await self.log_in(self.doctor_jid, DOCTOR_DEVICE)
        other.put("presence", self.doctor, type="subscribe")
        await other.expect(of_type("unsubscribed"))
        await other.hear("you can write to Dr. Smith from when")
        other.put("presence", self.patient, type="subscribe")
        await other.expect(of_type("unsubscribed"))
        await doctor.quiet(of_type("subscribe"))

    async def test_changes_are_shown_but_not_what_is_private(self):
        patient, doctor = await self.befriended()
        await doctor.expect(available(self.patient))
        await asyncio.sleep(2.1)
        patient.got.clear()
        doctor.got.clear()
        patient.send_raw(
            "<presence><show>away</show><priority>5</priority><status>patqx is "
            "in the car</status><idle xmlns='urn:xmpp:idle:1' "
            "since='2026-11-30T07:00:00Z'/><x xmlns='vcard-temp:x:update'>"
            "<photo>abc</photo></x>" + with_caps() + "</presence>")
        got = await doctor.expect(available(self.patient))
        self.assertEqual(got.findtext("client:show", None, NS), "away")
        self.assertEqual(got.findtext("client:priority", None, NS), "5")
        names = {child.tag for child in got}
        self.assertEqual(names, {"{jabber:client}show",
                                 "{jabber:client}priority",
                                 "{http://jabber.org/protocol/caps}c"})
        self.assertTrue(got.find("caps:c", NS).get("node")
                        .startswith(CAPS_NODE))
        self.assertNotIn(b"secret.client", doctor.bytes)

    async def test_changes_are_coalesced(self):
        patient, doctor = await self.befriended()
        await doctor.expect(available(self.patient))
        await asyncio.sleep(2.5)
        doctor.got.clear()
        for number in range(20):
            patient.send_raw(f"<presence><priority>{number}</priority>"
                             "</presence>")
        await asyncio.sleep(2.6)
        got = [xml for xml in doctor.got if available(self.patient)(xml)]
        self.assertLessEqual(len(got), 3)
        self.assertEqual(got[-1].findtext("client:priority", None, NS), "19")

    async def test_who_leaves_is_gone(self):
        patient, doctor = await self.befriended()
        known = (await doctor.expect(available(self.patient))).get("from")
        patient.send_raw("<presence type='unavailable'/>")
        await doctor.expect(lambda xml: of_type("unavailable")(xml)
                            and xml.get("from") == known)

    async def test_a_probe_at_login_is_answered(self):
        patient, doctor = await self.befriended()
        known = (await doctor.expect(available(self.patient))).get("from")
        again = await self.log_in(self.doctor_jid, "another")
        got = await again.expect(available(self.patient))
        self.assertEqual(got.get("from"), known)
        await asyncio.sleep(2.1)
        patient.send_raw("<presence type='unavailable'/>")
        await again.expect(of_type("unavailable"))
        third = await self.log_in(self.doctor_jid, "third")
        await third.quiet(available(self.patient))

    async def test_after_a_restart_it_is_asked_anew(self):
        patient, doctor = await self.befriended()
        known = (await doctor.expect(available(self.patient))).get("from")
        await asyncio.to_thread(self.stack.bot_stop)
        await asyncio.to_thread(self.stack.bot_start)
        got = await doctor.expect(available(self.patient))
        self.assertEqual(got.get("from"), known)
        await patient.expect(available(self.doctor))

    async def seen(self):
        """Both see each other; what each is known as."""
        patient, doctor = await self.befriended()
        known = [(await doctor.expect(available(self.patient))).get("from"),
                 (await patient.expect(available(self.doctor))).get("from")]
        await asyncio.sleep(0.3)
        patient.got.clear()
        doctor.got.clear()
        return patient, doctor, known

    async def hidden(self, patient, doctor, known):
        """Neither sees the other any more."""
        for peer, sender in zip((doctor, patient), known):
            await peer.expect(
                lambda xml, sender=sender: of_type("unavailable")(xml)
                and xml.get("from") == sender, f"unavailable from {sender}")
        await asyncio.sleep(2.1)  # what waits
        for peer in (doctor, patient):
            peer.got.clear()
            peer.send_raw("<presence><show>dnd</show></presence>")
        await asyncio.sleep(0.3)
        for peer, sender in zip((doctor, patient), known):
            self.assertIsNone(peer.take(
                lambda xml, sender=sender: not xml.get("type")
                and xml.get("from") == sender))

    async def shown_again(self, patient, doctor, known):
        for peer, sender in zip((doctor, patient), known):
            await peer.expect(
                lambda xml, sender=sender: xml.tag.endswith("}presence")
                and not xml.get("type") and xml.get("from") == sender,
                f"presence of {sender}")

    async def test_who_is_muted_sees_nobody_until_unmuted(self):
        patient, doctor, known = await self.seen()
        doctor.say(known[0], "/mute", "d-1")
        await self.hidden(patient, doctor, known)
        doctor.say(known[0], "/unmute", "d-2")
        await self.shown_again(patient, doctor, known)

    async def test_who_is_blocked_sees_nobody_until_unblocked(self):
        patient, doctor, known = await self.seen()
        self.assertIn("cannot write", await patient.ask_desk("block dr smith"))
        await self.hidden(patient, doctor, known)
        await patient.ask_desk("unblock dr smith")
        await self.shown_again(patient, doctor, known)

    async def test_what_is_ended_is_not_seen(self):
        patient, doctor, known = await self.seen()
        doctor.say(known[0], "/end", "d-1")
        await self.hidden(patient, doctor, known)

    async def test_when_the_time_is_over_nobody_is_seen(self):
        patient, doctor, known = await self.seen()
        await asyncio.to_thread(self.stack.move_clock, "+40d")
        await self.hidden(patient, doctor, known)

    async def test_presence_is_for_whom_it_was_agreed_to(self):
        """A doctor whom the patient does not want to be seen by learns nothing
        of what the patient shows another one."""
        patient, doctor, _ = await self.seen()
        self.visit(doctor=self.other_doctor_jid)
        await self.settled()
        other = await self.log_in(self.other_doctor_jid, "pidgin.3")
        other.put("presence", self.patient, type="subscribe")
        await other.expect(of_type("subscribed"))
        chen = self.shown(self.other_doctor_jid)
        await patient.expect(lambda xml: of_type("subscribe")(xml)
                             and xml.get("from") == chen)
        patient.put("presence", chen, type="unsubscribed")
        await asyncio.sleep(0.3)
        again = await self.log_in(self.other_doctor_jid, "pidgin.4")
        for peer in (other, again):
            await peer.quiet(available(self.patient))
        third = await self.log_in(self.doctor_jid, "another")
        await third.expect(available(self.patient))

    async def test_who_withdraws_is_not_seen(self):
        patient, doctor, known = await self.seen()
        patient.put("presence", self.doctor, type="unsubscribed")
        await doctor.expect(lambda xml: of_type("unavailable")(xml)
                            and xml.get("from") == known[0])

    async def test_an_account_that_cannot_be_reached_is_gone(self):
        """Its server says so when presence is sent there."""
        patient, doctor, known = await self.seen()
        patient.put("presence", self.doctor,
                    "<error type='cancel'><remote-server-not-found "
                    f"xmlns='{NS['stanzas']}'/></error>", type="error")
        await doctor.expect(lambda xml: of_type("unavailable")(xml)
                            and xml.get("from") == known[0])

    async def test_names_are_told_to_who_wants_them(self):
        """XEP-0172: an app without a name for a contact shows the address."""
        wants = CHAT + [NICK + "+notify"]
        patient, doctor = await self.befriended(wants, CHAT)
        await patient.expect(available(self.doctor))
        await doctor.expect(available(self.patient))
        for peer in (patient, doctor):
            peer.send_raw(f"<presence>{with_caps('n1')}</presence>")
        got = await patient.expect(
            lambda xml: xml.find(f".//{{{NICK}}}nick") is not None, "a name")
        self.assertEqual(got.get("from"), self.doctor)
        self.assertEqual(got.get("type"), "headline")
        self.assertEqual(got.get("to"), f"{self.patient_jid}/{PATIENT_DEVICE}")
        self.assertEqual(got.findtext(f".//{{{NICK}}}nick"), "Dr. John Smith")
        await patient.quiet()  # once
        await doctor.quiet()
        # With another app that is known already, at once.
        again = await self.log_in(self.patient_jid, "second", False, wants)
        again.send_raw(f"<presence>{with_caps('n1')}</presence>")
        got = await again.expect(
            lambda xml: xml.find(f".//{{{NICK}}}nick") is not None, "a name")
        self.assertEqual(got.get("to"), f"{self.patient_jid}/second")

    async def test_names_can_be_asked_for(self):
        patient, doctor = await self.both()
        other = await self.log_in(self.other_patient_jid, "x1y2")
        for peer, to, name in ((patient, self.doctor, "Dr. John Smith"),
                               (doctor, self.patient, "Jane Doe"),
                               (other, self.doctor, "Dr. John Smith"),
                               (other, self.patient, None)):
            for node, path in (
                    (NICK, f".//{{{NICK}}}nick"),
                    ("urn:xmpp:vcard4", ".//{urn:ietf:params:xml:ns:vcard-4.0}"
                     "fn/{urn:ietf:params:xml:ns:vcard-4.0}text")):
                got = await peer.ask(
                    to, "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                    f"<items node='{node}' max_items='1'/></pubsub>",
                    ident=f"{node}-{name}")
                self.assertEqual(got.findtext(path), name)

    async def test_disco_with_and_without_node_and_the_hash(self):
        patient, doctor = await self.befriended(
            patient_features=CHAT + SECRET)
        await doctor.expect(available(self.patient))
        await asyncio.sleep(2.1)
        doctor.got.clear()
        patient.send_raw(f"<presence>{with_caps('v2')}</presence>")
        await asyncio.sleep(2.5)
        got = [xml for xml in doctor.got if available(self.patient)(xml)][-1]
        caps = got.find("caps:c", NS)
        node = caps.get("node") + "#" + caps.get("ver")
        with_node = await doctor.ask(
            got.get("from"), f"<query xmlns='{NS['info']}' node='{node}'/>")
        query = with_node.find("info:query", NS)
        self.assertEqual(query.get("node"), node)
        self.assertEqual(hash_of(query), caps.get("ver"))
        features = {one.get("var") for one
                    in query.findall("info:feature", NS)}
        self.assertEqual(features, set(CHAT))
        without = await doctor.ask(
            got.get("from"), f"<query xmlns='{NS['info']}'/>", ident="q2")
        query = without.find("info:query", NS)
        self.assertIsNone(query.get("node"))
        self.assertEqual(hash_of(query), caps.get("ver"))
        wrong = await doctor.ask(
            got.get("from"), f"<query xmlns='{NS['info']}' "
            f"node='{caps.get('node')}#wrong'/>", ident="q3")
        self.assertEqual(error_of(wrong), "item-not-found")
        self.assertNotIn(b"Secret Client", doctor.bytes)

    async def test_the_address_itself_is_an_account(self):
        patient, _ = await self.both()
        got = await patient.ask(self.doctor, f"<query xmlns='{NS['info']}'/>")
        query = got.find("info:query", NS)
        self.assertEqual([(one.get("category"), one.get("type")) for one
                          in query.findall("info:identity", NS)],
                         [("account", "registered"), ("pubsub", "pep")])
        self.assertNotIn("urn:xmpp:http:upload:0",
                         {one.get("var") for one
                          in query.findall("info:feature", NS)})
        card = await patient.ask(self.doctor, "<vCard xmlns='vcard-temp'/>",
                                 ident="q2")
        self.assertEqual(card.findtext(".//{vcard-temp}FN"), "Dr. John Smith")
        pong = await patient.ask(self.doctor, "<ping xmlns='urn:xmpp:ping'/>",
                                 ident="q3")
        self.assertEqual(pong.get("type"), "result")
        version = await patient.ask(
            self.doctor, "<query xmlns='jabber:iq:version'/>", ident="q4")
        self.assertEqual(error_of(version), "service-unavailable")

    async def test_a_patient_is_nobody_to_others(self):
        await self.settled()
        other = await self.log_in(self.other_patient_jid, "x1y2")
        for number, inner in enumerate((
                f"<query xmlns='{NS['info']}'/>", "<vCard xmlns='vcard-temp'/>",
                "<ping xmlns='urn:xmpp:ping'/>", "<query xmlns='a:b'/>")):
            got = await other.ask(self.patient, inner, ident=f"q{number}")
            self.assertEqual(error_of(got), "item-not-found")
            got = await other.ask(f"jane.zzzz@{CLINIC}", inner,
                                  ident=f"r{number}")
            self.assertEqual(error_of(got), "item-not-found")

    async def test_an_iq_to_a_dead_resource_is_answered(self):
        patient, _ = await self.both()
        got = await patient.ask(
            self.doctor + "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "<query xmlns='urn:xmpp:jingle:1'/>", kind="set")
        self.assertEqual(error_of(got), "item-not-found")

    async def test_typing_is_not_sent_to_who_is_away(self):
        patient, doctor = await self.befriended()
        await doctor.expect(available(self.patient))
        doctor.send_raw("<presence type='unavailable'/>")
        await patient.expect(lambda xml: of_type("unavailable")(xml)
                             and "/" in xml.get("from"))
        patient.put("message", self.doctor, f"<composing xmlns='{NS['states']}'"
                    "/>", type="chat")
        await patient.ask(self.doctor, "<ping xmlns='urn:xmpp:ping'/>")
        doctor.send_raw("<presence/>")
        await doctor.quiet()

    async def test_unsubscribing(self):
        patient, doctor = await self.befriended()
        await patient.expect(available(self.doctor))
        patient.got.clear()
        patient.put("presence", self.doctor, type="unsubscribe")
        await patient.expect(of_type("unavailable"))
        patient.say(self.doctor, "still here", "m-1")
        await doctor.hear("still here")


class Vanished(MirrorTest):
    """The patient's own server is no more, and has not said so."""
    HOME = "ejabberd"

    async def test_a_server_that_is_gone(self):
        _, doctor = await self.befriended()
        known = (await doctor.expect(available(self.patient))).get("from")

        def gone(xml):
            return of_type("unavailable")(xml) and xml.get("from") == known
        await asyncio.to_thread(self.stack.home.stop, signal.SIGKILL)
        await doctor.quiet(gone)
        # What is sent there comes back.
        doctor.send_raw("<presence><show>away</show></presence>")
        await doctor.expect(gone, limit_s=30)


class VanishedFromEjabberd(Vanished):
    """The clinic on ejabberd, the patient on Prosody."""
    SERVER = "ejabberd"
    HOME = "prosody"


class PresenceOnEjabberd(Presence):
    """The same."""
    SERVER = "ejabberd"


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
