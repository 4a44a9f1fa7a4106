#!/usr/bin/python3
"""test_search.py - the search for leaks finds what it is there to find.

	tests/mirror/test_search.py [NAME...]

Every test of the mirror ends with it (peers.py). Here what one side gets is
made up: once for each thing by which the other could be known.
"""
import hashlib
import sys
import unittest
from types import SimpleNamespace

from peers import DOCTOR_HOST, PATIENT_HOST, MirrorTest

PATIENT = f"patqx1@{PATIENT_HOST}"
DOCTOR = f"smithzk1@{DOCTOR_HOST}"


class Search(unittest.TestCase):
    """Two people, one of whom gets something."""

    def find(self, got, receiver=DOCTOR, other=PATIENT):
        """Searches as a test does at its end."""
        test = MirrorTest()
        test.peers = [
            SimpleNamespace(account=receiver, resource="dino.7fKq",
                            bytes=b"<message><body>" + got + b"</body>"),
            SimpleNamespace(account=other, resource="Conversations.aB1",
                            bytes=b"")]
        test.search_for_leaks()

    def test_every_secret_is_found(self):
        for secret in ("patqx1", PATIENT_HOST, "Conversations.aB1",
                       hashlib.sha1(PATIENT.encode()).hexdigest(),
                       f"https://files.example/{PATIENT}/x.jpg",
                       f"{PATIENT}/Conversations.aB1",
                       hashlib.sha1(PATIENT.encode()).hexdigest().upper(),
                       "PATQX1", PATIENT_HOST.upper()):
            with self.subTest(secret), self.assertRaisesRegex(
                    AssertionError, "smithzk1@hosp.test got .* of patqx1@"):
                self.find(f"before {secret} after".encode())

    def test_the_other_way_too(self):
        with self.assertRaisesRegex(AssertionError, "patqx1@home.test got"):
            self.find(b"smithzk1", PATIENT, DOCTOR)

    def test_in_the_middle_of_a_long_stream(self):
        with self.assertRaises(AssertionError):
            self.find(b"x" * (1 << 20) + PATIENT.encode() + b"y" * (1 << 20))

    def test_what_says_nothing_is_not_found(self):
        self.find(b"jane.k7f3@clinic.localhost/mzvvke2clgsp2mq6zv2r")

    def test_ones_own_side_is_known(self):
        self.find(f"smithzk1@{DOCTOR_HOST}".encode(), DOCTOR,
                  f"chenzy1@{DOCTOR_HOST}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv, verbosity=2)
