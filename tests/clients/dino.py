"""dino.py - Dino 0.4, worked by its widgets.

It wants a certificate that is trusted, and finds its server by its domain and
port 5222 alone.
"""
import re

from client import HERE
from desktop import DesktopClient

ACCOUNT = """
CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT,
	bare_jid TEXT NOT NULL UNIQUE, resourcepart TEXT, password TEXT, alias TEXT,
	enabled INTEGER, roster_version TEXT, mam_earliest_synced INTEGER);
INSERT INTO account (bare_jid, resourcepart, password, enabled)
VALUES ('{account}', '{resource}', '{password}', 1);
"""
SEALED, DTLS_SRTP = "2", "3"  # its numbers for kinds of encryption


class Dino(DesktopClient):
    NAME = "dino"
    NEEDS = [*DesktopClient.NEEDS, "dino-im"]
    HAS_FORMS = False
    SHOWS_ALL = True  # GTK 4.8 does not say what is showing

    def start(self, voice=None):
        """voice: it has a microphone, with a voice of so many Hz."""
        self.start_desktop()
        if voice:
            self.start_sound(voice)
        self.database.parent.mkdir(parents=True)
        self.do("sqlite3", self.database, ACCOUNT.format(
            account=self.account, resource=self.resource,
            password=self.house.password(self.account)))
        self.pid = self.programs.start(
            "dino", ["dino-im", "--print-xmpp=all"], env=self.environment())
        self.wait("logged in", lambda: re.search(
            f"presence.*from=.*{self.resource}", self.log()))

    @property
    def database(self):
        return self.home / ".local/share/dino/dino.db"

    def log(self):
        return self.programs.log("dino").read_text(errors="replace")

    def start_sound(self, voice):
        """A PulseAudio of its own: an ear, and a mouth fed by tone.py."""
        self.programs.start("pulse", [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1",
            "-L", "module-null-sink sink_name=ear",
            "-L", "module-null-sink sink_name=throat", "-L",
            "module-virtual-source source_name=mouth master=throat.monitor",
            "-L", "module-native-protocol-unix"], env=self.environment())
        self.wait("had sound", lambda: self.do("pactl", "info", check=False))
        self.do("pactl", "set-default-source", "mouth")
        self.do("pactl", "set-default-sink", "ear")
        self.programs.start("voice", [
            "sh", "-c", f'"{HERE}/tone.py" speak {voice} | pacat -p -d throat '
            "--format=s16le --rate=8000 --channels=1 --raw"],
            env=self.environment())

    def hears(self, pitch, other):
        """Whether a second and a half of its loudspeaker has this voice."""
        return self.do(
            "sh", "-c", "timeout 1.5 parec -d ear.monitor --format=s16le "
            f'--rate=8000 --channels=1 --raw | "{HERE}/tone.py" hear {pitch} '
            f"{other}", check=False) is not None

    def add(self, address):
        """It asks again whether to agree, although it was asked for."""
        self.press("ctrl+t")
        self.ui("click", "Start Conversation/push button", "GtkButton")
        self.ui("fill", "Add Contact/text", "GtkEntry", address)
        self.ui("click", "Add Contact/push button", "Add")
        self.ui("click", "Start Conversation/push button", "Cancel")
        self.accept(address)

    def accept(self, address):
        self.open(address)
        self.ui("click", "push button", "Accept")

    def sees_contact(self, address, name):
        """It shows addresses, and of who is online a picture with colours."""
        return self.shows(address) and self.shows_online(address)

    def shows_online(self, address):
        return re.search(f"presence(?!.*:type=).*from='{address}/",
                         self.received())

    def open(self, address):
        """Another dino-im on the same bus tells the one that runs."""
        self.do("dino-im", f"xmpp:{address}?message")
        self.wait("opened the chat", lambda: self.shows(f"with:{address}"))

    def seal(self, address):
        """The padlock is the last of the menus."""
        self.ui("click", "last push button", "GtkMenuButton")
        self.ui("click", "menu item", "OMEMO")

    def ticked(self, text):
        """1: received, 2: read."""
        rows = self.query(self.database, "SELECT body, marked FROM message")
        return [text, "1"] in rows or [text, "2"] in rows

    def sealed(self, text):
        return [text, SEALED] in self.query(
            self.database, "SELECT body, encryption FROM message")

    def received(self):
        return "\n".join(re.findall(
            r"^XMPP IN.*?$(.*?)(?=^XMPP (?:IN|OUT)|\Z)", self.log(),
            re.M | re.S))

    def is_call_sealed(self):
        """Whether the last call is encrypted, which it is once connected."""
        return self.query(self.database, "SELECT encryption FROM call "
                          "ORDER BY id DESC LIMIT 1") == [[DTLS_SRTP]]
