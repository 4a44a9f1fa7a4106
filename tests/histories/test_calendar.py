#!/usr/bin/python3
"""test_calendar.py - random histories: many people at once, one calendar.

	[CARELAY=PROGRAM] tests/histories/test_calendar.py [--seed N]
		[--operations N] [--people N]

Patients hold, book, move and cancel the same few doctors' time, each in a
session of their own, and wait for what is full; doctors change hours, take time
off and answer requests; the clock goes on; the bot is killed and comes back.
Each person remembers what they were told. Afterwards the record
(clinic.appointment_event) is played again and compared with a simple model:
nothing overlapped at any time, every change was allowed, what came free was
offered to the first whom it fitted, and what each person was told is what there
is, or they were told of the change.
"""
import random
import sys
import tempfile
import threading
import time
import unittest
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "stack")]
# pylint: disable=wrong-import-position
from processes import until  # noqa: E402
from psql import Psql, option  # noqa: E402
from stack import Stack  # noqa: E402

SEED = option("--seed", 20261130)
OPERATIONS = option("--operations", 5000)
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


class Session(Psql):
    """The bot's role, with the words of refusals."""

    def __init__(self, url):
        super().__init__(url, "verbose")
        self.run("SET client_min_messages = error;")

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
        self.waited = set()
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
                             self.cancel, self.wait, self.leave, self.answer],
                            [6, 3, 4, 4, 2, 0.3, 4])[0]()

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


    def wait(self):
        """For hours that are full, with a doctor or with whoever; once with
        each, because a wish that is changed keeps its place."""
        day, hour = self.random.choice(DAYS), self.random.randrange(9, 17)
        name = self.random.choice(DOCTORS)
        whom = (self.history.doctors[name], "NULL")
        if self.random.random() < 0.3:
            whom = ("NULL", self.history.specialty)
        if whom in self.waited:
            return
        wish = f"'{day}', '{day}', '{hour:02}:00', '{hour + 2:02}:00'"
        if not self.ask("look", (
                f"SELECT starts FROM api.slots('{self.jid}', {whom[0]}, "
                f"{whom[1]}, {wish}, NULL, 1, NULL)")):
            self.waited.add(whom)
            self.ask("wait", (
                f"SELECT id FROM api.waitlist_join('{self.jid}', {whom[0]}, "
                f"{whom[1]}, {wish})"))

    def leave(self):
        rows = self.ask("look", f"SELECT id FROM api.waitlist('{self.jid}')")
        if rows:
            self.ask("leave", (f"SELECT whom FROM api.waitlist_leave("
                               f"'{self.jid}', {rows[0][0]})"))

    def answer(self):
        """Takes what is offered, or leaves it to the next."""
        rows = self.ask("look", (
            f"SELECT code FROM api.questions('{self.jid}')"
            " WHERE kind = 'offer'"))
        if not rows:
            return
        code = self.random.choice(rows)[0]
        if self.random.random() < 0.5:
            self.ask("pass", f"SELECT code FROM api.pass('{self.jid}', "
                     f"'{code}')")
            return
        rows = self.ask("accept", ("SELECT code, doctor, starts_at FROM "
                                   f"api.accept('{self.jid}', '{code}')"))
        if rows:
            self.visits[rows[0][0]] = (rows[0][1], rows[0][2])


class Waiter(Patient):
    """Only waits for others to go."""

    def step(self):
        time.sleep(0.02)
        self.random.choices([self.wait, self.answer], [1, 2])[0]()


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
        self.specialty = self.owner.ask(
            "SELECT id FROM clinic.specialty WHERE name = 'Dermatology'"
        )[0][0]
        for number in range(2 * PEOPLE):
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
        self.people += [Waiter(self, f"user{number}", seed + number)
                        for number in range(PEOPLE, 2 * PEOPLE)]
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
        # A claim that was not answered in time is made again in a minute.
        until(150, "nothing is due any more", self.is_quiet, 0.2)

    def is_quiet(self):
        return self.owner.ask(
            "SELECT (SELECT count(*) FROM clinic.appointment WHERE"
            " expires_at <= clinic.now()) + (SELECT count(*) FROM"
            " clinic.delivery WHERE outcome IS NULL AND (next_at <="
            " clinic.now() OR holder IS NOT NULL))") == [["0"]]

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
            " coalesce(event.reason, '')"
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

    @staticmethod
    def beside(visit, others, spans, has_buffers, code):
        begins, ends, before, after = spans[visit]
        for other in others:
            first, last, other_before, other_after = spans[other]
            gap = has_buffers * (after + other_before)
            back = has_buffers * (before + other_after)
            if begins < last + back and first < ends + gap:
                raise AssertionError(f"{code} and visit {other} overlap")


class Line:
    """The waitlist, played again: was it always the first whom it fitted?"""

    # What is so near in the record, or in the clinic's time, may have been at
    # the same moment.
    CHANGES, MINUTES = 30, 6 * 60

    def __init__(self, owner, events):
        self.waiting = {row[0]: row for row in owner.ask(
            "SELECT waiting.id, patient, coalesce(doctor, 0),"
            " coalesce(specialty, 0), extract(epoch FROM lower(span)),"
            " extract(epoch FROM upper(span)), coalesce(time_from::text, ''),"
            " coalesce(time_to::text, ''), extract(epoch FROM created_at),"
            " coalesce(extract(epoch FROM ended_at)::text, ''),"
            " coalesce(instead_of, 0), zone FROM clinic.waiting ORDER BY id")}
        self.offers = owner.ask(
            "SELECT appointment, waiting, offer.doctor,"
            " extract(epoch FROM starts_at), extract(epoch FROM"
            " offer.created_at) FROM clinic.offer WHERE waiting IS NOT NULL"
            " ORDER BY appointment")
        self.specialties = {tuple(row) for row in owner.ask(
            "SELECT doctor, specialty FROM clinic.doctor_specialty")}
        self.began, self.ended = {}, {}
        self.planned = defaultdict(list)    # patient -> (from, to, span)
        self.touched = defaultdict(list)    # patient -> places in the record
        since = {}
        for place, event in enumerate(events):
            visit, state = event[0], event[3]
            self.began.setdefault(visit, place)
            self.touched[event[7]].append(place)
            if visit in since:
                patient, span, first = since.pop(visit)
                self.planned[patient].append((first, place, span))
            if state in PLANNED:
                since[visit] = event[7], (float(event[4]),
                                          float(event[5])), place
            if state not in ("held", "requested"):
                self.ended.setdefault(visit, place)
        for patient, span, first in since.values():
            self.planned[patient].append((first, len(events), span))

    def check(self):
        """Somebody with whom another transaction deals at that moment is
        passed over (clinic.offer_try), and of one that changed nothing there
        is no record: that may be, but is rare."""
        wrong = []
        for visit, waiting, doctor, starts, made in self.offers:
            wrong += [
                f"visit {visit} was offered to {waiting}, who came after {one}"
                for other, one in self.waiting.items()
                if self.came(other) < self.came(waiting) and self.should_have(
                    one, doctor, float(starts), self.began[visit],
                    float(made))]
        if len(wrong) > 1:
            raise AssertionError("\n".join(wrong))
        return len(self.offers)

    def came(self, number):
        return float(self.waiting[number][8]), int(number)

    def should_have(self, one, doctor, starts, place, made):
        number, patient = one[0], one[1]
        if one[2] != doctor and (doctor, one[3]) not in self.specialties:
            return False
        if not float(one[4]) <= starts < float(one[5]) or one[10] != "0":
            return False
        clock = datetime.fromtimestamp(starts, ZoneInfo(one[11]))
        if not one[6] <= clock.strftime("%H:%M:%S") < one[7]:
            return False
        if float(one[8]) > made - self.MINUTES or (
                one[9] and float(one[9]) < made + self.MINUTES):
            return False
        if any(abs(near - place) < self.CHANGES
               for near in self.touched[patient]):
            return False
        if any(first < place < last and span[0] < starts + 3600
               and starts < span[1] + 3600
               for first, last, span in self.planned[patient]):
            return False
        return not any(
            waiting == number and self.began[visit] < place
            and ((offered, at) == (doctor, starts)
                 or self.ended.get(visit, place + 1) > place)
            for visit, waiting, offered, at, _ in
            ((row[0], row[1], row[2], float(row[3]), 0)
             for row in self.offers))


class Calendar(unittest.TestCase):
    """A real database and the real bot; the people are played."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.stack = Stack(holder.name + "/s")
        cls.addClassCleanup(cls.stack.down)
        cls.stack.up(now=NOW.isoformat(), users=2 * PEOPLE)

    def test_many_people_and_one_calendar(self):
        history = History(self.stack)
        try:
            history.play(SEED)
            history.overlaps()
            record = Record(history.owner)
            record.check()
            held = history.owner.ask(
                "SELECT id FROM clinic.appointment WHERE state = 'held'"
                " AND (NOT is_offer OR expires_at <= clinic.now())")
            self.assertEqual(held, [], "still held")
            for one in history.people[:2 * PEOPLE]:
                self.compare(one, record, history.owner)
            offers = Line(history.owner, record.events).check()
            self.assertEqual(history.owner.ask(
                "SELECT count(*) FROM clinic.delivery WHERE kind = 'offer'"
                " AND outcome = 'sent' AND claimed_at >= lower(during)"),
                [["0"]], "a time that has passed was offered")
            self.report(history, record, offers)
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
            if last[11].startswith("another time is booked instead"):
                continue    # they said so, when they took what was offered
            self.assertNotEqual(last[1], patient.jid,
                                f"{code} is lost for {patient.jid}")
            notices = owner.ask(
                "SELECT kind, outcome, tries FROM clinic.delivery"
                " JOIN clinic.appointment ON appointment.id = appointment"
                " JOIN clinic.person ON person.id = recipient"
                f" WHERE code = '{code}' AND jid = '{patient.jid}'"
                " AND kind <> 'reminder'")
            self.assertIn("sent", [row[1] for row in notices],
                          f"{patient.jid} was not told of {last}: {notices}")

    def report(self, history, record, offers):
        counts = sum((one.counts for one in history.people), Counter())
        print(f"{sum(counts.values())} operations of {len(history.people)} "
              f"people, {len(record.events)} changes, {offers} offers: "
              + ", ".join(f"{what} {count}"
                          for what, count in sorted(counts.items())))
        for what in ("book", "move", "cancel", "hold", "release", "off",
                     "book refused", "doctor moves", "doctor cancels",
                     "approve", "decline", "hours", "wait", "accept", "pass"):
            self.assertGreater(counts[what], 0, f"nobody did: {what}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
