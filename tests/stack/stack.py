"""stack.py - a clinic to test with: PostgreSQL, an XMPP server, and the bot.

A stack lives in one folder. up, bot, clock, reset and down beside this file are
its commands; Python tests use the class. Several stacks may run side by side.

	DIR/env         shell lines for tests: where everything listens, secrets
	DIR/stack.json  the same for these scripts, and how the stack was made
	DIR/carelay.conf, DIR/run/*.log, DIR/postgres, DIR/prosody or DIR/ejabberd

$CARELAY_STACKS, if set, is a file to which the folder of every stack is added,
so that whoever runs many tests can end what they left behind.
"""
import datetime
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zoneinfo import ZoneInfo

import postgres
import servers
from processes import (Programs, StackError, free_ports, port_is_free, run,
                       until)

ROOT = postgres.ROOT
PEOPLE = ["jane", "tom", "mia", "ruiz", "chen", "okafor", "admin"]
# The clinic's own zone: what a person in a test reads and writes.
ZONE = "Europe/Madrid"
# A bot that was told to end must have done so after this time.
BOT_ENDS_S = 10
# What a sanitizer writes when it has found something.
SANITIZER = re.compile(r"(ERROR|WARNING): \w*Sanitizer|: runtime error: ")
SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": "second_deadlock_stack=1",
}


def default_carelay():
    return os.environ.get("CARELAY") or str(ROOT / "build/carelay")


class Stack:
    """The stack in a folder; whether it runs or not."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.programs = Programs(self.folder / "run")
        self.state = {}
        try:
            self.state = json.loads(
                (self.folder / "stack.json").read_text())
        except OSError:
            pass

    # The parts, made from the state.

    @property
    def cluster(self):
        return postgres.Cluster(self.programs, self.state["cluster"],
                                self.state["database_port"],
                                self.state["keep"])

    @property
    def server(self):
        kind = servers.KINDS[self.state["server"]]
        return kind(self.programs, self.folder, self.state)

    @property
    def home(self):
        """The patients' own server, or None."""
        options = self.state.get("home")
        return options and servers.KINDS[options["server"]](
            self.programs, self.folder, options, "home")

    # Up and down.

    def up(self, server="prosody", now=None, bot=True, users=0, keep=False,
           carelay=None, client_port=None, hosts=None, home=None,
           real=False):
        """Starts everything. keep: for people, what is stored is kept. hosts:
        more domains of the XMPP server, with their accounts. home: a second
        server, of which kind, and its domains with their accounts. real: with
        what real clients want (Prosody: TLS, an archive, a websocket)."""
        if any(map(self.programs.pid, ("bot", "postgres", server))):
            raise StackError(f"a clinic runs in {self.folder} already: "
                             f"tests/stack/down {self.folder}")
        self.folder.mkdir(parents=True, exist_ok=True)
        if "CARELAY_STACKS" in os.environ:
            with open(os.environ["CARELAY_STACKS"], "a",
                      encoding="utf-8") as stacks:
                print(self.folder, file=stacks)
        if not keep:
            self._forget()
            shutil.rmtree(self.programs.folder, ignore_errors=True)
        self._choose(server, users, keep, carelay or default_carelay(),
                     client_port, hosts or {}, real)
        if home:
            self._choose_home(*home)
        try:
            with ThreadPoolExecutor() as at_once:
                database = at_once.submit(self._database_up, now)
                xmpp = [at_once.submit(self._server_up, server)
                        for server in (self.server, self.home) if server]
                for server in xmpp:
                    server.result()
                database.result()
            self.write_config()
            self._write_env()
            if bot:
                self.bot_start()
        except BaseException:
            self.down()
            raise

    def _choose(self, server, users, keep, carelay, client_port, hosts, real):
        """Ports and secrets; a kept stack has the same ones as last time."""
        old = self.state if keep else {}
        ports = free_ports(5)
        if client_port is None:
            client_port = old.get("client_port", ports[0])
        if old and not port_is_free(old["database_port"]):
            old = {**old, "database_port": ports[1]}
        if old and not port_is_free(old["component_port"]):
            old = {**old, "component_port": ports[2]}
        self.state = {
            "database_port": ports[1], "component_port": ports[2],
            "web_port": ports[3], "http_port": ports[4],
            "secret": secrets.token_hex(16),
            "owner_password": secrets.token_hex(16),
            "bot_password": secrets.token_hex(16),
            "cluster": str(postgres.cluster_folder(self.folder, keep)),
            **old, "client_port": client_port, "server": server, "keep": keep,
            "carelay": os.path.abspath(carelay),
            "users": users, "hosts": hosts, "real": real,
            "accounts": PEOPLE + [f"user{n}" for n in range(users)],
        }
        self._write_state()

    def _write_state(self):
        self._write("stack.json", json.dumps(self.state, indent="\t") + "\n")

    def _choose_home(self, server, hosts):
        """The second server; both know where the other is."""
        client_port, port, own_port, upload_port = free_ports(4)
        self.state["home"] = {
            "server": server, "hosts": hosts, "accounts": [], "keep": False,
            "client_port": client_port, "component_port": None, "secret": "",
            "server_port": port, "upload_port": upload_port}
        self.state["server_port"] = own_port
        self.state["others"] = self.home.domains(), port
        self.state["home"]["others"] = self.server.domains(), own_port
        self._write_state()

    def _database_up(self, now):
        cluster = self.cluster
        cluster.make()
        cluster.start()
        cluster.wait()
        cluster.prepare(self.state["owner_password"],
                        self.state["bot_password"])
        run([ROOT / "schema/migrate", self.database_url(), postgres.BOT], 60)
        if self.state["keep"] and cluster.psql(text=IS_LIVED_IN).strip():
            return
        self.reset(now)

    @staticmethod
    def _server_up(server):
        server.make()
        server.start()
        server.wait()

    def down(self):
        """Ends what was started, whatever of it still runs, and forgets what
        was stored unless the stack is kept. Logs stay. True: the bot ended in
        time when it was told to."""
        in_time = self.bot_stop()
        if self.state:
            for server in filter(None, (self.server, self.home)):
                server.stop()
            self.cluster.end()
            if not self.state["keep"]:
                self._forget()
        return in_time

    def _forget(self):
        """Removes what is stored."""
        place = self.folder / "postgres"
        if place.is_symlink():
            shutil.rmtree(place.resolve(), ignore_errors=True)
            place.unlink()
        for part in ("postgres", "files", "home", *servers.KINDS):
            shutil.rmtree(self.folder / part, ignore_errors=True)

    # What tests read.

    def database_url(self, role="owner"):
        user = postgres.OWNER if role == "owner" else postgres.BOT
        return (f"postgresql://{user}:{self.state[role + '_password']}"
                f"@127.0.0.1:{self.state['database_port']}"
                f"/{postgres.DATABASE}")

    @property
    def config(self):
        return self.folder / "carelay.conf"

    @property
    def bot_log(self):
        return self.programs.log("bot")

    def env(self):
        return {
            "XMPP_HOST": "127.0.0.1",
            "XMPP_PORT": self.state["client_port"],
            "XMPP_DOMAIN": servers.DOMAIN,
            "COMPONENT_HOST": "127.0.0.1",
            "COMPONENT_PORT": self.state["component_port"],
            "COMPONENT_SECRET": self.state["secret"],
            "CLINIC": servers.CLINIC,
            "DESK": servers.DESK,
            "DATABASE_URL": self.database_url(),
            "BOT_DATABASE_URL": self.database_url("bot"),
            "BOT_PID": self.programs.pid("bot") or "",
            "SERVER_PID": self.programs.pid(self.state["server"]) or "",
            "BOT_LOG": self.bot_log,
            "CONFIG": self.config,
        }

    def _write_env(self):
        self._write("env", "".join(f"{name}={shlex.quote(str(value))}\n"
                                   for name, value in self.env().items()))

    def write_config(self):
        self._write("carelay.conf", CONFIG.format(
            port=self.state["component_port"], domain=servers.CLINIC,
            secret=self.state["secret"], url=self.database_url("bot"),
            web_port=self.state["web_port"], folder=self.folder))

    def _write(self, name, text):
        """A file that only its owner reads: there are secrets in it."""
        path = self.folder / (name + ".new")
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(text)
        os.replace(path, self.folder / name)

    # The bot.

    def bot_start(self):
        """Starts the bot and waits until the server has taken it in."""
        carelay = self.state["carelay"]
        if not os.access(carelay, os.X_OK):
            raise StackError(f"there is no bot at {carelay}: make build")
        told = self.log_size()
        self.programs.start("bot", [carelay, "--config", str(self.config)],
                            env={name: os.environ.get(name, value)
                                 for name, value in SANITIZERS.items()})
        self._write_env()
        self._bot_ready(told, "bot ready")

    def _bot_ready(self, told, sign):
        """The bot is connected and answers, says its log since then."""
        self.programs.ready("bot", 30, "it is ready",
                            lambda: sign in self.log_since(told))

    def bot_stop(self):
        """SIGTERM; True: it ended by itself in time, with status 0."""
        if self.programs.pid("bot") is None:
            return True
        in_time = self.programs.stop("bot", signal.SIGTERM, BOT_ENDS_S)
        self._write_env()
        return in_time and self.programs.exit_status("bot") == 0

    def bot_kill(self):
        self.programs.stop("bot", signal.SIGKILL)
        self._write_env()

    def log_size(self):
        try:
            return self.bot_log.stat().st_size
        except OSError:
            return 0

    def log_since(self, offset):
        """What the bot's log says after so many bytes."""
        try:
            with open(self.bot_log, "rb") as log:
                log.seek(offset)
                return log.read().decode(errors="replace")
        except OSError:
            return ""

    def complaints(self):
        """Lines of the bot's log in which a sanitizer has found something."""
        return [line for line in self.log_since(0).splitlines()
                if SANITIZER.search(line)]

    # The clinic's time and what it knows.

    def set_clock(self, now):
        """Makes it now (a datetime or ISO text; no zone: UTC) at the clinic;
        None: the real time."""
        self.cluster.psql(text=clock_at(now))

    def move_clock(self, by):
        """Moves the clinic's time: "+90m", "+2d", "-1h30m"."""
        self.cluster.psql(text="UPDATE clinic.clock SET offset_ms = offset_ms"
                          f" + {milliseconds(by)};")

    def now(self):
        """The clinic's time."""
        told = self.cluster.psql(
            text="SELECT extract(epoch FROM clinic.now());").strip()
        return datetime.datetime.fromtimestamp(float(told),
                                               datetime.timezone.utc)

    def reset(self, now=None):
        """The clinic is as new at that time: the demo's people (and user0,
        user1, ...), their hours, nothing booked. What was to be delivered goes
        first, or a later time would make it due. The bot may be writing, in an
        order of its own: who loses a deadlock begins again."""
        for left in (2, 1, 0):
            try:
                self.cluster.psql(text=f"""
                    BEGIN;
                    DELETE FROM clinic.delivery;
                    {clock_at(now)}
                    COMMIT;
                    \\i '{ROOT}/schema/reset.sql'
                    {USERS.format(last=self.state["users"] - 1)}
                """, at_once=False)
                return
            except StackError as error:
                if not left or "deadlock detected" not in str(error):
                    raise

    def settle(self):
        """Waits until the post room has sent what is due."""
        try:
            until(5, "deliveries",
                  lambda: not self.cluster.psql(text=IS_BUSY).strip(), 0.05)
        except TimeoutError:
            pass  # a delivery that cannot be sent: the test's own business

    # Trouble, for tests.

    def database_stop(self):
        self.cluster.stop()

    def database_start(self):
        self.cluster.start()
        self.cluster.wait()

    def server_restart(self):
        """The server goes and comes back, and the bot finds it."""
        told = self.log_size()
        self.server.stop()
        self.server.start()
        self.server.wait()
        if self.programs.pid("bot"):
            self._bot_ready(told, "stream up")


def instant(when):
    """A point in time from a datetime or ISO text; UTC if it has no zone."""
    if isinstance(when, str):
        text = re.sub(r"[Zz]$", "+00:00", when.strip())
        zone = None
        if " " in text and "/" in text:
            text, zone = text.split(" ", 1)
        try:
            when = datetime.datetime.fromisoformat(text)
        except ValueError as error:
            raise StackError(f'"{when}" is not a time such as '
                             '2026-11-30T08:00') from error
        if zone:
            when = when.replace(tzinfo=ZoneInfo(zone))
    if when.tzinfo is None:
        when = when.replace(tzinfo=datetime.timezone.utc)
    return when


def clock_at(now):
    """SQL that sets the clinic's clock."""
    offset = "0"
    if now is not None:
        offset = (f"extract(epoch FROM '{instant(now).isoformat()}'"
                  "::timestamptz - clock_timestamp()) * 1000")
    return f"UPDATE clinic.clock SET offset_ms = {offset};"


def milliseconds(span):
    """"+1d2h30m10s" in milliseconds."""
    units = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000}
    if not re.fullmatch(r"[+-](\d+[dhms])+", span):
        raise StackError(f'"{span}" is not a span such as +90m, +2d or -1h30m')
    total = sum(int(count) * units[unit]
                for count, unit in re.findall(r"(\d+)([dhms])", span))
    return -total if span[0] == "-" else total


def command(main):
    """Runs a command's main(); what it cannot do is said in one line."""
    try:
        sys.exit(main())
    except StackError as error:
        print(f"{Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


CONFIG = """# Written by tests/stack/up.
[server]
host = 127.0.0.1
port = {port}
domain = {domain}
secret = {secret}

[database]
url = {url}

[clinic]
name = Riverside Clinic
timezone = """ + ZONE + """
admins = admin@localhost

[files]
url = http://127.0.0.1:{web_port}
folder = {folder}/files
private = yes

[teams]
service = """ + servers.ROOMS + """

[web]
port = {web_port}
"""

IS_BUSY = """
SELECT 1 FROM clinic.delivery WHERE outcome IS NULL
	AND (holder IS NOT NULL OR next_at <= clinic.now()) LIMIT 1;
"""
IS_LIVED_IN = "SELECT 1 FROM clinic.person LIMIT 1;"

# Their names are spelled with letters: User Aaa, User Aab, ...
USERS = """
SELECT api.register('user' || n || '@localhost',
	'User ' || chr(65 + n / 676 % 26) || chr(97 + n / 26 % 26) || chr(97 + n % 26),
	'1990-01-01', NULL, NULL)
FROM generate_series(0, {last}) AS n;
"""
