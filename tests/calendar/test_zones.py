#!/usr/bin/python3
"""test_zones.py - every day of 2026 to 2030 in six zones, through everything.

	tests/calendar/test_zones.py

Hours are expanded by the bot's own code (tests/calendar/expand.c), stored by
api.horizon_set and offered by api.slots in a private PostgreSQL; what is
offered is compared, start by start, with what Python's own zone table says: no
time is missing, comes twice or is moved.
"""
import datetime
import os
import subprocess
import sys
import unittest
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2030, 12, 31)
# Half hours and quarters, both hemispheres, a change at midnight, a change of
# half an hour, none at all.
ZONES = ["Europe/Madrid", "America/New_York", "America/Santiago",
         "Australia/Lord_Howe", "Pacific/Chatham", "Asia/Kolkata"]
# The whole day, so that no change of the clocks is missed; hours at night; a
# pattern.
ROUND, NIGHT, PATTERN = ("every day 0-24", "every day 1am-4am",
                         "every other sat 1am-3:30am from 2026-01-03")
MINUTES = 30
UTC = datetime.timezone.utc
EXPAND = ROOT / "build/asan/calendar/expand"


def instant(local, zone):
    """The instant of a wall-clock time: past a gap, the first of two. Both is
    what Python's fold=0 means."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def windows(hours, day):
    """The wall-clock windows of the hours on a day."""
    midnight = datetime.datetime.combine(day, datetime.time())

    def window(first, last):
        return (midnight + datetime.timedelta(hours=first),
                midnight + datetime.timedelta(hours=last))
    if hours == ROUND:
        return [window(0, 24)]
    if hours == NIGHT:
        return [window(1, 4)]
    weeks, odd = divmod((day - datetime.date(2026, 1, 3)).days, 14)
    return [window(1, 3.5)] if weeks >= 0 and not odd else []


def said(start, end, zone):
    """A start as the database says it: 2026-03-29T00:30:00Z and its clock."""
    return " ".join([f"{start:%Y-%m-%dT%H:%M:%SZ}",
                     f"{start.astimezone(zone):%Y-%m-%d %H:%M}",
                     f"{end.astimezone(zone):%Y-%m-%d %H:%M}"])


def expected(hours, name):
    """Every start that is to be offered, in order."""
    zone = ZoneInfo(name)
    step = datetime.timedelta(minutes=MINUTES)
    starts = []
    day = FIRST
    while day <= LAST:
        for opens, closes in windows(hours, day):
            at, end = instant(opens, zone), instant(closes, zone)
            while at + step <= end:
                # The second of two equal times would look like the first.
                if not at.astimezone(zone).fold:
                    starts.append(said(at, at + step, zone))
                at += step
        day += datetime.timedelta(days=1)
    return starts


SET_UP = """
INSERT INTO clinic.person (jid, name) VALUES ('ruiz@localhost', 'Ana Ruiz');
INSERT INTO clinic.doctor (person, minutes) SELECT id, 30 FROM clinic.person;
INSERT INTO clinic.visit_type (doctor, name, minutes, currency)
SELECT person, 'Visit', 30, 'EUR' FROM clinic.doctor;
UPDATE clinic.clinic SET horizon_days = 120;
CREATE FUNCTION public.offered(in_zone text, openings jsonb)
RETURNS SETOF text LANGUAGE plpgsql AS $$
-- All that is offered, asked for in parts of a hundred days, each on its eve.
DECLARE
	doctor bigint := (SELECT person FROM clinic.doctor);
	day date;
BEGIN
	UPDATE clinic.clinic SET zone = in_zone;
	DELETE FROM clinic.opening;
	PERFORM api.horizon_set(doctor, '2026-01-01', '2030-12-31', openings);
	FOR day IN SELECT generate_series('2026-01-01', '2030-12-31',
		interval '100 days')::date
	LOOP
		UPDATE clinic.clock SET offset_ms = 1000 * extract(epoch FROM
			(day - 1)::timestamp AT TIME ZONE in_zone - now());
		RETURN QUERY SELECT slot.starts_at || ' ' || slot.starts || ' '
			|| slot.ends FROM api.slots('x@y', doctor, NULL, day,
				least(day + 99, '2030-12-31'), NULL, NULL, NULL, 10000, NULL)
				slot;
	END LOOP;
END $$;
"""


def psql(text):
    return subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d",
         os.environ["DATABASE_URL"]], input=text, text=True, check=True,
        stdout=subprocess.PIPE, timeout=120).stdout.splitlines()


class Zones(unittest.TestCase):
    """Three kinds of hours, six zones, 1,826 days."""

    @classmethod
    def setUpClass(cls):
        subprocess.run([ROOT / "schema/migrate", os.environ["DATABASE_URL"]],
                       check=True, stdout=subprocess.DEVNULL, timeout=120)
        psql(SET_UP)

    def check(self, hours):
        openings = subprocess.run([EXPAND, FIRST.isoformat(), LAST.isoformat(),
                                   hours], check=True, timeout=60,
                                  stdout=subprocess.PIPE, text=True).stdout
        for name in ZONES:
            with self.subTest(zone=name):
                offered = psql(f"SELECT public.offered('{name}',"
                               f" $openings${openings}$openings$);")
                wanted = expected(hours, name)
                self.assertEqual(sorted(set(wanted) - set(offered)), [],
                                 "missing")
                self.assertEqual(sorted(set(offered) - set(wanted)), [],
                                 "offered though they should not be")
                self.assertEqual(offered, wanted)
                self.assertEqual(len(set(offered)), len(offered))

    def test_around_the_clock(self):
        self.check(ROUND)

    def test_at_night(self):
        self.check(NIGHT)

    def test_every_other_saturday(self):
        self.check(PATTERN)


if __name__ == "__main__":
    if "DATABASE_URL" not in os.environ:
        WITH = ROOT / "tests/unit/with-postgres"
        os.execv(WITH, [WITH, sys.executable, *sys.argv])
    unittest.main()
