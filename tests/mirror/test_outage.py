#!/usr/bin/python3
"""test_outage.py - the server of a patient who has his own is away.

	[CARELAY=PROGRAM] tests/mirror/test_outage.py [NAME...]
"""
import asyncio
import signal
import sys
import unittest

from peers import NS, PATIENT_DEVICE, MirrorTest, available, of_type


class Outage(MirrorTest):
    """The clinic on Prosody, the patient on ejabberd."""
    HOME = "ejabberd"

    async def test_his_server_is_down(self):
        """The doctor is told once; what she wrote arrives when he is back."""
        await self.server_is_down(signal.SIGTERM)

    async def test_his_server_dies(self):
        await self.server_is_down(signal.SIGKILL)

    async def test_his_server_dies_while_he_is_there(self):
        """Nobody says that he is gone."""
        await self.server_is_down(signal.SIGKILL, False)

    async def server_is_down(self, how, is_away=True):
        patient, doctor = await self.befriended()
        await doctor.expect(available(self.patient), "presence")
        if is_away:
            await patient.log_out()
            await doctor.expect(lambda xml: of_type("unavailable")(xml)
                                and "/" in xml.get("from"))
        await asyncio.to_thread(self.stack.home.stop, how)
        for ident in ("d-1", "d-2"):
            doctor.say(self.patient, f"are you there? {ident}", ident)
        await doctor.hear("Jane Doe cannot be reached right now. I keep your")
        await doctor.quiet()
        self.assertEqual(await self.waiting(), "d-1 d-2")
        await asyncio.to_thread(self.home_start)
        patient = await self.log_in(self.patient_jid, PATIENT_DEVICE)
        for ident in ("d-1", "d-2"):
            got = await patient.hear(f"are you there? {ident}", 60)
            self.assertEqual(got.get("id"), ident)
            self.assertIsNotNone(got.find("delay:delay", NS))
        await patient.quiet()
        # The way between the servers is open, both ways.
        patient.say(self.doctor, "here I am", "m-1")
        await doctor.hear("here I am")
        doctor.say(self.patient, "good", "d-3")
        await patient.hear("good")

    def home_start(self):
        self.stack.home.start()
        self.stack.home.wait()

    async def waiting(self):
        return await asyncio.to_thread(
            self.sql, "SELECT string_agg(stanza_id, ' ' ORDER BY id) "
            "FROM clinic.parked WHERE sent_at IS NULL;")


class OutageFromEjabberd(Outage):
    """The clinic on ejabberd, the patient on Prosody. For some time after a
    failure ejabberd does not try again, and sends back what is written even to
    who is there by now."""
    SERVER = "ejabberd"
    HOME = "prosody"


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
