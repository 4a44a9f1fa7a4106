#!/usr/bin/python3
"""test_histories.py - random histories: no reminder twice, late or for nothing.

	tests/remind/test_histories.py [--seed N] [--histories N]

Patients book, move, cancel and change what they wish; the clinic changes its
settings; time passes in minutes or in days; the bot, played here, is away, dies
before or after it has sent what it claimed, and fails. After each step what was
sent is compared with what a simple model says of the visits.
"""
import random
import re
import sys
import tempfile
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "stack")]
# pylint: disable=wrong-import-position
from psql import Psql, option  # noqa: E402
from stack import Stack  # noqa: E402

SEED = option("--seed", 20261130)
HISTORIES = option("--histories", 12)
STEPS = 50
NOW = datetime(2026, 11, 30, 7, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
MARGIN = 10 * MINUTE
PATIENTS = ["tom@localhost", "mia@localhost"]
DOCTORS = ["ruiz@localhost", "chen@localhost", "okafor@localhost"]
ZONES = ["Europe/Madrid", "America/Bogota", "Australia/Lord_Howe"]
WISHES = [None, "", "60", "1440 60", "2880 180", "30", "4320 1440 120 15"]
CLINICS = ["1440 60", "1440", "2880 1440 60", ""]
QUIET = ["21:00-08:00", "21:00-08:00", "", "12:00-16:30", "23:30-06:15"]


class Database(Psql):
    """What it does happens at a time that is said."""

    def __init__(self, url):
        super().__init__(url, "sqlstate")

    def at(self, now, query):
        """Rows, or None when it is refused."""
        lines = self.run(
            "BEGIN; UPDATE clinic.clock SET offset_ms = ceil(1000 * extract("
            f"epoch FROM '{now.isoformat()}' - pg_catalog.now()));"
            f" {query}; COMMIT;")
        errors = [line for line in lines if "ERROR:" in line]
        if errors and not re.search(r"ERROR:\s+CL00[1-4]", errors[0]):
            raise AssertionError(f"{errors} for {query}")
        return None if errors else [line.split("|") for line in lines]


class Visit:
    """As the model knows it: since is when it got this time."""

    def __init__(self, patient, start, since):
        self.patient, self.start, self.since = patient, start, since


class Broken(AssertionError):
    """Something was sent that should not, or the other way round."""


class History:
    """One history, from an empty clinic."""

    def __init__(self, database, seed):
        self.database = database
        self.random = random.Random(seed)
        self.now = NOW
        self.visits = {}
        self.zones = {who: ZONES[0] for who in PATIENTS}
        self.wishes = {who: None for who in PATIENTS}
        self.clinic = [1440, 60]
        self.quiet = "21:00-08:00"
        self.changed = {who: NOW for who in PATIENTS}
        self.told = {}        # (code, start, minutes) -> when, proved
        self.excused = {}     # the same -> until when, after a failure
        self.is_away = False
        self.log = []
        self.messages = 0

    def ask(self, query):
        return self.database.at(self.now, query)

    def play(self):
        for _ in range(STEPS):
            self.random.choices(
                [self.book, self.move, self.cancel, self.wish, self.zone,
                 self.configure, self.leave, self.wait],
                [10, 3, 2, 2, 1, 1, 8 if self.is_away else 1, 16])[0]()
            if not self.is_away:
                self.deliver()

    # What people do.

    def start(self):
        """A random free start, in words of SQL, of a random doctor."""
        day = (self.now + timedelta(days=self.random.choice(
            [0, 0, 1, 1, 2, 4]))).date()
        rows = self.ask(
            f"SELECT doctor, starts_at FROM api.slots('{PATIENTS[0]}', (SELECT"
            f" id FROM clinic.person WHERE jid = '{self.random.choice(DOCTORS)}"
            f"'), NULL, '{day}', '{day}', NULL, NULL, NULL, 60, NULL)")
        return self.random.choice(rows) if rows else None

    def book(self):
        slot = self.start()
        who = self.random.choice(PATIENTS)
        if not slot:
            return
        rows = self.ask("SELECT code, starts_at FROM api.book("
                        f"'{who}', {slot[0]}, '{slot[1]}')")
        if rows:
            self.visits[rows[0][0]] = Visit(who, instant(rows[0][1]), self.now)
            self.note("book", rows[0])

    def move(self):
        slot = self.start()
        if not slot or not self.visits:
            return
        code = self.random.choice(list(self.visits))
        rows = self.ask("SELECT code, starts_at FROM api.move("
                        f"'{self.visits[code].patient}', '{code}',"
                        f" '{slot[1]}')")
        if rows:
            self.visits[code].start = instant(rows[0][1])
            self.visits[code].since = self.now
            self.note("move", rows[0])

    def cancel(self):
        if self.visits:
            code = self.random.choice(list(self.visits))
            if self.ask("SELECT code FROM api.cancel("
                        f"'{self.visits[code].patient}', '{code}', NULL)"):
                del self.visits[code]
                self.note("cancel", code)

    def wish(self):
        who, wish = self.random.choice(PATIENTS), self.random.choice(WISHES)
        self.ask(f"SELECT api.reminders_set('{who}', " + (
            "NULL" if wish is None else f"'{wish}'") + ")")
        self.wishes[who] = None if wish is None else numbers(wish)
        self.changed[who] = self.now
        self.note("wish", who, wish)

    def zone(self):
        who, zone = self.random.choice(PATIENTS), self.random.choice(ZONES)
        self.ask(f"SELECT api.my_set('{who}', 'timezone', '{zone}')")
        self.zones[who] = zone
        self.changed[who] = self.now
        self.note("zone", who, zone)

    def configure(self):
        minutes = self.random.choice(CLINICS)
        self.quiet = self.random.choice(QUIET)
        self.ask("SELECT api.configure('Riverside Clinic', 'Europe/Madrid',"
                 f" 'EUR', 'en', '{minutes}', 120, '', '{self.quiet}')")
        self.clinic = numbers(minutes)
        for who in PATIENTS:
            self.changed[who] = self.now
        self.note("configure", minutes, self.quiet)

    def leave(self):
        """The bot goes, or comes back."""
        self.is_away = not self.is_away
        self.note("away" if self.is_away else "back")

    def wait(self):
        """Time passes; a bot that is there looks when something is due."""
        until = self.now + self.random.choice(
            [7 * MINUTE, 40 * MINUTE, timedelta(hours=2), timedelta(hours=7),
             timedelta(hours=23), timedelta(days=3)])
        while not self.is_away:
            rows = self.ask("SELECT wait_ms FROM api.deliveries_wait()")
            if not rows[0][0]:
                break
            due = self.now + timedelta(milliseconds=max(1, int(rows[0][0])))
            if due > until:
                break
            self.now = due
            self.deliver()
        self.now = until
        self.note("now", until)

    # The bot.

    def deliver(self):
        """Claims, sends, proves, until nothing is due; or dies on the way."""
        while True:
            rows = self.ask(
                "SELECT id, stanza_id, kind FROM api.deliveries_claim("
                "'bot', 50, 60); SELECT 'told', coalesce(leader, delivery.id),"
                " minutes_before, code, extract(epoch FROM"
                " lower(delivery.during)) FROM clinic.delivery"
                " JOIN clinic.appointment ON appointment.id = appointment"
                " WHERE kind = 'reminder' AND outcome IS NULL AND holder ="
                " 'bot' AND claimed_at = clinic.now()")
            claimed = {row[0]: row for row in rows if row[0] != "told"}
            told = [(row[1], row[3], datetime.fromtimestamp(
                float(row[4]), timezone.utc), int(row[2]))
                for row in rows if row[0] == "told"]
            if not claimed:
                break
            fate = self.random.random()
            if fate < 0.05:          # it dies before it sends
                self.excuse(told, 2 * MINUTE, "died")
                return
            self.check_sent(told)
            if fate < 0.1:           # or after, before it is proved
                self.excuse(told, 2 * MINUTE, "died late")
                return
            if fate < 0.15:
                for one in claimed:
                    self.ask(f"SELECT api.delivery_failed('bot', {one}, 'x')")
                self.excuse(told, timedelta(hours=3), "failed")
                return
            self.ask("SELECT api.deliveries_done('bot', "
                     f"'{' '.join(claimed)}')")
            for _, code, start, minutes in told:
                if (code, start, minutes) in self.told:
                    raise Broken(f"{code} twice, {minutes} before {start}")
                self.told[code, start, minutes] = self.now
        self.check_nothing_lacks()

    def excuse(self, told, length, why):
        for _, code, start, minutes in told:
            self.excused[code, start, minutes] = self.now + length
            self.note(why, code, minutes)

    # The model.

    def wanted(self, who):
        return self.clinic if self.wishes[who] is None else self.wishes[who]

    def night(self, at, who):
        """The quiet hours around an instant, or None."""
        if not self.quiet:
            return None
        zone = ZoneInfo(self.zones[who])
        first, last = (int(clock[:2]) * 60 + int(clock[3:])
                       for clock in self.quiet.split("-"))
        today = at.astimezone(zone).replace(hour=0, minute=0, second=0,
                                            microsecond=0, tzinfo=None)
        for day in (today - timedelta(days=1), today):
            begin = (day + first * MINUTE).replace(tzinfo=zone)
            end = (day + last * MINUTE + timedelta(
                days=int(last < first))).replace(tzinfo=zone)
            if begin <= at < end:
                return begin.astimezone(timezone.utc), end
        return None

    def planned(self, who, start, minutes):
        night = self.night(start - minutes * MINUTE, who)
        if not night:
            return start - minutes * MINUTE
        if start - night[1] >= minutes * MINUTE / 2:
            return night[1]
        return night[0] - MARGIN

    def check_sent(self, told):
        days = {}
        for message, code, start, minutes in told:
            visit = self.visits.get(code)
            self.note("sent", message, code, start, minutes)
            if not visit or visit.start != start or start <= self.now:
                raise Broken(f"{code} for nothing")
            if sum(one[1] == code for one in told) > 1:
                raise Broken(f"{code} twice at once")
            who = visit.patient
            alone = sum(one[0] == message for one in told) == 1
            planned = self.planned(who, start, minutes)
            ahead = start - self.now
            if self.night(self.now, who):
                raise Broken(f"{code} at night")
            if minutes not in self.wanted(who):
                raise Broken(f"{code} {minutes} before is not wanted")
            if visit.since > start - minutes * MINUTE:
                raise Broken(f"{code} was made too late to be told {minutes}"
                             " before")
            if ahead < min(MARGIN, minutes * MINUTE / 3):
                raise Broken(f"{code} {minutes} before comes too late")
            if any((code, start, other) in self.told
                   for other in self.wanted(who) if other < minutes):
                raise Broken(f"{code} {minutes} before comes after a later one")
            if self.now < planned - (0 if alone else minutes) * MINUTE:
                raise Broken(f"{code} {minutes} before comes too early")
            day = who, start.astimezone(ZoneInfo(self.zones[who])).date()
            if days.setdefault(day, message) != message:
                raise Broken(f"two messages for {day}")
        self.messages += len({one[0] for one in told})

    def check_nothing_lacks(self):
        """What was planned before now, and when nothing changed since, was
        told, if it could be."""
        for code, visit in self.visits.items():
            if visit.start - self.now < MARGIN or self.night(
                    self.now, visit.patient):
                continue
            wanted = self.wanted(visit.patient)
            asked = max(visit.since, self.changed[visit.patient]) + MARGIN
            due = [minutes for minutes in wanted
                   if self.planned(visit.patient, visit.start, minutes)
                   <= self.now]
            for minutes in due:
                key = code, visit.start, minutes
                planned = self.planned(*[visit.patient, visit.start, minutes])
                later = [other for other in wanted if other < minutes]
                if (min(planned, visit.start - minutes * MINUTE) <= asked
                        or key in self.told or set(later) & set(due)
                        or self.excused.get(key, NOW) > self.now
                        or later and visit.start - self.now
                        < minutes * MINUTE / 3):
                    continue
                raise Broken(f"{code} was not told {minutes} before"
                             f" {visit.start}, planned {planned}")

    def note(self, *words):
        self.log.append(f"{self.now:%d %H:%M:%S} "
                        + " ".join(str(word) for word in words))


def numbers(text):
    return [int(word) for word in text.split()]


def instant(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(
        tzinfo=timezone.utc)


class Remind(unittest.TestCase):
    """The database is real, everybody else is played."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.stack = Stack(holder.name + "/s")
        cls.addClassCleanup(cls.stack.down)
        cls.stack.up(now=NOW.isoformat())
        cls.stack.bot_stop()
        cls.database = Database(cls.stack.database_url())
        cls.addClassCleanup(cls.database.close)

    def test_no_reminder_is_sent_twice_late_or_for_nothing(self):
        messages = 0
        for seed in range(SEED, SEED + HISTORIES):
            self.stack.reset("2026-11-30T07:00:00Z")
            history = History(self.database, seed)
            try:
                history.play()
            except Broken as broken:
                print("\n".join(history.log[-60:]))
                self.fail(f"--seed {seed} --histories 1: {broken}")
            messages += history.messages
        print(f"{HISTORIES} histories of {STEPS} steps, {messages} reminders")
        if HISTORIES >= 10:
            self.assertGreater(messages, 3 * HISTORIES)


if __name__ == "__main__":
    unittest.main(verbosity=2)
