"""client.py - what every client can be told to do, and what is asked of it.

A client logs in with one account, in a folder of its own that keeps all it
writes. Whatever must become true is waited for; nothing is timed.
"""
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "stack")]
# pylint: disable=wrong-import-position
from processes import Programs, StackError, run, until  # noqa: E402

LIMIT_S = 20


class Failed(Exception):
    """What a client did not do."""


class Client:
    """One person's client. Subclasses are the clients that there are."""
    NAME = ""
    NEEDS = []  # programs
    NEEDS_SANDBOX = False
    HAS_FORMS = True

    def __init__(self, house, account, resource, folder):
        self.house = house
        self.account = account
        self.resource = resource
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        self.home = self.folder / "home"
        self.home.mkdir()
        self.programs = Programs(self.folder / "run")

    # What people do. A subclass says how.

    def start(self):
        """Logs in."""
        raise NotImplementedError

    def add(self, address):
        """Asks to be a contact of this address, and agrees to be one."""
        raise NotImplementedError

    def accept(self, address):
        """Agrees to who wants to be a contact, and asks back."""
        raise NotImplementedError

    def open(self, address):
        """Opens the conversation; what is said then goes there."""
        raise NotImplementedError

    def say(self, text):
        """Types a line into the open conversation."""
        raise NotImplementedError

    def seal(self, address):
        """Switches encryption on in the open conversation."""
        raise NotImplementedError

    def book(self, clinic, specialty, doctor, when):
        """Books with the clinic's form; returns when it says "Booked"."""
        raise NotImplementedError

    # What people see.

    def sees(self, text):
        """Whether the open conversation shows this."""
        raise NotImplementedError

    def ticked(self, text):
        """Whether the line that was said is shown as received."""
        raise NotImplementedError

    def sees_contact(self, address, name):
        """Whether the contact list shows it with this name, and online."""
        raise NotImplementedError

    def picture(self, name):
        """Keeps what is on the screen, for people to look at."""

    # What the client itself knows.

    def sealed(self, text):
        """Whether its own record has this text as one that was encrypted."""
        raise NotImplementedError

    def received(self):
        """Every stanza that it got, as text."""
        raise NotImplementedError

    def stop(self):
        """Ends what was started, last first."""
        pids = self.programs.folder.glob("*.pid")
        for pid in sorted(pids, key=os.path.getmtime, reverse=True):
            self.programs.stop(pid.stem, limit_s=5)

    # How the above is done.

    def hear(self, text, limit_s=LIMIT_S):
        self.wait(f"shows {text!r}", lambda: self.sees(text), limit_s)

    def wait(self, what, test, limit_s=LIMIT_S):
        """Until test() is true; Failed if it never is."""
        try:
            until(limit_s, what, test, 0.2)
        except TimeoutError:
            raise Failed(f"{self.NAME} of {self.account} never {what}") \
                from None

    def environment(self):
        """A home of its own, and nothing of the caller's desktop."""
        return {
            "HOME": str(self.home), "LC_ALL": "C.UTF-8",
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_DATA_HOME": str(self.home / ".local/share"),
            "XDG_CACHE_HOME": str(self.home / ".cache")}

    def do(self, *argv, limit_s=15, check=True):
        """Runs a program to its end; its output, or None if it failed."""
        try:
            return run(argv, limit_s, env=self.environment())
        except StackError as error:
            if check:
                raise Failed(str(error)) from None
            return None

    def query(self, database, sql):
        """Rows of a client's own database, each a list of texts; none while
        it is not there or busy."""
        done = subprocess.run(
            ["sqlite3", "-readonly", "-separator", "\x1f", "-newline", "\x1e",
             str(database), sql], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=15,
            check=False)
        rows = done.stdout.decode(errors="replace").split("\x1e")[:-1]
        return [row.split("\x1f") for row in rows]
