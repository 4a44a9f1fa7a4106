#!/usr/bin/python3
"""test_calls_watch.py - what the clinic itself does in a call, and lets pass.

	[CARELAY=PROGRAM] tests/mirror/test_calls_watch.py [NAME...]
"""
import asyncio
import datetime
import os
import unittest
from xml.etree import ElementTree

from calling import (CALL_SET, IN_TIME, JINGLE, JMI, RECEIPTS, TOO_LATE,
                     CallTest, content, did, jingle, propose, said, word)
from peers import DESK, PATIENT_DEVICE, available, error_of, of_type

# Less than people have, so that nobody waits so long.
LOST_S, ANSWER_S = 3, 3


class Watched(CallTest):
    """Calls in which somebody is silent, or gone, or has no say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        config = cls.stack.config.read_text()
        cls.stack.config.write_text(
            f"{config}\n[calls]\nlost_s = {LOST_S}\n"
            f"answer_s = {ANSWER_S}\n")
        cls.stack.bot_stop()
        cls.stack.bot_start()

    # Ringing.

    async def test_one_ringing_where_the_app_says_so(self):
        patient, doctor = await self.ready()
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        caller = (await doctor.expect(said("propose"), "propose")).get("from")
        doctor.put("message", caller, word("ringing", "S"), type="chat",
                   id="r")
        got = await patient.expect(said("ringing", "S"), "ringing", 2)
        self.assertEqual(got.get("id"), "r")
        await patient.quiet(said("ringing"), 2.6)
        # A receipt says the same.
        patient.put("message", self.doctor, propose("S2"), type="chat",
                    id="jm-propose-S2")
        await doctor.expect(said("propose"), "propose")
        doctor.put("message", caller, f"<received xmlns='{RECEIPTS}' "
                   "id='jm-propose-S2'/>", type="chat", id="r-2")
        await patient.quiet(said("ringing"), 2.6)
        self.assertEqual(await self.rows("rang_at IS NOT NULL"), ["t", "t"])

    async def test_no_ringing_where_nothing_can_ring(self):
        patient, doctor = await self.ready(features=["urn:xmpp:receipts"])
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        await doctor.expect(said("propose"), "propose")
        await patient.quiet(said("ringing"), 3)

    async def test_ringing_where_it_is_not_known_yet(self):
        """A device was seen, and has not said what it can do."""
        await asyncio.to_thread(
            self.sql, "UPDATE clinic.appointment SET is_video = true;")
        await asyncio.to_thread(self.stack.set_clock, IN_TIME)
        patient, doctor = await self.befriended(CALL_SET, ())
        doctor.send_raw(
            "<presence><c xmlns='http://jabber.org/protocol/caps' "
            "hash='sha-1' node='https://app.example' ver='slow'/></presence>")
        await patient.expect(available(self.doctor), "presence")
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        await doctor.expect(said("propose"), "propose")
        await patient.expect(said("ringing", "S"), "ringing", 3)

    # Late.

    def delay(self, seconds, sender=None):
        """As a server says that it kept a message for so long."""
        at = self.stack.now() - datetime.timedelta(seconds=seconds)
        who = f" from='{sender}'" if sender else ""
        return (f"<delay xmlns='urn:xmpp:delay'{who} "
                f"stamp='{at.strftime('%Y-%m-%dT%H:%M:%S')}Z'/>")

    async def test_a_proposal_that_was_on_its_way_says_so(self):
        patient, doctor = await self.ready()
        patient.put("message", self.doctor, propose("S") + self.delay(
            30, self.patient_jid), type="chat", id="p")
        got = await doctor.expect(said("propose", "S"), "propose")
        delay = got.find("{urn:xmpp:delay}delay")
        self.assertEqual(list(delay.attrib), ["stamp"])

    async def test_an_old_proposal_is_a_missed_call(self):
        patient, doctor = await self.ready()
        told = self.desk_says(patient)
        patient.put("message", self.doctor, propose("S") + self.delay(90),
                    type="chat", id="p")
        got = await patient.expect(said("reject", "S"), "reject")
        self.assertIsNotNone(got.find(f".//{{{JINGLE}}}expired"))
        self.assertEqual(
            await asyncio.wait_for(told.get(), 5), "Your call did not go "
            "through: it came late. I have left word with Dr. Smith that you "
            "called.")
        await doctor.quiet(said("propose"))
        self.assertEqual(await self.rows(
            "ending, begun_at < clinic.now() - interval '80 seconds'"),
            ["missed t"])

    # Who vanishes.

    async def test_a_device_that_vanishes_has_hung_up(self):
        patient, doctor = await self.ready()
        _, callee = await self.established(patient, doctor, self.doctor)
        await asyncio.sleep(0.6)
        await doctor.log_out()
        await patient.expect(of_type("unavailable"), "unavailable")
        # It may have been told up to two seconds late.
        await patient.quiet(did("session-terminate"), LOST_S - 2.5)
        got = await patient.expect(did("session-terminate"), "the end")
        self.assertEqual(got.get("from"), callee)
        self.assertEqual(got[0].get("sid"), "S")
        self.assertIsNotNone(got.find(f".//{{{JINGLE}}}connectivity-error"))
        await self.answer(patient, got)
        self.assertEqual(await self.rows(), ["failed"])
        # It is over.
        got = await patient.ask(callee, jingle("session-info", "S"), "set")
        self.assertIsNotNone(got.find(
            ".//{urn:xmpp:jingle:errors:1}unknown-session"))

    async def test_a_device_that_comes_back_keeps_its_call(self):
        patient, doctor = await self.ready()
        caller, callee = await self.established(doctor, patient, self.patient,
                                                "D")
        await asyncio.sleep(0.6)
        await patient.log_out()
        patient = await self.log_in(self.patient_jid, PATIENT_DEVICE, True,
                                    CALL_SET)
        await doctor.quiet(did("session-terminate"), LOST_S + 1)
        doctor.put("iq", callee, jingle("session-info", "D"), type="set",
                   id="x")
        got = await patient.expect(did("session-info"), "session-info")
        self.assertEqual(got.get("from"), caller)

    async def test_a_caller_who_vanishes_stops_ringing(self):
        patient, doctor = await self.ready()
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        caller = (await doctor.expect(said("propose"), "propose")).get("from")
        await asyncio.sleep(0.6)
        await patient.log_out()
        got = await doctor.expect(said("retract", "S"), "retract")
        self.assertEqual(got.get("from"), caller)
        self.assertEqual(await self.rows(), ["missed"])

    async def test_a_device_that_vanishes_with_the_bot(self):
        """The next bot knows of the call and looks for both."""
        patient, doctor = await self.ready()
        _, callee = await self.established(patient, doctor, self.doctor)
        await asyncio.sleep(1)
        await asyncio.to_thread(self.stack.bot_kill)
        await doctor.log_out()
        tablet = await self.log_in(self.doctor_jid, "tablet.9", True, CALL_SET)
        await asyncio.to_thread(self.stack.bot_start)
        await patient.quiet(did("session-terminate"), LOST_S)
        got = await patient.expect(did("session-terminate"), "the end",
                                   3 * LOST_S)
        self.assertEqual(got.get("from"), callee)
        await tablet.quiet(did("session-terminate"))
        self.assertEqual(await self.rows(), ["failed"])

    async def test_a_request_that_nobody_answers(self):
        """Section 8, 13: the other app has crashed, or thinks long."""
        patient, doctor = await self.ready()
        _, callee = await self.established(patient, doctor, self.doctor)
        for ident in ("t1", "t2"):
            patient.put("iq", callee, jingle("transport-info", "S"),
                        type="set", id=ident)
        asked = await doctor.expect(did("transport-info"), "the first")
        answered = await doctor.expect(did("transport-info"), "the second")
        await self.answer(doctor, answered)
        got = await patient.expect(lambda xml: xml.get("id") == "t2", "result")
        self.assertEqual(got.get("type"), "result")
        got = await patient.expect(lambda xml: xml.get("id") == "t1", "error")
        self.assertEqual((got.get("type"), got.get("from"), error_of(got)),
                         ("error", callee, "remote-server-timeout"))
        self.assertEqual(got[0].get("type"), "wait")
        await self.answer(doctor, asked)
        await patient.quiet(lambda xml: xml.tag.endswith("}iq"), 1)

    # What belongs to no call.

    async def nothing_passes(self, sender, to, other, sid):
        """Neither words nor a session; who waits hears so."""
        for name in ("ringing", "proceed", "accept", "reject", "retract",
                     "finish"):
            sender.put("message", to, word(name, sid), type="chat",
                       id=f"n-{name}")
        got = await sender.expect(lambda xml: xml.get("type") == "error",
                                  "error")
        self.assertEqual((got.get("id"), error_of(got)),
                         ("n-proceed", "item-not-found"))
        for action in ("transport-info", "session-info", "content-add",
                       "session-accept", "session-terminate"):
            got = await sender.ask(to, jingle(action, sid, content()), "set",
                                   f"n-{action}")
            self.assertEqual(error_of(got), "item-not-found")
            self.assertIsNotNone(got.find(
                ".//{urn:xmpp:jingle:errors:1}unknown-session"))
        await other.quiet(lambda xml: xml.find(f"{{{JINGLE}}}jingle")
                          is not None or "jingle-message" in
                          ElementTree.tostring(xml, "unicode"))

    async def test_what_belongs_to_no_call_does_not_pass(self):
        patient, doctor = await self.ready()
        doctor.say(self.patient, "hello")
        callee = (await patient.hear("hello")).get("from")
        await self.nothing_passes(patient, callee, doctor, "never")
        # Nor beside what belongs to one.
        patient.put("message", self.doctor, propose("S") + word(
            "finish", "other"), type="chat", id="p")
        got = await doctor.expect(said("propose", "S"), "propose")
        self.assertIsNone(got.find(f"{{{JMI}}}finish"))
        got = await patient.ask(callee, jingle("session-info", "S") + jingle(
            "session-info", "other"), "set", "two")
        self.assertIn(error_of(got), ("bad-request", "item-not-found"))
        await doctor.quiet(did("session-info"))

    async def test_nobody_answers_their_own_call(self):
        patient, doctor = await self.ready()
        doctor.say(self.patient, "hello")
        callee = (await patient.hear("hello")).get("from")
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        caller = (await doctor.expect(said("propose"), "propose")).get("from")
        patient.put("message", callee, word("proceed", "S"), type="chat")
        await doctor.quiet(said("proceed"))
        doctor.put("message", caller, word("retract", "S"), type="chat")
        await patient.quiet(said("retract"))
        got = await doctor.ask(caller, jingle("session-initiate", "S",
                                              content()), "set")
        self.assertEqual(error_of(got), "unexpected-request")
        self.assertEqual(await self.rows("answered_at IS NULL, ending"),
                         ["t"])

    async def test_a_call_that_has_ended_stays_so(self):
        patient, doctor = await self.ready()
        caller, callee = await self.established(patient, doctor, self.doctor)
        await asyncio.sleep(0.3)
        await asyncio.to_thread(self.stack.set_clock, TOO_LATE)
        patient.put("iq", callee, jingle("session-info", "S"), type="set",
                    id="still")
        await doctor.expect(did("session-info"), "session-info")
        # While it is under way it cannot be begun again.
        patient.put("message", self.doctor, propose("S"), type="chat", id="p")
        await patient.expect(said("reject", "S"), "reject")
        doctor.put("iq", caller, jingle("session-terminate", "S",
                                        "<reason><success/></reason>"),
                   type="set", id="end")
        await patient.expect(did("session-terminate"), "the end")
        # Both may say that it is over, nothing else.
        patient.put("message", callee, word("finish", "S"), type="chat")
        await doctor.expect(said("finish"), "finish")
        for action, error in (("content-add", "item-not-found"),
                              ("session-initiate", "forbidden")):
            got = await patient.ask(callee, jingle(action, "S", content()),
                                    "set", action)
            self.assertEqual(error_of(got), error)
        await doctor.quiet(did("session-initiate"))

    async def test_a_muted_patient_talks_on(self):
        patient, doctor = await self.ready()
        _, callee = await self.established(patient, doctor, self.doctor)
        doctor.say(self.patient, "/mute")
        await doctor.hear()
        await asyncio.sleep(0.3)
        patient.put("iq", callee, jingle("session-info", "S"), type="set",
                    id="on")
        await doctor.expect(did("session-info"), "session-info")
        patient.put("iq", callee, jingle("session-terminate", "S",
                                         "<reason><success/></reason>"),
                    type="set", id="end")
        await doctor.expect(did("session-terminate"), "the end")
        patient.put("message", self.doctor, propose("S2"), type="chat",
                    id="p2")
        await patient.expect(said("reject", "S2"), "reject")
        await self.nothing_passes(patient, callee, doctor, "S2")

    async def test_who_blocks_hangs_up(self):
        patient, doctor = await self.ready()
        caller, callee = await self.established(patient, doctor, self.doctor)
        patient.say(DESK, "block dr smith")
        got = await doctor.expect(did("session-terminate"), "the end")
        self.assertEqual(got.get("from"), caller)
        got = await patient.expect(did("session-terminate"), "the end")
        self.assertEqual(got.get("from"), callee)
        self.assertEqual(await self.rows(), ["hung_up"])
        await self.nothing_passes(doctor, caller, patient, "S")

    async def test_a_restart_in_mid_call(self):
        patient, doctor = await self.ready()
        caller, callee = await self.established(patient, doctor, self.doctor)
        await asyncio.sleep(0.3)
        patient.got.clear()
        await asyncio.to_thread(self.stack.bot_kill)
        await asyncio.to_thread(self.stack.bot_start)
        patient.put("iq", callee, jingle("content-add", "S",
                                         content("video")), type="set", id="v")
        got = await doctor.expect(did("content-add"), "content-add")
        self.assertEqual(got.get("from"), caller)
        await self.answer(doctor, got)
        got = await patient.expect(lambda xml: xml.get("id") == "v", "result")
        self.assertEqual((got.get("type"), got.get("from")),
                         ("result", callee))
        await patient.quiet(of_type("unavailable"))
        await patient.quiet(did("session-terminate"), LOST_S + 1)
        doctor.put("iq", caller, jingle("session-terminate", "S",
                                        "<reason><success/></reason>"),
                   type="set", id="end")
        await patient.expect(did("session-terminate"), "the end")
        self.assertEqual(await self.rows(), ["hung_up"])


class EjabberdWatched(Watched):
    """On the other server what depends on it; CALLS=all plays all of it."""
    SERVER = "ejabberd"


SERVERS_OWN = {
    "test_a_device_that_vanishes_has_hung_up",
    "test_a_device_that_vanishes_with_the_bot",
    "test_a_request_that_nobody_answers", "test_a_restart_in_mid_call"}
for test in dir(Watched):
    if (test.startswith("test_") and callable(getattr(Watched, test))
            and test not in SERVERS_OWN
            and os.environ.get("CALLS") != "all"):
        setattr(EjabberdWatched, test, None)


if __name__ == "__main__":
    unittest.main()
