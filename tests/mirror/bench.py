#!/usr/bin/python3
"""bench.py - two people who chat through the mirror, and through nothing.

	make bench-mirror
	tests/mirror/bench.py [prosody|ejabberd]

Both write messages, many under way at a time. First a component answers that
only sends each message back to its sender (echo.c), then, on the same server,
the bot passes each on to the other. The figures: messages a second of both and
their ratio; the bot's CPU time for each message passed on, with keeping it.
"""
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/stack"), str(ROOT / "tests/stream"),
                str(Path(__file__).parent)]

# pylint: disable=wrong-import-position
from peers import CLINIC, DOCTOR_HOST, NOW, PATIENT_HOST, PEOPLE  # noqa: E402
from processes import until  # noqa: E402
from raw import Raw  # noqa: E402
from stack import Stack  # noqa: E402

COUNT = int(os.environ.get("BENCH_MESSAGES", "6000"))  # of each of the two
AT_ONCE = 40  # below the share of a queue that one person may take
ROUNDS = 3
BODY = "<body>Take it twice a day, in the morning and in the evening.</body>"
REST = ("<request xmlns='urn:xmpp:receipts'/><markable xmlns="
        "'urn:xmpp:chat-markers:0'/><active xmlns="
        "'http://jabber.org/protocol/chatstates'/>")


def cpu_seconds(pid):
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def write(client, to, arrived):
    """Messages in batches; the next batch when the last has arrived."""
    batch = "".join(f"<message type='chat' id='bench-{n}' to='{to}'>{BODY}"
                    f"{REST}</message>" for n in range(AT_ONCE)).encode()
    for number in range(COUNT // AT_ONCE):
        client.socket.sendall(batch)
        arrived.wait_for((number + 1) * AT_ONCE)


class Arrivals:
    """Counts the messages that one client gets, in a thread of its own."""

    def __init__(self, client):
        self.client = client
        self.count = 0
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        client.socket.settimeout(60)
        self.thread.start()

    def _read(self):
        rest = b""
        mark = b"</message>"
        while True:
            try:
                part = self.client.socket.recv(65536)
            except OSError:
                return
            if not part:
                return
            data = rest + part
            found = data.count(mark)
            rest = data[data.rfind(mark) + len(mark):] if found else data
            rest = rest[-len(mark) + 1:]
            with self.changed:
                self.count += found
                self.changed.notify_all()

    def reset(self):
        with self.changed:
            self.count = 0

    def wait_for(self, count):
        with self.changed:
            if not self.changed.wait_for(lambda: self.count >= count, 60):
                raise SystemExit(f"only {self.count} of {count} arrived")


def chat(talks):
    """talks: (client, to, arrivals); messages a second."""
    for _, _, arrived in talks:
        arrived.reset()
    threads = [threading.Thread(target=write, args=talk) for talk in talks]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 2 * COUNT / (time.monotonic() - began)


def people(stack):
    """Makes a patient and a doctor who may write to each other; their clinic
    addresses."""
    patient, doctor = f"pat@{PATIENT_HOST}", f"doc@{DOCTOR_HOST}"
    sql = stack.cluster.psql
    sql(text=PEOPLE.format(patient=patient, doctor=doctor,
                           other_patient=f"x@{PATIENT_HOST}",
                           other_doctor=f"y@{DOCTOR_HOST}"))
    # What the doctor's own permission leaves behind, without a visit.
    sql(text="INSERT INTO clinic.contact (doctor, patient, is_allowed) SELECT "
             "doctor.id, patient.id, true FROM clinic.person doctor, "
             f"clinic.person patient WHERE doctor.jid = '{doctor}' AND "
             f"patient.jid = '{patient}'")
    return [sql(text="SELECT local FROM clinic.address JOIN clinic.person ON "
                f"person.id = person WHERE jid = '{jid}'").strip()
            + "@" + CLINIC for jid in (patient, doctor)]


def measure(stack):
    client, component = (stack.state[f"{name}_port"]
                         for name in ("client", "component"))
    patient_shown, doctor_shown = people(stack)
    ends = [Raw(client, "pat", PATIENT_HOST), Raw(client, "doc", DOCTOR_HOST)]
    arrivals = [Arrivals(end) for end in ends]
    echo_talks = [(end, f"echo@{CLINIC}", arrived)
                  for end, arrived in zip(ends, arrivals)]
    mirror_talks = [(ends[0], doctor_shown, arrivals[1]),
                    (ends[1], patient_shown, arrivals[0])]
    echoed, mirrored, cpu = [], [], []
    for _ in range(ROUNDS):
        stack.programs.start("echo", [str(ROOT / "build/mirror/echo"),
                                      str(component), CLINIC,
                                      stack.state["secret"]])
        until(20, "echo is up",
              lambda: "ready" in stack.programs.log("echo").read_text())
        echoed.append(chat(echo_talks))
        stack.programs.stop("echo")
        time.sleep(0.5)
        stack.bot_start()
        time.sleep(0.5)
        pid = stack.programs.pid("bot")
        before = cpu_seconds(pid)
        mirrored.append(chat(mirror_talks))
        time.sleep(1)  # what is still to be put down counts, too
        cpu.append((cpu_seconds(pid) - before) * 1e6 / (2 * COUNT))
        stack.bot_stop()
    kept = stack.cluster.psql(text="SELECT count(*) FROM clinic.message")
    for one, other, micro in zip(echoed, mirrored, cpu):
        print(f"  echo {one:.0f}/s, mirror {other:.0f}/s, ratio "
              f"{other / one:.2f}, bot's CPU {micro:.0f} us a message")
    print(f"{stack.state['server']}: median ratio "
          f"{median(o / e for e, o in zip(echoed, mirrored)):.2f}, "
          f"{median(mirrored):.0f} messages a second; bot's CPU "
          f"{median(cpu):.0f} us a message, {kept.strip()} messages kept")


def main():
    kind = sys.argv[1] if len(sys.argv) > 1 else "prosody"
    with tempfile.TemporaryDirectory(prefix="carelay-bench-") as folder:
        stack = Stack(folder)
        stack.up(server=kind, now=NOW, bot=False, hosts={
            PATIENT_HOST: ["pat"], DOCTOR_HOST: ["doc"]})
        try:
            measure(stack)
        finally:
            stack.programs.stop("echo")
            stack.down()


if __name__ == "__main__":
    main()
