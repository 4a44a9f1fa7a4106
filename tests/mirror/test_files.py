#!/usr/bin/python3
"""test_files.py - files through the mirror, both ways, on both servers.

	[CARELAY=PROGRAM] tests/mirror/test_files.py [NAME...]

A web server of our own plays the senders' upload service: its paths are made of
the accounts, as some servers make them.
"""
import asyncio
import hashlib
import struct
import sys
import threading
import unittest
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from peers import NS, MirrorTest

PLACE = b"N 40 25 0.48 W 3 42 13.7"
NS = {**NS, "oob": "jabber:x:oob", "sfs": "urn:xmpp:sfs:0",
      "meta": "urn:xmpp:file:metadata:0",
      "url": "http://jabber.org/protocol/url-data"}


def segment(marker, content):
    return (b"\xff" + bytes([marker])
            + struct.pack(">H", len(content) + 2) + content)


PHOTO = (b"\xff\xd8" + segment(0xe0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
         + segment(0xe1, b"Exif\0\0MM\0*\0\0\0\x08\0\0" + PLACE)
         + segment(0xdb, bytes(65)) + segment(0xda, bytes(10))
         + b"pixels" * 100 + b"\xff\xd9")
FILES = {"knee.jpg": PHOTO, "slow.jpg": PHOTO, "page.jpg": b"<html>hello",
         "huge.pdf": b"%PDF-" + bytes(21 << 20), "letter.pdf": b"%PDF-1.4 x"}


class Upload(BaseHTTPRequestHandler):
    """Answers with what FILES has of that name."""
    may_answer = threading.Event()

    def do_GET(self):  # pylint: disable=invalid-name
        name = self.path.rpartition("/")[2]
        if name == "slow.jpg":
            self.may_answer.wait(10)
        content = FILES.get(name)
        self.send_response(200 if content else 404)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        try:
            self.wfile.write(content or b"")
        except OSError:
            pass

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass


def fetch(url):
    """Status, type and content."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return (answer.status, answer.headers["Content-Type"],
                    answer.read())
    except urllib.error.HTTPError as error:
        return error.code, "", error.read()


class Files(MirrorTest):
    """Files."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.upload = ThreadingHTTPServer(("127.0.0.1", 0), Upload)
        cls.upload.daemon_threads = True
        threading.Thread(target=cls.upload.serve_forever).start()
        cls.addClassCleanup(cls.upload.server_close)
        cls.addClassCleanup(cls.upload.shutdown)

    async def asyncSetUp(self):
        Upload.may_answer.set()
        await super().asyncSetUp()

    def link(self, jid, name):
        """Where the sender's server has it."""
        account = hashlib.sha1(jid.encode()).hexdigest()
        return (f"http://127.0.0.1:{self.upload.server_port}/upload/{account}/"
                f"{name}")

    @property
    def own(self):
        """How the clinic's links begin."""
        return f"http://127.0.0.1:{self.stack.state['web_port']}/files/"

    def send(self, peer, to, name, ident="m1", body=None):
        url = self.link(peer.account, name)
        peer.say(to, url if body is None else body.format(url=url), ident,
                 f"<x xmlns='jabber:x:oob'><url>{url}</url></x>")

    async def check(self, got, name, content):
        """The clinic's own link to the file; the link."""
        url = got.findtext("oob:x/oob:url", None, NS)
        self.assertTrue(url.startswith(self.own), url)
        self.assertTrue(url.endswith("/" + name), url)
        status, _, found = await asyncio.to_thread(fetch, url)
        self.assertEqual(status, 200)
        self.assertEqual(found, content)
        return url

    async def test_a_photo_both_ways(self):
        patient, doctor = await self.both()
        clean = PHOTO.replace(
            segment(0xe1, b"Exif\0\0MM\0*\0\0\0\x08\0\0" + PLACE), b"")
        self.send(patient, self.doctor, "knee.jpg", "m-1")
        await doctor.hear("[Jane Doe")
        got = await doctor.hear("/files/")
        self.assertEqual(got.get("id"), "m-1")
        url = await self.check(got, "knee.jpg", clean)
        self.assertEqual(got.findtext("client:body", None, NS), url)
        self.assertNotIn(PLACE, clean)
        self.send(doctor, got.get("from"), "letter.pdf", "d-1")
        got = await patient.hear("/files/")
        await self.check(got, "letter.pdf", FILES["letter.pdf"])
        self.assertEqual(self.sql(
            "SELECT from_person.jid, to_person.jid, media_type, file.name, "
            "bytes FROM clinic.file JOIN clinic.person from_person "
            "ON from_person.id = sender JOIN clinic.person to_person "
            "ON to_person.id = recipient ORDER BY file.id;"),
            f"{self.patient_jid}|{self.doctor_jid}|image/jpeg|knee.jpg|"
            f"{len(clean)}\n{self.doctor_jid}|{self.patient_jid}|"
            "application/pdf|letter.pdf|10")

    async def test_a_list_of_files_with_their_links(self):
        patient, doctor = await self.both()
        self.send(patient, self.doctor, "knee.jpg", "m-1")
        await doctor.hear("/files/")
        other = await self.log_in(self.other_patient_jid, "x1y2")
        await asyncio.to_thread(self.stack.move_clock, "+29d")
        await self.settled()
        for peer, said in ((patient, "you to Dr. John Smith: knee.jpg, "),
                           (doctor, "Jane Doe: knee.jpg, ")):
            answer = await peer.ask_desk("files")
            self.assertIn(f"{said}", answer)
            self.assertIn("KB, kept until tomorrow:\n" + self.own, answer)
            url = answer.rpartition("\n")[2]
            self.assertEqual((await asyncio.to_thread(fetch, url))[0], 200)
        self.assertIn("No files", await patient.ask_desk("files since today"))
        self.assertIn("No files", await other.ask_desk("files"))
        await asyncio.to_thread(self.stack.move_clock, "+1d")
        await self.settled()
        answer = await doctor.ask_desk("files with jane")
        self.assertIn("not kept any more", answer)
        self.assertNotIn("http", answer)
        self.assertEqual((await asyncio.to_thread(fetch, url))[0], 404)

    async def test_stateless_file_sharing(self):
        patient, doctor = await self.both()
        url = self.link(self.patient_jid, "knee.jpg")
        patient.say(
            self.doctor, url, "m-1",
            "<file-sharing xmlns='urn:xmpp:sfs:0'><file xmlns='urn:xmpp:file:"
            "metadata:0'><name>my knee.jpg</name></file><sources><url-data "
            "xmlns='http://jabber.org/protocol/url-data' target='" + url
            + "'/></sources></file-sharing>")
        got = await doctor.hear("/files/")
        file = got.find("sfs:file-sharing/meta:file", NS)
        self.assertEqual(file.findtext("meta:name", None, NS), "my knee.jpg")
        self.assertEqual(file.findtext("meta:media-type", None, NS),
                         "image/jpeg")
        source = got.find("sfs:file-sharing/sfs:sources/url:url-data", NS)
        self.assertTrue(source.get("target").startswith(self.own))

    async def test_the_order_stays(self):
        patient, doctor = await self.both()
        Upload.may_answer.clear()
        patient.say(self.doctor, "one", "m-1")
        self.send(patient, self.doctor, "slow.jpg", "m-2", "two {url}")
        patient.say(self.doctor, "three", "m-3")
        self.send(patient, self.doctor, "knee.jpg", "m-4", "four {url}")
        patient.say(self.doctor, "five", "m-5")
        await doctor.hear("one")
        await doctor.quiet(lambda xml: xml.get("id") in ("m-3", "m-4", "m-5"))
        doctor.say(self.patient, "what is it?", "d-1")
        await patient.hear("what is it?")
        Upload.may_answer.set()
        got = [await doctor.hear() for _ in range(5)]
        self.assertEqual([xml.get("id") for xml in got][1:],
                         ["m-2", "m-3", "m-4", "m-5"])

    async def test_what_cannot_pass_is_told(self):
        patient, doctor = await self.both()
        patient.say(self.doctor, "hello", "m-0")
        await doctor.hear("[Jane Doe")
        await doctor.hear("hello")
        for name, why in (("gone.jpg", "does not hand it over"),
                          ("page.jpg", "something else"),
                          ("huge.pdf", "larger than 20 MB")):
            self.send(patient, self.doctor, name, "m-" + name,
                      "look: {url} there")
            got = await patient.hear("could not be passed on to Dr. Smith")
            self.assertIn(why, got.findtext("client:body", None, NS))
            self.assertEqual(got.get("from"), self.doctor)
            got = await doctor.hear()
            self.assertEqual(got.findtext("client:body", None, NS),
                             "look:  there")
            self.assertEqual(got.get("id"), "m-" + name)
        self.send(patient, self.doctor, "gone.jpg", "m-9")
        await patient.hear("could not be passed on")
        await doctor.quiet()

    async def test_an_encrypted_link_passes_unopened(self):
        patient, doctor = await self.both()
        url = "aesgcm://127.0.0.1/x/photo.jpg#00ff"
        patient.say(self.doctor, url, "m-1")
        await doctor.hear(url)
        patient.say(self.doctor, url, "m-2",
                    f"<x xmlns='jabber:x:oob'><url>{url}</url></x>")
        got = await doctor.hear(url)
        self.assertEqual(got.findtext("oob:x/oob:url", None, NS), url)
        await patient.quiet()

    async def test_it_ends_after_its_days(self):
        patient, doctor = await self.both()
        self.send(patient, self.doctor, "knee.jpg")
        url = (await doctor.hear("/files/")).findtext("oob:x/oob:url", None,
                                                      NS)
        self.assertEqual((await asyncio.to_thread(fetch, url))[0], 200)
        cut = url[:-30] + ("A" if url[-30] != "A" else "B") + url[-29:]
        self.assertEqual((await asyncio.to_thread(fetch, cut))[0], 404)
        digest = self.sql("SELECT encode(digest, 'hex') FROM clinic.file;")
        kept = self.stack.folder / "files" / digest[:2] / digest[2:]
        self.assertTrue(kept.exists())
        await asyncio.to_thread(self.stack.bot_stop)
        await asyncio.to_thread(self.stack.move_clock, "+31d")
        await asyncio.to_thread(self.stack.bot_start)
        self.assertEqual((await asyncio.to_thread(fetch, url))[0], 404)
        for _ in range(100):
            if self.sql("SELECT count(*) FROM clinic.file "
                        "WHERE removed_at IS NULL;") == "0":
                break
            await asyncio.sleep(0.05)
        self.assertFalse(kept.exists())

    async def test_a_part_of_a_film(self):
        patient, doctor = await self.both()
        self.send(patient, self.doctor, "letter.pdf")
        url = (await doctor.hear("/files/")).findtext("oob:x/oob:url", None,
                                                      NS)
        request = urllib.request.Request(url, headers={"Range": "bytes=1-3"})

        def ask():
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read(), dict(answer.headers)
        status, content, headers = await asyncio.to_thread(ask)
        self.assertEqual((status, content), (206, b"PDF"))
        self.assertEqual(headers["Content-Range"], "bytes 1-3/10")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", headers["Content-Security-Policy"])


class FilesOnEjabberd(Files):
    """The same."""
    SERVER = "ejabberd"


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
