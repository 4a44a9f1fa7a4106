"""profanity.py - Profanity 0.13 in a terminal that nobody looks at (tmux)."""
import re

from client import Client

ACCOUNT = """[me]
enabled=true
jid={account}
password={password}
server=127.0.0.1
port={port}
resource={resource}
tls.policy=trust
presence.last=online
presence.login=online
"""
SETTINGS = """[ui]
splash=false
vercheck=false
roster=false
occupants=false
[connection]
account=me
receipts.request=true
receipts.send=true
[chatstates]
enabled=false
[logging]
chlog=true
[omemo]
log=on
"""
# It publishes its device list only after it has read one, which a new account
# does not have: an empty one goes out by its XML console.
OMEMO, PUBSUB = ("eu.siacs.conversations.axolotl",
                 "http://jabber.org/protocol/pubsub")
DEVICES = (
    f'<iq type="set" id="list"><pubsub xmlns="{PUBSUB}"><publish '
    f'node="{OMEMO}.devicelist"><item id="current"><list xmlns="{OMEMO}"/>'
    '</item></publish><publish-options><x xmlns="jabber:x:data" type="submit">'
    '<field var="FORM_TYPE" type="hidden">'
    f'<value>{PUBSUB}#publish-options</value></field>'
    '<field var="pubsub#access_model"><value>open</value></field>'
    '</x></publish-options></pubsub></iq>')
RED = "\x1b[31m"


class Profanity(Client):
    NAME = "profanity"
    NEEDS = ["profanity", "tmux", "sqlite3"]

    def start(self):
        data = self.home / ".local/share/profanity"
        settings = self.home / ".config/profanity"
        for place in (data, settings):
            place.mkdir(parents=True)
        (data / "accounts").write_text(ACCOUNT.format(
            account=self.account, password=self.house.password(self.account),
            port=self.house.client_port, resource=self.resource))
        (settings / "profrc").write_text(SETTINGS)
        self.programs.start("tmux", ["tmux", "-S", str(self.socket), "-D",
                                     "-f", "/dev/null"])
        self.wait("had a terminal", self.socket.exists)
        self.tmux("new-session", "-d", "-x", "160", "-y", "50", "env",
                  *(f"{name}={value}"
                    for name, value in self.environment().items()),
                  "TERM=screen-256color", "profanity", "-l", "DEBUG")
        self.hear("logged in successfully")
        self.type("/xmlconsole", DEVICES, "/close")
        self.type("/omemo trustmode blind", "/omemo gen")
        self.hear("materials generated. Your Device ID", 60)

    @property
    def socket(self):
        return self.folder / "tmux"

    def tmux(self, *words):
        return self.do("tmux", "-S", self.socket, *words)

    def type(self, *lines):
        """-l, so that tmux takes no word for the name of a key."""
        for line in lines:
            self.tmux("send-keys", "-l", "--", line)
            self.tmux("send-keys", "Enter")

    def screen(self, *options):
        return self.tmux("capture-pane", "-p", "-J", *options)

    def sees(self, text):
        """Long lines are cut, and their ends indented."""
        return text in " ".join(self.screen().split())

    def picture(self, name):
        (self.folder / f"{name}.txt").write_text(self.screen())

    def add(self, address):
        self.type("/win 1", f"/roster add {address}",
                  f"/sub request {address}")
        self.hear(f"Received authorization request from {address}")
        self.type(f"/sub allow {address}")

    def accept(self, address):
        self.type("/win 1")
        self.hear(f"Received authorization request from {address}")
        self.type(f"/sub allow {address}", f"/sub request {address}")

    def sees_contact(self, address, name):
        """It shows addresses."""
        self.type("/win 1", "/who")
        return self.sees(f"{address} is online")

    def open(self, address):
        self.type(f"/msg {address}")

    def say(self, text):
        self.type(text)

    def ticked(self, text):
        """A line is red until it was received."""
        return any(text in line and RED not in line
                   for line in self.screen("-e").splitlines())

    def book(self, clinic, specialty, doctor, when):
        """Fields are numbered, and choices are typed."""
        self.type("/win 1", f"/cmd exec book {clinic}")
        for label, field, value in (
                ("Specialty", "field1", specialty),
                ("Doctor", "field1", doctor),
                ("Or write another day or time", "field2", when)):
            self.hear(label)
            self.type(f'/{field} "{value}"', "/form submit")
        self.hear("Shall I book it?")
        self.type("/form submit", "/win 1")
        self.hear("book completed")
        self.hear("Booked: ")

    def seal(self, address):
        self.type("/omemo start")
        self.hear("[OMEMO]")

    def sealed(self, text):
        [log] = (self.home / ".local/share/profanity/database").glob(
            "*/chatlog.db")
        return [text, "omemo"] in self.query(
            log, "SELECT message, encryption FROM ChatLogs")

    def received(self):
        log = (self.home / ".local/share/profanity/logs/profanity.log")
        return "\n".join(re.findall(r"RECV: (.*)", log.read_text()))
