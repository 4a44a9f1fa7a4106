"""postgres.py - a private PostgreSQL cluster in a folder.

It listens on a unix socket in its own folder, which only its owner can open
(superuser without a password), and on 127.0.0.1 with passwords. As root it runs
as the user postgres, which refuses root. The first cluster is kept under
build/stack as a template, so that the next ones are a copy.
"""
import fcntl
import os
import shutil
import signal
import tempfile
from pathlib import Path

from processes import StackError, run

ROOT = Path(__file__).resolve().parents[2]
# Its files belong to the user postgres, or to whoever is not root.
TEMPLATE = ROOT / ("build/stack/postgres" if os.geteuid() == 0
                   else "build/stack/postgres-own")
USER = "postgres"
SUPERUSER = "postgres"
DATABASE = "carelay"
OWNER = "carelay_owner"
BOT = "carelay_bot"
# sockaddr_un holds 107 bytes; "/.s.PGSQL.65535" is 15 of them.
SOCKET_FOLDER_MAX = 90

SETTINGS = {
    "max_connections": "60",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "logging_collector": "off",
}
# A test's database need not survive a power cut.
CARELESS = {"fsync": "off", "synchronous_commit": "off",
            "full_page_writes": "off", "wal_level": "minimal",
            "max_wal_senders": "0"}


def binaries():
    """The folder of the newest PostgreSQL server programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: int(path.parts[-3]))
    if not found:
        raise StackError("no PostgreSQL server is installed: make deps")
    return found[-1].parent


def as_user():
    """What to put before a command so that root becomes postgres."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups",
            "--"]


def own(path):
    if os.geteuid() == 0:
        shutil.chown(path, USER, USER)


def cluster_folder(folder, keep):
    """Where the cluster of a stack lives: inside the stack's folder, or, where
    the user postgres could not reach it or a socket's name would be too long,
    in a short folder of its own that it links to."""
    place = Path(folder) / "postgres"
    if place.exists():
        return place.resolve()
    reachable = not as_user() or _runs([*as_user(), "test", "-x", folder])
    if reachable and len(str(place)) <= SOCKET_FOLDER_MAX:
        place.mkdir(mode=0o700)
    else:
        short = tempfile.mkdtemp(prefix="carelay-",
                                 dir="/var/tmp" if keep else "/tmp")
        place.symlink_to(short)
    own(place)
    return place.resolve()


def _runs(argv):
    try:
        run(argv, 10)
    except StackError:
        return False
    return True


def template():
    """The folder of a fresh cluster, made once."""
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    with open(TEMPLATE.with_suffix(".lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (TEMPLATE / "PG_VERSION").exists():
            return TEMPLATE
        shutil.rmtree(TEMPLATE, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix="carelay-", dir="/tmp") as new:
            own(new)
            run([*as_user(), binaries() / "initdb", "-D", f"{new}/data",
                 "-U", SUPERUSER, "--auth-local=trust",
                 "--auth-host=scram-sha-256", "--encoding=UTF8",
                 "--locale=C.UTF-8", "--no-sync"], 60, env={"HOME": new})
            run(["cp", "-a", f"{new}/data", f"{TEMPLATE}.new"], 60)
        os.rename(f"{TEMPLATE}.new", TEMPLATE)
    return TEMPLATE


class Cluster:
    """One cluster: made, started, stopped."""

    def __init__(self, programs, place, port, keep):
        self.programs = programs
        self.place = Path(place)
        self.port = port
        self.keep = keep

    @property
    def data(self):
        return self.place / "data"

    def make(self):
        """Makes the cluster's files unless they are there."""
        if (self.data / "PG_VERSION").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        run(["cp", "-a", "--reflink=auto", template(), self.data], 60)

    def start(self):
        settings = {**SETTINGS, **({} if self.keep else CARELESS),
                    "port": str(self.port),
                    "listen_addresses": "127.0.0.1",
                    "unix_socket_directories": str(self.place)}
        words = [word for name, value in settings.items()
                 for word in ("-c", f"{name}={value}")]
        self.programs.start(
            "postgres", [*as_user(), str(binaries() / "postgres"),
                         "-D", str(self.data), *words],
            env={"HOME": str(self.place)}, cwd="/")

    def wait(self):
        self.programs.ready("postgres", 30, "it accepts connections",
                            self.accepts)

    def accepts(self):
        """postmaster.pid says so in its eighth line."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return (len(lines) > 7 and lines[7].strip() == "ready"
                and int(lines[0]) == self.programs.pid("postgres"))

    def stop(self):
        """A clean stop that waits for no client."""
        self.programs.stop("postgres", signal.SIGINT, 30)

    def end(self):
        """The quickest stop: the files are thrown away after it."""
        self.programs.stop("postgres",
                           signal.SIGINT if self.keep else signal.SIGQUIT, 30)

    def psql(self, *arguments, text=None, user=OWNER, database=DATABASE,
             limit_s=60, at_once=True):
        """Runs psql over the socket, in one transaction (at_once); its
        output."""
        return run([binaries() / "psql", "-X", "-q", "-A", "-t",
                    *(["-1"] if at_once else []), "-v", "ON_ERROR_STOP=1",
                    "-h", self.place, "-p", self.port, "-U", user,
                    "-d", database, *arguments], limit_s, text=text)

    def prepare(self, owner_password, bot_password):
        """The two roles and the database, made or given new passwords."""
        for role, password in ((OWNER, owner_password), (BOT, bot_password)):
            self.psql("-v", f"role={role}", "-v", f"password={password}",
                      text=ROLE, user=SUPERUSER, database="postgres")
        there = self.psql(text=f"SELECT 1 FROM pg_database "
                          f"WHERE datname = '{DATABASE}';",
                          user=SUPERUSER, database="postgres")
        if not there.strip():
            run([binaries() / "createdb", "-h", self.place, "-p", self.port,
                 "-U", SUPERUSER, "-O", OWNER, DATABASE], 60)


ROLE = """
SELECT format('CREATE ROLE %I LOGIN', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec
ALTER ROLE :"role" PASSWORD :'password';
"""
