#!/usr/bin/python3
"""test_post.py - what leaves the clinic arrives, whatever dies on the way.

	[CARELAY=PROGRAM] tests/post/test_post.py

The real bot, a real database and server; ruiz's client counts what she gets.
"""
import asyncio
import collections
import os
import signal
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "stack"), str(HERE.parent / "talk")]
# pylint: disable=wrong-import-position
import stack  # noqa: E402
from people import log_in  # noqa: E402
from processes import run, until  # noqa: E402

LIMIT_S = 40
# Longer than a lease and than the pause after a first failure.
LEASE = "+3m"
MANY = 170


class Post(unittest.IsolatedAsyncioTestCase):
    """Each test has a clinic of its own."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.stack = stack.Stack(holder.name + "/s")
        self.addCleanup(self.stack.down)
        self.addCleanup(
            lambda: self.assertEqual(self.stack.complaints(), []))
        self.stack.up(now="2026-11-30T08:00:00Z")
        self.got = collections.defaultdict(list)

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)

    def sql(self, query):
        done = run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1",
                    self.stack.database_url(), "-c", query], 20)
        return done.strip()

    async def log_in(self, *names):
        """They are logged in, and self.got[name] grows: (id, text)."""
        people = await log_in(names, self.stack.env())
        for name, person in people.items():
            person.add_event_handler("message", self.noting(name))
            self.addAsyncCleanup(person.log_out)
        return people

    def noting(self, name):
        def note(message):
            self.got[name].append((message["id"], message["body"]))
        return note

    def write(self, count):
        """Deliveries to ruiz, as if so many visits had been booked."""
        self.sql("SELECT api.book('tom@localhost', slot.doctor,"
                 " slot.starts_at::timestamptz) FROM (SELECT person.id FROM"
                 " clinic.person WHERE jid = 'ruiz@localhost') ruiz, LATERAL"
                 " api.slots('tom@localhost', ruiz.id, NULL, NULL, NULL, NULL,"
                 " NULL, NULL, 1, NULL) slot")
        self.sql("INSERT INTO clinic.delivery (recipient, kind, appointment,"
                 " during) SELECT doctor, 'booked', id, during"
                 f" FROM clinic.appointment, generate_series(2, {count})")

    def outcomes(self):
        """How many deliveries to ruiz are in which state."""
        rows = self.sql("SELECT coalesce(outcome::text, 'waiting'), count(*)"
                        " FROM clinic.delivery WHERE kind = 'booked'"
                        " GROUP BY 1").split()
        return {row.split("|")[0]: int(row.split("|")[1]) for row in rows}

    async def until(self, what, test):
        await asyncio.to_thread(until, LIMIT_S, what, test, 0.02)

    async def check_all_arrived(self, person, count):
        """Each at least once, repeats under the same id; everything marked."""
        await self.until("not everything was marked",
                         lambda: self.outcomes() == {"sent": count})
        await person.caught_up()
        written = self.sql("SELECT stanza_id FROM clinic.delivery"
                           " WHERE kind = 'booked'").split()
        self.assertEqual(sorted({one[0] for one in self.got["ruiz"]}),
                         sorted(written))

    def repeats(self):
        return len(self.got["ruiz"]) - len({one[0]
                                            for one in self.got["ruiz"]})

    async def test_a_killed_bot_loses_nothing(self):
        ruiz = (await self.log_in("ruiz"))["ruiz"]
        self.write(MANY)
        await self.until("nothing came", lambda: self.got["ruiz"])
        self.stack.bot_kill()
        self.assertIn("waiting", self.outcomes())
        self.stack.bot_start()
        self.stack.move_clock(LEASE)
        await self.check_all_arrived(ruiz, MANY)

    async def test_what_was_not_proved_goes_again_with_its_id(self):
        ruiz = (await self.log_in("ruiz"))["ruiz"]
        server = int(self.stack.env()["SERVER_PID"])
        os.kill(server, signal.SIGSTOP)
        try:
            self.write(20)
            await self.until(
                "the bot saw no trouble", lambda:
                "deliveries not proved" in self.stack.log_since(0))
            self.stack.bot_kill()
        finally:
            os.kill(server, signal.SIGCONT)
        self.assertEqual(self.outcomes(), {"waiting": 20})
        self.stack.bot_start()
        self.stack.move_clock(LEASE)
        await self.check_all_arrived(ruiz, 20)
        self.assertGreater(self.repeats(), 0)

    async def test_a_bot_that_is_stopped_finishes_its_batch(self):
        ruiz = (await self.log_in("ruiz"))["ruiz"]
        self.write(MANY)
        await self.until("nothing came", lambda: self.got["ruiz"])
        self.assertTrue(self.stack.bot_stop())
        await ruiz.caught_up()
        sent = self.outcomes().get("sent", 0)
        self.assertEqual(len(self.got["ruiz"]), sent)
        self.stack.bot_start()
        await self.check_all_arrived(ruiz, MANY)
        self.assertEqual(self.repeats(), 0)

    async def test_a_restarted_server_loses_nothing(self):
        self.write(1)
        await self.until("the first was not sent",
                         lambda: self.outcomes() == {"sent": 1})
        await asyncio.to_thread(self.stack.server_restart)
        ruiz = (await self.log_in("ruiz"))["ruiz"]
        self.sql("INSERT INTO clinic.delivery (recipient, kind, appointment,"
                 " during) SELECT doctor, 'moved', id, during"
                 " FROM clinic.appointment")
        await self.until("the second did not come", lambda: any(
            "Moved" in one[1] for one in self.got["ruiz"]))
        await ruiz.caught_up()

    async def test_a_restarted_database_loses_nothing(self):
        ruiz = (await self.log_in("ruiz"))["ruiz"]
        self.write(MANY)
        await self.until("nothing came", lambda: self.got["ruiz"])
        await asyncio.to_thread(self.stack.database_stop)
        await asyncio.to_thread(self.stack.database_start)
        self.stack.move_clock(LEASE)
        await self.check_all_arrived(ruiz, MANY)

    async def test_what_bounces_is_tried_and_then_told_to_the_admins(self):
        await self.log_in("admin")
        self.sql("WITH nobody AS (INSERT INTO clinic.person (jid, name)"
                 " VALUES ('nobody@localhost', 'Norma Nobody') RETURNING id)"
                 " INSERT INTO clinic.delivery (recipient, kind)"
                 " SELECT id, 'welcome_doctor' FROM nobody")
        for tries in range(1, 11):
            await self.until(f"bounce {tries} was not counted", lambda:
                             self.sql("SELECT tries FROM clinic.delivery WHERE"
                                      " kind = 'welcome_doctor'")
                             == str(tries))  # pylint: disable=W0640
            self.stack.move_clock("+2h")
        await self.until("the admin was not told", lambda: self.got["admin"])
        self.assertIn("welcome doctor for Norma Nobody",
                      self.got["admin"][0][1])
        self.assertEqual(self.sql("SELECT outcome FROM clinic.delivery"
                                  " WHERE kind = 'welcome_doctor'"), "dead")

    async def test_the_horizon_moves_with_the_clock(self):
        reach = ("SELECT min(openings_through) - (clinic.now()"
                 " AT TIME ZONE 'Europe/Madrid')::date FROM clinic.doctor")
        await self.until("there is no horizon",
                         lambda: self.sql(reach) == "120")
        self.stack.move_clock("+5d")
        await self.until("the horizon stayed",
                         lambda: self.sql(reach) == "120")
        self.assertEqual(self.sql(
            "SELECT count(*) FROM clinic.doctor WHERE NOT EXISTS (SELECT FROM"
            " clinic.opening WHERE doctor = person AND during && tstzrange("
            "clinic.now() + interval '116 days', NULL))"), "0")


if __name__ == "__main__":
    unittest.main(verbosity=2)
