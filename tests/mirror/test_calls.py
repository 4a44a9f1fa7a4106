#!/usr/bin/python3
"""test_calls.py - calls through the mirror, as the apps make them.

	[CARELAY=PROGRAM] tests/mirror/test_calls.py [NAME...]
"""
import asyncio
import os
import unittest
from xml.etree import ElementTree

from calling import (CALL_SET, DTLS, FINGERPRINT, HINTS, ICE, IN_TIME, JINGLE,
                     JMI, RECEIPTS, RTP, TOO_EARLY, TOO_LATE, CallTest,
                     candidate, content, did, jingle, names_below, propose,
                     reason, said, word)
from peers import DESK, DOCTOR_DEVICE, PATIENT_DEVICE, error_of, of_type


class Calls(CallTest):
    """What passes, and what does not."""

    # Shapes.

    async def test_as_conversations_calls(self):
        """Section 2.1, from the proposal to the end."""
        patient, doctor = await self.ready()
        patient.put("message", self.doctor, propose("S", "audio", "video"),
                    type="chat", id="jm-propose-S")
        got = await doctor.expect(said("propose"), "propose")
        self.assertEqual(got.get("id"), "jm-propose-S")
        self.assertEqual(got.get("to").partition("/")[0], self.doctor_jid)
        self.assertTrue(got.get("from").startswith(self.patient + "/"))
        self.assertEqual(names_below(got)[:5], [
            f"{{{JMI}}}propose", f"{{{RTP}}}description",
            f"{{{RTP}}}description", f"{{{RECEIPTS}}}request",
            f"{{{HINTS}}}store"])
        caller = got.get("from")
        doctor.put("message", caller, f"<received xmlns='{RECEIPTS}' "
                   "id='jm-propose-S'/>", type="chat", id="r-1")
        await patient.expect(
            lambda xml: xml.find(f"{{{RECEIPTS}}}received") is not None,
            "receipt")
        doctor.put("message", caller, word(
            "proceed", "S", "<device xmlns='http://gultsch.de/xmpp/drafts/omemo"
            "/dlts-srtp-verification' id='4711'/>"), type="chat",
            id="jm-proceed-S")
        got = await patient.expect(said("proceed"), "proceed")
        self.assertEqual(got.get("to"), f"{self.patient_jid}/{PATIENT_DEVICE}")
        self.assertEqual(got.get("id"), "jm-proceed-S")
        self.assertEqual(got.find(f"{{{JMI}}}proceed")[0].get("id"), "4711")
        callee = got.get("from")
        for number in range(20):
            patient.put("iq", callee, jingle(
                "session-initiate" if number == 0 else "transport-info", "S",
                content(candidates=candidate("host"))), type="set",
                id=f"t{number}")
        for number in range(20):  # in order
            got = await doctor.expect(
                lambda xml: xml.tag.endswith("}iq"), "session")
            self.assertEqual(got.get("id"), f"t{number}")
            self.assertEqual(got.get("from"), caller)
            self.assertNotIn("initiator", got[0].attrib)
            self.assertEqual(
                got.find(f".//{{{DTLS}}}fingerprint").text, FINGERPRINT)
            self.assertEqual(
                got.find(f".//{{{ICE}}}candidate").attrib["ip"], "10.0.1.1")
        sent = [f"{{{JINGLE}}}content", f"{{{RTP}}}description"]
        self.assertEqual(names_below(got)[1:3], sent)
        self.assertEqual(len(names_below(got)), 14)
        patient.put("iq", callee, jingle("session-terminate", "S",
                                         "<reason><success/></reason>"),
                    type="set", id="end")
        await doctor.expect(did("session-terminate"), "the end")
        patient.put("message", callee, word("finish", "S", reason("success")),
                    type="chat", id="f-1")
        await doctor.expect(said("finish"), "finish")
        self.assertEqual(await self.rows(
            "is_doctors, is_video, rang_at IS NOT NULL, ending, appointment "
            "IS NOT NULL"), ["f t t hung_up t"])

    async def test_initiator_full_as_dino_writes_it(self):
        patient, doctor = await self.ready()
        caller, callee = await self.established(
            patient, doctor, self.doctor,
            initiator=f"{self.patient_jid}/{PATIENT_DEVICE}")
        patient.put("iq", callee, jingle(
            "content-add", "S", content("video"),
            initiator=f"{self.patient_jid}/{PATIENT_DEVICE}",
            responder=callee), type="set", id="v")
        got = await doctor.expect(did("content-add"), "content-add")
        self.assertEqual(got[0].get("initiator"), caller)
        self.assertEqual(got[0].get("responder"),
                         f"{self.doctor_jid}/{DOCTOR_DEVICE}")

    async def test_initiator_bare_as_movim_writes_it(self):
        patient, doctor = await self.ready()
        patient.put("message", self.doctor, propose("S", receipt=False),
                    type="chat")
        caller = (await doctor.expect(said("propose"), "propose")).get("from")
        doctor.put("message", caller, word("proceed", "S"), type="chat")
        callee = (await patient.expect(said("proceed"), "proceed")).get("from")
        patient.put("iq", callee, jingle(
            "session-initiate", "S", content(), initiator=self.patient_jid,
            responder=callee.partition("/")[0]), type="set", id="i1")
        got = await doctor.expect(did("session-initiate"), "session-initiate")
        self.assertEqual(got[0].get("initiator"), caller)
        self.assertEqual(got[0].get("responder"),
                         f"{self.doctor_jid}/{DOCTOR_DEVICE}")

    async def test_initiator_absent_stays_absent(self):
        patient, doctor = await self.ready()
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        caller = (await doctor.expect(said("propose"), "propose")).get("from")
        doctor.put("message", caller, word("proceed", "S"), type="chat")
        callee = (await patient.expect(said("proceed"), "proceed")).get("from")
        patient.put("iq", callee, jingle("session-initiate", "S", content()),
                    type="set", id="i1")
        got = await doctor.expect(did("session-initiate"), "session-initiate")
        self.assertEqual(set(got[0].attrib), {"action", "sid"})

    async def test_a_strangers_initiator_is_left_out(self):
        patient, doctor = await self.ready()
        _, callee = await self.established(
            patient, doctor, self.doctor, initiator="somebody@else.test/x")
        patient.put("iq", callee, jingle("session-info", "S", responder="x@y"),
                    type="set", id="ping")
        got = await doctor.expect(did("session-info"), "session-info")
        self.assertEqual(set(got[0].attrib), {"action", "sid"})

    async def test_the_doctor_calls_as_monal_does(self):
        patient, doctor = await self.ready()
        await self.established(doctor, patient, self.patient, "D-1",
                               ("audio", "video"))
        self.assertEqual(
            await self.rows("is_doctors, is_video, answered_at IS NOT NULL, "
                            "ending"), ["t t t"])

    async def test_no_words_pass_with_a_call(self):
        """What is said has rules of its own, and is kept on record."""
        patient, doctor = await self.ready()
        words = ("<subject>psst</subject><body>psst</body><encrypted "
                 "xmlns='eu.siacs.conversations.axolotl'><header sid='1'/>"
                 "<payload>cHNzdA==</payload></encrypted>")
        patient.put("message", self.doctor, propose("S") + words, type="chat",
                    id="p")
        proposed = await doctor.expect(said("propose", "S"), "propose")
        patient.put("message", self.doctor, word("finish", "S") + words,
                    type="chat", id="f")
        finished = await doctor.expect(said("finish", "S"), "finish")
        for got in (proposed, finished):
            self.assertNotIn(b"psst", ElementTree.tostring(got))
            self.assertNotIn(b"axolotl", ElementTree.tostring(got))

    async def test_direct_without_a_proposal(self):
        """As Gajim did, and Dino does when nobody offers messages."""
        patient, doctor = await self.ready()
        doctor.say(self.patient, "hello")
        callee = (await patient.hear("hello")).get("from")
        patient.put("iq", callee, jingle(
            "session-initiate", "G", content(),
            initiator=f"{self.patient_jid}/{PATIENT_DEVICE}"), type="set",
            id="i1")
        got = await doctor.expect(did("session-initiate"), "session-initiate")
        caller = got.get("from")
        self.assertEqual(got[0].get("initiator"), caller)
        doctor.put("iq", caller, jingle("session-accept", "G", content()),
                   type="set", id="a1")
        await patient.expect(did("session-accept"), "session-accept")
        doctor.put("iq", caller, jingle("session-terminate", "G",
                                        "<reason><success/></reason>"),
                   type="set", id="e1")
        await patient.expect(did("session-terminate"), "the end")
        self.assertEqual(await self.rows("is_doctors, ending"), ["f hung_up"])

    async def test_from_sound_to_pictures_and_mute(self):
        patient, doctor = await self.ready()
        caller, callee = await self.established(patient, doctor, self.doctor)
        info = "urn:xmpp:jingle:apps:rtp:info:1"
        for action, inner, path in (
                ("content-add", content("video"),
                 f"{{{JINGLE}}}content/{{{RTP}}}description"),
                ("content-modify", "<content creator='initiator' name='video' "
                 "senders='initiator'/>", f"{{{JINGLE}}}content"),
                ("session-info", f"<mute xmlns='{info}' name='audio' "
                 "creator='initiator'/>", f"{{{info}}}mute"),
                ("session-info", f"<unmute xmlns='{info}'/>",
                 f"{{{info}}}unmute"),
                ("content-remove", "<content creator='initiator' "
                 "name='video'/>", f"{{{JINGLE}}}content")):
            patient.put("iq", callee, jingle(action, "S", inner), type="set",
                        id="x")
            got = await doctor.expect(did(action), action)
            self.assertIsNotNone(got[0].find(path), action)
            await self.answer(doctor, got)
            await patient.expect(lambda xml: xml.get("type") == "result",
                                 "result")
        doctor.put("iq", caller, jingle("content-accept", "S",
                                        content("video")), type="set", id="y")
        await patient.expect(did("content-accept"), "content-accept")

    # Ringing and stopping.

    async def test_ringing_with_a_silent_callee(self):
        """Section 8, 6: within three seconds, to the device that calls."""
        patient, doctor = await self.ready()
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        caller = (await doctor.expect(said("propose"), "propose")).get("from")
        # It may still say so itself.
        await patient.quiet(said("ringing"), 1.2)
        got = await patient.expect(said("ringing", "S"), "ringing", 1.8)
        self.assertEqual(got.get("to"), f"{self.patient_jid}/{PATIENT_DEVICE}")
        self.assertTrue(got.get("from").startswith(self.doctor + "/"))
        self.assertEqual(got.get("type"), "chat")
        self.assertIsNotNone(got.find(f"{{{HINTS}}}store"))
        # Once, also when the app says so after all.
        doctor.put("message", caller, word("ringing", "S"), type="chat")
        await patient.quiet(said("ringing"))
        doctor.put("message", caller, word("proceed", "S"), type="chat")
        await patient.expect(said("proceed"), "proceed")

    async def test_several_devices_ring_and_stop(self):
        """Section 8, 7: one proposal to all; the others hear who answered."""
        patient, doctor = await self.ready()
        tablet = await self.log_in(self.doctor_jid, "tablet.9", True, CALL_SET)
        phone = await self.log_in(self.patient_jid, "phone.2", True, CALL_SET)
        for one in (doctor, tablet):
            one.send_raw("<iq type='set' id='carbons'><enable "
                         "xmlns='urn:xmpp:carbons:2'/></iq>")
        await asyncio.sleep(0.3)
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        caller = (await doctor.expect(said("propose"), "propose")).get("from")
        await tablet.expect(said("propose"), "propose")
        await tablet.quiet(said("propose"))
        doctor.put("message", caller, word("proceed", "S"), type="chat",
                   id="jm-proceed-S")
        got = await patient.expect(said("proceed"), "proceed")
        self.assertEqual(got.get("to"), f"{self.patient_jid}/{PATIENT_DEVICE}")
        await phone.quiet(said("proceed"))
        # Its own server tells the tablet.
        self.assertIn(b"urn:xmpp:carbons:2", tablet.bytes)
        self.assertIn(b"proceed", tablet.bytes)
        # A second one who answers hears that it is too late.
        tablet.put("message", caller, word("proceed", "S"), type="chat",
                   id="jm-proceed-2")
        got = await patient.expect(said("proceed"), "the second proceed")
        patient.put("message", got.get("from"), "<error type='cancel'>"
                    "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-"
                    "stanzas'/></error>", type="error", id="jm-proceed-2")
        got = await tablet.expect(lambda xml: xml.get("type") == "error",
                                  "the error")
        self.assertEqual((got.get("id"), error_of(got)),
                         ("jm-proceed-2", "item-not-found"))

    async def test_retract_reaches_every_device(self):
        patient, doctor = await self.ready()
        tablet = await self.log_in(self.doctor_jid, "tablet.9", True, CALL_SET)
        await asyncio.sleep(0.2)
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        got = await doctor.expect(said("propose"), "propose")
        patient.put("message", self.doctor, word("retract", "S",
                                                 reason("cancel")),
                    type="chat", id="x")
        for one in (doctor, tablet):
            gone = await one.expect(said("retract"), "retract")
            self.assertEqual(gone.get("from"), got.get("from"))
        self.assertEqual(await self.rows(), ["missed"])

    async def test_declined_and_busy(self):
        patient, doctor = await self.ready()
        for sid, why, ending in (("S1", "", "declined"),
                                 ("S2", reason("busy"), "busy")):
            patient.put("message", self.doctor, propose(sid), type="chat",
                        id="p")
            caller = (await doctor.expect(said("propose", sid), "propose")
                      ).get("from")
            doctor.put("message", caller, word("reject", sid, why),
                       type="chat", id="x")
            got = await patient.expect(said("reject", sid), "reject")
            self.assertEqual(got.get("to"),
                             f"{self.patient_jid}/{PATIENT_DEVICE}")
            self.assertEqual((await self.rows())[-1], ending)

    async def test_a_missed_call_is_told_in_words(self):
        patient, doctor = await self.ready()
        told = self.desk_says(patient)
        doctor.put("message", self.patient, propose("S"), type="chat", id="p")
        await patient.expect(said("propose"), "propose")
        doctor.put("message", self.patient, word("retract", "S"), type="chat")
        await patient.expect(said("retract"), "retract")
        text = await asyncio.wait_for(told.get(), 10)
        self.assertEqual(
            text, "You missed a call from Dr. John Smith, Mon 30 Nov, 08:50. "
            f"Call back at xmpp:{self.doctor} soon, or write a message there.")

    async def test_a_callee_who_is_offline(self):
        patient, doctor = await self.ready()
        told = self.desk_says(patient)
        doctor.put("presence", self.patient, type="unavailable")
        doctor.send_raw("<presence type='unavailable'/>")
        await patient.expect(of_type("unavailable"), "unavailable")
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        got = await patient.expect(said("reject", "S"), "reject")
        self.assertEqual(got.get("to"), f"{self.patient_jid}/{PATIENT_DEVICE}")
        self.assertIsNotNone(got.find(f".//{{{JINGLE}}}busy"))
        self.assertEqual(
            await asyncio.wait_for(told.get(), 5), "Your call did not go "
            "through: Dr. Smith is not online. I have left word that you "
            "called.")
        self.assertEqual(await self.rows(), ["offline"])
        missed = await asyncio.to_thread(
            self.sql, "SELECT kind FROM clinic.delivery JOIN clinic.person "
            "ON person.id = recipient WHERE kind = 'missed_call' AND jid = "
            f"'{self.doctor_jid}';")
        self.assertEqual(missed, "missed_call")

    async def test_errors_are_passed_on_at_once(self):
        """Section 8, 13: a device that is gone, and one that says no."""
        patient, doctor = await self.ready()
        caller, callee = await self.established(patient, doctor, self.doctor)
        doctor.put("iq", caller, jingle("transport-info", "S"),
                   type="set", id="u")
        got = await patient.expect(did("transport-info"), "transport-info")
        patient.put("iq", got.get("from"), "<error type='cancel'>"
                    "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-"
                    "stanzas'/><unknown-session "
                    "xmlns='urn:xmpp:jingle:errors:1'/></error>",
                    type="error", id="u")
        got = await doctor.expect(lambda xml: xml.get("id") == "u", "error")
        self.assertEqual([one.tag.partition("}")[2] for one in got[0]],
                         ["item-not-found", "unknown-session"])
        await doctor.log_out()
        await asyncio.sleep(0.2)
        got = await patient.ask(callee, jingle("session-info", "S"), "set",
                                "dead")
        self.assertEqual((got.get("type"), error_of(got)),
                         ("error", "service-unavailable"))

    async def test_a_device_that_never_was(self):
        patient, _ = await self.ready()
        got = await patient.ask(self.doctor + "/forged",
                                jingle("session-initiate", "S", content()),
                                "set")
        self.assertEqual(error_of(got), "item-not-found")
        got = await patient.ask(self.doctor,
                                jingle("session-initiate", "S", content()),
                                "set", "q2")
        self.assertEqual(error_of(got), "service-unavailable")

    # Who may.

    async def test_too_early_and_when(self):
        patient, doctor = await self.ready(TOO_EARLY)
        told = self.desk_says(patient)
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        got = await patient.expect(said("reject", "S"), "reject")
        self.assertEqual(got.get("to"), f"{self.patient_jid}/{PATIENT_DEVICE}")
        self.assertRegex(
            await asyncio.wait_for(told.get(), 5),
            r"^Your call did not go through: you can call Dr\. Smith at the "
            r"time of your video visit \([0-9A-Z]{5}\), Mon 30 Nov, 09:00\. "
            r"Please call from 08:50 on\.$")
        await doctor.quiet(said("propose"))
        await asyncio.to_thread(self.stack.set_clock, IN_TIME)
        patient.put("message", self.doctor, propose("S2"), type="chat",
                    id="p2")
        await doctor.expect(said("propose", "S2"), "propose")
        self.assertEqual((await self.rows())[0], "refused")

    async def test_the_desk_takes_no_calls(self):
        patient, _ = await self.both()
        patient.put("message", DESK, propose("S"), type="chat", id="p")
        self.assertIn("I cannot take calls",
                      await asyncio.wait_for(patient.desk.get(), 5))
        self.assertIn(b"<reject", patient.bytes)

    async def test_without_a_video_visit(self):
        patient, doctor = await self.ready(is_video=False)
        told = self.desk_says(patient)
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        await patient.expect(said("reject", "S"), "reject")
        self.assertEqual(
            await asyncio.wait_for(told.get(), 5), "Your call did not go "
            "through: you can call Dr. Smith at the time of a video visit, "
            "and you have none to come. Write \"book a video visit with dr "
            "Smith\" to get one.")
        # Nor without a proposal.
        doctor.say(self.patient, "hello")
        callee = (await patient.hear("hello")).get("from")
        got = await patient.ask(callee, jingle("session-initiate", "G",
                                               content()), "set")
        self.assertEqual(error_of(got), "forbidden")
        await doctor.quiet(did("session-initiate"))
        # The doctor may always, and then the patient for an hour.
        await self.established(doctor, patient, self.patient, "D")
        await asyncio.sleep(0.3)
        patient.put("message", self.doctor, propose("S2"), type="chat",
                    id="p2")
        await doctor.expect(said("propose", "S2"), "propose")
        await asyncio.to_thread(self.stack.move_clock, "+61m")
        patient.put("message", self.doctor, propose("S3"), type="chat",
                    id="p3")
        await patient.expect(said("reject", "S3"), "reject")

    async def test_a_call_that_began_in_time_goes_on(self):
        patient, doctor = await self.ready()
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        caller = (await doctor.expect(said("propose"), "propose")).get("from")
        doctor.put("message", caller, word("proceed", "S"), type="chat")
        callee = (await patient.expect(said("proceed"), "proceed")).get("from")
        await asyncio.sleep(0.3)
        await asyncio.to_thread(self.stack.set_clock, TOO_LATE)
        patient.put("iq", callee, jingle("session-initiate", "S", content()),
                    type="set", id="i1")
        await doctor.expect(did("session-initiate"), "session-initiate")

    async def test_somebody_else_cannot_call(self):
        await self.ready()
        other = await self.log_in(self.other_patient_jid, "zebra.4", True,
                                  CALL_SET)
        told = self.desk_says(other)
        other.put("message", self.doctor, propose("S"), type="chat", id="p")
        await other.expect(said("reject", "S"), "reject")
        self.assertIn("none to come", await asyncio.wait_for(told.get(), 5))
        # Of a patient nobody learns anything.
        other.put("message", self.patient, propose("S"), type="chat", id="p")
        await other.expect(said("reject", "S"), "reject")
        got = await other.ask(self.patient + "/x", jingle(
            "session-initiate", "S", content()), "set")
        self.assertEqual(error_of(got), "item-not-found")

    async def test_groups_and_files_are_refused(self):
        patient, doctor = await self.ready()
        told = self.desk_says(patient)
        files = "urn:xmpp:jingle:apps:file-transfer:5"
        patient.put("message", self.doctor, f"<propose xmlns='{JMI}' id='F'>"
                    f"<description xmlns='{files}'/></propose>", type="chat")
        await patient.expect(said("reject", "F"), "reject")
        self.assertIn("as an attachment",
                      await asyncio.wait_for(told.get(), 5))
        patient.put("message", self.doctor,
                    "<invite xmlns='urn:xmpp:call-message:1' id='i'>"
                    "<muji room='call@rooms.home.test'/></invite>",
                    type="chat", id="inv")
        got = await patient.expect(lambda xml: xml.get("type") == "error",
                                   "error")
        self.assertEqual(error_of(got), "feature-not-implemented")
        self.assertIn("several people", await asyncio.wait_for(told.get(), 5))
        _, callee = await self.established(patient, doctor, self.doctor)
        for inner in (
                "<content creator='initiator' name='f'><description "
                f"xmlns='{files}'><file><name>x</name></file></description>"
                "</content>",
                content() + "<muji xmlns='urn:xmpp:jingle:muji:0' "
                "room='call@rooms.home.test'/>"):
            got = await patient.ask(callee, jingle("session-initiate", "M",
                                                   inner), "set")
            self.assertEqual(error_of(got), "feature-not-implemented")
            await asyncio.wait_for(told.get(), 5)
        await doctor.quiet(did("session-initiate"))

    # Addresses.

    async def test_an_ip_address_that_is_hidden(self):
        patient, doctor = await self.ready()
        told = self.desk_says(patient)
        patient.say(DESK, "hide my ip on")
        self.assertIn("nobody learns", await asyncio.wait_for(told.get(), 5))
        await asyncio.sleep(0.3)
        caller, callee = await self.established(patient, doctor, self.doctor)
        every = "".join(map(candidate, ("host", "srflx", "prflx", "relay")))
        for sender, to, other in ((patient, callee, doctor),
                                  (doctor, caller, patient)):
            sender.put("iq", to, jingle("transport-info", "S",
                                        content(candidates=every)),
                       type="set", id="c")
            got = await other.expect(did("transport-info"), "transport-info")
            left = got.findall(f".//{{{ICE}}}candidate")
            self.assertEqual([one.get("type") for one in left], ["relay"])
            self.assertNotIn("rel-addr", left[0].attrib)
            self.assertNotIn("rel-port", left[0].attrib)
            # Nothing is left: it is acknowledged, and does not arrive.
            got = await sender.ask(to, jingle(
                "transport-info", "S", content(candidates=candidate("host"))),
                "set", "none")
            self.assertEqual(got.get("type"), "result")
            await other.quiet(did("transport-info"))

    # The visit.

    async def test_both_are_told_to_call_and_asked_after(self):
        patient, doctor = await self.ready()
        heard = {peer: self.desk_says(peer) for peer in (patient, doctor)}
        code = await asyncio.to_thread(
            self.sql, "SELECT code FROM clinic.appointment;")
        await asyncio.to_thread(
            self.sql, "SET search_path = clinic; UPDATE clinic SET meeting_url "
            "= 'https://meet.example/{room}'; SELECT call_now_put(appointment) "
            "FROM appointment;")
        await asyncio.to_thread(self.stack.set_clock, "2026-11-30T08:00:01Z")
        self.assertRegex(
            await asyncio.wait_for(heard[patient].get(), 10),
            rf"^Your video visit \({code}\) begins now: call Dr\. John Smith "
            rf"at xmpp:{self.doctor} now\. If your app cannot call, meet at "
            r"https://meet\.example/[0-9a-f]{32} instead\.$")
        self.assertRegex(
            await asyncio.wait_for(heard[doctor].get(), 10),
            rf"^The video visit with Jane Doe \({code}\) begins now: call "
            rf"xmpp:{self.patient} now\. If your app cannot call, meet at "
            r"https://meet\.example/[0-9a-f]{32} instead\.$")
        _, callee = await self.established(patient, doctor, self.doctor)
        state = "SELECT state FROM clinic.appointment;"
        await asyncio.sleep(0.3)
        self.assertEqual(await asyncio.to_thread(self.sql, state), "arrived")
        await asyncio.to_thread(self.stack.move_clock, "+12m")
        await asyncio.sleep(0.3)
        patient.put("iq", callee, jingle("session-terminate", "S",
                                         "<reason><success/></reason>"),
                    type="set", id="end")
        self.assertIn("How was it?",
                      await asyncio.wait_for(heard[patient].get(), 10))
        self.assertIn("write your note",
                      await asyncio.wait_for(heard[doctor].get(), 10))
        self.assertEqual(await asyncio.to_thread(self.sql, state), "fulfilled")
        took = await self.rows("extract(epoch FROM ended_at - answered_at)"
                               "::integer / 60")
        self.assertEqual(took, ["12"])

    async def test_the_database_is_away(self):
        """A call goes on; a doctor's begins; a patient's is put off."""
        patient, doctor = await self.ready()
        told = self.desk_says(patient)
        _, callee = await self.established(patient, doctor, self.doctor)
        await asyncio.sleep(0.3)
        await asyncio.to_thread(self.stack.database_stop)
        try:
            patient.put("iq", callee, jingle("session-info", "S"), type="set",
                        id="x")
            await doctor.expect(did("session-info"), "session-info", 3)
            doctor.put("message", self.patient, propose("D"), type="chat",
                       id="p")
            await patient.expect(said("propose", "D"), "propose", 3)
            patient.put("message", self.doctor, propose("S2"), type="chat",
                        id="p2")
            await patient.expect(said("reject", "S2"), "reject", 15)
            self.assertIn("again in a minute",
                          await asyncio.wait_for(told.get(), 5))
        finally:
            await asyncio.to_thread(self.stack.database_start)
        for _ in range(50):
            rows = await self.rows("sid", settle=False)
            if "S2" in rows:
                break
            await asyncio.sleep(0.2)
        self.assertEqual(rows, ["S", "D", "S2"])


class EjabberdCalls(Calls):
    """On the other server what depends on it; CALLS=all plays all of it."""
    SERVER = "ejabberd"


SERVERS_OWN = {
    "test_as_conversations_calls", "test_ringing_with_a_silent_callee",
    "test_direct_without_a_proposal",
    "test_several_devices_ring_and_stop", "test_retract_reaches_every_device",
    "test_a_callee_who_is_offline", "test_errors_are_passed_on_at_once",
    "test_an_ip_address_that_is_hidden"}
for test in dir(Calls):
    if (test.startswith("test_") and callable(getattr(Calls, test))
            and test not in SERVERS_OWN
            and os.environ.get("CALLS") != "all"):
        setattr(EjabberdCalls, test, None)


if __name__ == "__main__":
    unittest.main()
