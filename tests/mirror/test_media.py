#!/usr/bin/python3
"""test_media.py - calls through the mirror with sound and pictures in them.

	[CARELAY=PROGRAM] tests/mirror/test_media.py [NAME...]

Two connections of aiortc's, which is not ours, find each other by what the
mirror passes on, and exchange sound and pictures on loopback.
"""
import asyncio
import unittest

from calling import DTLS, IN_TIME, TOO_EARLY, CallTest, said
from peers import DESK
from webrtc import Caller

RED, GREEN, BLUE, YELLOW, BLACK = (
    (220, 20, 20), (20, 180, 20), (20, 20, 220), (220, 220, 20), (0, 0, 0))
# At least so many frames of each kind, each way.
ENOUGH = {"audio": 50, "video": 15}


class Deceived(Caller):
    """Somebody in between shows a certificate of their own."""

    def received(self, session):
        for one in session.iter(f"{{{DTLS}}}fingerprint"):
            one.text = ("00" if one.text[:2] != "00" else "11") + one.text[2:]
        return session


class Media(CallTest):
    """A patient and a doctor who hear and see each other."""

    async def asyncSetUp(self):
        self.callers = []
        await super().asyncSetUp()

    async def asyncTearDown(self):
        try:
            for caller in self.callers:
                await caller.close()
        finally:
            await super().asyncTearDown()

    async def two(self, now=IN_TIME, doctors=Caller):
        patient, doctor = await self.ready(now)
        self.callers = [Caller(patient, 500, (RED, BLUE)),
                        doctors(doctor, 800, (GREEN, YELLOW), is_dino=True)]
        return self.callers

    async def hear_each_other(self, *kinds):
        for one, other in self.pairs():
            await one.until(lambda one=one, other=other:
                            one.senses.hears(other.pitch_hz), "tone")
            if "video" in kinds:
                await one.until(lambda one=one, other=other:
                                one.senses.sees(other.colours), "flag")
            for kind in kinds:
                await one.until(lambda one=one, kind=kind: one.senses.counts[
                    kind] >= ENOUGH[kind], f"{ENOUGH[kind]} frames")

    def pairs(self):
        return zip(self.callers, reversed(self.callers))

    def certificates_are_each_others(self):
        """What Jingle said and what the handshake showed is the other's."""
        for one, other in self.pairs():
            self.assertEqual(one.told_fingerprints(), other.own_fingerprints())
            self.assertEqual(one.shown_fingerprints(),
                             other.own_fingerprints())
        self.assertNotEqual(*(one.own_fingerprints() for one in self.callers))

    async def mutes(self, one, other, kind, is_gone):
        """One is silent or not to be seen for a while; the other is."""
        name = one.name_of(kind)
        await one.mute(kind)
        await other.until(lambda: other.told[-1:] == [("mute", name)], "mute")
        await other.until(is_gone, f"end of {kind}")
        await one.until(lambda: one.senses.hears(other.pitch_hz), "tone")
        await one.mute(kind, False)
        await other.until(lambda: other.told[-1:] == [("unmute", name)],
                          "unmute")
        await self.hear_each_other(*one.tracks)

    async def ends(self, one, other, why="success", ending="hung_up"):
        """One hangs up; the other knows."""
        await one.hang_up(why)
        await other.until(lambda: other.ended == why, "the end")
        await other.peer.expect(said("finish", other.sid), "finish")
        self.assertEqual((await self.rows())[-1], ending)

    async def test_a_patient_calls_with_pictures(self):
        """In the time of a video visit, muted in between."""
        patient, doctor = await self.two()
        await asyncio.gather(patient.call(self.doctor, "audio", "video"),
                             doctor.take())
        await self.hear_each_other("audio", "video")
        self.certificates_are_each_others()
        for one in self.callers:  # one connection for both
            self.assertEqual(len(one.transports()), 1)
        for one, other in self.pairs():
            await self.mutes(one, other, "audio", other.senses.hears_nothing)
            await self.mutes(one, other, "video", lambda other=other:
                             other.senses.sees((BLACK, BLACK)))
        await self.ends(patient, doctor)
        self.assertEqual(
            await self.rows("is_doctors, is_video, rang_at IS NOT NULL, "
                            "answered_at IS NOT NULL, appointment IS NOT NULL"),
            ["f t t t t"])

    async def test_a_doctor_calls_and_pictures_are_added(self):
        """At any time; the patient adds pictures, and hangs up."""
        patient, doctor = await self.two(TOO_EARLY)
        await asyncio.gather(doctor.call(self.patient, "audio"),
                             patient.take())
        await self.hear_each_other("audio")
        self.assertEqual(patient.senses.counts["video"], 0)
        await patient.add("video")
        await self.hear_each_other("audio", "video")
        self.certificates_are_each_others()
        await self.ends(patient, doctor)
        self.assertEqual(await self.rows("is_doctors, answered_at IS NOT "
                                         "NULL"), ["t t"])

    async def test_the_bot_restarts_in_mid_call(self):
        """What is heard does not go through it, and it finds the call again."""
        patient, doctor = await self.two()
        await asyncio.gather(patient.call(self.doctor, "audio"), doctor.take())
        await self.hear_each_other("audio")
        await asyncio.to_thread(self.stack.bot_kill)
        for one in self.callers:
            one.senses.heard.clear()
        await self.hear_each_other("audio")
        await asyncio.to_thread(self.stack.bot_start)
        await self.mutes(doctor, patient, "audio",
                         patient.senses.hears_nothing)
        await self.ends(patient, doctor)

    async def test_a_certificate_of_somebody_in_between(self):
        """So the fingerprint that is passed on is what keeps others out."""
        patient, doctor = await self.two(doctors=Deceived)
        await asyncio.gather(patient.call(self.doctor, "audio"), doctor.take())
        await doctor.until(
            lambda: doctor.connection.connectionState == "failed", "failure")
        self.assertEqual(doctor.shown_fingerprints(),
                         patient.own_fingerprints())
        self.assertNotEqual(doctor.told_fingerprints(),
                            patient.own_fingerprints())
        self.assertEqual([one.senses.counts for one in self.callers], [{}, {}])
        await self.ends(doctor, patient, "security-error", "failed")

    async def test_a_hidden_address_without_a_relay(self):
        """The call comes about, but not the connection; it ends as calls do."""
        patient, doctor = await self.two()
        told = self.desk_says(patient.peer)
        patient.peer.say(DESK, "hide my ip on")
        await asyncio.wait_for(told.get(), 5)
        await asyncio.sleep(0.3)
        await asyncio.gather(patient.call(self.doctor, "audio", "video"),
                             doctor.take())
        # What comes in order has come when this has.
        for one in self.callers:
            await one.do("session-info")
        for one in self.callers:
            self.assertNotIn("transport-info", one.did)
            self.assertNotIn(b"127.0.0.1", one.peer.bytes)
            await one.no_more_candidates()
            await one.until(lambda one=one: one.connection.connectionState ==
                            "failed", "failure")
        self.assertEqual([one.senses.counts for one in self.callers], [{}, {}])
        await self.ends(doctor, patient, "connectivity-error", "failed")


class EjabberdMedia(Media):
    """On the other server what depends on it."""
    SERVER = "ejabberd"
    test_the_bot_restarts_in_mid_call = None


if __name__ == "__main__":
    unittest.main()
