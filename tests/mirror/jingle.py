"""jingle.py - a session of WebRTC as Jingle writes it, and back.

aiortc says by SDP what it sends and where it can be reached; apps tell each
other by Jingle: XEP-0166, sound and pictures (0167), feedback (0293), header
extensions (0294), bundles (0338), sources (0339), ICE (0176), the fingerprint
of the certificate (0320).
"""
from xml.etree import ElementTree

from aiortc import RTCIceCandidate, RTCSessionDescription, sdp
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters
from aiortc.rtcicetransport import RTCIceParameters
from aiortc.rtcrtpparameters import (RTCRtcpFeedback, RTCRtpCodecParameters,
                                     RTCRtpHeaderExtensionParameters)

from calling import DTLS, ICE, JINGLE, RTP

FEEDBACK = "urn:xmpp:jingle:apps:rtp:rtcp-fb:0"
EXTENSIONS = "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0"
GROUPING = "urn:xmpp:jingle:apps:grouping:0"
SOURCES = "urn:xmpp:jingle:apps:rtp:ssma:0"
# Where a description names no place of its own: the candidates do.
NOWHERE = "0.0.0.0", 9
SETUPS = {"auto": "actpass", "client": "active", "server": "passive"}


def add(parent, name, namespace=None, text=None, /, **attributes):
    """A new element in another one. Attributes that are None are left out."""
    given = {} if namespace is None else {"xmlns": namespace}
    given.update((key, str(value)) for key, value in attributes.items()
                 if value is not None)
    element = ElementTree.SubElement(parent, name, given)
    element.text = text
    return element


def found(element, path, namespace):
    """The children with this name."""
    return element.findall(f"{{{namespace}}}{path}")


# From SDP to Jingle.

def contents_of(description, creator, names=None, with_candidates=True):
    """The contents that an SDP describes (those with these names)."""
    session = sdp.SessionDescription.parse(description.sdp)
    return [content_of(media, creator, with_candidates)
            for media in session.media
            if names is None or media.rtp.muxId in names]


def content_of(media, creator, with_candidates):
    content = ElementTree.Element("content", {
        "creator": creator, "name": media.rtp.muxId, "senders": "both"})
    description = add(content, "description", RTP, media=media.kind)
    for codec in media.rtp.codecs:
        payload = add(
            description, "payload-type", id=codec.payloadType, name=codec.name,
            clockrate=codec.clockRate, channels=codec.channels)
        for name, value in codec.parameters.items():
            add(payload, "parameter", name=name, value=value)
        for feedback in codec.rtcpFeedback:
            add(payload, "rtcp-fb", FEEDBACK, type=feedback.type,
                subtype=feedback.parameter)
    for extension in media.rtp.headerExtensions:
        add(description, "rtp-hdrext", EXTENSIONS, id=extension.id,
            uri=extension.uri)
    for group in media.ssrc_group:
        added = add(description, "ssrc-group", SOURCES,
                    semantics=group.semantic)
        for ssrc in group.items:
            add(added, "source", ssrc=ssrc)
    for source in media.ssrc:
        added = add(description, "source", SOURCES, ssrc=source.ssrc)
        add(added, "parameter", name="cname", value=source.cname)
        add(added, "parameter", name="msid", value=media.msid)
    add(description, "rtcp-mux")
    transport = add_transport(content, media)
    for fingerprint in media.dtls.fingerprints:
        add(transport, "fingerprint", DTLS, fingerprint.value,
            hash=fingerprint.algorithm, setup=SETUPS[media.dtls.role])
    for candidate in media.ice_candidates if with_candidates else []:
        add_candidate(transport, candidate)
    return content


def add_transport(content, media):
    return add(content, "transport", ICE, ufrag=media.ice.usernameFragment,
               pwd=media.ice.password)


def add_candidate(transport, candidate):
    add(transport, "candidate", component=candidate.component,
        foundation=candidate.foundation, generation=0,
        id=f"c{candidate.port}", ip=candidate.ip, network=0,
        port=candidate.port, priority=candidate.priority,
        protocol=candidate.protocol, type=candidate.type)


def candidates_of(description, creator, names=None):
    """The candidates of an SDP, a content for each, to be sent one by one."""
    session = sdp.SessionDescription.parse(description.sdp)
    contents = []
    for media in session.media:
        if names is None or media.rtp.muxId in names:
            for candidate in media.ice_candidates:
                content = ElementTree.Element("content", {
                    "creator": creator, "name": media.rtp.muxId})
                add_candidate(add_transport(content, media), candidate)
                contents.append(content)
    return contents


def group_of(description):
    """Which contents go over one connection."""
    session = sdp.SessionDescription.parse(description.sdp)
    element = ElementTree.Element("group", {
        "xmlns": GROUPING, "semantics": session.group[0].semantic})
    for name in session.group[0].items:
        add(element, "content", name=name)
    return element


# From Jingle to SDP.

def description_of(kind, contents, group, role):
    """The SDP of an "offer" or an "answer": of the contents, in their order.
    role: which part of the handshake the other side has, "auto" in an offer."""
    session = sdp.SessionDescription()
    session.origin = "- 0 0 IN IP4 0.0.0.0"
    session.msid_semantic.append(sdp.GroupDescription("WMS", ["*"]))
    if group is not None:
        session.group.append(sdp.GroupDescription(
            group.get("semantics"),
            [one.get("name") for one in found(group, "content", GROUPING)]))
    session.media = [media_of(content, role) for content in contents]
    return RTCSessionDescription(sdp=str(session), type=kind)


def role_of(content):
    """Which part of the handshake the sender of a content takes."""
    setup = content.find(f".//{{{DTLS}}}fingerprint").get("setup")
    return next(role for role, name in SETUPS.items() if name == setup)


def media_of(content, role):
    description = content.find(f"{{{RTP}}}description")
    kind = description.get("media")
    codecs = [codec_of(kind, payload)
              for payload in found(description, "payload-type", RTP)]
    media = sdp.MediaDescription(kind, NOWHERE[1], "UDP/TLS/RTP/SAVPF",
                                 [codec.payloadType for codec in codecs])
    media.direction = "sendrecv"
    media.host = media.rtcp_host = NOWHERE[0]
    media.rtcp_port = NOWHERE[1]
    media.rtcp_mux = bool(found(description, "rtcp-mux", RTP))
    media.rtp.muxId = content.get("name")
    media.rtp.codecs = codecs
    media.rtp.headerExtensions = [
        RTCRtpHeaderExtensionParameters(int(one.get("id")), one.get("uri"))
        for one in found(description, "rtp-hdrext", EXTENSIONS)]
    for source in found(description, "source", SOURCES):
        said = {one.get("name"): one.get("value") for one in source}
        media.ssrc.append(sdp.SsrcDescription(
            int(source.get("ssrc")), said.get("cname")))
        media.msid = said.get("msid")
    media.ssrc_group = [
        sdp.GroupDescription(group.get("semantics"),
                             [int(one.get("ssrc")) for one in group])
        for group in found(description, "ssrc-group", SOURCES)]
    transport = content.find(f"{{{ICE}}}transport")
    media.ice = RTCIceParameters(transport.get("ufrag"), transport.get("pwd"))
    media.ice_candidates = list(trickled(content))
    media.dtls = RTCDtlsParameters(
        [RTCDtlsFingerprint(one.get("hash"), one.text)
         for one in found(transport, "fingerprint", DTLS)], role)
    return media


def codec_of(kind, payload):
    return RTCRtpCodecParameters(
        mimeType=f"{kind}/{payload.get('name')}",
        clockRate=int(payload.get("clockrate")),
        channels=int(payload.get("channels", "1")),
        payloadType=int(payload.get("id")),
        rtcpFeedback=[
            RTCRtcpFeedback(one.get("type"), one.get("subtype"))
            for one in found(payload, "rtcp-fb", FEEDBACK)],
        parameters={one.get("name"): one.get("value")
                    for one in found(payload, "parameter", RTP)})


def trickled(content):
    """The candidates in a content."""
    for one in content.iter(f"{{{ICE}}}candidate"):
        yield RTCIceCandidate(
            component=int(one.get("component")),
            foundation=one.get("foundation"), ip=one.get("ip"),
            port=int(one.get("port")), priority=int(one.get("priority")),
            protocol=one.get("protocol"), type=one.get("type"),
            sdpMid=content.get("name"))


def session_of(action, sid, inner, **attributes):
    """The element that does something to a session, as text."""
    element = ElementTree.Element("jingle", {
        "xmlns": JINGLE, "action": action, "sid": sid, **attributes})
    element.extend(inner)
    return ElementTree.tostring(element, "unicode")
