"""house.py - the clinic that the clients meet in, and its witnesses.

The stack with what real clients want, and pairs of a patient and a doctor who
have a video visit in some minutes. Patients and doctors live on two domains,
so that each can be searched for in what the other side received.
"""
import os
import sys
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "stack"), str(TESTS / "mirror")]
# pylint: disable=wrong-import-position
from peers import (CLINIC, DESK, DOCTOR_HOST, NOW, PATIENT_HOST,  # noqa: E402
                   PEOPLE, secrets_of)
from stack import Stack  # noqa: E402

PATIENT_NAME, DOCTOR_NAME = "Jane Doe", "Dr. John Smith"
# When the pairs meet: their visit begins at 08:00Z.
MEETING = "2026-11-30T07:52Z"
TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")
HOSTS = Path("/etc/hosts")


@dataclass
class Pair:
    """A patient and a doctor: real accounts, and clinic addresses."""
    patient: str
    doctor: str
    patient_shown: str = ""
    doctor_shown: str = ""


class House:
    """In a folder; is_sandboxed: inside tests/clients/sandbox."""

    def __init__(self, folder, pairs, is_sandboxed):
        self.stack = Stack(folder)
        self.is_sandboxed = is_sandboxed
        self.pairs = [Pair(f"patqx{n}@{PATIENT_HOST}",
                           f"smithzk{n}@{DOCTOR_HOST}")
                      for n in range(1, pairs + 1)]

    def up(self):
        hosts = {PATIENT_HOST: [], DOCTOR_HOST: []}
        for pair in self.pairs:
            for jid in (pair.patient, pair.doctor):
                name, _, host = jid.partition("@")
                hosts[host].append(name)
        # Who is new at the clinic.
        hosts[PATIENT_HOST] += [f"new{n}"
                                for n in range(1, len(self.pairs) + 1)]
        self.stack.up(now=NOW, hosts=hosts, real=True,
                      client_port=5222 if self.is_sandboxed else None)
        if self.is_sandboxed:
            certificate, _ = self.stack.server.certificate()
            for place, more in (
                    (TRUSTED, certificate.read_text()),
                    (HOSTS, f"127.0.0.1 {PATIENT_HOST} {DOCTOR_HOST}\n")):
                with open(place, "a", encoding="ascii") as file:
                    file.write(more)
        for number, pair in enumerate(self.pairs):
            self._register(number, pair)
        self.sql("UPDATE clinic.person SET keeps_messages = true;"
                 "UPDATE clinic.appointment SET is_video = true;"
                 "NOTIFY book, 'all';")
        self.stack.set_clock(MEETING)
        for pair in self.pairs:
            pair.patient_shown = self._shown(pair.patient)
            pair.doctor_shown = self._shown(pair.doctor)

    def _register(self, number, pair):
        self.sql(PEOPLE.format(
            patient=pair.patient, doctor=pair.doctor,
            other_patient=f"nobody{number}@localhost",
            other_doctor=f"nodoctor{number}@localhost"))
        self.sql(f"""SELECT api.book('{pair.patient}', id, (SELECT
            starts_at::timestamptz FROM api.slots('{pair.patient}', id, NULL,
            NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL) LIMIT 1), NULL,
            NULL) FROM clinic.person WHERE jid = '{pair.doctor}';""")

    def _shown(self, jid):
        local = self.sql(f"""SELECT local FROM clinic.address JOIN
            clinic.person ON person.id = address.person
            WHERE jid = '{jid}';""")
        return f"{local}@{CLINIC}"

    def down(self):
        self.stack.down()

    def sql(self, text):
        return self.stack.cluster.psql(text=text).strip()

    @property
    def client_port(self):
        return self.stack.state["client_port"]

    @property
    def web_port(self):
        return self.stack.state["http_port"]

    @staticmethod
    def password(account):
        return account.partition("@")[0]

    # Witnesses.

    def kept(self, pair):
        """What the clinic keeps of their messages, in order: the text, or
        None for "encrypted message"."""
        rows = self.sql(f"""SELECT coalesce(body, '(encrypted)')
            FROM clinic.message
            JOIN clinic.person ON person.id = message.patient
            WHERE person.jid = '{pair.patient}' ORDER BY message.id;""")
        return rows.splitlines()

    def archived(self, *accounts):
        """All that the server keeps of these accounts, as one text."""
        data = self.stack.folder / "prosody/data"
        found = []
        for account in accounts:
            name, _, host = account.partition("@")
            for place in (data / host.replace(".", "%2e")).glob("*"):
                found += place.glob(f"{name}.*")
        return "\n".join(path.read_text(errors="replace") for path in found)


def leaks(received, account, resource):
    """By what this text tells of an account."""
    text = received.lower()
    return [secret for secret in secrets_of(account, [resource])
            if secret.lower() in text]


def is_sandbox_allowed():
    """Whether a network of one's own may be had here."""
    return os.system("unshare --user --map-root-user --net --mount true "
                     ">/dev/null 2>&1") == 0
