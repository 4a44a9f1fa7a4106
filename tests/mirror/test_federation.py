#!/usr/bin/python3
"""test_federation.py - a patient whose account is at another server.

	[CARELAY=PROGRAM] tests/mirror/test_federation.py [NAME...]

The patient's server is not the clinic's: everything between the two goes from
server to server. Both are on loopback, of different kinds, each way round.
"""
import asyncio
import sys
import unittest
import urllib.request
from xml.etree import ElementTree

import test_calls
import test_chat
import test_files
import test_omemo
import test_presence
from peers import (DOCTOR_DEVICE, NS, PATIENT, PATIENT_DEVICE, PATIENT_HOST,
                   MirrorTest, available, error_of, of_type)

SLOT = "urn:xmpp:http:upload:0"

# Tests of the other files, which are played here between two servers.
BORROWED = {
    test_chat.Passing: [
        "both_ways_with_the_same_id", "appendix_b",
        "receipts_markers_states_and_the_rest",
        "what_is_not_known_does_not_pass", "other_errors_walk_back",
        "nothing_is_lost_when_it_is_many"],
    test_presence.Presence: [
        "each_is_asked_once_and_then_sees_the_other",
        "a_contact_request_says_who_it_is",
        "changes_are_shown_but_not_what_is_private", "who_leaves_is_gone",
        "a_probe_at_login_is_answered", "after_a_restart_it_is_asked_anew",
        "disco_with_and_without_node_and_the_hash",
        "the_address_itself_is_an_account", "unsubscribing"],
    test_omemo.Omemo: [
        "lists_and_bundles_both_ways",
        "a_change_is_told_to_contacts_without_asking",
        "keys_for_contacts_who_are", "what_is_encrypted_passes_as_it_is"],
    test_calls.Calls: [
        "as_conversations_calls", "the_doctor_calls_as_monal_does",
        "ringing_with_a_silent_callee", "declined_and_busy",
        "several_devices_ring_and_stop"],
}


def borrowed():
    """These, and None for those that Federation would inherit besides."""
    tests = {name: None for source in BORROWED for name in vars(source)
             if name.startswith("test_")}
    for source, names in BORROWED.items():
        for name in names:
            tests[f"test_{name}"] = getattr(source, f"test_{name}")
    return tests


class Federation(test_omemo.Omemo, test_calls.Calls):
    """The clinic on Prosody, the patient on ejabberd."""
    HOME = "ejabberd"

    # The clinic itself.

    async def test_registering_and_booking(self):
        """Somebody new, whom nobody at the clinic's server knows."""
        new = f"{PATIENT}{self.ACCOUNTS - self.test_count}@{PATIENT_HOST}"
        patient = await self.log_in(new, PATIENT_DEVICE)
        doctor = await self.log_in(self.doctor_jid, DOCTOR_DEVICE)
        self.assertIn("Shall the clinic keep what", await patient.ask_desk(
            "register Mary Major, 1991-05-06, mary@example.org"))
        self.assertIn("You are registered, Mary", await patient.ask_desk("yes"))
        self.assertIn("Shall I book it?", await patient.ask_desk(
            "book dr smith tomorrow 12:00"))
        self.assertIn("Booked", await patient.ask_desk("yes please"))
        await self.settled()
        patient.say(self.doctor, "see you tomorrow", "m-1")
        await doctor.hear("[Mary Major, next visit Tue 1 Dec, 12:00]")
        await doctor.hear("see you tomorrow")

    async def test_a_photo_at_the_patients_server(self):
        """Its upload service shows whose server it is, and some show in the
        path whose account: the doctor gets the clinic's own link."""
        patient, doctor = await self.both()
        url = await self.upload(patient, test_files.PHOTO)
        self.assertIn(test_files.PLACE, test_files.PHOTO)
        patient.say(self.doctor, url, "m-1",
                    f"<x xmlns='jabber:x:oob'><url>{url}</url></x>")
        got = await doctor.hear("/files/")
        own = got.findtext("client:body", None, NS)
        self.assertEqual(got.findtext("{jabber:x:oob}x/{jabber:x:oob}url"), own)
        self.assertTrue(own.startswith(
            f"http://127.0.0.1:{self.stack.state['web_port']}/files/"), own)
        status, _, content = await asyncio.to_thread(test_files.fetch, own)
        self.assertEqual(status, 200)
        self.assertIn(b"pixels", content)
        self.assertNotIn(test_files.PLACE, content)
        port = self.stack.state["home"]["upload_port"]
        self.assertNotIn(f":{port}/".encode(), doctor.bytes)

    async def upload(self, peer, content):
        """Where a file is after the client has put it there."""
        iq = peer.make_iq_get(ito=f"upload.{PATIENT_HOST}")
        iq.append(ElementTree.Element(f"{{{SLOT}}}request", {
            "filename": "knee.jpg", "size": str(len(content)),
            "content-type": "image/jpeg"}))
        got = (await iq.send(timeout=10)).xml
        put, get = (got.find(f".//{{{SLOT}}}{name}") for name in ("put", "get"))
        request = urllib.request.Request(
            put.get("url"), content, {"Content-Type": "image/jpeg", **{
                header.get("name"): header.text
                for header in put.findall(f"{{{SLOT}}}header")}}, method="PUT")
        await asyncio.to_thread(
            lambda: urllib.request.urlopen(request, timeout=10).close())
        return get.get("url")

    async def test_a_very_large_stanza(self):
        """As large as one server takes from another: more than ours takes from
        a client."""
        patient, doctor = await self.both()
        patient.say(self.doctor, "x" * 510_000, "m-1")
        got = await patient.expect(lambda xml: xml.get("type") == "error",
                                   "error")
        self.assertEqual((got.get("id"), error_of(got)),
                         ("m-1", "policy-violation"))
        patient.say(self.doctor, "still there?", "m-2")
        await doctor.hear("still there?")

    # When one of the two is not there.

    async def test_his_server_keeps_what_comes_while_he_is_away(self):
        patient, doctor = await self.befriended()
        await patient.log_out()
        await doctor.expect(lambda xml: of_type("unavailable")(xml)
                            and "/" in xml.get("from"))
        doctor.say(self.patient, "are you there?", "d-1")
        await doctor.quiet()
        patient = await self.log_in(self.patient_jid, PATIENT_DEVICE)
        got = await patient.hear("are you there?")
        self.assertEqual(got.get("id"), "d-1")
        self.assertIsNotNone(got.find("delay:delay", NS))

    async def test_the_clinics_server_restarts(self):
        """What came before is forgotten there; the patient's server finds it
        again, and each sees the other without doing anything."""
        patient, doctor = await self.befriended()
        await doctor.expect(available(self.patient), "presence")
        await doctor.log_out()
        await asyncio.to_thread(self.stack.server_restart)
        doctor = await self.log_in(self.doctor_jid, DOCTOR_DEVICE)
        await doctor.expect(available(self.patient), "presence")
        doctor.say(self.patient, "we are back", "d-1")
        await patient.hear("we are back")
        patient.say(self.doctor, "good", "m-1")
        await doctor.hear("good")

    async def waiting(self):
        return await asyncio.to_thread(
            self.sql, "SELECT string_agg(stanza_id, ' ' ORDER BY id) "
            "FROM clinic.parked WHERE sent_at IS NULL;")

    async def test_an_account_that_is_not_there(self):
        """His server says so, and the message waits for another account."""
        patient, doctor = await self.moved_to(f"nobody@{PATIENT_HOST}")
        doctor.say(self.patient, "are you there?", "d-1")
        await doctor.hear("Jane Doe cannot be reached right now")
        await self.back_again(doctor)

    async def test_a_server_that_is_not_there(self):
        """Nobody knows where the patient's domain is."""
        patient, doctor = await self.moved_to("patient@nowhere.test")
        doctor.say(self.patient, "are you there?", "d-1")
        await doctor.hear("Jane Doe cannot be reached right now")
        await self.back_again(doctor)

    async def moved_to(self, jid):
        """The patient's account is another one."""
        await asyncio.to_thread(
            self.sql, f"UPDATE clinic.person SET jid = '{jid}' "
            f"WHERE jid = '{self.patient_jid}'")
        await self.settled()
        return None, await self.log_in(self.doctor_jid, DOCTOR_DEVICE)

    async def back_again(self, doctor):
        """And then the old one, where the message arrives."""
        await doctor.quiet()
        self.assertEqual(await self.waiting(), "d-1")
        await asyncio.to_thread(
            self.sql, f"UPDATE clinic.person SET jid = '{self.patient_jid}' "
            f"WHERE jid LIKE '%@nowhere.test' OR jid = 'nobody@{PATIENT_HOST}'")
        await self.settled()
        patient = await self.log_in(self.patient_jid, PATIENT_DEVICE)
        patient.put("presence", self.doctor)
        got = await patient.hear("are you there?")
        self.assertEqual(got.get("id"), "d-1")


for _name, _test in borrowed().items():
    setattr(Federation, _name, _test)


class FederationFromEjabberd(Federation):
    """The clinic on ejabberd, the patient on Prosody."""
    SERVER = "ejabberd"
    HOME = "prosody"


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
