#!/usr/bin/python3
"""test_two.py - two processes for one clinic on ejabberd, which takes both.

	[CARELAY=PROGRAM] tests/mirror/test_two.py [NAME...]

ejabberd gives each stanza to one of the two at random. (Prosody refuses the
second: tests/stream/test_servers.py.)
"""
import asyncio
import signal
import sys
import unittest

from peers import NS, MirrorTest

COUNT = 30


class Two(MirrorTest):
    """Whichever of them gets it, a message arrives once."""
    SERVER = "ejabberd"

    async def test_both_then_one(self):
        await asyncio.to_thread(self.second_start)
        try:
            patient, doctor = await self.befriended()
            await self.talk(patient, doctor, "both")
            await self.desk(patient, "appointments")
            await asyncio.to_thread(self.stack.bot_kill)
            await self.talk(patient, doctor, "the second alone")
            await self.desk(patient, "my appointments")
            await asyncio.to_thread(self.stack.bot_start)
            await self.talk(patient, doctor, "both again")
            await asyncio.to_thread(self.stack.programs.stop, "second",
                                    signal.SIGKILL)
            await self.talk(patient, doctor, "the first alone")
            await self.desk(patient, "show my appointments")
        finally:
            await asyncio.to_thread(self.stack.programs.stop, "second")

    def second_start(self):
        config = self.stack.config.read_text()
        web = self.stack.state["web_port"]
        other = self.stack.folder / "second.conf"
        other.touch(mode=0o600)
        other.write_text(config.replace(f"[web]\nport = {web}\n", ""))
        self.stack.programs.start(
            "second", [self.stack.state["carelay"], "--config", str(other)])
        log = self.stack.programs.log("second")
        self.stack.programs.ready("second", 30, "it is ready",
                                  lambda: "bot ready" in log.read_text())

    async def talk(self, patient, doctor, what):
        """Both write many; each arrives, once. Their order may be another."""
        for number in range(COUNT):
            patient.say(self.doctor, f"{what} {number}.", f"m-{what}-{number}")
            doctor.say(self.patient, f"{what} {number}.", f"d-{what}-{number}")
        for peer in (patient, doctor):
            got = [await self.next_of(peer, what) for _ in range(COUNT)]
            self.assertEqual(sorted(got), sorted(f"{what} {number}."
                                                 for number in range(COUNT)))
        await asyncio.sleep(0.4)
        for peer in (patient, doctor):
            self.assertIsNone(peer.take(
                lambda xml: what in (xml.findtext("client:body", "", NS))))

    async def next_of(self, peer, what):
        got = await peer.hear(f"{what} ")
        return got.findtext("client:body", None, NS)

    async def desk(self, patient, words):
        self.assertIn("Dr. John Smith", await patient.ask_desk(words))


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
