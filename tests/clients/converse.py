"""converse.py - Converse.js 14 in a Chromium without a window."""
import functools
import json
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from urllib.parse import urlencode

from browser import Browser
from client import HERE, Client

DIST = HERE.parents[1] / "build/npm/node_modules/converse.js/dist"
PAGE = "/converse.html"


class Files(SimpleHTTPRequestHandler):
    """The page, and below /dist what npm installed."""

    def translate_path(self, path):
        path = path.partition("?")[0]
        if path == PAGE:
            return str(HERE / PAGE[1:])
        return super().translate_path(path.removeprefix("/dist"))

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


@functools.lru_cache(None)
def web_server():
    """On a port that it chooses; it ends with the program."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Files, directory=str(DIST)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://localhost:{server.server_port}"


class Converse(Client):
    NAME = "converse"
    NEEDS = ["chromium"]

    def start(self):
        self.page = Browser(self.programs, self.folder, self.environment())
        self.page.start(f"{web_server()}{PAGE}?" + urlencode({
            "jid": f"{self.account}/{self.resource}",
            "password": self.house.password(self.account),
            "websocket":
                f"ws://127.0.0.1:{self.house.web_port}/xmpp-websocket"}))
        self.wait("logged in", lambda: self.page.run("window.online"))
        self.wait("had keys", lambda: self.page.run("window.has_keys"))

    def stop(self):
        super().stop()
        self.page.close()

    def picture(self, name):
        self.page.picture(self.folder / f"{name}.png")

    def add(self, address):
        """It agrees by itself to be a contact of whom it asked."""
        form = "converse-add-contact-modal form.add-xmpp-contact"
        self.page.click("a.add-contact")
        self.page.fill(f"{form} input[name=jid]", address)
        self.page.click(f"{form} button[type=submit]")

    def accept(self, address):
        contact = f"clinic.roster('{address}')"
        self.page.click(".accept-xmpp-request")
        self.page.click("converse-accept-contact-request-modal "
                        "button[type=submit]")
        self.wait("accepted", lambda: self.page.run(
            f"{contact} && !{contact}.get('requesting')"))
        # 14.0.0 then calls a function that it does not have, and asks nothing.
        self.page.run(f"void {contact}.subscribeToPresence()")
        self.wait("closed the dialog", self._is_closed)

    def _is_closed(self):
        self.page.run("document.querySelector("
                      "'.modal.show [data-bs-dismiss=modal]')?.click()")
        return not self.page.finds(".modal.show")

    def sees_contact(self, address, name):
        return [name, "This contact is online"] == self.page.run(f"""
            (found => found && [
                found.querySelector(".contact-name").innerText,
                found.querySelector(".chat-status")?.title])(
            [...document.querySelectorAll(".current-xmpp-contact")].find(
            one => one.querySelector('[data-jid="{address}"]')))""")

    def open(self, address):
        known = f'#converse-roster [data-jid="{address}"]'
        if self.page.finds(known):
            self.page.click(known)
        else:
            self.page.click("a.new-chat")
            self.page.fill("converse-new-chat-modal input[name=jid]", address)
            self.page.click("converse-new-chat-modal button[type=submit]")
        self.chat = f'converse-chat[jid="{address}"]'
        self.wait("opened the chat",
                  lambda: self.page.finds(f"{self.chat} .chat-textarea"))

    def say(self, text):
        line = f"{self.chat} .chat-textarea"
        self.page.fill(line, text)
        self.page.click(f"{self.chat} .send-button")
        self.wait("sent a line", lambda: not self.page.run(
            f"document.querySelector({json.dumps(line)}).value"))

    def sees(self, text):
        return self._message(text, "true")

    def ticked(self, text):
        return self._message(text, "!!one.querySelector('.fa-check')")

    def _message(self, text, what):
        """Something of the last message with this text in the open chat."""
        return self.page.run(f"""(one => one && {what})(
            [...document.querySelectorAll({json.dumps(
                self.chat + " converse-chat-message")})].reverse().find(
            one => one.querySelector("converse-chat-message-body")
            ?.innerText.includes({json.dumps(text)})))""")

    def book(self, clinic, specialty, doctor, when):
        """In the settings, on the tab "Commands"."""
        tab = "converse-adhoc-commands"
        self.page.click(".show-client-info")
        self.page.click("#commands-tab")
        self.page.fill(f"{tab} input[name=jid]", clinic)
        self.page.click(f"{tab} input[type=submit]")
        self.page.click(f"{tab} [data-command-node=book]")
        for name, value in (("specialty", specialty), ("doctor", doctor)):
            self.page.choose(f"{tab} select[name={name}]", value)
            self.page.click(f"{tab} input[data-action=next]")
        self.page.fill(f"{tab} input[name=time-wish]", when)
        self.page.click(f"{tab} input[data-action=next]")
        self.page.click(f"{tab} input[data-action=complete]")
        self.wait("showed that it is booked", lambda: "Booked: " in (
            self.page.run(f"document.querySelector('{tab}').innerText")))

    def seal(self, address):
        lock = f"{self.chat} .toggle-omemo"
        self.page.click(lock)
        self.wait("locked the chat",
                  lambda: self.page.finds(f"{lock} .fa-lock"))

    def sealed(self, text):
        return self._message(
            text, "!!one.querySelector('.chat-msg').dataset.encrypted")

    def received(self):
        self.page.run("0")  # reads what has come since
        return "\n".join(self.page.frames)
