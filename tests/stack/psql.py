"""psql.py - psql held open, and numbers from the command line."""
import subprocess
import sys


def option(name, standard):
    """The number after --name, which is taken from the command line."""
    if name not in sys.argv:
        return standard
    at = sys.argv.index(name)
    value = int(sys.argv[at + 1])
    del sys.argv[at:at + 2]
    return value


class Psql:
    """A session that lives until it is closed."""

    def __init__(self, url, verbosity):
        self.psql = subprocess.Popen(  # pylint: disable=consider-using-with
            ["psql", "-XAtq", "-F", "|", url], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.run(f"\\set VERBOSITY {verbosity}\n")

    def close(self):
        self.psql.stdin.close()
        self.psql.wait(10)
        self.psql.stdout.close()

    def run(self, text):
        """The lines that it prints."""
        self.psql.stdin.write(text + "\n\\echo <end>\n")
        self.psql.stdin.flush()
        lines = []
        while (line := self.psql.stdout.readline().rstrip("\n")) != "<end>":
            if not line and self.psql.poll() is not None:
                raise AssertionError("psql ended")
            lines.append(line)
        return lines
