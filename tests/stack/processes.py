"""processes.py - programs that are started, watched and ended by their pid.

A program outlives whoever started it. Its folder keeps NAME.pid (pid and start
time, so that another program that gets the same pid later is never touched),
NAME.exit (its exit status, once it has ended) and NAME.log (what it printed).
"""
import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path


class StackError(Exception):
    """What went wrong and what to do about it, for whoever runs the stack."""


# The inner shell becomes the program, so NAME.pid has the program's own pid and
# start time; the outer one waits to write down the exit status. Both files are
# renamed into place: whoever sees them can read them.
WRAPPER = """
sh -c 'echo $$ $(cut -d" " -f22 /proc/$$/stat) >"$0.pid.new"
	mv "$0.pid.new" "$0.pid"; exec "$@"' "$0" "$@"
echo $? >"$0.exit.new"; mv "$0.exit.new" "$0.exit"
"""


# Held, since Python complains about children that it forgets while they run.
STARTED = []


def start_time(pid):
    """The kernel's start time of a living process, or None."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


class Programs:
    """The programs of one stack, by name, in one folder."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def log(self, name):
        return self.folder / f"{name}.log"

    def start(self, name, argv, env=None, cwd=None):
        """Starts a program; its output is added to its log."""
        if self.pid(name):
            raise StackError(f"{name} is running already")
        self.folder.mkdir(parents=True, exist_ok=True)
        base = self.folder / name
        for old in (".pid", ".exit"):
            base.with_suffix(old).unlink(missing_ok=True)
        with open(self.log(name), "ab") as log:
            STARTED.append(subprocess.Popen(
                ["sh", "-c", WRAPPER, str(base), *argv],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=cwd or self.folder, start_new_session=True,
                env={**os.environ, **(env or {})}))
        pid_file = base.with_suffix(".pid")
        until(10, f"{name} was not started", pid_file.exists)
        return int(pid_file.read_text().split()[0])

    def pid(self, name):
        """The pid of a living program, or None."""
        try:
            pid, born = (self.folder / f"{name}.pid").read_text().split()
        except (OSError, ValueError):
            return None
        return int(pid) if start_time(pid) == born else None

    def exit_status(self, name):
        """How it ended, as a shell would say (137: kill -9), or None."""
        try:
            return int((self.folder / f"{name}.exit").read_text())
        except OSError:
            return None

    def ready(self, name, limit_s, what, test):
        """Waits until test() is true; says why not if the program ended."""
        def look():
            if test():
                return True
            if self.pid(name) is None:
                raise StackError(f"{name} ended before {what}: "
                                 f"{self.tail(name)}")
            return False
        try:
            until(limit_s, what, look)
        except TimeoutError as late:
            raise StackError(f"{name}: {what}: not within {limit_s} s; "
                             f"{self.tail(name)}") from late

    def stop(self, name, how=signal.SIGTERM, limit_s=10):
        """Ends a program and waits for it; True: it did so within the limit."""
        pid = self.pid(name)
        if pid is None:
            return True
        in_time = True
        os.kill(pid, how)
        try:
            until(limit_s, name, lambda: self.pid(name) is None)
        except TimeoutError:
            in_time = False
            os.kill(pid, signal.SIGKILL)
            until(5, f"{name} survives kill -9",
                  lambda: self.pid(name) is None)
        try:
            until(2, name, lambda: self.exit_status(name) is not None)
        except TimeoutError:
            pass
        return in_time

    def tail(self, name, count=12):
        """The end of a program's log, for an error message."""
        try:
            lines = self.log(name).read_text(errors="replace").splitlines()
        except OSError:
            return "it printed nothing"
        return (f"the end of {self.log(name)}:\n  "
                + "\n  ".join(lines[-count:]) if lines
                else f"{self.log(name)} is empty")


def until(limit_s, what, test, pause_s=0.01):
    """Polls until test() is true; TimeoutError(what) after limit_s."""
    end = time.monotonic() + limit_s
    while not test():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(pause_s)


def free_ports(count):
    """Ports on loopback that nobody uses, below those that the kernel hands
    out to outgoing connections."""
    held = []
    try:
        while len(held) < count:
            candidate = socket.socket()
            try:
                candidate.bind(("127.0.0.1", random.randint(20000, 32000)))
                held.append(candidate)
            except OSError:
                candidate.close()
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def port_is_free(port):
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def port_answers(port):
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0


def run(argv, limit_s, text=None, env=None):
    """Runs a command to its end; StackError with its output if it fails."""
    argv = [str(word) for word in argv]
    try:
        done = subprocess.run(argv, input=text, text=True, timeout=limit_s,
                              stdin=None if text is not None
                              else subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={**os.environ, **(env or {})}, check=False)
    except FileNotFoundError as missing:
        raise StackError(f"{argv[0]} is not there: make deps") from missing
    except subprocess.TimeoutExpired as late:
        raise StackError(f"{argv[0]} did not end within {limit_s} s") from late
    if done.returncode != 0:
        raise StackError(f"{' '.join(argv)}: exit {done.returncode}\n"
                         f"{done.stdout[-2000:]}")
    return done.stdout
