"""gajim.py - Gajim 1.7, worked by its menus (D-Bus) and its widgets."""
import json
import re

from desktop import DesktopClient

APP = {
    "remote_control": True, "use_keyring": False, "check_for_update": False,
    "plugins_update_check": False, "sounds_on": False, "autopopup": False,
    "show_notifications": False, "trayicon": "never", "version": "1.7.3"}
SPACE = {"name": "My Chats", "color": "rgb(191,99,87)", "avatar_sha": None,
         "chats": []}
TABLES = """
CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
INSERT INTO settings VALUES ('app', '{app}'), ('soundevents', '{{}}'),
	('status_presets', '{{}}'), ('proxies', '{{}}'),
	('plugins', '{{"omemo": {{"active": true}}}}'),
	('workspaces', '{spaces}');
INSERT INTO account_settings VALUES ('me', '{account}');
PRAGMA user_version = 5;
"""
WINDOW = "/org/gajim/Gajim/window/1"


class Gajim(DesktopClient):
    NAME = "gajim"
    NEEDS = [*DesktopClient.NEEDS, "gajim"]

    def start(self):
        self.start_desktop()
        self.config.mkdir()
        name, _, host = self.account.partition("@")
        account = {
            "active": True, "name": name, "hostname": host,
            "password": self.house.password(self.account), "savepass": True,
            "autoconnect": True, "account_label": "me",
            "use_custom_host": True, "custom_host": "127.0.0.1",
            "custom_port": self.house.client_port, "custom_type": "START TLS",
            "resource": self.resource, "sync_with_global_status": True}
        self.do("sqlite3", self.config / "settings.sqlite", TABLES.format(
            app=json.dumps(APP), spaces=json.dumps({"space": SPACE}),
            account=json.dumps({"account": account, "contact": {},
                                "group_chat": {}})))
        self.pid = self.programs.start(
            "gajim", ["gajim", "-s", "-c", str(self.config),
                      "-l", "gajim=INFO,.nbxmpp=INFO"],
            env=self.environment())
        self.wait("came online", lambda: "State: 5" in self.log(), 40)

    @property
    def config(self):
        return self.home / "config"

    def log(self):
        return self.programs.log("gajim").read_text(errors="replace")

    def action(self, name, *parameters):
        """An entry of its menus."""
        values = ", ".join(f"'{one}'" for one in parameters)
        if len(parameters) > 1:
            values = f"[{values}]"
        self.act("/org/gajim/Gajim", "Activate", name, f"[<{values}>]")

    def act(self, place, method, *words):
        self.do("gdbus", "call", "--session", "--dest", "org.gajim.Gajim",
                "--object-path", place, "--method",
                f"org.gtk.Actions.{method}", *words, "{}")

    def add(self, address):
        self.action("me-add-contact", "me", address)
        self.ui("click", "push button", "Next")
        self.ui("click", "push button", "Add Contact")

    def accept(self, address):
        """A request waits on the account's page."""
        self.ui("mouse", "filler", "Account: me")
        self.ui("click", "push button", "Accept")
        self.ui("click", "push button", "Next")
        self.ui("click", "push button", "Add Contact")

    def sees_contact(self, address, name):
        """So many of the contacts are online."""
        return self.shows(name) and self.shows("Contacts (1/1)")

    def open(self, address):
        """As its notifications do."""
        self.act(WINDOW, "Activate", "add-chat", f"""[<{{'account': <'me'>,
            'jid': <'{address}'>, 'type': <'contact'>, 'select': <true>}}>]""")
        self.hear("Choose encryption")  # below what one writes

    def book(self, clinic, specialty, doctor, when):
        """The list of commands, then a window with a page for each stage."""
        self.action("me-execute-command", clinic)
        self.ui("mouse", "table cell", "Book an appointment")
        self.ui("click", "push button", "Execute")
        for label, value in (("Specialty", specialty), ("Doctor", doctor)):
            self.hear(label)
            self.ui("mouse", "Stage/combo box", "(please choose)")
            self.ui("mouse", "menu item", value)
            self.ui("click", "Stage/push button", "Next")
        self.hear("Or write another day or time")
        self.ui("fill", "Stage/text", "", when)
        self.ui("click", "Stage/push button", "Next")
        self.hear("Shall I book it?")
        self.picture("form")
        self.ui("click", "Stage/push button", "Complete")
        self.hear("Booked: ")

    def seal(self, address):
        self.act(WINDOW, "SetState", "set-encryption",
                 "<'OMEMO'>")
        self.wait("had a session", lambda: [address] in self.query(
            self.config / f"omemo_{self.account}.db",
            "SELECT recipient_id FROM sessions"))

    def rows(self, what):
        return self.query(self.config / "logs.db",
                          f"SELECT message, {what} FROM logs")

    def ticked(self, text):
        """0: received, 1: displayed."""
        rows = self.rows("marker")
        return [text, "0"] in rows or [text, "1"] in rows

    def sealed(self, text):
        return [text, "OMEMO"] in self.rows(
            "json_extract(additional_data, '$.encrypted.name')")

    def received(self):
        """Its log has what it sent, too, and lines of its own."""
        return "\n".join(re.findall(
            r"^[^\n]*DATA RECEIVED ::::\n\n(.*?)\n$", self.log(),
            re.M | re.S))
