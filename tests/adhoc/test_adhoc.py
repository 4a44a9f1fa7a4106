#!/usr/bin/python3
"""test_adhoc.py - the commands as forms in a client (XEP-0050 with XEP-0004).

	[CARELAY=PROGRAM] tests/adhoc/test_adhoc.py

Stanzas are written as clients write them, Gajim and Profanity among them, and
read as they read them.
"""
import asyncio
import contextlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "talk"), str(TESTS / "stack")]
# pylint: disable=wrong-import-position
from people import Person  # noqa: E402
from stack import Stack  # noqa: E402

COMMANDS = "http://jabber.org/protocol/commands"
DATA = "jabber:x:data"
DISCO_INFO = "http://jabber.org/protocol/disco#info"
DISCO_ITEMS = "http://jabber.org/protocol/disco#items"
ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas"
NOW = "2026-11-30T07:00Z"
EVERYBODY = {"contact", "doctors", "help"}
KNOWN = EVERYBODY | {"my details", "my name", "my birthday", "my phone",
                     "my email", "my timezone", "holidays", "why not",
                     "visit types"}
STAFF = {"book", "visit type", "remove visit type", "rooms", "team", "teams",
         "close team"}
PATIENT = KNOWN | {"book", "appointments", "move", "cancel", "history",
                   "confirm", "reminders", "remind me", "no reminders",
                   "waitlist", "leave waitlist", "accept", "pass",
                   "children", "add child", "remove child", "history with",
                   "search", "files", "privacy", "block", "unblock",
                   "chat", "calls", "hide ip"}
DOCTOR = KNOWN | STAFF | {"register", "move", "cancel", "today", "agenda",
                  "week", "next", "hours", "off", "remove off", "history",
                  "arrived",
                  "start", "done", "noshow", "late", "free", "also",
                  "remove also", "requests", "approve", "decline",
                  "new times", "unanswered",
                  "approval", "history with", "search", "files", "privacy",
                  "mute", "unmute", "end chat", "allow", "office hours",
                  "no office hours", "leave team", "team history",
                  "chat", "calls",
                  "hide ip"}
ADMIN = KNOWN | STAFF | {"arrived", "noshow", "requests", "approve", "decline",
                 "register", "move", "cancel", "people", "stats",
                 "add specialty", "add doctor", "remove doctor", "add admin",
                 "remove admin", "holiday", "remove holiday", "add room",
                 "remove room", "audit"}


class Answer:
    """A <command/> that came back, or the error instead of it."""

    def __init__(self, iq):
        self.iq = iq
        error = iq.find("{jabber:client}error")
        self.errors = [] if error is None else [
            child.tag.split("}")[1] for child in error]
        command = iq.find(f"{{{COMMANDS}}}command")
        self.command = ET.Element("none") if command is None else command
        self.status = self.command.get("status")
        self.session = self.command.get("sessionid")
        note = self.command.find(f"{{{COMMANDS}}}note")
        self.note = "" if note is None else note.text
        self.note_type = None if note is None else note.get("type")
        actions = self.command.find(f"{{{COMMANDS}}}actions")
        self.actions = {} if actions is None else {
            "execute": actions.get("execute"),
            "all": {one.tag.split("}")[1] for one in actions}}
        self.form = self.command.find(f"{{{DATA}}}x")

    def field(self, name):
        return self.form.find(f"{{{DATA}}}field[@var='{name}']")

    def names(self):
        return [one.get("var")
                for one in self.form.iter(f"{{{DATA}}}field")
                if one.get("type") != "fixed"]

    def instructions(self):
        return self.form.findtext(f"{{{DATA}}}instructions", "")

    def option(self, name, label):
        """The value of the option whose label has these words."""
        for option in self.field(name).findall(f"{{{DATA}}}option"):
            if label in option.get("label"):
                return option.find(f"{{{DATA}}}value").text
        raise AssertionError(f'"{label}" is not offered')

    def text(self):
        """What the person reads above the fields."""
        return " ".join(
            part.text or "" for part in self.form.iter()
            if part.tag == f"{{{DATA}}}instructions") + " ".join(
            field.find(f"{{{DATA}}}value").text
            for field in self.form.iter(f"{{{DATA}}}field")
            if field.get("type") == "fixed")


class Client(Person):
    """A client with commands; answers are Answer objects."""

    async def iq(self, kind, element, to=None):
        iq = self.make_iq(ito=to or self.clinic, itype=kind)
        iq.xml.append(element)
        try:
            return (await iq.send(timeout=10)).xml
        except Exception as refused:  # pylint: disable=broad-except
            if getattr(refused, "iq", None) is None:
                raise
            return refused.iq.xml

    async def listed(self, to=None):
        """The names of the commands that the client shows."""
        query = ET.Element(f"{{{DISCO_ITEMS}}}query", node=COMMANDS)
        answer = await self.iq("get", query, to)
        return {item.get("node")
                for item in answer.iter(f"{{{DISCO_ITEMS}}}item")}

    async def send_command(self, node, session=None, action=None, form=None,
                           to=None):
        command = ET.Element(f"{{{COMMANDS}}}command", node=node)
        for name, value in (("sessionid", session), ("action", action)):
            if value is not None:
                command.set(name, value)
        if form is not None:
            command.append(form)
        return Answer(await self.iq("set", command, to))

    async def begin(self, node, action="execute"):
        return await self.send_command(node, action=action)

    async def go_on(self, before, action=None, **values):
        """The next step; a value None is a field that was left empty."""
        return await self.send_command(
            before.command.get("node"), before.session, action,
            submission(values))


def submission(values):
    form = ET.Element(f"{{{DATA}}}x", type="submit")
    for name, value in values.items():
        field = ET.SubElement(form, f"{{{DATA}}}field",
                              var=name.replace("_wish", "-wish"))
        if value is not None:
            ET.SubElement(field, f"{{{DATA}}}value").text = value
    return form


def as_gajim(before, **values):
    """The whole form again with its labels, types and options, and the value
    after them, as Gajim sends it."""
    form = ET.fromstring(ET.tostring(before.form))
    form.set("type", "submit")
    for field in form.iter(f"{{{DATA}}}field"):
        value = values.get(field.get("var"))
        if value is not None:
            for preset in field.findall(f"{{{DATA}}}value"):
                field.remove(preset)
            ET.SubElement(field, f"{{{DATA}}}value").text = value
    return form


@contextlib.asynccontextmanager
async def logged_in(env, *names, resource="forms"):
    people = [Client(name, env, resource) for name in names]
    await asyncio.gather(*(one.log_in() for one in people))
    for one in people:
        await one.caught_up()
        one.forget()  # what another test left
    try:
        yield people
    finally:
        await asyncio.gather(*(one.log_out() for one in people))


class Commands(unittest.IsolatedAsyncioTestCase):
    """The clinic is as new for each test."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.stack = Stack(holder.name)
        cls.stack.up(now=NOW)
        cls.addClassCleanup(cls.stack.down)
        cls.env = cls.stack.env()

    def setUp(self):
        self.stack.settle()
        self.stack.reset(NOW)

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)

    def tearDown(self):
        self.assertEqual(self.stack.complaints(), [])

    def people(self, *names, **options):
        return logged_in(self.env, *names, **options)

    def count(self, query):
        return int(self.stack.cluster.psql(text=query + ";"))

    def booked(self):
        return self.count("SELECT count(*) FROM clinic.appointment"
                          " WHERE state = 'booked'")

    async def to_time(self, client, wish=None):
        """Dr. Ruiz in the form of "book": the page with her times; or, with a
        wish, the page that asks whether to book."""
        page = await client.begin("book")
        page = await client.go_on(
            page, "next", specialty=page.option("specialty", "Dermatology"))
        page = await client.go_on(
            page, "next", doctor=page.option("doctor", "Ruiz"))
        return await client.go_on(page, "next", time_wish=wish) \
            if wish else page

    # What is there.

    async def test_everybody_is_shown_their_own_commands(self):
        async with self.people("jane", "tom", "ruiz", "admin") as people:
            wanted = [EVERYBODY | {"register"}, PATIENT, DOCTOR, ADMIN]
            for one, commands in zip(people, wanted):
                self.assertEqual(await one.listed(), commands, one.name)
                self.assertEqual(await one.listed(one.desk), commands)

    async def test_a_command_is_a_node_that_tells_what_it_is(self):
        async with self.people("tom") as (tom,):
            info = await tom.iq("get", ET.Element(f"{{{DISCO_INFO}}}query",
                                                  node="book"))
            identity = info.find(f".//{{{DISCO_INFO}}}identity")
            self.assertEqual(
                (identity.get("category"), identity.get("type")),
                ("automation", "command-node"))
            self.assertTrue(identity.get("name"))
            self.assertIn(DATA, [
                one.get("var")
                for one in info.iter(f"{{{DISCO_INFO}}}feature")])
            missing = Answer(await tom.iq("get", ET.Element(
                f"{{{DISCO_INFO}}}query", node="nonsense")))
            self.assertIn("item-not-found", missing.errors)

    async def test_a_command_that_is_not_there_is_refused(self):
        async with self.people("tom") as (tom,):
            answer = await tom.begin("nonsense")
            self.assertIn("item-not-found", answer.errors)

    # What people do.

    async def test_a_stranger_registers_on_one_page(self):
        async with self.people("jane") as (jane,):
            page = await jane.begin("register")
            self.assertEqual(page.names(), ["name", "birth", "contact",
                                            "keep"])
            self.assertRegex(page.text(), "Shall the clinic keep .*privacy")
            self.assertNotIn("(yes / no)", page.text())
            page = await jane.go_on(page, name="Jane Doe", birth="1990-04-23",
                                    contact=None)
            # A yes is not assumed.
            self.assertEqual(page.names(), ["name", "keep"])
            done = await jane.go_on(page, name="Jane Doe", keep="no")
            self.assertEqual(done.status, "completed")
            self.assertEqual(done.note_type, "info")
            self.assertIn("You are registered, Jane", done.note)
            self.assertEqual(await jane.listed(), PATIENT)
            self.assertEqual(self.count(
                "SELECT count(*) FROM clinic.consent JOIN clinic.person ON"
                " person.id = consent.person WHERE jid = 'jane@localhost'"
                " AND NOT consent.keeps_messages AND way = 'registration'"
                " AND asked LIKE 'Shall the clinic keep %'"), 1)

    async def test_a_list_that_nobody_touched_is_no_answer(self):
        """Some clients send back what stood there at first."""
        async with self.people("tom") as (tom,):
            page = await tom.begin("book")
            first = page.field("specialty").find(f"{{{DATA}}}value").text
            self.assertEqual(page.option("specialty", "(please choose)"), first)
            page = await tom.go_on(page, "next", specialty=first)
            self.assertEqual(page.names(), ["specialty"])
            self.assertRegex(page.note, '^Please choose under "')
            self.assertEqual(page.instructions(), page.note)
            page = await tom.go_on(page, "next", specialty="Dermatology")
            first = page.field("doctor").find(f"{{{DATA}}}value").text
            page = await tom.go_on(page, "next", doctor="Dr. Ana Ruiz")
            self.assertEqual(page.instructions(), "")
            first = page.field("time").find(f"{{{DATA}}}value").text
            page = await tom.go_on(page, "next", time=first,
                                   time_wish="thursday 15:20")
            self.assertIn("Thu 3 Dec 2026, 15:20", page.text())

    async def test_what_can_be_chosen_is_called_by_its_name(self):
        """Profanity shows the values, and has them typed."""
        async with self.people("tom", "ruiz") as (tom, ruiz):
            tom.say("book dr ruiz today 10:00, yes")
            await tom.hear(10)
            page = await self.to_time(tom)
            self.assertRegex(page.option("time", "Mon 30 Nov, 09:40"), "09:40")
            for one in (await tom.begin("cancel"), await ruiz.begin("late"),
                        await tom.begin("history"), page):
                for option in one.command.iter(f"{{{DATA}}}option"):
                    value = option.find(f"{{{DATA}}}value").text
                    self.assertNotRegex(value, r"^\d+$", option.get("label"))

    async def test_a_wrong_date_of_birth_is_asked_for_again(self):
        async with self.people("jane") as (jane,):
            page = await jane.begin("register")
            page = await jane.go_on(page, name="Jane Doe", birth="banana",
                                    contact="jane@example.org", keep="yes")
            self.assertEqual((page.status, page.note_type),
                             ("executing", "error"))
            self.assertIn("banana", page.note)
            self.assertIn("banana", page.instructions())
            self.assertIn("birth", page.names())
            done = await jane.go_on(page, birth="23 april 1990",
                                    contact="jane@example.org")
            self.assertEqual(done.status, "completed")
            self.assertEqual(self.count(
                "SELECT count(*) FROM clinic.person WHERE name = 'Jane Doe'"
                " AND email = 'jane@example.org'"), 1)

    async def test_a_patient_books_step_by_step(self):
        async with self.people("tom", "ruiz") as (tom, ruiz):
            page = await tom.begin("book")
            self.assertEqual(page.names(), ["specialty", "series"])
            self.assertEqual(page.actions,
                             {"execute": "next", "all": {"next"}})
            page = await tom.go_on(
                page, "next", specialty=page.option("specialty", "Derma"))
            self.assertEqual(page.names(), ["doctor"])
            self.assertEqual(page.actions["all"], {"prev", "next"})
            page = await tom.go_on(
                page, "next", doctor=page.option("doctor", "Ruiz"))
            self.assertEqual(page.names(), ["time", "time-wish"])
            self.assertIn("Dr. Ruiz is free", page.text())
            page = await tom.go_on(
                page, "next", time=page.option("time", "Mon 30 Nov, 09:40"),
                time_wish=None)
            self.assertEqual(page.actions,
                             {"execute": "complete",
                              "all": {"prev", "complete"}})
            self.assertIn("Mon 30 Nov 2026, 09:40 to 10:00", page.text())
            self.assertNotIn("yes / no", page.text())
            self.assertEqual(self.booked(), 0)
            done = await tom.go_on(page, "complete")
            self.assertEqual(done.status, "completed")
            self.assertRegex(done.note, "^Booked: [A-Z0-9]{5}, Dr. Ana Ruiz")
            self.assertEqual(self.booked(), 1)
            self.assertIn("Tom Baker booked Mon 30 Nov, 09:40",
                          await ruiz.hear(10))

    async def test_visits_that_come_again(self):
        async with self.people("tom") as (tom,):
            page = await tom.begin("book")
            page = await tom.go_on(
                page, "next", specialty=page.option("specialty", "Derma"),
                series="every monday at 10 for 3 weeks")
            self.assertEqual(page.names(), ["doctor"])
            page = await tom.go_on(
                page, "next", doctor=page.option("doctor", "Ruiz"))
            self.assertIn("3 visits at 10:00", page.text())
            self.assertIn("Mon 14 Dec", page.text())
            self.assertEqual(self.booked(), 0)
            done = await tom.go_on(page, "complete")
            self.assertEqual(done.status, "completed")
            self.assertRegex(done.note, "[A-Z0-9]{5}  Mon 21 Dec")
            self.assertEqual(self.booked(), 3)

    async def test_what_was_not_said_of_visits_that_come_again(self):
        async with self.people("tom") as (tom,):
            page = await tom.begin("book")
            page = await tom.go_on(
                page, "next", specialty=page.option("specialty", "Cardio"),
                series="every monday")
            self.assertEqual(page.names(), ["series"])
            self.assertIn("At what time, every mon?", page.text())
            page = await tom.go_on(page, "next", series="9:20")
            self.assertIn("For how long", page.text())
            page = await tom.go_on(page, "next", series="2 weeks")
            self.assertIn("2 visits at 09:20", page.text())
            done = await tom.go_on(page, "complete")
            self.assertEqual(self.booked(), 2)
            self.assertRegex(done.note, "[A-Z0-9]{5}  Mon 14 Dec")

    async def test_one_of_several_visits_is_cancelled(self):
        async with self.people("tom") as (tom,):
            tom.say("book dr ruiz every monday at 10 for 3 weeks, yes")
            self.assertIn("Booked: Dr. Ana Ruiz, 3 visits", await tom.hear(10))
            page = await tom.begin("cancel")
            page = await tom.go_on(
                page, "next",
                appointment=page.option("appointment", "Mon 14 Dec"))
            self.assertEqual(page.names(), ["following"])
            self.assertIn("Mon 14 Dec, 10:00, is one of several", page.text())
            page = await tom.go_on(
                page, "next",
                following=page.option("following", "that follow"))
            self.assertIn("and the one that follows?", page.text())
            done = await tom.go_on(page, "complete")
            self.assertIn("Mon 21 Dec", done.note)
            self.assertEqual(self.booked(), 1)

    async def test_a_visit_for_a_child(self):
        async with self.people("tom") as (tom,):
            tom.say("add child Leo, 2019-05-02")
            self.assertIn("Added: Leo Baker", await tom.hear(10))
            page = await tom.begin("book")
            self.assertEqual(page.names(), ["for", "specialty", "series"])
            page = await tom.go_on(
                page, "next", **{"for": page.option("for", "Leo")},
                specialty=page.option("specialty", "Cardio"))
            page = await tom.go_on(
                page, "next", time=page.option("time", "Mon 30 Nov, 09:40"))
            self.assertIn("Leo Baker with Dr. Wei Chen", page.text())
            done = await tom.go_on(page, "complete")
            self.assertIn("Leo Baker with Dr. Wei Chen", done.note)

    async def test_a_time_can_be_written_instead_of_chosen(self):
        async with self.people("tom") as (tom,):
            page = await self.to_time(tom, "thursday afternoon")
            self.assertIn("time", page.names())
            self.assertTrue(page.option("time", "Thu 3 Dec, 15:20"))
            page = await tom.go_on(page, "next", time_wish="15:20")
            self.assertIn("Thu 3 Dec 2026, 15:20", page.text())

    async def test_a_patient_cancels(self):
        async with self.people("tom") as (tom,):
            tom.say("book dr ruiz tomorrow 10:00, yes")
            await tom.hear(10)
            tom.say("book dr chen friday 10:00, yes")
            await tom.hear(10)
            page = await tom.begin("cancel")
            page = await tom.go_on(
                page, "next", appointment=page.option("appointment", "Chen"))
            self.assertIn("Dr. Wei Chen, Fri 4 Dec", page.text())
            done = await tom.go_on(page, "complete")
            self.assertIn("Cancelled", done.note)
            self.assertEqual(self.booked(), 1)

    async def test_a_doctor_sets_her_hours(self):
        async with self.people("ruiz") as (ruiz,):
            page = await ruiz.begin("hours")
            page = await ruiz.go_on(page, "next", hours="nonsense")
            self.assertEqual(page.note_type, "error")
            page = await ruiz.go_on(page, "next", hours="mon-fri 9-12")
            self.assertIn("mon-fri 09:00-12:00", page.text())
            done = await ruiz.go_on(page, "complete")
            self.assertIn("Saved", done.note)
            again = await ruiz.begin("hours")
            told = await ruiz.go_on(again, "next", hours=None)
            self.assertIn("Your hours: mon-fri 09:00-12:00", told.note)

    async def test_a_command_without_questions_answers_at_once(self):
        async with self.people("tom") as (tom,):
            done = await tom.begin("appointments")
            self.assertEqual(done.status, "completed")
            self.assertIn("no appointments", done.note)
            self.assertIsNone(done.form)

    async def test_a_long_list_is_told_page_by_page(self):
        async with self.people("ruiz") as (ruiz,):
            page = await ruiz.begin("free")
            page = await ruiz.go_on(page, "next", period="1 dec - 31 dec")
            self.assertEqual(page.status, "executing")
            self.assertEqual(page.actions, {"execute": "next",
                                            "all": {"next", "complete"}})
            self.assertIn("Tue 1 Dec", page.note)
            self.assertNotIn("Thu 31 Dec", page.note)
            last = await ruiz.go_on(page, "next")
            self.assertEqual(last.status, "completed")
            self.assertNotIn("Tue 1 Dec", last.note)
            self.assertIn("Thu 31 Dec", last.note)
            page = await ruiz.begin("free")
            page = await ruiz.go_on(page, "next", period="1 dec - 31 dec")
            ended = await ruiz.go_on(page, "complete")
            self.assertEqual((ended.status, ended.note), ("completed", ""))

    async def test_a_list_in_the_chat_goes_on_with_more(self):
        self.stack.cluster.psql(text="""INSERT INTO clinic.person (jid, name)
            SELECT format('p%s@localhost', n), format('Pat %s Moore', n)
            FROM generate_series(10, 34) n;""")
        async with self.people("admin") as (admin,):
            admin.say("people moore")
            first = (await admin.hear(10)).splitlines()
            self.assertEqual(len(first), 21)
            self.assertEqual(first[-1], 'Write "more" to see the rest.')
            admin.say("more")
            rest = (await admin.hear(10)).splitlines()
            self.assertEqual(len(rest), 5)
            self.assertEqual(len(set(first[:-1] + rest)), 25)
            admin.say("more")
            self.assertIn("no question open", await admin.hear(10))

    async def test_an_arrival_is_noted(self):
        async with self.people("tom", "admin") as (tom, admin):
            tom.say("book dr ruiz today 10:00, yes")
            await tom.hear(10)
            page = await admin.begin("arrived")
            done = await admin.go_on(
                page, "next", visit=page.option("visit", "Tom Baker"))
            self.assertIn("Tom Baker has arrived", done.note)

    async def test_what_goes_without_saying_is_not_asked(self):
        async with self.people("tom", "ruiz") as (tom, ruiz):
            tom.say("book dr ruiz today 10:00, yes")
            await tom.hear(10)
            done = await ruiz.begin("start")
            self.assertIn("Begun: Tom Baker", done.note)
            self.assertEqual(done.status, "completed")

    async def test_nothing_to_cancel_is_said(self):
        async with self.people("tom") as (tom,):
            done = await tom.begin("cancel")
            self.assertEqual((done.status, done.note_type),
                             ("completed", "error"))
            self.assertIn("no appointments", done.note)

    # How clients differ.

    async def test_steps_without_an_action_go_on(self):
        """Profanity sends none."""
        async with self.people("tom") as (tom,):
            page = await tom.begin("book", action=None)
            page = await tom.go_on(
                page, specialty=page.option("specialty", "Cardiology"))
            page = await tom.go_on(page, time_wish="friday 10:00")
            self.assertIn("Dr. Wei Chen, Fri 4 Dec 2026, 10:00", page.text())
            done = await tom.go_on(page)
            self.assertIn("Booked", done.note)

    async def test_execute_and_complete_go_on_as_well(self):
        """Some send these whatever is offered."""
        async with self.people("tom") as (tom,):
            page = await tom.begin("book")
            page = await tom.go_on(
                page, "complete",
                specialty=page.option("specialty", "Cardiology"))
            self.assertEqual(page.status, "executing")
            page = await tom.go_on(page, "execute", time_wish="friday 10:00")
            self.assertEqual((page.status, self.booked()), ("executing", 0))
            done = await tom.go_on(page, "execute")
            self.assertIn("Booked", done.note)

    async def test_a_form_with_its_options_repeated_is_read(self):
        """Gajim sends the whole form back, options before the value."""
        async with self.people("tom") as (tom,):
            page = await tom.begin("book")
            page = await tom.send_command(
                "book", page.session, "next",
                as_gajim(page, specialty=page.option("specialty", "Pedia")))
            self.assertEqual(page.names(), ["time", "time-wish"])
            page = await tom.send_command(
                "book", page.session, "next",
                as_gajim(page, time=page.option("time", "Mon 30 Nov, 10:20")))
            self.assertIn("Dr. Ngozi Okafor, Mon 30 Nov 2026, 10:20",
                          page.text())

    async def test_a_required_field_that_is_left_empty_is_asked_again(self):
        async with self.people("jane", "tom") as (jane, tom):
            page = await jane.begin("register")
            page = await jane.go_on(page, name="Jane Doe", birth=None,
                                    contact=None)
            self.assertEqual(page.status, "executing")
            self.assertIn("birth", page.names())
            page = await tom.begin("book")
            page = await tom.go_on(page, "next")
            self.assertEqual(page.names(), ["specialty"])

    async def test_the_desk_takes_commands_too(self):
        async with self.people("tom") as (tom,):
            answer = await tom.send_command("book", action="execute",
                                            to=tom.desk)
            self.assertEqual(answer.names(), ["specialty", "series"])

    # Back, away, and what is over.

    async def test_back_shows_the_page_before(self):
        async with self.people("tom") as (tom,):
            page = await self.to_time(tom)
            page = await tom.send_command("book", page.session, "prev")
            self.assertEqual(page.names(), ["doctor"])
            page = await tom.send_command("book", page.session, "prev")
            self.assertEqual(page.names(), ["specialty"])
            page = await tom.go_on(
                page, "next", specialty=page.option("specialty", "Cardio"))
            self.assertIn("Dr. Chen is free", page.text())

    async def test_a_cancelled_form_is_closed(self):
        async with self.people("tom") as (tom,):
            page = await self.to_time(tom, "friday 10:00")
            gone = await tom.send_command("book", page.session, "cancel")
            self.assertEqual(gone.status, "canceled")
            late = await tom.go_on(page, "complete")
            self.assertIn("bad-sessionid", late.errors)
            self.assertEqual(self.booked(), 0)

    async def test_a_finished_form_does_nothing_twice(self):
        async with self.people("tom") as (tom,):
            page = await self.to_time(tom, "friday 10:00")
            await tom.go_on(page, "complete")
            again = await tom.go_on(page, "complete")
            self.assertIn("bad-sessionid", again.errors)
            self.assertEqual(self.booked(), 1)

    async def test_a_session_is_its_owners_and_its_commands_alone(self):
        async with self.people("tom", "mia") as (tom, mia):
            page = await self.to_time(tom, "friday 10:00")
            stolen = await mia.go_on(page, "complete")
            self.assertIn("bad-sessionid", stolen.errors)
            other = await tom.send_command("cancel", page.session, "complete",
                                           submission({}))
            self.assertIn("bad-sessionid", other.errors)
            made_up = await tom.send_command("book", "0" * 32, "next",
                                             submission({}))
            self.assertIn("bad-sessionid", made_up.errors)
            empty = await tom.send_command("book", "", "next", submission({}))
            self.assertIn("bad-sessionid", empty.errors)
            self.assertEqual(self.booked(), 0)

    async def test_a_form_survives_the_end_of_the_bot(self):
        async with self.people("tom") as (tom,):
            page = await self.to_time(tom, "friday 10:00")
            await asyncio.to_thread(self.stack.bot_kill)
            await asyncio.to_thread(self.stack.bot_start)
            done = await tom.go_on(page, "complete")
            self.assertIn("Booked", done.note)

    # Others.

    async def test_a_time_taken_meanwhile_is_offered_no_more(self):
        async with self.people("tom", "mia") as (tom, mia):
            page = await self.to_time(tom, "friday 10:00")
            mia.say("book dr ruiz friday 10:00")
            self.assertIn("not free", await mia.hear(10))  # it is held
            await asyncio.to_thread(self.stack.move_clock, "+4m")
            mia.say("10:00, yes")
            self.assertIn("Booked", await mia.hear(10))
            page = await tom.go_on(page, "complete")
            self.assertEqual((page.status, page.note_type),
                             ("executing", "error"))
            self.assertIn("just taken", page.note)
            with self.assertRaises(AssertionError):
                page.option("time", "Fri 4 Dec, 10:00")
            page = await tom.go_on(
                page, "next", time=page.option("time", "Fri 4 Dec, 10:20"))
            done = await tom.go_on(page, "complete")
            self.assertIn("Booked", done.note)
            self.assertEqual(self.booked(), 2)

    async def test_a_time_is_free_when_its_form_is_left(self):
        async with self.people("tom", "mia") as (tom, mia):
            page = await self.to_time(tom, "friday 10:00")
            self.assertIn("I hold it for you for 3 minutes", page.text())
            for action in ("prev", "cancel"):
                mia.say("book dr ruiz friday 10:00")
                self.assertIn("not free", await mia.hear(10))
                await tom.send_command("book", page.session, action)
                mia.say("10:00")
                self.assertIn("Shall I book it?", await mia.hear(10))
                mia.say("stop")
                self.assertIn("changed nothing", await mia.hear(10))
                page = await self.to_time(tom, "friday 10:00")

    async def test_the_kind_of_visit_is_a_page(self):
        async with self.people("tom", "ruiz") as (tom, ruiz):
            page = await ruiz.begin("visit type")
            self.assertEqual(page.names(), ["name", "settings"])
            page = await ruiz.go_on(page, name="Follow-up",
                                    settings="25 EUR, 5 min after")
            self.assertEqual(page.names(), ["length"])
            page = await ruiz.go_on(page, length="10")
            self.assertIn("Follow-up: 10 min, 25 EUR, 5 min after",
                          page.text())
            done = await ruiz.go_on(page, "complete")
            self.assertIn("Saved", done.note)
            page = await tom.begin("book")
            page = await tom.go_on(
                page, specialty=page.option("specialty", "Dermatology"))
            self.assertEqual(page.names(), ["type"])
            page = await tom.go_on(
                page, type=page.option("type", "Follow-up"))
            self.assertIn("Dr. Ruiz is free", page.text())
            page = await tom.go_on(page, time_wish="friday 10:10")
            self.assertIn("Follow-up, Fri 4 Dec 2026, 10:10 to 10:20",
                          page.text())
            done = await tom.go_on(page, "complete")
            self.assertIn("Booked", done.note)

    async def test_staff_say_for_whom(self):
        async with self.people("admin") as (admin,):
            page = await admin.begin("book")
            page = await admin.go_on(
                page, **{"for": page.option("for", "Tom Baker"),
                         "specialty": page.option("specialty", "Cardiology")})
            page = await admin.go_on(page, time_wish="friday 10:00")
            self.assertIn("Tom Baker with Dr. Wei Chen", page.text())
            done = await admin.go_on(page, "complete")
            self.assertIn("Booked", done.note)

    async def test_a_listed_time_taken_meanwhile_is_asked_again(self):
        async with self.people("tom", "mia") as (tom, mia):
            page = await self.to_time(tom)
            wanted = page.option("time", "Mon 30 Nov, 09:20")
            mia.say("book dr ruiz today 9:20, yes")
            self.assertIn("Booked", await mia.hear(10))
            page = await tom.go_on(page, "next", time=wanted)
            self.assertEqual((page.status, page.note_type),
                             ("executing", "error"))
            self.assertIn("time", page.names())

    async def test_two_forms_and_a_chat_at_once(self):
        async with self.people("tom") as (tom,):
            one = await self.to_time(tom, "friday 10:00")
            other = await self.to_time(tom, "friday 11:00")
            self.assertNotEqual(one.session, other.session)
            tom.say("book")
            self.assertIn("Which specialty?", await tom.hear(10))
            self.assertIn("10:00", (await tom.go_on(one, "complete")).note)
            self.assertIn("11:00", (await tom.go_on(other, "complete")).note)
            tom.say("2")
            self.assertIn("Which doctor?", await tom.hear(10))
            self.assertEqual(self.booked(), 2)

    async def test_what_is_not_somebodys_business_is_forbidden(self):
        async with self.people("jane", "tom", "ruiz") as (jane, tom, ruiz):
            for one, node in ((jane, "book"), (jane, "cancel"),
                              (jane, "today"), (tom, "hours"),
                              (tom, "add doctor"), (ruiz, "stats"),
                              (ruiz, "confirm")):
                refused = await one.begin(node)
                self.assertIn("forbidden", refused.errors, node)
            self.assertEqual(self.count(
                "SELECT count(*) FROM clinic.audit"
                " WHERE action LIKE '%refused%'"), 7)

    async def test_choices_that_were_not_offered_are_not_taken(self):
        async with self.people("tom") as (tom,):
            page = await tom.begin("book")
            for value in ("999999", "'; DROP TABLE clinic.person; --", "-1"):
                page = await tom.go_on(page, "next", specialty=value)
                self.assertEqual((page.status, page.note_type),
                                 ("executing", "error"))
            page = await self.to_time(tom)
            page = await tom.go_on(page, "next", time="2026-11-30T02:00:00Z")
            self.assertEqual(page.note_type, "error")
            self.assertEqual(self.booked(), 0)


if __name__ == "__main__":
    sys.exit(unittest.main())
