#!/usr/bin/python3
"""test_calendar.py - random histories: many people at once, one calendar.

	[CARELAY=PROGRAM] tests/histories/test_calendar.py [--seed N]
		[--operations N] [--people N]

Patients hold, book, move and cancel the same few doctors' time, each in a session
of their own; doctors change hours, take time off and answer requests; the clock
goes on; the bot is killed and comes back. Each person remembers what they were
told. Afterwards the record (clinic.appointment_event) is played again and compared
with a simple model: nothing overlapped at any time, every change was allowed, and
what each person was told is what there is, or they were told of the change.
"""
import random
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "stack")]
# pylint: disable=wrong-import-position
from stack import Stack  # noqa: E402


def option(name, standard):
    if name not in sys.argv:
        return standard
    at = sys.argv.index(name)
    value = int(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    return value


SEED = option("--seed", 20261130)
OPERATIONS = option("--operations", 3000)
PEOPLE = option("--people", 12)
LIMIT_S = 240
NOW = datetime(2026, 11, 30, 7, tzinfo=timezone.utc)
DOCTORS = ["ruiz", "chen", "okafor"]
# Few days and few hours, so that people meet.
DAYS = ["2026-12-01", "2026-12-02", "2026-12-03"]
TYPES = {"ruiz": [None, "ECG"], "chen": [None, "ECG", "Long"],
         "okafor": [None, "Long"]}
LIVE = {"held", "requested", "booked", "arrived"}
PLANNED = LIVE - {"held"}

SET_UP = """
SELECT api.room_add('admin@localhost', 'ECG');
SELECT api.visit_type_set('admin@localhost', id, NULL, 'ECG',
	'{"minutes": 20, "before": 5, "after": 10, "needs": "ECG"}')
FROM clinic.person WHERE jid IN ('ruiz@localhost', 'chen@localhost');
SELECT api.visit_type_set('admin@localhost', id, NULL, 'Long',
	'{"minutes": 50, "after": 10, "most": 4}')
FROM clinic.person WHERE jid IN ('okafor@localhost', 'chen@localhost');
UPDATE clinic.doctor SET approves = true, approve_minutes = 30
WHERE person = (SELECT id FROM clinic.person WHERE jid = 'chen@localhost');
"""


class Session:
    """psql as the bot's role, held open."""

    def __init__(self, url):
        self.psql = subprocess.Popen(  # pylint: disable=consider-using-with
            ["psql", "-XAtq", "-F", "|", url], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.run("\\set VERBOSITY verbose\nSET client_min_messages = error;")

    def close(self):
        self.psql.stdin.close()
        self.psql.wait(10)
        self.psql.stdout.close()

    def run(self, text):
        self.psql.stdin.write(text + "\n\\echo <end>\n")
        self.psql.stdin.flush()
        lines = []
        while (line := self.psql.stdout.readline().rstrip("\n")) != "<end>":
            if not line and self.psql.poll() is not None:
                raise AssertionError("psql ended")
            lines.append(line)
        return lines

    def ask(self, query):
        """Rows; None when it was refused in words."""
        lines = self.run(query + ";")
        errors = [line for line in lines if line.startswith("ERROR:")]
        if not errors:
            return [line.split("|") for line in lines]
        if not errors[0].startswith("ERROR:  CL00"):
            raise AssertionError(f"{lines[:3]} for {query}")
        return None


class Person(threading.Thread):
    """Somebody with a session who does random things."""

    def __init__(self, history, name, seed):
        super().__init__(name=name, daemon=True)
        self.history = history
        self.jid = f"{name}@localhost"
        self.random = random.Random(seed)
        self.session = Session(history.url)
        self.visits = {}    # code -> (doctor, start): as they were told last
        self.counts = Counter()
        self.failure = None

    def run(self):
        try:
            while self.history.go_on():
                self.step()
        except Exception as failure:  # pylint: disable=broad-except
            self.failure = failure
        finally:
            self.session.close()

    def ask(self, what, query):
        rows = self.session.ask(query)
        self.counts[what + (" refused" if rows is None else "")] += 1
        return rows


class Patient(Person):
    """Wants what everybody wants."""

    def step(self):
        self.random.choices([self.book, self.book_blindly, self.move,
                             self.cancel], [6, 3, 4, 3])[0]()

    def slot(self, doctor, kind, moving=None):
        day = self.random.choice(DAYS)
        rows = self.ask("look", (
            f"SELECT doctor, starts_at FROM api.slots('{self.jid}', {doctor}, "
            f"NULL, '{day}', '{day}', NULL, NULL, NULL, 40, {text(moving)}, "
            f"{text(kind)})"))
        return self.random.choice(rows[:6]) if rows else None

    def book(self):
        """Looks, holds, thinks, and says yes or goes away."""
        name = self.random.choice(DOCTORS)
        kind = self.random.choice(TYPES[name])
        slot = self.slot(self.history.doctors[name], kind)
        if not slot:
            return
        held = self.ask("hold", (
            f"SELECT starts FROM api.hold('{self.jid}', {slot[0]}, "
            f"'{slot[1]}', {text(kind)}, NULL, NULL)"))
        if held and self.random.random() < 0.2:
            if self.random.random() < 0.5:
                self.ask("release", f"SELECT api.release('{self.jid}')")
            return
        self.take(slot, kind)

    def book_blindly(self):
        """Two may say so at once; and each says it twice."""
        name = self.random.choice(DOCTORS)
        slot = self.slot(self.history.doctors[name], None)
        if slot:
            self.take(slot, None)
            if self.random.random() < 0.3:
                self.take(slot, None)

    def take(self, slot, kind):
        rows = self.ask("book", (
            f"SELECT code, doctor, starts_at, state FROM api.book('{self.jid}'"
            f", {slot[0]}, '{slot[1]}', {text(kind)})"))
        if rows:
            self.visits[rows[0][0]] = (rows[0][1], rows[0][2])

    def move(self):
        if not self.visits:
            return
        code = self.random.choice(list(self.visits))
        slot = self.slot(self.visits[code][0], None, code)
        if not slot:
            return
        if self.random.random() < 0.6:
            self.ask("hold", (
                f"SELECT starts FROM api.hold('{self.jid}', NULL, '{slot[1]}',"
                f" NULL, NULL, '{code}')"))
        rows = self.ask("move", (
            "SELECT code, doctor, starts_at FROM api.move("
            f"'{self.jid}', '{code}', '{slot[1]}')"))
        if rows:
            self.visits[code] = (rows[0][1], rows[0][2])

    def cancel(self):
        if not self.visits:
            return
        code = self.random.choice(list(self.visits))
        if self.ask("cancel", ("SELECT code FROM api.cancel("
                               f"'{self.jid}', '{code}', NULL)")):
            del self.visits[code]


class Doctor(Person):
    """Changes her mind about her time, and the visits in it."""

    def step(self):
        time.sleep(0.05)
        self.random.choice([self.take_off, self.work_after_all, self.extra,
                            self.hours, self.shift, self.drop,
                            *[self.answer] * 3])()

    def moment(self):
        return (f"{self.random.choice(DAYS)} "
                f"{self.random.randrange(9, 18):02}:00")

    def take_off(self):
        at = self.moment()
        self.ask("off", (f"SELECT code FROM api.off_add('{self.jid}', '{at}',"
                         f" timestamp '{at}' + interval '1 hour', NULL)"))

    def work_after_all(self):
        rows = self.ask("look", f"SELECT id FROM api.off('{self.jid}')")
        if rows:
            self.ask("remove off", (
                f"SELECT starts FROM api.off_remove('{self.jid}', "
                f"{self.random.choice(rows)[0]})"))

    def extra(self):
        at = f"{self.random.choice(DAYS)} 19:00"
        self.ask("also", (f"SELECT api.also_add('{self.jid}', "
                          f"'[[\"{at}\", \"{at[:11]}20:00\"]]')"))

    def hours(self):
        """Other hours, and on these days only."""
        starts = self.random.choice(["08:00", "09:00", "09:30"])
        pairs = ",".join(f'["{day} {starts}", "{day} 18:00"]'
                         for day in DAYS)
        self.ask("hours", (
            f"SELECT code FROM api.hours_set('{self.jid}', '[{{\"rrule\": "
            f"\"FREQ=DAILY\", \"starts\": \"{starts}\", \"ends\": "
            f"\"18:00\"}}]', '[{pairs}]')"))

    def answer(self):
        """Says yes or no to what somebody asks for, sometimes twice."""
        rows = self.ask("look",
                        f"SELECT code FROM api.questions('{self.jid}')")
        if rows:
            how = self.random.choice(["approve", "approve", "decline"])
            code = self.random.choice(rows)[0]
            for _ in range(self.random.choice([1, 2])):
                self.ask(how, f"SELECT code FROM api.{how}('{self.jid}', "
                         f"'{code}'" + (", NULL" * (how == "decline")) + ")")

    def visit(self):
        rows = self.ask("look", (
            f"SELECT code FROM api.agenda('{self.jid}', '{DAYS[0]}', "
            f"'{DAYS[-1]}', NULL, NULL)"))
        return self.random.choice(rows)[0] if rows else None

    def drop(self):
        code = self.visit()
        if code and self.random.random() < 0.3:
            self.ask("doctor cancels", (
                f"SELECT code FROM api.cancel('{self.jid}', '{code}', 'ill')"))

    def shift(self):
        code = self.visit()
        rows = code and self.ask("look", (
            f"SELECT starts_at FROM api.slots('{self.jid}', "
            f"{self.history.doctors[self.name]}, NULL, NULL, NULL, NULL, NULL,"
            f" NULL, 20, '{code}')"))
        if rows:
            self.ask("doctor moves", (
                f"SELECT code FROM api.move('{self.jid}', '{code}', "
                f"'{self.random.choice(rows)[0]}')"))


def text(value):
    return "NULL" if value is None else f"'{value}'"


class History:
    """What all of them do until there were enough operations."""

    def __init__(self, stack):
        self.stack = stack
        self.url = stack.database_url("bot")
        self.owner = Session(stack.database_url())
        self.until = time.monotonic() + LIMIT_S
        self.people = []
        self.owner.ask(SET_UP.strip().rstrip(";"))
        self.doctors = {name: self.owner.ask(
            f"SELECT id FROM clinic.person WHERE jid = '{name}@localhost'"
        )[0][0] for name in DOCTORS}
        for number in range(PEOPLE):
            self.owner.ask(
                f"SELECT api.register('user{number}@localhost', 'User "
                f"{number}', '1990-01-01', NULL, NULL)")

    def done(self):
        return sum(sum(one.counts.values()) for one in self.people)

    def go_on(self):
        return (self.done() < OPERATIONS and time.monotonic() < self.until
                and not any(one.failure for one in self.people))

    def play(self, seed):
        chance = random.Random(seed)
        self.people = [Patient(self, f"user{number}", seed + number)
                       for number in range(PEOPLE)]
        self.people += [Doctor(self, name, seed + 1000 + number)
                        for number, name in enumerate(DOCTORS)]
        for one in self.people:
            one.start()
        now = NOW
        while self.go_on():
            time.sleep(0.3)
            now += timedelta(minutes=chance.choice([1, 2, 4]))
            self.stack.set_clock(now.isoformat())
            self.overlaps()
            if chance.random() < 0.1:
                self.stack.bot_kill()
                self.stack.bot_start()
        for one in self.people:
            one.join(60)
            if one.failure:
                raise one.failure
        # What is still held, asked or offered comes to its end.
        self.stack.set_clock((now + timedelta(hours=2)).isoformat())
        self.stack.settle()

    def overlaps(self):
        """Two of anything at one time, asked of the tables."""
        found = self.owner.ask(
            "SELECT a.code, b.code FROM clinic.appointment a"
            " JOIN clinic.appointment b ON a.id < b.id"
            " AND (a.doctor = b.doctor AND a.is_live AND b.is_live"
            "  AND a.blocked && b.blocked"
            " OR a.patient = b.patient AND a.is_planned AND b.is_planned"
            "  AND a.during && b.during)"
            " UNION ALL SELECT a.appointment::text, b.appointment::text"
            " FROM clinic.appointment_resource a"
            " JOIN clinic.appointment_resource b"
            " ON a.resource = b.resource AND a.blocked && b.blocked"
            " AND a.appointment < b.appointment")
        if found:
            raise AssertionError(f"{found} are at the same time")


class Record:
    """The record of all visits, played again."""

    def __init__(self, owner):
        self.events = owner.ask(
            "SELECT event.appointment, coalesce(person.jid, ''), event.was,"
            " event.state, extract(epoch FROM lower(event.during)),"
            " extract(epoch FROM upper(event.during)), appointment.doctor,"
            " appointment.patient, visit_type.before_minutes * 60,"
            " visit_type.after_minutes * 60, appointment.code,"
            " coalesce(extract(epoch FROM lower(event.was_during)), 0)"
            " FROM clinic.appointment_event event"
            " JOIN clinic.appointment ON appointment.id = event.appointment"
            " JOIN clinic.visit_type ON visit_type.id = visit_type"
            " LEFT JOIN clinic.person ON person.id = event.actor"
            " ORDER BY event.id")
        self.allowed = {tuple(row) for row in owner.ask(
            "SELECT was, becomes FROM clinic.appointment_transition")}

    def check(self):
        """Raises when the record tells of what must never be."""
        states, spans = {}, {}
        by_doctor, by_patient = defaultdict(set), defaultdict(set)
        for (visit, _, was, state, begins, ends, doctor, patient, before,
             after, code, _) in self.events:
            if (was or None) != states.get(visit):
                raise AssertionError(f"{code} was {states.get(visit)}, not "
                                     f"{was}")
            if was and (was, state) not in self.allowed:
                raise AssertionError(f"{code} went from {was} to {state}")
            states[visit] = state
            spans[visit] = (float(begins), float(ends), int(before),
                            int(after))
            by_doctor[doctor].discard(visit)
            by_patient[patient].discard(visit)
            if state in PLANNED:
                self.beside(visit, by_doctor[doctor], spans, True, code)
                self.beside(visit, by_patient[patient], spans, False, code)
                by_doctor[doctor].add(visit)
                by_patient[patient].add(visit)
        return states

    @staticmethod
    def beside(visit, others, spans, has_buffers, code):
        begins, ends, before, after = spans[visit]
        for other in others:
            first, last, other_before, other_after = spans[other]
            gap = has_buffers * (after + other_before)
            back = has_buffers * (before + other_after)
            if begins < last + back and first < ends + gap:
                raise AssertionError(f"{code} and visit {other} overlap")


class Calendar(unittest.TestCase):
    """A real database and the real bot; the people are played."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.stack = Stack(holder.name + "/s")
        cls.addClassCleanup(cls.stack.down)
        cls.stack.up(now=NOW.isoformat(), users=PEOPLE)

    def test_many_people_and_one_calendar(self):
        history = History(self.stack)
        try:
            history.play(SEED)
            history.overlaps()
            record = Record(history.owner)
            states = record.check()
            self.assertFalse([visit for visit, state in states.items()
                              if state == "held"], "still held")
            for one in history.people[:PEOPLE]:
                self.compare(one, record, history.owner)
            self.report(history, record)
        except AssertionError as wrong:
            raise AssertionError(f"--seed {SEED}: {wrong}") from wrong
        finally:
            history.owner.close()

    def compare(self, patient, record, owner):
        """What somebody was told last, or a notice told them otherwise."""
        there = {row[0]: (row[1], row[2]) for row in owner.ask(
            "SELECT code, doctor, starts_at FROM "
            f"api.appointments('{patient.jid}', NULL, NULL)")}
        self.assertEqual(set(there) - set(patient.visits), set(),
                         f"{patient.jid} was not told of")
        for code, told in patient.visits.items():
            if there.get(code) == told:
                continue
            last = [event for event in record.events if event[10] == code][-1]
            self.assertNotEqual(last[1], patient.jid,
                                f"{code} is lost for {patient.jid}")
            notices = owner.ask(
                "SELECT count(*) FROM clinic.delivery JOIN clinic.appointment"
                " ON appointment.id = appointment JOIN clinic.person ON"
                f" person.id = recipient WHERE code = '{code}' AND jid ="
                f" '{patient.jid}' AND kind <> 'reminder'"
                " AND outcome = 'sent'")
            self.assertNotEqual(notices, [["0"]],
                                f"{patient.jid} was not told of {code}")

    def report(self, history, record):
        counts = sum((one.counts for one in history.people), Counter())
        print(f"{sum(counts.values())} operations of {len(history.people)} "
              f"people, {len(record.events)} changes: "
              + ", ".join(f"{what} {count}"
                          for what, count in sorted(counts.items())))
        for what in ("book", "move", "cancel", "hold", "release", "off",
                     "book refused", "doctor moves", "doctor cancels",
                     "approve", "decline", "hours"):
            self.assertGreater(counts[what], 0, f"nobody did: {what}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
