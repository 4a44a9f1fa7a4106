#!/usr/bin/python3
"""test_once.py - what is said once, and what comes back, on both servers.

	[CARELAY=PROGRAM] tests/mirror/test_once.py [NAME...]
"""
import asyncio
import sys
import unittest

from peers import (DOCTOR_DEVICE, NS, PATIENT, PATIENT_DEVICE, PATIENT_HOST,
                   MirrorTest)


class Once(MirrorTest):
    """What is said once, and bounces of a real server."""
    IS_TOLD = False

    async def test_a_patient_is_told_once_that_it_is_kept(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "hello", "m-1")
        await doctor.hear("hello")
        await patient.hear('write "privacy forget" to desk@')
        patient.say(self.doctor, "hello again", "m-2")
        await doctor.hear("hello again")
        await patient.quiet()
        await asyncio.to_thread(self.stack.bot_stop)
        await asyncio.to_thread(self.stack.bot_start)
        patient.say(self.doctor, "and again", "m-3")
        await doctor.hear("and again")
        await patient.quiet()

    async def test_also_when_the_doctor_writes_first(self):
        patient, doctor = await self.both()
        doctor.say(self.patient, "how are you?", "d-1")
        await patient.hear("how are you?")
        got = await patient.hear("What you and Dr. Smith write here is kept")
        self.assertEqual(got.get("from"), self.doctor)
        patient.say(self.doctor, "hello", "m-1")
        await doctor.hear("hello")
        await patient.quiet()

    async def test_who_was_asked_is_not_told(self):
        """And of who said no nothing is kept."""
        for number, answer, kept in ((38, "no", "0"), (39, "yes", "1")):
            account = f"{PATIENT}{number}@{PATIENT_HOST}"
            patient = await self.log_in(account, PATIENT_DEVICE)
            doctor = await self.log_in(self.doctor_jid, f"zebra.{number}")
            self.assertIn("Shall the clinic keep", await patient.ask_desk(
                "register Nina New, 1990-01-01, nina@example.org"))
            self.assertIn("registered", await patient.ask_desk(answer))
            await asyncio.to_thread(self.visit, account)
            await self.settled()
            patient.say(self.doctor, "it itches", f"m-{number}")
            await doctor.hear("it itches")
            await patient.quiet()
            await asyncio.sleep(0.3)  # it is put down aside
            self.assertEqual(await asyncio.to_thread(
                self.sql, "SELECT count(*) FROM clinic.message;"), kept)
            await doctor.log_out()

    async def test_an_account_that_is_not_there(self):
        """Its server sends the message back; it arrives when the doctor has one
        again."""
        await asyncio.to_thread(
            self.sql, "UPDATE clinic.person SET jid = 'nobody@hosp.test' "
            f"WHERE jid = '{self.doctor_jid}'")
        await self.settled()
        patient = await self.log_in(self.patient_jid, PATIENT_DEVICE)
        patient.say(self.doctor, "are you there?", "m-1")
        await patient.hear("Dr. Smith cannot be reached right now")
        await asyncio.to_thread(
            self.sql, f"UPDATE clinic.person SET jid = '{self.doctor_jid}' "
            "WHERE jid = 'nobody@hosp.test'")
        await self.settled()
        doctor = await self.log_in(self.doctor_jid, DOCTOR_DEVICE)
        doctor.put("presence", self.patient)
        got = await doctor.hear("are you there?")
        self.assertEqual(got.get("id"), "m-1")

    async def test_a_pep_event_does_not_pass(self):
        """As ejabberd sends it: with the account's full address."""
        patient, doctor = await self.both()
        patient.put("message", self.doctor, "<event xmlns='http://jabber.org/"
                    "protocol/pubsub#event'><items node='a'><item id='1' "
                    f"publisher='{self.patient_jid}'/></items></event>"
                    "<addresses xmlns='http://jabber.org/protocol/address'>"
                    f"<address type='replyto' jid='{self.patient_jid}/x'/>"
                    "</addresses>", type="headline")
        await doctor.quiet()

    async def test_a_reply_from_the_doctor(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "it itches", "m-1")
        known = (await doctor.hear("it itches")).get("from")
        doctor.say(known, "where?", "d-1", "<reply xmlns='urn:xmpp:reply:0' "
                   f"id='m-1' to='{known}'/>")
        got = await patient.hear("where?")
        self.assertEqual(got.find("reply:reply", NS).get("to"),
                         f"{self.patient_jid}/{PATIENT_DEVICE}")

    async def test_the_server_restarts(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "before", "m-1")
        await doctor.hear("before")
        for peer in (patient, doctor):
            await peer.log_out()
        await asyncio.to_thread(self.stack.server_restart)
        patient = await self.log_in(self.patient_jid, PATIENT_DEVICE)
        doctor = await self.log_in(self.doctor_jid, DOCTOR_DEVICE)
        patient.say(self.doctor, "after", "m-2")
        await doctor.hear("after")


class OnceOnEjabberd(Once):
    """The same."""
    SERVER = "ejabberd"


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
