"""calling.py - two who can call each other, and the stanzas with which they do.

The stanzas have the shapes that apps give them; what a session's contents say
of sound and pictures is made up.
"""
import asyncio

from peers import DESK, MirrorTest, available

JMI = "urn:xmpp:jingle-message:0"
JINGLE = "urn:xmpp:jingle:1"
RTP = "urn:xmpp:jingle:apps:rtp:1"
ICE = "urn:xmpp:jingle:transports:ice-udp:1"
DTLS = "urn:xmpp:jingle:apps:dtls:0"
HINTS = "urn:xmpp:hints"
RECEIPTS = "urn:xmpp:receipts"
CALL_SET = [
    "http://jabber.org/protocol/disco#info",
    JINGLE, RTP, f"{RTP[:-2]}:audio", f"{RTP[:-2]}:video", ICE, DTLS, JMI]
# The visit begins at nine in Madrid.
IN_TIME, TOO_EARLY = "2026-11-30T07:50:30Z", "2026-11-30T07:49:30Z"
TOO_LATE = "2026-11-30T08:35:30Z"
FINGERPRINT = "02:1A:CC:54:27:AB:EB:9C:53:3F:3E:4B:65:2E:7D:46:B2"


def propose(sid, *media, receipt=True):
    """As Conversations proposes a call; Movim asks for nothing."""
    return (f"<propose xmlns='{JMI}' id='{sid}'>"
            + "".join(f"<description xmlns='{RTP}' media='{one}'/>"
                      for one in media or ("audio",)) + "</propose>"
            + (f"<request xmlns='{RECEIPTS}'/><store xmlns='{HINTS}'/>"
               if receipt else ""))


def word(name, sid, inner="", hint=True):
    return (f"<{name} xmlns='{JMI}' id='{sid}'>{inner}</{name}>"
            + (f"<store xmlns='{HINTS}'/>" if hint else ""))


def reason(name):
    return f"<reason xmlns='{JINGLE}'><{name}/></reason>"


def candidate(kind, address="10.0.1.1"):
    related = "" if kind == "host" else " rel-addr='10.0.1.1' rel-port='8998'"
    return (f"<candidate component='1' foundation='1' generation='0' id='el07' "
            f"ip='{address}' network='1' port='8998' priority='2130706431' "
            f"protocol='udp' type='{kind}'{related}/>")


def content(media="audio", candidates="", setup="actpass"):
    return (
        f"<content creator='initiator' name='{media}' senders='both'>"
        f"<description xmlns='{RTP}' media='{media}'>"
        "<payload-type id='111' name='opus' clockrate='48000' channels='2'>"
        "<parameter name='useinbandfec' value='1'/>"
        "<rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' "
        "type='transport-cc'/></payload-type>"
        "<rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1' "
        "uri='urn:ietf:params:rtp-hdrext:ssrc-audio-level'/>"
        "<source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='1370113029'>"
        "<parameter name='cname' value='4TOk42mSjXCkVIa6'/></source>"
        "<rtcp-mux/></description>"
        f"<transport xmlns='{ICE}' ufrag='8hhy' pwd='asd88fgpdd777uzjYhagZg'>"
        f"<fingerprint xmlns='{DTLS}' hash='sha-256' setup='{setup}'>"
        f"{FINGERPRINT}</fingerprint>"
        "<trickle xmlns='http://gultsch.de/xmpp/drafts/jingle/transports/"
        f"ice-udp/option'/>{candidates}</transport></content>")


def jingle(action, sid, inner="", **attributes):
    pairs = "".join(f" {name}='{value}'" for name, value in attributes.items())
    return (f"<jingle xmlns='{JINGLE}' action='{action}' sid='{sid}'{pairs}>"
            f"{inner}</jingle>")


def said(name, sid=None):
    """Matches messages with this word of a call."""
    def matches(xml):
        found = xml.find(f"{{{JMI}}}{name}")
        return found is not None and sid in (None, found.get("id"))
    return matches


def did(action):
    """Matches IQs with this action of a session."""
    def matches(xml):
        found = xml.find(f"{{{JINGLE}}}jingle")
        return found is not None and found.get("action") == action
    return matches


def names_below(xml):
    """Every element with its namespace, in order."""
    return [one.tag for one in xml.iter()][1:]


class CallTest(MirrorTest):
    """A patient and a doctor with a video visit now."""

    async def ready(self, now=IN_TIME, features=CALL_SET, is_video=True):
        """Both see each other and can call."""
        if is_video:
            await asyncio.to_thread(
                self.sql, "UPDATE clinic.appointment SET is_video = true;")
        await asyncio.to_thread(self.stack.set_clock, now)
        patient, doctor = await self.befriended(CALL_SET, features)
        for peer, other, shown in ((patient, doctor, self.patient),
                                   (doctor, patient, self.doctor)):
            peer.send_raw(
                "<presence><c xmlns='http://jabber.org/protocol/caps' "
                "hash='sha-1' node='https://app.example' ver='"
                f"{len(peer.abilities)}'/></presence>")
            await other.expect(available(shown), "presence")
        # The second one says what the device can do, two seconds later at most.
        await self.able(doctor, self.patient)
        if JMI in features:
            await self.able(patient, self.doctor)
        return patient, doctor

    async def able(self, peer, shown):
        """The clinic knows what the other's device can do."""
        while True:
            got = await peer.expect(available(shown), "presence")
            answer = await peer.ask(
                got.get("from"),
                "<query xmlns='http://jabber.org/protocol/disco#info'/>",
                ident="able")
            if len(answer[0]) > 5:
                return

    def desk_says(self, peer):
        """What the desk says to somebody from now on, in order."""
        said_to = asyncio.Queue()

        def hear(stanza):
            xml = getattr(stanza, "xml", None)
            if xml is not None and (xml.get("from") or "").startswith(DESK):
                body = xml.findtext("{jabber:client}body")
                if body:
                    said_to.put_nowait(body)
            return stanza
        peer.add_filter("in", hear, -1)  # before the peer's own
        return said_to

    async def rows(self, columns="ending", settle=True):
        """The calls, oldest first."""
        if settle:
            await asyncio.sleep(0.3)
        return (await asyncio.to_thread(
            self.sql, f"SELECT concat_ws(' ', {columns}) FROM clinic.call "
            "ORDER BY id;")).splitlines()

    async def answer(self, peer, xml):
        peer.put("iq", xml.get("from"), type="result", id=xml.get("id"))

    async def established(self, caller, callee, callee_shown, sid="S",
                          media=("audio",), **attributes):
        """A call that was answered; each side's full address of the other."""
        caller.put("message", callee_shown, propose(sid, *media), type="chat",
                   id=f"jm-propose-{sid}")
        got = await callee.expect(said("propose", sid), "propose")
        caller_full = got.get("from")
        callee.put("message", caller_full, word("proceed", sid), type="chat",
                   id=f"jm-proceed-{sid}")
        got = await caller.expect(said("proceed", sid), "proceed")
        callee_full = got.get("from")
        caller.put("iq", callee_full, jingle(
            "session-initiate", sid, "".join(map(content, media)),
            **attributes), type="set", id="i1")
        got = await callee.expect(did("session-initiate"), "session-initiate")
        self.assertEqual(got.get("from"), caller_full)
        await self.answer(callee, got)
        result = await caller.expect(
            lambda xml: xml.get("id") == "i1" and xml.get("type") == "result",
            "result")
        self.assertEqual(result.get("from"), callee_full)
        callee.put("iq", caller_full, jingle(
            "session-accept", sid, "".join(map(content, media))), type="set",
            id="a1")
        got = await caller.expect(did("session-accept"), "session-accept")
        self.assertEqual(got.get("from"), callee_full)
        await self.answer(caller, got)
        return caller_full, callee_full
