"""webrtc.py - a caller: a connection of aiortc's that speaks Jingle.

What is said is a tone, what is shown is a flag with two colours; each caller
has others, so that it is known who is heard and seen. All stays on loopback.
"""
import asyncio
import collections
import fractions
import itertools
import logging
import time
import uuid
from xml.etree import ElementTree

import aioice.ice
import aiortc
import numpy
from aiortc.codecs import HEADER_EXTENSIONS
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

from calling import DTLS, JINGLE, JMI, RTP, propose, reason, said, word
from jingle import (GROUPING, candidates_of, contents_of, description_of,
                    found, group_of, role_of, session_of, trickled)

# It would offer every address of this machine but the loopback's, which is the
# one on which a test may be heard.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
# Version 1.4 numbers the header extensions of sound and of pictures alike, and
# then mistakes one for the other where both go over one connection (RFC 8843
# section 9.2 forbids it).
for extension in HEADER_EXTENSIONS["video"]:
    if extension.uri.endswith("abs-send-time"):
        extension.id = 3

for noisy in ("aiortc", "aioice"):
    logging.getLogger(noisy).setLevel(logging.CRITICAL)

INFO = "urn:xmpp:jingle:apps:rtp:info:1"
LIMIT_S = 20
CALL_S = 200  # nothing happens for so long: the call is forgotten
LOUD = 8000  # of 32767
RATE, SAMPLES = 48000, 960  # a frame of sound is 20 ms
# What was heard is judged by the last half second.
HEARD = 25
PICTURES_A_SECOND = 15
WIDTH, HEIGHT = 96, 64


class Track(aiortc.MediaStreamTrack):
    """Frames in their time. is_muted: sent are silence and black."""

    def __init__(self, a_second):
        super().__init__()
        self.a_second = a_second
        self.number = 0
        self.began = None
        self.is_muted = False

    async def recv(self):
        if self.readyState != "live":
            raise MediaStreamError
        self.began = self.began or time.monotonic()
        due = self.began + self.number / self.a_second
        await asyncio.sleep(max(0, due - time.monotonic()))
        frame = self.frame()
        self.number += 1
        return frame

    def frame(self):
        raise NotImplementedError


class Tone(Track):
    """A tone of one pitch."""
    kind = "audio"

    def __init__(self, pitch_hz):
        super().__init__(RATE / SAMPLES)
        self.pitch_hz = pitch_hz

    def frame(self):
        at = self.number * SAMPLES + numpy.arange(SAMPLES)
        wave = numpy.sin(2 * numpy.pi * self.pitch_hz * at / RATE)
        samples = wave * (0 if self.is_muted else LOUD)
        frame = AudioFrame.from_ndarray(
            samples.astype(numpy.int16).reshape(1, -1), "s16", "mono")
        frame.sample_rate = RATE
        frame.pts = self.number * SAMPLES
        frame.time_base = fractions.Fraction(1, RATE)
        return frame


class Flag(Track):
    """Two colours (red, green, blue), side by side."""
    kind = "video"

    def __init__(self, colours):
        super().__init__(PICTURES_A_SECOND)
        self.picture = numpy.zeros((HEIGHT, WIDTH, 3), numpy.uint8)
        self.picture[:, :WIDTH // 2], self.picture[:, WIDTH // 2:] = colours

    def frame(self):
        picture = self.picture * (not self.is_muted)
        frame = VideoFrame.from_ndarray(picture.astype(numpy.uint8), "rgb24")
        frame.pts = self.number
        frame.time_base = fractions.Fraction(1, PICTURES_A_SECOND)
        return frame


class Senses:
    """What came of the other side's sound and pictures."""

    def __init__(self):
        self.heard = collections.deque(maxlen=HEARD)
        self.picture = None
        self.counts = collections.Counter()  # of frames, by kind
        self.tasks = []

    def attend(self, track):
        """Listens and looks until the track ends."""
        self.tasks.append(asyncio.ensure_future(self._attend(track)))

    async def _attend(self, track):
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            self.counts[track.kind] += 1
            if track.kind == "audio":  # stereo: one sample for each ear
                self.heard.append(frame.to_ndarray()[0, ::2])
            else:
                self.picture = frame.to_ndarray(format="rgb24")

    def _sound(self):
        return numpy.concatenate(self.heard).astype(float)

    def hears(self, pitch_hz):
        """Whether the last half second was this tone, loud and all through."""
        if len(self.heard) < HEARD:
            return False
        tones = numpy.abs(numpy.fft.rfft(self._sound()))
        loudest_hz = tones.argmax() * RATE / (HEARD * SAMPLES)
        return (abs(loudest_hz - pitch_hz) < 5 and
                min(map(numpy.ptp, self.heard)) > LOUD)

    def hears_nothing(self):
        """Whether sound came, and the last half second of it was silent."""
        return (len(self.heard) == HEARD and
                numpy.abs(self._sound()).max() < LOUD / 100)

    def sees(self, colours):
        """Whether the last picture has these colours, left and right."""
        if self.picture is None:
            return False
        shown = [self.picture[:, WIDTH // 8:WIDTH * 3 // 8],
                 self.picture[:, WIDTH * 5 // 8:WIDTH * 7 // 8]]
        return all(numpy.abs(side.mean(axis=(0, 1)) - colour).max() < 40
                   for side, colour in zip(shown, colours))


class Caller:
    """One device that calls or is called, once.

    Conversations names no initiator and sends its candidates one by one after
    session-initiate; Dino names itself and has them in it (is_dino)."""

    def __init__(self, peer, pitch_hz, colours, is_dino=False):
        self.peer = peer
        self.pitch_hz = pitch_hz
        self.colours = colours
        self.is_dino = is_dino
        # Without servers: else it asks one on the net for its address.
        self.connection = aiortc.RTCPeerConnection(
            aiortc.RTCConfiguration(iceServers=[]))
        self.senses = Senses()
        self.connection.on("track", self._attend)
        self.tracks = {}  # by kind
        self.sid = None
        self.other = None  # the other's full address
        self.is_initiator = False
        self.contents = {}  # the other side's, by name
        self.group = None
        self.did = []  # the actions of the other side
        self.told = []  # what it said in session-info: word, content
        self.ended = None  # why the other side ended it
        self.ids = itertools.count(1)
        self.listener = None

    # A call from its beginning to its end.

    async def call(self, address, *media):
        """Calls; is over when the other side has accepted."""
        self.is_initiator = True
        self.sid = uuid.uuid4().hex
        self.peer.put("message", address, propose(self.sid, *media),
                      type="chat", id=f"jm-propose-{self.sid}")
        await self.peer.expect(said("ringing", self.sid), "ringing")
        proceed = await self.peer.expect(said("proceed", self.sid), "proceed")
        self.other = proceed.get("from")
        self._listen()
        for kind in media:
            self.show(kind)
        await self.connection.setLocalDescription(
            await self.connection.createOffer())
        await self.introduce("session-initiate")
        await self.until(lambda: "session-accept" in self.did, "an answer")

    async def take(self):
        """Takes the next call."""
        got = await self.peer.expect(said("propose"), "a call")
        self.other = got.get("from")
        proposal = got.find(f"{{{JMI}}}propose")
        self.sid = proposal.get("id")
        self._listen()
        for step in ("ringing", "proceed"):
            self.peer.put("message", self.other, word(step, self.sid),
                          type="chat", id=f"jm-{step}-{self.sid}")
        await self.until(lambda: "session-initiate" in self.did, "a session")
        for description in found(proposal, "description", RTP):
            self.show(description.get("media"))
        await self.connection.setRemoteDescription(self.described("offer"))
        await self.connection.setLocalDescription(
            await self.connection.createAnswer())
        await self.introduce("session-accept")

    async def hang_up(self, why="success"):
        """Ends the call: the session, and what was proposed."""
        await self.do("session-terminate", ElementTree.fromstring(
            f"<reason><{why}/></reason>"))
        self.peer.put("message", self.other,
                      word("finish", self.sid, reason(why)), type="chat",
                      id=f"jm-finish-{self.sid}")
        await self.close()

    async def close(self):
        """Ends what runs here; nothing is sent any more."""
        await asyncio.wait_for(self.connection.close(), LIMIT_S)
        for task in [self.listener] * bool(self.listener) + self.senses.tasks:
            if task is not asyncio.current_task():
                task.cancel()

    # What is sent.

    def show(self, kind):
        """Sound or pictures from here on."""
        self.tracks[kind] = (Tone(self.pitch_hz) if kind == "audio"
                             else Flag(self.colours))
        self.connection.addTrack(self.tracks[kind])

    @property
    def role(self):
        return "initiator" if self.is_initiator else "responder"

    async def introduce(self, action, creator="initiator", names=None):
        """Says what is sent from here, and where it is to be found."""
        description = self.connection.localDescription
        address = {self.role: str(self.peer.boundjid)} if self.is_dino else {}
        await self.do(action, group_of(description), *contents_of(
            description, creator, names, self.is_dino), **address)
        if not self.is_dino:
            for content in candidates_of(description, creator, names):
                await self.do("transport-info", content)

    async def do(self, action, *inner, **attributes):
        """Does something to the session, and waits for its result."""
        ident = f"{self.sid[:8]}-{self.role}-{next(self.ids)}"
        self.peer.put("iq", self.other, session_of(
            action, self.sid, inner, **attributes), type="set", id=ident)
        answer = await self.peer.expect(
            lambda xml: xml.tag.endswith("}iq") and xml.get("id") == ident
            and xml.get("type") in ("result", "error"), f"{action}'s result")
        assert answer.get("type") == "result", ElementTree.tostring(answer)
        assert answer.get("from") == self.other

    async def mute(self, kind, is_muted=True):
        """Sends silence or black, or what is there again, and says so."""
        self.tracks[kind].is_muted = is_muted
        await self.do("session-info", ElementTree.Element(
            "mute" if is_muted else "unmute",
            {"xmlns": INFO, "creator": "initiator",
             "name": self.name_of(kind)}))

    def name_of(self, kind):
        """The name of a content."""
        return next(one.mid for one in self.connection.getTransceivers()
                    if one.kind == kind)

    async def add(self, kind):
        """From sound to pictures."""
        self.show(kind)
        await self.connection.setLocalDescription(
            await self.connection.createOffer())
        await self.introduce("content-add", self.role, [self.name_of(kind)])
        await self.until(lambda: "content-accept" in self.did, "an answer")

    # What comes.

    def _attend(self, track):
        self.senses.attend(track)
        if track.kind == "video":
            self.senses.tasks.append(
                asyncio.ensure_future(self._ask_for_pictures()))

    async def _ask_for_pictures(self):
        """Until one is whole. aiortc itself asks for one only when one was
        damaged, so not when the first came before it was ready to look."""
        while self.senses.picture is None:
            await asyncio.sleep(0.2)
            for receiver in self.connection.getReceivers():
                for source in receiver.getSynchronizationSources():
                    if receiver.track.kind == "video":
                        await receiver._send_rtcp_pli(source.source)

    def _listen(self):
        self.listener = asyncio.ensure_future(self._hear())

    async def _hear(self):
        """Every action of the other side, in order, until the end."""
        actions = {
            "session-initiate": self._initiated,
            "session-accept": self._accepted,
            "content-add": self._added, "content-accept": self._accepted,
            "transport-info": self._trickled, "session-info": self._told,
            "session-terminate": self._terminated}
        while self.ended is None:
            got = await self.peer.expect(self.is_ours, "a session", CALL_S)
            assert got.get("from") == self.other
            self.peer.put("iq", self.other, type="result", id=got.get("id"))
            session = self.received(got.find(f"{{{JINGLE}}}jingle"))
            for name, party in (("initiator", self.is_initiator),
                                ("responder", not self.is_initiator)):
                assert session.get(name) in (
                    None, str(self.peer.boundjid) if party else self.other)
            await actions[session.get("action")](session)
            self.did.append(session.get("action"))

    def is_ours(self, xml):
        session = xml.find(f"{{{JINGLE}}}jingle")
        return session is not None and session.get("sid") == self.sid

    def received(self, session):
        """For tests that change something on the way."""
        return session

    def described(self, kind, role="auto"):
        """All contents of the other side."""
        return description_of(kind, self.contents.values(), self.group, role)

    def _introduced(self, session):
        contents = found(session, "content", JINGLE)
        self.contents.update((one.get("name"), one) for one in contents)
        self.group = session.find(f"{{{GROUPING}}}group")
        return contents

    async def _initiated(self, session):
        self._introduced(session)

    async def _accepted(self, session):
        role = role_of(self._introduced(session)[0])
        await self.connection.setRemoteDescription(
            self.described("answer", role))

    async def _added(self, session):
        contents = self._introduced(session)
        self.show(contents[0].find(f"{{{RTP}}}description").get("media"))
        await self.connection.setRemoteDescription(self.described("offer"))
        await self.connection.setLocalDescription(
            await self.connection.createAnswer())
        await self.introduce("content-accept", contents[0].get("creator"),
                             [one.get("name") for one in contents])

    async def _trickled(self, session):
        for content in found(session, "content", JINGLE):
            for candidate in trickled(content):
                await self.connection.addIceCandidate(candidate)

    async def _told(self, session):
        self.told += [(one.tag.partition("}")[2], one.get("name"))
                      for one in session]

    async def _terminated(self, session):
        self.ended = session.find(f"{{{JINGLE}}}reason")[0].tag.partition(
            "}")[2]
        await self.close()

    # What is known.

    async def until(self, is_so, what):
        """Waits, for a bounded time."""
        deadline = asyncio.get_running_loop().time() + LIMIT_S
        while not is_so():
            if self.listener and self.listener.done():
                self.listener.result()  # what went wrong
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(
                    f"{self.peer.account}: no {what}; it did {self.did}, "
                    f"{self.connection.connectionState}, "
                    f"{dict(self.senses.counts)}")
            await asyncio.sleep(0.02)

    async def no_more_candidates(self):
        """Nothing will come that is not there; else it waits for ever."""
        for transport in self.transports():
            await transport.transport.addRemoteCandidate(None)

    def transports(self):
        return {one.transport for one in self.connection.getSenders()}

    def own_fingerprints(self):
        """Of the certificate here."""
        return {one.value for transport in self.transports()
                for one in transport.getLocalParameters().fingerprints}

    def told_fingerprints(self):
        """What the other side's contents say of its certificate."""
        return {one.text for content in self.contents.values()
                for one in content.iter(f"{{{DTLS}}}fingerprint")}

    def shown_fingerprints(self):
        """Of the certificates that the handshakes showed."""
        return {one.ssl.get_peer_certificate().digest("sha256").decode()
                for one in self.transports()}
