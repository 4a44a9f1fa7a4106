#!/usr/bin/python3
"""test_apps.py - calls as four apps shape them, from each to each.

	[CARELAY=PROGRAM] tests/mirror/test_apps.py [NAME...]

Every stanza of a call arrives as it was sent, in order, but for the addresses
and for what may not pass: that is said here and compared.
"""
import unittest
from dataclasses import dataclass
from xml.etree import ElementTree

from apps import App, Conversations, Dino, Monal, Movim
from calling import HINTS, JINGLE, JMI, RTP, CallTest
from peers import Peer

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# What stays behind: in which element, which, with which namespace. Words that
# a person may have written, and what says nothing there.
LEFT_OUT = {
    ("reason", "text", JINGLE), ("retract", "description", RTP),
    ("reject", "description", RTP)}
# What a candidate says of the networks of a device.
LEFT_OUT_ATTRIBUTES = {"network-id", "network-cost"}


@dataclass
class Side:
    """One of the two in a call."""
    peer: Peer
    app: App

    @property
    def full(self):
        return f"{self.peer.account}/{self.peer.resource}"


def shape(xml):
    """An element, to be compared."""
    return (xml.tag, sorted((name, value) for name, value in xml.items()
                            if name != LANGUAGE),
            (xml.text or "").strip(), [shape(one) for one in xml])


def may_pass(parent, child):
    namespace, _, name = child.tag[1:].partition("}")
    return (parent.tag.partition("}")[2], name, namespace) not in LEFT_OUT


def rewritten(text, sender, receiver):
    """What the other side is to get: of a stanza's text, as an element."""
    xml = ElementTree.fromstring(f"<s xmlns='jabber:client'>{text}</s>")[0]
    seen = receiver.app.other  # the sender, as the receiver knows them
    known = {sender.full: seen, sender.peer.account: seen,
             sender.app.other: receiver.full}
    # Who gives up does so in front of all devices.
    is_to_all = (xml.get("to") == sender.app.contact
                 or xml.find(f"{{{JMI}}}retract") is not None)
    xml.set("to", receiver.peer.account if is_to_all else receiver.full)
    xml.set("from", seen)
    for element in xml.iter():
        for child in list(element):
            if not may_pass(element, child):
                element.remove(child)
        for name in LEFT_OUT_ATTRIBUTES & set(element.keys()):
            del element.attrib[name]
        for name in {"initiator", "responder"} & set(element.keys()):
            element.set(name, known[element.get(name)])
    return xml


class Apps(CallTest):
    """Each app calls, and each is called; both by patients and by doctors."""

    async def asyncSetUp(self):
        await super().asyncSetUp()
        patient, doctor = await self.ready()
        self.peers_by_shown = {self.patient: patient, self.doctor: doctor}
        self.pairs = 0

    def two(self, caller, callee, media):
        """A caller and a callee with these apps, in turn patient and doctor."""
        order = [(self.patient, self.doctor), (self.doctor, self.patient)]
        own, other = order[self.pairs % 2]
        self.pairs += 1
        sides = []
        for app, shown, contact in ((caller, own, other), (callee, other, own)):
            peer = self.peers_by_shown[shown]
            sides.append(Side(peer, app(
                f"{peer.account}/{peer.resource}", contact)))
        sides[0].app.sid = sides[1].app.sid = sides[0].app.new_sid()
        sides[0].app.media, sides[1].app.media = list(media), list(media)
        return sides

    async def next(self, side):
        """What comes next of the call."""
        return await side.peer.expect(
            lambda xml: xml.tag.endswith(("}message", "}iq")), "more")

    async def crosses(self, text, sender, receiver):
        """Sends what arrives as it should, and is answered if it is an IQ."""
        sender.peer.send_raw(text)
        got = await self.next(receiver)
        if receiver.app.other is None:
            receiver.app.other = got.get("from")
            self.assertTrue(receiver.app.other.startswith(
                receiver.app.contact + "/"))
        wanted = rewritten(text, sender, receiver)
        self.assertEqual(shape(got), shape(wanted))
        if got.tag.endswith("}iq"):
            await self.answer(receiver.peer, got)
            result = await self.next(sender)
            self.assertEqual(
                [result.get(name) for name in ("type", "id", "from", "to")],
                ["result", got.get("id"), sender.app.other, sender.full])

    async def rings(self, caller, callee):
        """A call is proposed; both know of it."""
        await self.crosses(caller.app.propose(), caller, callee)
        alerts = callee.app.alert()
        for text in alerts:
            await self.crosses(text, callee, caller)
        if alerts:
            return
        # The clinic says so for an app that does not.
        got = await self.next(caller)
        self.assertEqual((got.get("type"), got.get("to")),
                         ("chat", caller.full))
        self.assertTrue(got.get("from").startswith(caller.app.contact + "/"))
        self.assertEqual([(one.tag, one.get("id")) for one in got],
                         [(f"{{{JMI}}}ringing", caller.app.sid),
                          (f"{{{HINTS}}}store", None)])

    async def is_answered(self, caller, callee):
        for text in callee.app.proceed():
            if f"to='{callee.app.bare()}'" in text:
                callee.peer.send_raw(text)  # to the person's other devices
            else:
                await self.crosses(text, callee, caller)

    async def adds_pictures(self, one, other):
        for side in (one, other):
            side.app.media.append("video")
        await self.crosses(one.app.add(), one, other)
        await self.crosses(other.app.add("content-accept"), other, one)

    async def test_calls_that_are_answered(self):
        """From the proposal to the end, by who called and by who was called.
        Monal can add no pictures to a call."""
        for number, (one, other) in enumerate((
                (Conversations, Dino), (Dino, Movim), (Movim, Monal),
                (Monal, Conversations))):
            with self.subTest(caller=one.__name__, callee=other.__name__):
                media = ["audio", "video"][:2 if Monal in (one, other) else 1]
                caller, callee = self.two(one, other, media)
                await self.rings(caller, callee)
                await self.is_answered(caller, callee)
                await self.crosses(caller.app.begin(), caller, callee)
                for text in caller.app.trickle(True):
                    await self.crosses(text, caller, callee)
                await self.crosses(callee.app.begin("session-accept"), callee,
                                   caller)
                for text in callee.app.trickle(False):
                    await self.crosses(text, callee, caller)
                for word in ("mute", "unmute"):
                    for text in caller.app.mute(word, True):
                        await self.crosses(text, caller, callee)
                    for text in callee.app.mute(word, False):
                        await self.crosses(text, callee, caller)
                sides = [callee, caller] if number % 2 else [caller, callee]
                if len(media) == 1:
                    await self.adds_pictures(*sides)
                for text in sides[0].app.end():
                    await self.crosses(text, *sides)
        self.assertEqual(
            await self.rows("is_doctors, is_video, rang_at IS NOT NULL, "
                            "answered_at IS NOT NULL, ending"),
            ["f f t t hung_up", "t f t t hung_up",
             "f t t t hung_up", "t t t t hung_up"])

    async def test_calls_that_are_given_up(self):
        """Before somebody answers, and when somebody just has."""
        for one in (Conversations, Dino, Movim, Monal):
            with self.subTest(caller=one.__name__):
                caller, callee = self.two(one, Monal, ["audio"])
                await self.rings(caller, callee)
                await self.crosses(caller.app.retract(), caller, callee)
        caller, callee = self.two(Conversations, Dino, ["audio"])
        await self.rings(caller, callee)
        await self.is_answered(caller, callee)
        for text in caller.app.retract_late():
            await self.crosses(text, caller, callee)
        self.assertEqual((await self.rows())[:4], ["missed"] * 4)

    async def test_calls_that_are_declined(self):
        for other in (Conversations, Dino, Movim, Monal):
            with self.subTest(callee=other.__name__):
                caller, callee = self.two(Conversations, other, ["audio"])
                await self.rings(caller, callee)
                await self.crosses(callee.app.reject(), callee, caller)
        self.assertEqual(await self.rows(), ["declined"] * 3 + ["busy"])

    async def test_what_only_monal_says(self):
        """Both called each other; and a call that goes on as another one."""
        caller, callee = self.two(Conversations, Monal, ["audio"])
        await self.rings(caller, callee)
        await self.crosses(callee.app.reject_tie(), callee, caller)
        caller, callee = self.two(Monal, Monal, ["audio"])
        await self.rings(caller, callee)
        await self.is_answered(caller, callee)
        await self.crosses(caller.app.migrate(caller.app.new_sid()), caller,
                           callee)

    async def test_an_answer_that_comes_too_late(self):
        """Conversations says so with an error that has the answer's id."""
        caller, callee = self.two(Conversations, Conversations, ["audio"])
        await self.rings(caller, callee)
        await self.is_answered(caller, callee)
        ident = f"jm-proceed-{caller.app.sid}"
        caller.peer.put(
            "message", caller.app.other, "<error code='404' type='cancel'>"
            "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
            "</error>", id=ident, type="error")
        got = await self.next(callee)
        self.assertEqual((got.get("id"), got.get("type"), got.get("from")),
                         (ident, "error", callee.app.other))


class EjabberdApps(Apps):
    """The same on the other server."""
    SERVER = "ejabberd"


if __name__ == "__main__":
    unittest.main()
