#!/usr/bin/python3 -Wignore
"""ui.py - finds and works widgets through AT-SPI, by process id, role and name.

	ui.py PID tree                      prints what is shown
	ui.py PID wait ROLE TEXT SECONDS    until such a widget shows the text
	ui.py PID click ROLE NAME           waits for it, then presses it
	ui.py PID mouse ROLE NAME           moves the pointer there and clicks
	ui.py PID fill ROLE NAME TEXT       replaces the text of a field

ROLE as in "tree" ("": any), after "WINDOW/" to look in one window alone; NAME
is a piece of the name or description. The first that fits is taken, or the last
if ROLE begins with "last ". UI_ALL=1: hidden ones, too.
"""
import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
# pylint: disable=wrong-import-position
from gi.repository import Atspi, GLib  # noqa: E402

SHOWING = Atspi.StateType.SHOWING
EVERYTHING = os.environ.get("UI_ALL") == "1"
LIMIT_S = 20
MOST_CHILDREN = 500
PRESSES = ("click", "press", "activate", "toggle", "clicked", "")


def has(node, state):
    return node.get_state_set().contains(state)


def children(node):
    """Those that are there; widgets come and go while one looks."""
    try:
        count = min(node.get_child_count(), MOST_CHILDREN)
    except GLib.Error:
        return
    for index in range(count):
        try:
            child = node.get_child_at_index(index)
        except GLib.Error:
            continue
        if child:
            yield child


def application(pid):
    for child in children(Atspi.get_desktop(0)):
        try:
            if child.get_process_id() == pid:
                return child
        except GLib.Error:
            pass
    return None


def words(node):
    found = [node.get_name() or "", node.get_description() or ""]
    try:
        if "Text" in node.get_interfaces():
            found.append(Atspi.Text.get_text(
                node, 0, Atspi.Text.get_character_count(node)) or "")
    except GLib.Error:
        pass
    return found


def walk(node, depth=0):
    """Every widget that is showing, parents first."""
    yield depth, node
    for child in children(node):
        try:
            if (EVERYTHING or depth == 0
                    or has(child, SHOWING)):
                yield from walk(child, depth + 1)
        except GLib.Error:
            pass


def roots(pid, window):
    """Where to look: the application, or its windows of that name."""
    app = application(pid)
    if not app or not window:
        return [app] if app else []
    return [one for one in children(app) if window in (one.get_name() or "")]


def matches(pid, role, name, state):
    """All that there are now, as in the tree."""
    window, _, role = role.rpartition("/")
    for root in roots(pid, window):
        for _, node in walk(root):
            try:
                if (role in ("", node.get_role_name())
                        and any(name in text for text in words(node))
                        and ((EVERYTHING and state == SHOWING)
                             or has(node, state))):
                    yield node
            except GLib.Error:
                pass


def find(pid, role, name, seconds=LIMIT_S, state=SHOWING):
    """The first, or the last if the role begins with "last "."""
    is_last = role.startswith("last ")
    end = time.monotonic() + seconds
    while True:
        node = None
        for node in matches(pid, role.removeprefix("last "), name, state):
            if not is_last:
                break
        if node:
            return node
        if time.monotonic() > end:
            sys.exit(f"nothing shown: {role} {name!r}")
        time.sleep(0.2)


def press(node):
    count = Atspi.Action.get_n_actions(node)
    for index in range(count):
        if Atspi.Action.get_action_name(node, index) in PRESSES:
            return Atspi.Action.do_action(node, index)
    return count and Atspi.Action.do_action(node, 0)


def main(pid, verb, *rest):
    pid = int(pid)
    if verb == "tree":
        for depth, node in walk(application(pid)):
            text = " / ".join(dict.fromkeys(filter(None, words(node))))
            print(f"{'  ' * depth}{node.get_role_name()}: {text!r}")
    elif verb == "wait":
        find(pid, rest[0], rest[1], float(rest[2]))
    elif verb == "click":
        node = find(pid, *rest, state=Atspi.StateType.SENSITIVE)
        if not press(node):
            sys.exit(f"cannot be pressed: {rest}")
    elif verb == "mouse":
        box = Atspi.Component.get_extents(find(pid, *rest),
                                          Atspi.CoordType.SCREEN)
        subprocess.run(["xdotool", "mousemove", str(box.x + box.width // 2),
                        str(box.y + box.height // 2), "click", "1"],
                       check=True)
    elif verb == "fill":
        if not Atspi.EditableText.set_text_contents(
                find(pid, *rest[:2]), rest[2]):
            sys.exit(f"cannot be filled: {rest}")
    else:
        sys.exit(__doc__)


main(*sys.argv[1:])
