"""raw.py - a client that writes whatever it is told to.

A client library would not send what these tests need to send.
"""
import base64
import re
import socket
import time

LIMIT_S = 20


class Raw:
    """A logged-in account: write XML, wait for what matches."""

    def __init__(self, port, name, domain="localhost", resource="raw"):
        self.socket = socket.create_connection(("127.0.0.1", port), 10)
        self.jid = f"{name}@{domain}/{resource}"
        self.text = ""
        header = (f"<stream:stream xmlns='jabber:client' to='{domain}' "
                  "xmlns:stream='http://etherx.jabber.org/streams' "
                  "version='1.0'>")
        secret = base64.b64encode(f"\0{name}\0{name}".encode()).decode()
        self.write(header)
        self.expect("</stream:features>")
        self.write("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' "
                   f"mechanism='PLAIN'>{secret}</auth>")
        self.expect("<success")
        self.write(header)
        self.expect("</stream:features>")
        self.write("<iq type='set' id='bind'><bind xmlns="
                   "'urn:ietf:params:xml:ns:xmpp-bind'>"
                   f"<resource>{resource}</resource></bind></iq>")
        self.expect("</iq>")
        self.write("<iq type='set' id='session'><session xmlns="
                   "'urn:ietf:params:xml:ns:xmpp-session'/></iq>"
                   "<iq type='get' id='roster'><query "
                   "xmlns='jabber:iq:roster'/></iq><presence/>")
        self.expect("<presence")

    def write(self, text):
        self.socket.sendall(text.encode())

    def expect(self, pattern):
        """Reads until the pattern has come; everything up to its end, which is
        forgotten then."""
        end = time.monotonic() + LIMIT_S
        while not (found := re.search(pattern, self.text, re.S)):
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            try:
                part = self.socket.recv(65536)
            except TimeoutError:
                part = b""
            if not part:
                raise AssertionError(
                    f"no {pattern!r} came, but: {self.text[-2000:]}")
            self.text += part.decode(errors="replace")
        seen = self.text[:found.end()]
        self.text = self.text[found.end():]
        return seen

    def ask(self, kind, to, payload, identity):
        """An IQ's whole answer."""
        self.write(f"<iq type='{kind}' id='{identity}' to='{to}'>"
                   f"{payload}</iq>")
        answer = self.expect(rf"<iq [^>]*id=.{identity}.[^>]*?"
                             r"(/>|>.*?</iq>)")
        return answer[answer.rindex("<iq "):]

    def close(self):
        self.socket.close()
