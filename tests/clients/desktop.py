"""desktop.py - clients with windows, on an X server without a screen.

Each has its own X server, session bus and window manager: most allow one
instance to a bus, and widgets are found through the X server (AT-SPI).
"""
import subprocess

from client import HERE, LIMIT_S, Client, Failed, StackError


class DesktopClient(Client):
    """Started by start_desktop(); pid is the client's own process."""
    NEEDS_SANDBOX = True
    NEEDS = ["Xvfb", "openbox", "dbus-daemon", "xdotool", "import", "gdbus",
             "sqlite3"]
    SHOWS_ALL = False  # whether hidden widgets count, too
    pid = None
    seat = None

    def start_desktop(self):
        runtime = self.folder / "runtime"
        runtime.mkdir(mode=0o700)
        self.seat = {"XDG_RUNTIME_DIR": str(runtime)}
        said = {"display": ["Xvfb", "-displayfd", "3", "-nolisten", "tcp",
                            "-screen", "0", "1280x900x24"],
                "bus": ["dbus-daemon", "--session", "--nofork",
                        "--print-address=3"]}
        for name, argv in said.items():
            self.programs.start(
                name, ["sh", "-c", f'exec "$@" 3>"{self.folder}/{name}"',
                       "sh", *argv], env=self.environment())
        display, bus = (self._read(name) for name in said)
        self.seat.update({"DISPLAY": f":{display}",
                          "DBUS_SESSION_BUS_ADDRESS": bus,
                          "LIBGL_ALWAYS_SOFTWARE": "1", "GTK_A11Y": "atspi",
                          "UI_ALL": str(int(self.SHOWS_ALL))})
        self.do("dbus-update-activation-environment", "DISPLAY",
                "XDG_RUNTIME_DIR")
        self.programs.start("openbox", ["openbox"], env=self.environment())

    def _read(self, name):
        place = self.folder / name
        self.wait(f"had a {name}", lambda: place.exists()
                  and place.read_text().endswith("\n"))
        return place.read_text().strip()

    def environment(self):
        return {**super().environment(), **(self.seat or {})}

    def ui(self, *words):
        """Works a widget: see ui.py."""
        self.do(HERE / "ui.py", self.pid, *words, limit_s=30)

    def shows(self, text, limit_s=0, role=""):
        return self.do(HERE / "ui.py", self.pid, "wait", role, text, limit_s,
                       limit_s=40, check=False) is not None

    def sees(self, text):
        return self.shows(text)

    def hear(self, text, limit_s=LIMIT_S):
        if not self.shows(text, limit_s):
            raise Failed(f"{self.NAME} of {self.account} never shows {text!r}")

    def press(self, *keys):
        self.do("xdotool", "key", *keys)

    def type(self, text):
        self.do("xdotool", "type", "--delay", "15", "--", text)

    def say(self, text):
        """Again if a key got lost: what closes takes it away."""
        self.wait(f"could type {text!r}", lambda: self._typed(text))
        self.press("Return")

    def _typed(self, text):
        self.type(text)
        if self.shows(text, 2, "text"):
            return True
        self.press("ctrl+a", "BackSpace")
        return False

    def picture(self, name):
        self.do("import", "-window", "root", self.folder / f"{name}.png")
