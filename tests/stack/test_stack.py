#!/usr/bin/python3
"""test_stack.py - the stack's own commands, with both servers.

	[CARELAY=PROGRAM] tests/stack/test_stack.py

Without $CARELAY a parrot stands in for the bot.
"""
import asyncio
import datetime
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import stack
from processes import until

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "talk"))
# pylint: disable=wrong-import-position
from people import log_in  # noqa: E402

os.environ.setdefault("CARELAY", str(HERE.parent / "talk/parrot.py"))
NAMES = """XMPP_HOST XMPP_PORT XMPP_DOMAIN COMPONENT_HOST COMPONENT_PORT
	COMPONENT_SECRET CLINIC DESK DATABASE_URL BOT_DATABASE_URL BOT_PID
	SERVER_PID BOT_LOG CONFIG""".split()


def tool(name, *arguments, status=0):
    """Runs one of the commands; what it printed."""
    done = subprocess.run([HERE / name, *map(str, arguments)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, timeout=100, check=False)
    if done.returncode != status:
        raise AssertionError(f"{name} {arguments}: exit {done.returncode}\n"
                             + done.stdout)
    return done.stdout


def env(folder):
    """DIR/env as a shell reads it."""
    told = subprocess.run(
        ["sh", "-c", 'set -a; . "$0/env"; env', folder], text=True,
        stdout=subprocess.PIPE, timeout=10, check=True).stdout
    return dict(line.split("=", 1) for line in told.splitlines()
                if line.split("=")[0] in NAMES)


def lives(pid):
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    return True


class Commands(unittest.TestCase):
    """Each test has a folder, and whatever runs there is ended after it."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name + "/a stack"
        self.addCleanup(lambda: stack.Stack(self.folder).down())

    def psql(self, query):
        return subprocess.run(
            ["psql", "-XAtq", env(self.folder)["DATABASE_URL"], "-c", query],
            text=True, stdout=subprocess.PIPE, timeout=10,
            check=True).stdout.strip()

    def check_life(self, server):
        """Up, all of it; the bot's life; down, all of it."""
        tool("up", self.folder, "--server", server, "--users", "2",
             "--now", "2026-11-30T08:00")
        told = env(self.folder)
        self.assertEqual(sorted(told), sorted(NAMES))
        self.assertTrue(lives(told["BOT_PID"]) and lives(told["SERVER_PID"]))
        people = asyncio.run(self.all_log_in(told))
        self.assertEqual(len(people), 9)

        tool("bot", self.folder, "stop")
        self.assertFalse(lives(told["BOT_PID"]))
        self.assertEqual(env(self.folder)["BOT_PID"], "")
        tool("bot", self.folder, "start")
        again = env(self.folder)["BOT_PID"]
        self.assertTrue(lives(again) and again != told["BOT_PID"])
        tool("bot", self.folder, "kill")
        self.assertFalse(lives(again))
        tool("bot", self.folder, "start")

        told = env(self.folder)
        tool("down", self.folder)
        for name in ("BOT_PID", "SERVER_PID"):
            self.assertFalse(lives(told[name]), name)
        self.assertEqual(left_over(self.folder), [])

    async def all_log_in(self, told):
        names = stack.PEOPLE + ["user0", "user1"]
        people = await log_in(names, told)
        await asyncio.gather(*(one.log_out() for one in people.values()))
        return people

    def test_life_with_prosody(self):
        self.check_life("prosody")

    def test_life_with_ejabberd(self):
        self.check_life("ejabberd")

    def test_clock_moves_and_reset_empties(self):
        tool("up", self.folder, "--no-bot", "--now", "2026-11-30T08:00")
        self.assertEqual(env(self.folder)["BOT_PID"], "")
        self.assertEqual(tool("clock", self.folder)[:15], "2026-11-30T08:0")
        tool("clock", self.folder, "+90m")
        self.assertEqual(self.psql(
            "SELECT to_char(clinic.now() AT TIME ZONE 'UTC', 'DD HH24:MI')"
        )[:5], "30 09")
        tool("clock", self.folder, "-1h30m")
        people = self.psql("SELECT count(*) FROM clinic.person")
        self.psql("SELECT api.register('new@localhost', 'Nina New',"
                  " '1990-01-01', NULL, NULL)")
        tool("reset", self.folder)
        self.assertEqual(self.psql("SELECT count(*) FROM clinic.person"),
                         people)
        now = datetime.datetime.fromisoformat(
            tool("clock", self.folder).strip())
        real = datetime.datetime.now(datetime.timezone.utc)
        self.assertLess(abs((now - real).total_seconds()), 60)

    def test_down_after_a_crash_ends_the_rest(self):
        tool("up", self.folder)
        told = env(self.folder)
        for name in ("BOT_PID", "SERVER_PID"):
            os.kill(int(told[name]), signal.SIGKILL)
        until(5, "it ends", lambda: not stack.Stack(
            self.folder).programs.pid("bot"))
        tool("down", self.folder)
        self.assertEqual(left_over(self.folder), [])
        tool("up", self.folder, "--no-bot")
        tool("down", self.folder)

    def test_another_program_with_the_old_pid_is_left_alone(self):
        tool("up", self.folder, "--no-bot")
        stranger = subprocess.Popen(["sleep", "60"])
        try:
            run = Path(self.folder) / "run"
            (run / "bot.pid").write_text(f"{stranger.pid} 1\n")
            tool("down", self.folder)
            self.assertIsNone(stranger.poll())
        finally:
            stranger.kill()
            stranger.wait()

    def test_mistakes_are_said(self):
        for words, expected, status in [
                (("up", self.folder, "--now", "tuesday"), "is not a time", 1),
                (("up", self.folder, "--carelay", "/nothing"), "make build",
                 1),
                (("bot", self.folder + "x", "start"), "tests/stack/up", 1),
                (("clock", self.folder + "x", "+1h"), "tests/stack/up", 1),
                (("down", self.folder + "x"), "no clinic", 1),
                (("down",), "usage", 2)]:
            with self.subTest(words=words):
                self.assertIn(expected, tool(*words, status=status))
        tool("up", self.folder, "--no-bot")
        self.assertIn("runs", tool("up", self.folder, status=1))
        self.assertIn("is not a span",
                      tool("clock", self.folder, "+soon", status=1))

    def test_two_stacks_side_by_side(self):
        other = self.folder + " too"
        self.addCleanup(lambda: stack.Stack(other).down())
        tool("up", self.folder)
        tool("up", other)
        self.assertNotEqual(env(self.folder)["XMPP_PORT"],
                            env(other)["XMPP_PORT"])
        tool("down", other)
        self.assertTrue(lives(env(self.folder)["BOT_PID"]))


def left_over(folder):
    """Processes that still have the folder on their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if any(str(folder).encode() in word for word in words):
            found.append(shlex.join(word.decode() for word in words))
    return found


if __name__ == "__main__":
    sys.exit(unittest.main())
