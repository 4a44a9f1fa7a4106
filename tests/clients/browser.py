"""browser.py - a page in Chromium, told what to do over its debugging pipe."""
import base64
import json
import os
import select
import time

from client import LIMIT_S, until



class Browser:
    """One Chromium with one page. frames: what its websockets received."""

    def __init__(self, programs, folder, environment):
        self.programs = programs
        self.folder = folder
        self.environment = environment
        self.frames = []
        self.unread = b""
        self.asked = 0
        self.session = None

    def start(self, address):
        """Two named pipes, open at both ends before Chromium opens its own."""
        names = [self.folder / name for name in ("questions", "answers")]
        for name in names:
            os.mkfifo(name)
        self.questions, self.answers = (os.open(name, os.O_RDWR)
                                        for name in names)
        self.programs.start(
            "chromium",
            ["sh", "-c", 'exec chromium "$@" 3<questions 4>answers', "sh",
             "--headless=new", "--remote-debugging-pipe", "--no-sandbox",
             "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-sync",
             "--window-size=1200,800",
             f"--user-data-dir={self.folder}/profile", "about:blank"],
            env=self.environment, cwd=self.folder)
        page = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=page,
                                flatten=True)["sessionId"]
        self.ask("Network.enable")
        self.ask("Page.enable")
        self.ask("Page.navigate", url=address)

    def close(self):
        for end in (self.questions, self.answers):
            os.close(end)

    def ask(self, method, **parameters):
        """Sends a command; its result. What else comes is looked at."""
        self.asked += 1
        message = {"id": self.asked, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.questions, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + LIMIT_S
        while True:
            for answer in self._read(deadline - time.monotonic()):
                if answer.get("id") != self.asked:
                    continue
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            if time.monotonic() > deadline:
                raise TimeoutError(f"Chromium: {method}")

    def _read(self, limit_s):
        """The messages that are there, or come within the limit."""
        if not select.select([self.answers], [], [], max(limit_s, 0))[0]:
            return []
        *whole, self.unread = (self.unread
                               + os.read(self.answers, 1 << 20)).split(b"\0")
        messages = [json.loads(one) for one in whole]
        self.frames += [
            one["params"]["response"]["payloadData"] for one in messages
            if one.get("method") == "Network.webSocketFrameReceived"]
        return messages

    def run(self, script):
        """The value of a JavaScript expression, waited for."""
        done = self.ask("Runtime.evaluate", expression=script,
                        awaitPromise=True, returnByValue=True,
                        userGesture=True)
        if "exceptionDetails" in done:
            raise RuntimeError(f"{script}: {json.dumps(done)}")
        return done["result"].get("value")

    def finds(self, selector):
        return self.run(f"!!document.querySelector({json.dumps(selector)})")

    def click(self, selector):
        """Waits for an element, then clicks it."""
        until(LIMIT_S, f"{selector} is there",
              lambda: self.finds(selector), 0.1)
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def fill(self, selector, text):
        """Types into a field, as a keyboard does, until it is there: a dialog
        that opens takes the focus away."""
        field = f"document.querySelector({json.dumps(selector)})"

        def is_typed():
            if not self.finds(selector):
                return False
            self.run(f"{field}.focus(), {field}.select()")
            self.ask("Input.insertText", text=text)
            return self.run(f"{field}.value") == text
        until(LIMIT_S, f"{selector} is filled in", is_typed, 0.1)

    def choose(self, selector, value):
        """One of a list."""
        until(LIMIT_S, f"{selector} is there",
              lambda: self.finds(selector), 0.1)
        self.run(f"document.querySelector({json.dumps(selector)}).value = "
                 + json.dumps(value))

    def picture(self, path):
        shot = self.ask("Page.captureScreenshot")["data"]
        path.write_bytes(base64.b64decode(shot))
