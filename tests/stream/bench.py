#!/usr/bin/python3
"""bench.py - how many stanzas a second the stream answers, and at what cost.

	make bench-stream

Clients ping the desk through a private server (Prosody, or the kind named as
argument), many pings under way at a time. What answers is bare (bare.c). The
server is what limits the rate; the bot's own cost is its CPU time for a stanza
taken and answered.
"""
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/stack"), str(Path(__file__).parent)]

# pylint: disable=wrong-import-position
import servers
from processes import Programs, free_ports, until
from raw import Raw

CLIENTS = 4
PINGS = 10000  # of each client
AT_ONCE = 50  # below the share of a queue that one person may take
CONFIG = """[server]
port = {port}
domain = {domain}
secret = {secret}
"""


def cpu_seconds(pid):
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ping_all(client):
    """Pings in batches; the next batch when the last is answered."""
    batch = "".join(
        f"<iq type='get' id='bench' to='{servers.DESK}'>"
        "<ping xmlns='urn:xmpp:ping'/></iq>" for _ in range(AT_ONCE)).encode()
    for _ in range(PINGS // AT_ONCE):
        client.socket.sendall(batch)
        answered = 0
        rest = b""
        while answered < AT_ONCE:
            part = rest + client.socket.recv(65536)
            answered += part.count(b"bench")
            rest = part[-4:] if not part.endswith(b"bench") else b""


def measure(server, programs, folder, options):
    config = folder / "bare.conf"
    config.write_text(CONFIG.format(
        port=options["component_port"], domain=servers.CLINIC,
        secret=options["secret"]))
    pid = programs.start("bare", [str(ROOT / "build/stream/bare"),
                                  str(config)])
    until(20, "bare is up",
          lambda: "stream up" in programs.log("bare").read_text())
    clients = [Raw(options["client_port"], name)
               for name in options["accounts"]]
    for client in clients:
        client.socket.settimeout(60)
    threads = [threading.Thread(target=ping_all, args=(client,))
               for client in clients]
    began, cpu = time.monotonic(), cpu_seconds(pid)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, cpu = time.monotonic() - began, cpu_seconds(pid) - cpu
    count = CLIENTS * PINGS
    print(f"{server.NAME}: {count / took:.0f} stanzas answered a second; "
          f"bot's CPU {1e6 * cpu / count:.0f} us each, "
          f"so {count / cpu:.0f} a second on one core")


def main():
    kind = sys.argv[1] if len(sys.argv) > 1 else "prosody"
    folder = Path(tempfile.mkdtemp(prefix="carelay-bench-"))
    programs = Programs(folder / "run")
    client, component = free_ports(2)
    options = {"client_port": client, "component_port": component,
               "secret": "bench", "keep": False,
               "accounts": [f"user{n}" for n in range(CLIENTS)]}
    server = servers.KINDS[kind](programs, folder, options)
    try:
        server.make()
        server.start()
        server.wait()
        measure(server, programs, folder, options)
    finally:
        programs.stop("bare")
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
