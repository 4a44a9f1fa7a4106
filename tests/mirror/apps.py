"""apps.py - how four apps shape their calls.

Read from their sources: Conversations (2.12 and its forks up to 2.19), Dino
0.5, Movim 0.34, Monal 6. One object is one device in one call; what it says is
text, as it leaves the app.
"""
import itertools
import uuid

from calling import DTLS, HINTS, ICE, JINGLE, JMI, RECEIPTS, RTP, FINGERPRINT

STORE = f"<store xmlns='{HINTS}'/>"
INFO = "urn:xmpp:jingle:apps:rtp:info:1"
FEEDBACK = "urn:xmpp:jingle:apps:rtp:rtcp-fb:0"
EXTENSIONS = "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0"
SOURCES = "urn:xmpp:jingle:apps:rtp:ssma:0"
GROUPING = "urn:xmpp:jingle:apps:grouping:0"
OPTION = "http://gultsch.de/xmpp/drafts/jingle/transports/ice-udp/option"
VERIFY = "http://gultsch.de/xmpp/drafts/omemo/dlts-srtp-verification"
CREDENTIALS = "ufrag='8hhy' pwd='asd88fgpdd777uzjYhagZg'"


def attributes(**given):
    """In their order; what is None is left out."""
    return "".join(f" {name}='{value}'" for name, value in given.items()
                   if value is not None)


def reason(word, text=""):
    text = f"<text>{text}</text>" if text else ""
    return f"<reason xmlns='{JINGLE}'><{word}/>{text}</reason>"


class App:
    """What they have in common. own: the full address; contact: the bare one
    that the other has here; other: the full one, once it is known."""
    # Whether the media's names are those of SDP ("0"), not "audio".
    are_numbered = True

    def __init__(self, own, contact):
        self.own = own
        self.contact = contact
        self.other = None
        self.sid = None
        self.media = []
        self.numbers = itertools.count(1)

    def new_sid(self):
        return str(uuid.uuid4())

    def bare(self):
        return self.own.partition("/")[0]

    def new_id(self):
        return str(uuid.uuid4())

    # Messages.

    def message(self, to, inner, ident=None, kind="chat"):
        return (f"<message{attributes(to=to, type=kind, id=ident)}>{inner}"
                "</message>")

    def word(self, name, inner=""):
        return f"<{name} xmlns='{JMI}' id='{self.sid}'>{inner}</{name}>"

    def descriptions(self):
        return "".join(f"<description xmlns='{RTP}' media='{one}'/>"
                       for one in self.media)

    def propose(self):
        raise NotImplementedError

    def alert(self):
        """What it says when it rings: stanzas."""
        return []

    def proceed(self):
        """What it says when somebody answers: stanzas."""
        raise NotImplementedError

    def retract(self):
        """The caller gives up before anybody answered."""
        raise NotImplementedError

    def retract_late(self):
        """The caller gives up when somebody just has answered."""
        return []

    def reject(self):
        raise NotImplementedError

    # The session.

    def iq(self, inner):
        return (f"<iq{attributes(type='set', to=self.other, id=self.new_id())}>"
                f"{inner}</iq>")

    def session(self, action, inner, **more):
        return self.iq(f"<jingle xmlns='{JINGLE}'" + attributes(
            action=action, sid=self.sid, **more) + f">{inner}</jingle>")

    def parties(self, is_initiator):
        """The attributes that say who is who, where it writes them."""
        return {}

    def names(self):
        return [(str(number) if self.are_numbered else media, media)
                for number, media in enumerate(self.media)]

    def begin(self, action="session-initiate"):
        return self.session(
            action, self.group() + "".join(
                self.content(*name, "actpass" if action == "session-initiate"
                             else "active") for name in self.names()),
            **self.parties(action == "session-initiate"))

    def group(self):
        return (f"<group xmlns='{GROUPING}' semantics='BUNDLE'>" + "".join(
            f"<content name='{name}'/>" for name, _ in self.names())
            + "</group>")

    def content(self, name, media, setup):
        return (f"<content creator='initiator' senders='both' name='{name}'>"
                + self.description(media) + self.transport(setup)
                + "</content>")

    def description(self, media):
        return (
            f"<description xmlns='{RTP}' media='{media}'>"
            "<payload-type id='111' name='opus' clockrate='48000' "
            "channels='2'><parameter name='useinbandfec' value='1'/>"
            f"<rtcp-fb xmlns='{FEEDBACK}' type='transport-cc'/></payload-type>"
            f"<rtp-hdrext xmlns='{EXTENSIONS}' id='1' "
            "uri='urn:ietf:params:rtp-hdrext:ssrc-audio-level'/>"
            f"<extmap-allow-mixed xmlns='{EXTENSIONS}'/>"
            f"<ssrc-group xmlns='{SOURCES}' semantics='FID'>"
            "<source ssrc='1370113029'/><source ssrc='1370113030'/>"
            f"</ssrc-group><source xmlns='{SOURCES}' ssrc='1370113029'>"
            "<parameter name='cname' value='4TOk42mSjXCkVIa6'/>"
            "<parameter name='msid' value='my-stream my-track'/></source>"
            "<rtcp-mux/></description>")

    def transport(self, setup):
        return (f"<transport xmlns='{ICE}' {CREDENTIALS}>"
                f"<fingerprint xmlns='{DTLS}' hash='sha-256' setup='{setup}'>"
                f"{FINGERPRINT}</fingerprint><trickle xmlns='{OPTION}'/>"
                f"<renomination xmlns='{OPTION}'/></transport>")

    def candidate(self):
        return ("<candidate component='1' foundation='1' generation='0' "
                "id='el07' ip='10.0.1.1' port='8998' priority='2130706431' "
                "protocol='udp' type='host'/>")

    def trickle(self, is_initiator):
        return [self.session("transport-info", (
            f"<content creator='initiator' senders='both' name='{name}'>"
            f"<transport xmlns='{ICE}' {CREDENTIALS}>{self.candidate()}"
            "</transport></content>"), **self.parties(is_initiator))
                for name, _ in self.names()]

    def add(self, action="content-add"):
        """Pictures to sound, or agrees to them."""
        name, media = self.names()[-1]
        return self.session(action, self.content(
            name, media, "actpass" if action == "content-add" else "active"))

    def mute(self, word, is_initiator):
        """What it says when it is muted, or not any more: stanzas."""
        return []

    def end(self, why="success"):
        """Of a call that was answered: stanzas, in their order."""
        return [self.session("session-terminate", f"<reason><{why}/></reason>")]


class Conversations(App):
    """Asks for a receipt; what is keyed on ids has ids, the rest has none."""

    def propose(self):
        return self.message(
            self.contact, self.word("propose", self.descriptions())
            + f"<request xmlns='{RECEIPTS}'/>{STORE}", f"jm-propose-{self.sid}")

    def alert(self):
        receipt = (f"<received xmlns='{RECEIPTS}' id='jm-propose-{self.sid}'/>"
                   + STORE)
        return [self.message(self.other, self.word("ringing") + STORE),
                self.message(self.other, receipt, kind=None)]

    def proceed(self):
        device = f"<device xmlns='{VERIFY}' id='4711'/>"
        return [self.message(self.bare(), self.word("accept") + STORE),
                self.message(self.other, self.word("proceed", device) + STORE,
                             f"jm-proceed-{self.sid}")]

    def retract(self):
        return self.message(self.contact, self.word(
            "retract", f"<description xmlns='{RTP}'/>") + STORE)

    def retract_late(self):
        return [self.message(self.other, self.word("retract") + STORE)]

    def reject(self):
        return self.message(self.other, self.word(
            "reject", f"<description xmlns='{RTP}'/>") + STORE)

    def end(self, why="success"):
        return super().end(why) + [self.message(
            self.other, self.word("finish", reason(why)) + STORE)]


class Dino(App):
    """Names the initiator, whoever that is; has candidates in the session,
    and no hints, no receipts, no bundle."""
    are_numbered = False

    def propose(self):
        return self.message(self.contact, self.word(
            "propose", self.descriptions()), self.new_id())

    def proceed(self):
        return [self.message(self.bare(), self.word("accept"), self.new_id()),
                self.message(self.other, self.word("proceed"), self.new_id())]

    def retract(self):
        return self.message(self.contact, self.word("retract"), self.new_id())

    def reject(self):
        return self.message(self.other, self.word("reject"), self.new_id())

    def initiator(self, is_initiator):
        return {"initiator": self.own if is_initiator else self.other}

    def begin(self, action="session-initiate"):
        is_initiator = action == "session-initiate"
        return self.session(action, "".join(
            self.content(*name, "actpass" if is_initiator else "active")
            for name in self.names()),
            **self.initiator(True) if is_initiator else {})

    def parties(self, is_initiator):
        return self.initiator(is_initiator)

    def transport(self, setup):
        return (f"<transport xmlns='{ICE}' {CREDENTIALS}>"
                f"<fingerprint xmlns='{DTLS}' hash='sha-256' setup='{setup}'>"
                f"{FINGERPRINT}</fingerprint>{self.candidate()}</transport>")

    def candidate(self):
        return ("<candidate component='1' foundation='1' generation='0' "
                "id='6b7ac3f0' ip='10.0.1.1' network='0' port='8998' "
                "priority='1015021823' protocol='udp' type='srflx' "
                "rel-addr='0.0.0.0' rel-port='9'/>")

    def mute(self, word, is_initiator):
        return [self.session("session-info", (
            f"<{word} xmlns='{INFO}' name='audio' creator='initiator'/>"),
            **self.initiator(is_initiator))]


class Movim(App):
    """Messages without ids and hints; writes itself as the initiator and the
    other as the responder, always, and its own address without a device."""

    def propose(self):
        self.media.sort(reverse=True)  # pictures first
        return self.message(self.contact, self.word(
            "propose", self.descriptions()))

    def alert(self):
        return [self.message(self.other, self.word("ringing"))]

    def proceed(self):
        return [self.message(self.other, self.word("proceed"))]

    def retract(self):
        return self.message(self.contact, self.word(
            "retract", reason("cancel", "Retracted")))

    def reject(self):
        return self.message(self.other, self.word("reject"))

    def iq(self, inner):
        return ("<iq" + attributes(**{
            "from": self.own, "to": self.other, "type": "set",
            "id": uuid.uuid4().hex[:12], "xml:lang": "pt-BR"})
            + f">{inner}</iq>")

    def parties(self, is_initiator):
        return {"initiator": self.bare(), "responder": self.other}

    def content(self, name, media, setup):
        return (f"<content creator='initiator' name='{name}' senders='both'>"
                + self.transport(setup) + self.description(media)
                + "</content>")

    def transport(self, setup):
        return (f"<transport xmlns='{ICE}' {CREDENTIALS}>"
                f"<fingerprint xmlns='{DTLS}' hash='sha-256' setup='{setup}'>"
                f"{FINGERPRINT}</fingerprint></transport>")

    def candidate(self):
        return ("<candidate foundation='2' component='1' protocol='udp' "
                "priority='2122' ip='10.0.1.1' port='8998' type='host' "
                "generation='0' network-id='1' network-cost='10'/>")

    def add(self, action="content-add"):
        return self.session(action, self.group() + self.content(
            *self.names()[-1], "actpass"), initiator=self.bare())

    def mute(self, word, is_initiator):
        return [self.session("session-info", f"<{word} xmlns='{INFO}' "
                             "name='0'/>")]

    def end(self, why="success"):
        return [self.message(self.other, self.word(
            "finish", reason(why, "Success")))] + super().end(why)


class Monal(App):
    """Every message has an id, twice, and is to be stored."""

    def new_sid(self):
        return str(uuid.uuid4()).upper()

    def new_id(self):
        return str(uuid.uuid4()).upper()

    def message(self, to, inner, ident=None, kind="chat"):
        ident = ident or self.new_id()
        return super().message(
            to, f"<origin-id xmlns='urn:xmpp:sid:0' id='{ident}'/>"
            f"{inner}{STORE}", ident, kind)

    def propose(self):
        return self.message(self.contact, self.word("propose",
                                                    self.descriptions()))

    def alert(self):
        return [self.message(self.other, self.word("ringing"))]

    def proceed(self):
        return [self.message(self.other, self.word("proceed"))]

    def retract(self):
        return self.message(self.contact, self.word("retract",
                                                    reason("cancel")))

    def reject(self):
        return self.message(self.other, self.word("reject", reason("busy")))

    def reject_tie(self):
        """When both call each other at once."""
        return self.message(self.other, self.word(
            "reject", reason("expired") + "<tie-break/>"))

    def migrate(self, sid):
        """The call goes on as another one."""
        return self.message(self.other, self.word(
            "finish", reason("expired") + f"<migrated xmlns='{JINGLE}' "
            f"to='{sid}'/>"))

    def end(self, why="success"):
        return [self.session("session-terminate", reason(why)),
                self.message(self.other, self.word("finish", reason(why)))]
