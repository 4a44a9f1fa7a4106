#!/usr/bin/python3
"""test_chat.py - chat through the mirror, both ways, on both servers.

	[CARELAY=PROGRAM] tests/mirror/test_chat.py [NAME...]
"""
import asyncio
import sys
import unittest

from peers import (DOCTOR_DEVICE, DOCTOR_HOST, NS, PATIENT_DEVICE,
                   PATIENT_HOST, MirrorTest, error_of)

RETRACT = "urn:xmpp:message-retract:1"
OLD_RETRACT = "urn:xmpp:message-retract:0"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def retract(ident):
    """Takes a message back (0424)."""
    return f"<retract id='{ident}' xmlns='{RETRACT}'/>"


def retract_as_before(ident):
    """The same as it was before 2022, with 0422."""
    return (f"<apply-to id='{ident}' xmlns='urn:xmpp:fasten:0'>"
            f"<retract xmlns='{OLD_RETRACT}'/></apply-to>")


def is_retraction(xml):
    """Whether it takes one back, in either form."""
    return any(xml.find(f".//{{{ns}}}retract") is not None
               for ns in (RETRACT, OLD_RETRACT))


class Keeping(MirrorTest):
    """What is put down."""

    async def test_one_bad_note_takes_no_others_with_it(self):
        """Something that the database will not have, among others in a row."""
        self.sql("""CREATE FUNCTION public.spit() RETURNS trigger
            LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
            CREATE TRIGGER spit BEFORE INSERT ON clinic.message FOR EACH ROW
            WHEN (new.stanza_id = 'm-15') EXECUTE FUNCTION public.spit();""")
        try:
            patient, doctor = await self.both()
            for number in range(1, 31):
                patient.say(self.doctor, f"line {number}.", f"m-{number}")
            await doctor.hear("line 30.")
            for _ in range(100):
                count = await asyncio.to_thread(
                    self.sql, "SELECT count(*) FROM clinic.message")
                if count == "29":
                    break
                await asyncio.sleep(0.1)
            self.assertEqual(count, "29")
            self.assertEqual(await asyncio.to_thread(
                self.sql, "SELECT count(*) FROM clinic.message "
                "WHERE stanza_id = 'm-15'"), "0")
            log = self.stack.log_since(0)
            self.assertIn("note of a conversation lost", log)
            self.assertNotIn("line 15", log)
        finally:
            self.sql("DROP TRIGGER spit ON clinic.message; "
                     "DROP FUNCTION public.spit();")


class Passing(MirrorTest):
    """What passes, as what."""

    async def test_a_receipt_keeps_its_type(self):
        patient, doctor = await self.both()
        doctor.say(self.patient, "are you well?", "d-1")
        known = (await patient.hear("are you well?")).get("from")
        patient.put("message", known, f"<received xmlns='{NS['receipts']}' "
                    "id='d-1'/>", id="r-1")
        got = await doctor.expect(lambda xml: xml.get("id") == "r-1",
                                  "receipt")
        self.assertIn(got.get("type"), (None, "normal"))
        patient.put("message", known, "<body>yes</body>", id="m-1")
        self.assertEqual((await doctor.hear("yes")).get("type"), "chat")

    async def test_both_ways_with_the_same_id(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "good morning", "m-77")
        await doctor.hear("[Jane Doe, next visit")
        got = await doctor.hear("good morning")
        self.assertEqual(got.get("id"), "m-77")
        self.assertEqual(got.get("type"), "chat")
        sender = got.get("from")
        self.assertTrue(sender.startswith(self.patient + "/"), sender)
        doctor.say(sender, "good morning, Jane", "d-12")
        got = await patient.hear("good morning, Jane")
        self.assertEqual(got.get("id"), "d-12")
        self.assertEqual(got.get("to"),
                         f"{self.patient_jid}/{PATIENT_DEVICE}")
        self.assertTrue(got.get("from").startswith(self.doctor + "/"))

    async def test_appendix_b(self):
        patient, doctor = await self.both()
        doctor.say(self.patient, "Take it twice a day", "d-12")
        known = (await patient.hear("Take it")).get("from")
        patient.put(
            "message", self.doctor, "<body>&gt; Take it twice a day\n"
            "morning and evening?</body>"
            f"<reply xmlns='urn:xmpp:reply:0' to='{known}' id='d-12'/>"
            "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>"
            "<body start='0' end='22'/></fallback>"
            "<request xmlns='urn:xmpp:receipts'/>"
            "<markable xmlns='urn:xmpp:chat-markers:0'/>"
            "<origin-id xmlns='urn:xmpp:sid:0' id='m-77'/>"
            f"<active xmlns='{NS['states']}'/>",
            type="chat", id="m-77", xml__lang="gl")
        got = await doctor.hear("morning and evening?")
        self.assertEqual(
            {child.tag for child in got
             if not child.tag.endswith("}stanza-id")},
            {"{jabber:client}body", "{urn:xmpp:reply:0}reply",
             "{urn:xmpp:fallback:0}fallback", "{urn:xmpp:receipts}request",
             "{urn:xmpp:chat-markers:0}markable", "{urn:xmpp:sid:0}origin-id",
             f"{{{NS['states']}}}active"})
        reply = got.find("reply:reply", NS)
        self.assertEqual(reply.get("to"), f"{self.doctor_jid}/{DOCTOR_DEVICE}")
        self.assertEqual(reply.get("id"), "d-12")
        self.assertEqual(got.get(LANG), "gl")  # the client's own is "en"
        doctor.put("message", got.get("from"), "<body>and at noon</body><body "
                   "xml:lang='de'>und mittags</body>", type="chat", id="d-13",
                   xml__lang="sv")
        got = await patient.hear("and at noon")
        self.assertEqual(got.get(LANG), "sv")
        self.assertEqual([one.get(LANG) for one
                          in got.findall("client:body", NS)], [None, "de"])

    async def test_reply_to_ones_own_message(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "first", "m-1")
        await doctor.hear("first")
        patient.say(self.doctor, "second", "m-2",
                    f"<reply xmlns='urn:xmpp:reply:0' id='m-1' to='"
                    f"{self.patient_jid}/{PATIENT_DEVICE}'/>")
        got = await doctor.hear("second")
        self.assertEqual(got.find("reply:reply", NS).get("to"),
                         got.get("from"))

    async def test_receipts_markers_states_and_the_rest(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "hello", "m-1")
        sender = (await doctor.hear("hello")).get("from")
        for inner in (
                "<received xmlns='urn:xmpp:receipts' id='m-1'/>",
                "<displayed xmlns='urn:xmpp:chat-markers:0' id='m-1'/>",
                f"<composing xmlns='{NS['states']}'/>",
                "<reactions xmlns='urn:xmpp:reactions:0' id='m-1'>"
                "<reaction>\U0001f44d</reaction></reactions>",
                "<retract xmlns='urn:xmpp:message-retract:1' id='d-3'/>"):
            doctor.put("message", sender, inner, type="chat", id="x-1")
            name = inner[1:inner.index(" ")]
            got = await patient.expect(
                lambda xml, name=name: any(child.tag.endswith("}" + name)
                                           for child in xml), name)
            self.assertIsNone(got.find("client:body", NS))
        doctor.say(sender, "corrected", "d-4", "<replace id='d-3' "
                   "xmlns='urn:xmpp:message-correct:0'/>")
        got = await patient.hear("corrected")
        self.assertTrue(any(child.get("id") == "d-3" for child in got))

    async def test_what_is_not_known_does_not_pass(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "hello", "m-1",
                    f"<x xmlns='jabber:x:conference' jid='{self.patient_jid}'/>"
                    "<nick xmlns='http://jabber.org/protocol/nick'>"
                    f"{self.patient_jid}</nick>"
                    "<reference xmlns='urn:xmpp:reference:0' "
                    f"uri='xmpp:{self.patient_jid}'/>"
                    f"<delay xmlns='urn:xmpp:delay' from='{PATIENT_HOST}' "
                    "stamp='2026-11-30T07:00:00Z'/>")
        got = await doctor.hear("hello")
        self.assertEqual({child.tag.partition("}")[2] for child in got}
                         - {"stanza-id"}, {"body", "delay"})

    async def test_a_forged_resource_is_treated_as_bare(self):
        patient, doctor = await self.both()
        doctor.say(self.patient + "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                   "forged", "d-1")
        got = await patient.hear("forged")
        self.assertEqual(got.get("to").partition("/")[0], self.patient_jid)

    async def test_a_message_that_comes_back_waits(self):
        """The doctor's server says that she is away: the message goes out again
        when she is seen, and the patient is told once."""
        patient, doctor = await self.both()
        for ident in ("m-1", "m-2"):
            patient.say(self.doctor, f"are you there? {ident}", ident)
            got = await doctor.hear("are you there?")
            doctor.put("message", got.get("from"), "<error type='cancel'>"
                       f"<service-unavailable xmlns='{NS['stanzas']}'/>"
                       "</error>", type="error", id=ident)
        await patient.hear("Dr. Smith cannot be reached right now")
        await patient.quiet()
        doctor.take(lambda xml: True)  # who it is
        doctor.put("presence", self.patient)
        for ident in ("m-1", "m-2"):
            again = await doctor.hear("are you there?")
            self.assertEqual(again.get("id"), ident)
            self.assertIsNotNone(again.find("delay:delay", NS))
        await doctor.quiet()

    async def test_what_waits_from_who_is_blocked_since_does_not_go_out(self):
        patient, doctor = await self.both()
        doctor.say(self.patient, "are you there?", "d-1")
        got = await patient.hear("are you there?")
        patient.put("message", got.get("from"), "<error type='cancel'>"
                    f"<service-unavailable xmlns='{NS['stanzas']}'/>"
                    "</error>", type="error", id="d-1")
        await doctor.hear("Jane Doe cannot be reached right now")
        await asyncio.to_thread(
            self.sql, f"SELECT api.contact_set('{self.patient_jid}', id, "
            f"'block') FROM clinic.person WHERE jid = '{self.doctor_jid}'")
        await self.settled()
        patient.put("presence", self.doctor)
        await patient.quiet()

    async def test_what_waits_and_is_taken_back_does_not_go_out(self):
        """One was taken back after it came back, one before."""
        patient, doctor = await self.both()
        for ident in ("m-1", "m-2", "m-3"):
            patient.say(self.doctor, f"are you there? {ident}", ident)
            got = await doctor.hear("are you there?")
        patient.put("message", self.doctor, retract("m-2"), type="chat")
        await doctor.expect(is_retraction)
        for ident in ("m-1", "m-2", "m-3"):
            doctor.put("message", got.get("from"), "<error type='cancel'>"
                       f"<service-unavailable xmlns='{NS['stanzas']}'/>"
                       "</error>", type="error", id=ident)
        await patient.hear("Dr. Smith cannot be reached right now")
        patient.put("message", self.doctor, retract("m-1"), type="chat")
        await doctor.expect(is_retraction)
        await self.settled()
        doctor.take(lambda xml: True)  # who it is
        doctor.put("presence", self.patient)
        again = await doctor.hear("are you there?")
        self.assertEqual(again.get("id"), "m-3")
        await doctor.quiet()

    async def test_other_errors_walk_back(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "hello", "m-1")
        got = await doctor.hear("hello")
        doctor.put("message", got.get("from"), "<body>hello</body>"
                   f"<error type='modify' by='{DOCTOR_HOST}'>"
                   f"<not-acceptable xmlns='{NS['stanzas']}'/>"
                   f"<text xmlns='{NS['stanzas']}'>smithzk says no</text>"
                   "</error>", type="error", id="m-1")
        got = await patient.expect(lambda xml: xml.get("type") == "error")
        self.assertEqual(error_of(got), "not-acceptable")
        self.assertEqual(got.get("id"), "m-1")
        self.assertTrue(got.get("from").startswith(self.doctor))

    async def test_large_and_deep_stanzas_pass_or_are_refused(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "x" * 150_000, "m-1")
        got = await doctor.hear("xxx")
        self.assertEqual(len(got.findtext("client:body", None, NS)), 150_000)
        patient.say(self.doctor, "deep", "m-2", "<a xmlns='b'>" * 100
                    + "</a>" * 100)
        got = await patient.expect(lambda xml: xml.get("type") == "error")
        self.assertEqual(error_of(got), "policy-violation")
        patient.say(self.doctor, "still there?", "m-3")
        await doctor.hear("still there?")

    DEEP = 10_000

    async def test_a_very_deep_stanza_does_no_harm(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "deep", "m-1", "<a xmlns='b'>" + "<a>" *
                    self.DEEP + "</a>" * self.DEEP + "</a>")
        got = await patient.expect(lambda xml: xml.get("type") == "error")
        self.assertEqual(error_of(got), "policy-violation")
        patient.say(self.doctor, "still there?", "m-2")
        await doctor.hear("still there?")

    async def test_nothing_is_lost_when_it_is_many(self):
        patient, doctor = await self.both()
        for number in range(50):
            patient.say(self.doctor, f"number {number};", f"m-{number}")
        for number in range(50):
            got = await doctor.hear("number")
            self.assertEqual(got.get("id"), f"m-{number}")


class PassingOnEjabberd(Passing):
    """The same."""
    SERVER = "ejabberd"
    DEEP = 2_400  # with 5,000 the whole of ejabberd ends


class Chat(MirrorTest):
    """Who may write, and what the clinic says in a chat: no server's affair."""

    async def test_the_doctor_is_told_once_a_day_who_it_is(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "one", "m-1")
        got = await doctor.hear()
        self.assertRegex(got.findtext("client:body", None, NS),
                         r"^\[Jane Doe, next visit Mon 30 Nov, \d\d:\d\d\]$")
        await doctor.hear("one")
        patient.say(self.doctor, "two", "m-2")
        await doctor.hear("two")
        await doctor.quiet()
        await asyncio.to_thread(self.stack.bot_stop)
        await asyncio.to_thread(self.stack.bot_start)
        patient.say(self.doctor, "three", "m-3")
        await doctor.hear("three")
        await doctor.quiet()
        await asyncio.to_thread(self.stack.move_clock, "+1d")
        await self.settled()
        patient.say(self.doctor, "four", "m-4")
        await doctor.hear("[Jane Doe")
        await doctor.hear("four")

    async def test_a_patient_without_a_visit_is_told_how_to_get_one(self):
        await self.settled()
        stranger = await self.log_in(self.other_patient_jid, "x1y2")
        doctor = await self.log_in(self.doctor_jid, DOCTOR_DEVICE)
        stranger.say(self.doctor, "hello?", "m-1")
        got = await stranger.hear("book dr Smith")
        self.assertEqual(got.get("from"), self.doctor)
        answer = await stranger.ask(self.doctor + "/x", "<query xmlns='a:b'/>")
        self.assertIn(error_of(answer), ("item-not-found", "forbidden"))
        await doctor.quiet()

    async def test_a_stranger_is_asked_to_register(self):
        await asyncio.to_thread(
            self.sql, "DELETE FROM clinic.role USING clinic.person "
            f"WHERE person = id AND jid = '{self.other_patient_jid}';"
            "DELETE FROM clinic.address USING clinic.person "
            f"WHERE person = id AND jid = '{self.other_patient_jid}';"
            "DELETE FROM clinic.person "
            f"WHERE jid = '{self.other_patient_jid}';")
        await self.settled()
        stranger = await self.log_in(self.other_patient_jid, "x1y2")
        doctor = await self.log_in(self.doctor_jid, DOCTOR_DEVICE)
        stranger.say(self.doctor, "hello?", "m-1")
        await stranger.hear('"register"')
        stranger.say(self.patient, "hello?", "m-2")
        got = await stranger.expect(lambda xml: xml.get("type") == "error")
        self.assertEqual(error_of(got), "item-not-found")
        await doctor.quiet()

    async def test_a_doctor_knows_only_her_own_patients(self):
        await self.settled()
        other = await self.log_in(self.other_doctor_jid, "x1y2")
        patient = await self.log_in(self.patient_jid, PATIENT_DEVICE)
        other.say(self.patient, "buy this", "m-1")
        got = await other.expect(lambda xml: xml.get("type") == "error")
        self.assertEqual(error_of(got), "item-not-found")
        await patient.quiet()

    async def test_the_doctor_wrote_first(self):
        """Then the patient may answer, long after the visit."""
        await asyncio.to_thread(self.stack.move_clock, "+80d")
        patient, doctor = await self.both()
        patient.say(self.doctor, "may I?", "m-1")
        await patient.hear("you can write to Dr. Smith from when")
        doctor.say(self.patient, "how are you?", "d-1")
        await patient.hear("how are you?")
        patient.say(self.doctor, "well", "m-2")
        await doctor.hear("well")

    async def test_what_was_written_is_kept(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "it itches", "m-1")
        await doctor.hear("it itches")
        doctor.say(self.patient, "take a cream", "d-1")
        await patient.hear("take a cream")
        doctor.put("message", self.patient, "<body>no key</body><encrypted "
                    "xmlns='eu.siacs.conversations.axolotl'><header sid='1'/>"
                    "</encrypted>", type="chat", id="d-2")
        await patient.hear("no key")
        patient.put("message", self.doctor, "<retract id='m-1' "
                     "xmlns='urn:xmpp:message-retract:1'/>", type="chat")
        await doctor.expect(lambda xml: any(child.tag.endswith("}retract")
                                            for child in xml))
        await asyncio.sleep(0.3)
        self.assertEqual(
            await asyncio.to_thread(self.sql, """SELECT string_agg(concat_ws(
                '|', is_doctors, coalesce(body, '-'), is_retracted), ' ; '
                ORDER BY id) FROM clinic.message"""),
            "f|-|t ; t|take a cream|f ; t|-|f")
        self.assertEqual(
            await asyncio.to_thread(self.sql, "SELECT doctor_count, "
                                    "patient_count FROM clinic.talk"), "2|1")

    async def test_what_is_taken_back_is_not_kept(self):
        """Also in the form that older apps have."""
        patient, doctor = await self.both()
        for ident, form in (("m-1", retract), ("m-2", retract_as_before)):
            patient.say(self.doctor, "it itches", ident)
            await doctor.hear("it itches")
            patient.put("message", self.doctor, form(ident), type="chat")
            await doctor.expect(is_retraction)
        await asyncio.sleep(0.3)
        self.assertEqual(await asyncio.to_thread(
            self.sql, "SELECT count(body), sum(is_retracted::integer) "
            "FROM clinic.message"), "0|2")

    async def test_who_does_not_want_it_kept(self):
        await asyncio.to_thread(
            self.sql, "UPDATE clinic.person SET keeps_messages = false "
            f"WHERE jid = '{self.patient_jid}'; NOTIFY book, 'all';")
        patient, doctor = await self.both()
        patient.say(self.doctor, "it itches", "m-1")
        await doctor.hear("it itches")
        doctor.say(self.patient, "take a cream", "d-1")
        await patient.hear("take a cream")
        await asyncio.sleep(0.3)
        self.assertEqual(await asyncio.to_thread(
            self.sql, "SELECT count(*) FROM clinic.message"), "0")

    async def test_slash_commands_are_for_the_clinic(self):
        patient, doctor = await self.both()
        doctor.say(self.patient, "/who", "d-1")
        got = (await doctor.hear("Jane Doe")).findtext("client:body", None, NS)
        self.assertIn("born 1990-04-23", got)
        self.assertIn("next visit with you: Mon 30 Nov 2026", got)
        doctor.say(self.patient, "/nonsense", "d-2")
        await doctor.hear("/mute: get nothing")
        await patient.quiet()
        doctor.say(self.patient, "//shrug", "d-3")
        got = await patient.hear()
        self.assertEqual(got.findtext("client:body", None, NS), "/shrug")
        doctor.say(self.patient, "/me waves", "d-4")
        await patient.hear("/me waves")

    async def test_history_and_search_for_the_two_of_them(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "it itches", "m-1")
        await doctor.hear("it itches")
        doctor.say(self.patient, "take a cream", "d-1")
        await patient.hear("take a cream")
        await asyncio.sleep(0.3)
        self.assertRegex(
            await patient.ask_desk("history with dr smith since monday"),
            r"^Since Mon 23 Nov, the latest first:\n"
            r"Mon 30 Nov, 08:00  Dr. John Smith: take a cream\n"
            r"Mon 30 Nov, 08:00  you to Dr. John Smith: it itches$")
        self.assertIn("Jane Doe: it itches",
                      await doctor.ask_desk("search itches"))
        other = await self.log_in(self.other_patient_jid, "x1y2")
        self.assertIn("I find nothing", await other.ask_desk("search itches"))

    async def test_blocked_by_the_desk(self):
        patient, doctor = await self.both()
        await patient.ask_desk("block dr smith")
        await self.settled()
        doctor.say(self.patient, "hello", "d-1")
        await doctor.hear("does not take messages from you")
        await patient.ask_desk("unblock dr smith")
        await self.settled()
        doctor.say(self.patient, "hello again", "d-2")
        await patient.hear("hello again")

    async def test_out_of_office_hours_once_a_day(self):
        patient, doctor = await self.both()
        self.assertIn("You read messages", await doctor.ask_desk(
            "office hours tue 9-17"))
        await self.settled()
        patient.say(self.doctor, "hello", "m-1")
        await doctor.hear("hello")
        await patient.hear("reads messages only in the office hours")
        patient.say(self.doctor, "are you there?", "m-2")
        await doctor.hear("are you there?")
        await patient.quiet()
        await asyncio.to_thread(self.stack.move_clock, "+1d")
        await asyncio.to_thread(self.stack.move_clock, "+2h")
        await self.settled()
        patient.say(self.doctor, "good morning", "m-3")
        await doctor.hear("good morning")
        await patient.quiet()

    async def test_out_of_office_hours_in_her_own_words(self):
        patient, doctor = await self.both()
        await doctor.ask_desk("office hours tue 9-17 say I answer at eight")
        await self.settled()
        patient.say(self.doctor, "hello", "m-1")
        got = await patient.hear("I answer at eight")
        self.assertTrue(got.findtext("client:body", None, NS).endswith(
            "] I answer at eight"))

    async def test_away_for_days(self):
        patient, doctor = await self.both()
        await doctor.ask_desk("office hours mon-fri 0-24 say I answer at once")
        self.assertIn("Noted", await doctor.ask_desk(
            "off today to wednesday, yes"))
        await self.settled()
        patient.say(self.doctor, "hello", "m-1")
        await doctor.hear("hello")
        await patient.hear("is away until Thu 3 Dec, 09:00")
        patient.say(self.doctor, "are you there?", "m-2")
        await doctor.hear("are you there?")
        await patient.quiet()  # once a day
        await asyncio.to_thread(self.stack.move_clock, "+3d")
        await self.settled()
        patient.say(self.doctor, "good morning", "m-3")
        await doctor.hear("good morning")
        await patient.quiet()

    async def test_handed_over_to_a_colleague(self):
        patient, doctor = await self.both()
        other = await self.log_in(self.other_doctor_jid, "x1y2")
        doctor.say(self.patient, "/hand dr wu chen", "d-1")
        await doctor.hear("Dr. Wu Chen can talk with Jane Doe now")
        await other.hear("Dr. Smith hands Jane Doe over to you")
        got = await patient.hear("you can write to Dr. Chen here")
        await self.settled()
        patient.say(got.get("from"), "hello", "m-1")
        await other.hear("hello")

    async def test_muted_ended_and_allowed_again(self):
        patient, doctor = await self.both()
        doctor.say(self.patient, "/mute", "d-1")
        await doctor.hear("Jane Doe is muted")
        await self.settled()
        patient.say(self.doctor, "hello?", "m-1")
        await patient.hear("does not read messages here at the moment")
        doctor.say(self.patient, "I can write", "d-2")
        await patient.hear("I can write")
        doctor.say(self.patient, "/unmute", "d-3")
        await doctor.hear("can write to you again")
        await self.settled()
        patient.say(self.doctor, "now?", "m-2")
        await doctor.hear("now?")
        doctor.say(self.patient, "/end", "d-4")
        await doctor.hear("is ended")
        await self.settled()
        patient.say(self.doctor, "and now?", "m-3")
        await patient.hear("you can write to Dr. Smith from when you book")
        doctor.say(self.patient, "/allow", "d-5")
        await doctor.hear("at any time")
        await self.settled()
        await asyncio.to_thread(self.stack.move_clock, "+300d")
        await self.settled()
        patient.say(self.doctor, "still?", "m-4")
        await doctor.hear("still?")

    async def test_a_blocked_doctor_is_not_heard(self):
        patient, doctor = await self.both()
        await asyncio.to_thread(
            self.sql, f"SELECT api.contact_set('{self.patient_jid}', id, "
            f"'block') FROM clinic.person WHERE jid = '{self.doctor_jid}'")
        await self.settled()
        doctor.say(self.patient, "hello", "d-1")
        await doctor.hear("does not take messages from you")
        await patient.quiet()
        patient.say(self.doctor, "hello", "m-1")
        await patient.hear("you have blocked Dr. Smith")
        # Nor by answers to what was never asked.
        doctor.put("message", self.patient, "<error type='cancel'><gone "
                   f"xmlns='{NS['stanzas']}'/></error>", type="error", id="x")
        await patient.quiet()


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
