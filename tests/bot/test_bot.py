#!/usr/bin/python3
"""test_bot.py - the program: its options, its start in bad company, its end.

	[CARELAY=PROGRAM] tests/bot/test_bot.py
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/stack"), str(ROOT / "tests/stream")]

# pylint: disable=wrong-import-position
import stack
from processes import until
from raw import Raw

CARELAY = os.environ.setdefault("CARELAY", str(ROOT / "build/carelay"))


def carelay(*options, limit_s=30):
    """Runs it to its end; exit status, standard output, standard error."""
    done = subprocess.run([CARELAY, *map(str, options)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, timeout=limit_s,
                          check=False)
    return done.returncode, done.stdout, done.stderr


class Options(unittest.TestCase):

    def test_help_and_version(self):
        status, out, err = carelay("--help")
        self.assertEqual((status, err), (0, ""))
        for option in ("--config", "--check", "--print-config", "--version"):
            self.assertIn(option, out)
        status, out, err = carelay("--version")
        self.assertEqual((status, err), (0, ""))
        self.assertRegex(out, r"^carelay \d+\.\d+\.\d+\n$")

    def test_the_sample_is_what_is_installed(self):
        status, out, err = carelay("--print-config")
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(out, (ROOT / "config/carelay.conf").read_text())

    def test_mistakes_are_one_line_and_exit_2(self):
        status, out, err = carelay("--config", "/nowhere/carelay.conf")
        self.assertEqual((status, out), (2, ""))
        self.assertEqual(err, 'carelay: cannot read "/nowhere/carelay.conf": '
                         'No such file or directory\n')
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as config:
            config.write("[server]\nsecret = hush\nport = none\n")
            config.flush()
            status, out, err = carelay("-c", config.name)
        self.assertEqual((status, out), (2, ""))
        self.assertEqual(err, f"carelay: {config.name}:3: server.port: "
                         "expected a number from 1 to 65535\n")
        for wrong in ("--unheard", "more"):
            status, out, err = carelay(wrong)
            self.assertEqual((status, out), (2, ""))
            self.assertIn("usage: carelay", err)


class Life(unittest.TestCase):
    """One stack; each test begins with the bot stopped."""

    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.stack = stack.Stack(f"{holder.name}/stack")
        cls.addClassCleanup(cls.stack.down)
        cls.stack.up(bot=False)
        cls.told = cls.stack.env()

    def setUp(self):
        self.told = self.stack.env()
        self.seen = self.stack.log_size()
        self.addCleanup(self.assert_no_complaints)
        self.addCleanup(self.stack.bot_stop)

    def assert_no_complaints(self):
        self.assertEqual(self.stack.complaints(), [])

    # What the tests do.

    def start(self, config=None):
        """Starts the bot without waiting for anything."""
        self.stack.programs.start(
            "bot", [CARELAY, "--config", str(config or self.stack.config)])

    def log(self):
        return self.stack.log_since(self.seen)

    def until_log(self, words):
        until(40, f"the log says {words!r}; it says {self.log()}",
              lambda: words in self.log())

    def until_ended(self):
        until(20, "the bot ends",
              lambda: self.stack.programs.exit_status("bot") is not None)
        return self.stack.programs.exit_status("bot")

    def talk(self, name="tom"):
        client = Raw(self.told["XMPP_PORT"], name)
        self.addCleanup(client.close)
        return client

    def say(self, client, text):
        self.said = getattr(self, "said", 0) + 1
        client.write(f"<message to='{self.told['DESK']}' type='chat' "
                     f"id='m{self.said}'><body>{text}</body></message>")

    def hear(self, client):
        found = client.expect(r"<message .*?<body>.*?</body>")
        return re.search(r"<body>(.*)</body>", found, re.S)[1]

    def config_with(self, key, value):
        """The settings with one line changed, the first of that key."""
        path = self.stack.folder / f"{key}.conf"
        text, count = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}",
                              self.stack.config.read_text(), count=1)
        self.assertEqual(count, 1)
        path.write_text(text)
        return path

    # A start in bad company.

    def test_it_waits_for_the_database(self):
        self.stack.cluster.stop()
        self.start()
        self.until_log("bot waits for the database")
        self.stack.cluster.start()
        self.stack.cluster.wait()
        self.until_log("stream up")
        self.assertTrue(self.stack.bot_stop())

    def test_it_ends_while_it_waits_for_the_database(self):
        self.start(self.config_with("url", "postgresql://x@127.0.0.1:1/x"))
        self.until_log("bot waits for the database")
        self.assertTrue(self.stack.bot_stop())

    def test_it_waits_for_the_server(self):
        self.stack.server.stop()
        self.start()
        self.until_log("stream cannot connect")
        self.stack.server.start()
        self.stack.server.wait()
        self.until_log("stream up")
        self.say(client := self.talk(), "help")
        self.assertIn("book", self.hear(client))

    def test_another_schema_version_is_refused(self):
        self.stack.cluster.psql(
            text="INSERT INTO clinic.migration VALUES (99, 'newer');")
        try:
            self.start()
            self.assertEqual(self.until_ended(), 1)
        finally:
            self.stack.cluster.psql(
                text="DELETE FROM clinic.migration WHERE number = 99;")
        lines = self.log().splitlines()
        self.assertEqual(len(lines), 2, lines)
        self.assertRegex(lines[1], r"schema version \d{2,}")

    def test_settings_that_nobody_can_use_exit_2(self):
        for section, key, value, line in (
                ("clinic", "timezone", "Mars/Olympus", 13),
                ("clinic", "name", "12345", 12),
                ("database", "url", "nonsense", 9)):
            with self.subTest(key=key):
                config = self.config_with(key, value)
                self.start(config)
                self.assertEqual(self.until_ended(), 2)
                wrong = f"{key}.conf:{line}: {section}.{key}: expected"
                self.assertIn(wrong, self.log())
                status, out, err = carelay("-c", config, "--check")
                self.assertEqual((status, out), (2, ""))
                self.assertIn(wrong, err)

    def test_a_bot_that_is_not_let_in_has_no_say(self):
        """Neither its settings nor its admins."""
        named = ("SELECT name, (SELECT count(*) FROM clinic.role)"
                 " FROM clinic.clinic;")
        self.stack.bot_start()
        before = self.stack.cluster.psql(text=named)
        config = self.config_with("name", "Somebody Else")
        config.write_text(config.read_text().replace("= admin@", "= mallory@"))
        self.stack.programs.start("other",
                                  [CARELAY, "--config", str(config)])
        self.addCleanup(self.stack.programs.stop, "other")
        refused = self.stack.programs.log("other")
        until(40, "the other one is refused", lambda: "stream refused"
              in refused.read_text())
        self.assertEqual(self.stack.cluster.psql(text=named), before)
        self.assertTrue(self.stack.programs.stop("other"))
        self.assertEqual(self.stack.programs.exit_status("other"), 0)

    def test_check(self):
        status, out, _ = carelay("-c", self.stack.config, "--check")
        self.assertEqual((status, out), (
            0, "ok      settings\nok      database\nok      schema\n"
            "ok      server\n"))
        status, out, err = carelay(
            "-c", self.config_with("secret", "wrong-77"), "--check")
        self.assertEqual(status, 1)
        self.assertRegex(out, r"(?m)^not ok  server: .*secret")
        self.assertNotIn("wrong-77", out + err)
        status, out, _ = carelay(
            "-c", self.config_with("url", "postgresql://x@127.0.0.1:1/x"),
            "--check")
        self.assertEqual(status, 1)
        self.assertRegex(out, r"(?m)^not ok  database: ")
        self.stack.bot_start()
        status, out, _ = carelay("-c", self.stack.config, "--check")
        self.assertEqual(status, 0)
        self.assertIn("a bot is connected already", out)

    # While it runs.

    def test_a_lost_database_is_an_apology_and_comes_back(self):
        self.stack.bot_start()
        client = self.talk()
        self.stack.cluster.stop()
        self.say(client, "help")
        self.assertIn("try again", self.hear(client))
        self.stack.cluster.start()
        self.stack.cluster.wait()
        self.say(client, "help")
        self.assertIn("book", self.hear(client))

    # The end.

    def test_what_was_begun_is_finished(self):
        """Told to end while a worker waits for a lock in the database."""
        self.stack.bot_start()
        client = self.talk()
        locked = subprocess.Popen(
            ["psql", "-XAtq", self.told["DATABASE_URL"], "-c",
             "BEGIN; LOCK TABLE clinic.person; SELECT 'locked';"
             "SELECT pg_sleep(2); COMMIT;"],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(locked.communicate)
        self.until_waiting(client)
        self.assertTrue(self.stack.bot_stop())  # in time, with status 0
        self.assertIn("book", self.hear(client))
        self.assertIn("bot ended", self.log())

    def until_waiting(self, client):
        """The lock is held, and the bot waits for it."""
        waits = ("SELECT count(*) FROM pg_locks WHERE granted = {} AND "
                 "relation = 'clinic.person'::regclass AND mode {};")

        def is_seen(granted, mode):
            return int(self.stack.cluster.psql(
                text=waits.format(granted, mode))) > 0
        until(10, "the lock", lambda: is_seen("true",
                                              "= 'AccessExclusiveLock'"))
        self.say(client, "help")
        until(10, "the bot waits",
              lambda: is_seen("false", "<> 'AccessExclusiveLock'"))

    def test_nothing_private_is_logged(self):
        self.stack.bot_start()
        client = self.talk("jane")
        self.say(client, "My name is Xaviera Quux, call 600 123 456")
        self.hear(client)
        self.assertTrue(self.stack.bot_stop())
        for private in ("Xaviera", "600 123", "jane@", "jane"):
            self.assertNotIn(private, self.log())


if __name__ == "__main__":
    unittest.main()
