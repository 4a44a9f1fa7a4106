#!/usr/bin/python3
"""test_run.py - make run and make chat, as people use them.

	CARELAY=PROGRAM tests/stack/test_run.py      (the chat program beside it)
"""
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import stack
from processes import free_ports

HERE = Path(__file__).resolve().parent
CARELAY = Path(stack.default_carelay())
OPEN = "Ctrl-C ends everything"
LIMIT_S = 60


class Run(unittest.TestCase):
    """Each test has a folder of its own in place of var/."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name + "/var"
        self.addCleanup(lambda: self.tool("--forget"))
        self.env = {**os.environ, "CARELAY": str(CARELAY.resolve()),
                    "CLINIC_PORT": str(free_ports(1)[0]), "RUN_ONCE": ""}

    def argv(self, *words):
        return [str(HERE / "run"), "--dir", self.folder, *words]

    def tool(self, *words, status=0):
        done = subprocess.run(self.argv(*words), text=True, env=self.env,
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=LIMIT_S,
                              check=False)
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout

    def open(self):
        """A clinic that runs; its process and what it printed."""
        run = subprocess.Popen(self.argv(), text=True, env=self.env,
                               stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
        self.addCleanup(run.stdout.close)
        self.addCleanup(run.wait)
        self.addCleanup(run.kill)
        said = ""
        while OPEN not in said:
            line = run.stdout.readline()
            self.assertTrue(line, said)
            said += line
        return run, said

    def chat(self, who, words, status=0):
        done = subprocess.run(
            [CARELAY.parent / "chat", "--env", self.folder + "/env", who],
            input=words, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=LIMIT_S, check=False)
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout

    def check_nothing_runs(self):
        programs = stack.Stack(self.folder).programs
        self.assertEqual([name for name in ("bot", "prosody", "postgres")
                          if programs.pid(name)], [])

    def test_a_day_with_the_clinic(self):
        run, said = self.open()
        for expected in (self.env["CLINIC_PORT"], "jane@localhost",
                         "desk@clinic.localhost", "make chat", "Booked",
                         "Moved"):
            self.assertIn(expected, said)
        answers = self.chat("jane", "hi\nJane Doe\n23 april 1990\nskip\nyes\n")
        self.assertEqual(len(re.findall("^desk: ", answers, re.M)), 5)
        self.assertIn("cannot log in", self.chat("nobody", "hi\n", 1))
        self.assertIn("runs already", self.tool(status=1))

        run.send_signal(signal.SIGINT)
        self.assertEqual(run.wait(LIMIT_S), 0)
        self.check_nothing_runs()
        self.assertIn("make run", self.chat("jane", "hi\n", 1))

        run, _ = self.open()
        self.assertIn("Jane", self.chat("jane", "hi\n"))
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(LIMIT_S), 0)

    def test_after_a_crash_the_next_one_tidies_up(self):
        run, _ = self.open()
        run.kill()
        run.wait()
        self.assertIn("Booked", self.tool("--once"))
        self.check_nothing_runs()

    def test_a_taken_port_is_said(self):
        taken = socket.create_server(
            ("127.0.0.1", int(self.env["CLINIC_PORT"])))
        self.addCleanup(taken.close)
        self.assertIn("is taken", self.tool("--once"))

    def test_forgotten_is_forgotten(self):
        self.tool("--once")
        self.tool("--forget")
        self.assertFalse(Path(self.folder).exists())

    def test_control_c_on_a_terminal_ends_well(self):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve("/bin/sh", ["sh", "-c", '"$0" "$@"; echo "status=$?"',
                                  *self.argv()], self.env)
        self.addCleanup(os.close, terminal)
        self.read_until(terminal, OPEN)
        os.write(terminal, b"\x03")
        self.assertIn("status=0", self.read_until(terminal, "status="))
        os.waitpid(pid, 0)
        self.check_nothing_runs()

    def read_until(self, terminal, expected):
        said, end = "", time.monotonic() + LIMIT_S
        while expected not in said or not said.endswith("\n"):
            self.assertLess(time.monotonic(), end, said)
            try:
                said += os.read(terminal, 4096).decode(errors="replace")
            except OSError:
                break
        return said


if __name__ == "__main__":
    sys.exit(unittest.main())
