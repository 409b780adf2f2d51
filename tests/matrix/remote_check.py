#!/usr/bin/env python3
"""Reading each CPython from outside: its stacks are right to the line, and a layout with one field
shifted is refused by that field's name.

    tests/matrix/remote_check.py REMOTE_TOOL [PYTHON ...]

Default interpreters: those of pyenv, 3.8 to 3.13, and /usr/bin/python3.
"""
import glob
import os
import re
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "remote_target.py")
# Shifts that may be accepted, and why they do no harm.
HARMLESS = {
    # 3.11 reads it only to show a generator's frame that stands before its first instruction,
    # where no running generator is; a place that says "generator" of another frame is refused.
    ("3.11", "frame_owner"): "decides nothing there",
}


def pythons():
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    found = []
    for minor in range(8, 14):
        found += sorted(glob.glob(os.path.join(root, "versions", "3.%d.*" % minor, "bin", "python")))
    return found + [system for system in ["/usr/bin/python3"] if os.path.exists(system)]


def lines():
    """{mark: line} of the target's source."""
    with open(TARGET, encoding="ascii") as file:
        return {line.split("# LINE ")[1].strip(): number
                for number, line in enumerate(file, 1) if "# LINE " in line}


def expected(wait):
    """A thread's frames, newest first: (last part of the name, line), and then threading's own."""
    at = lines()
    return ([(wait, at[wait]), ("<lambda>", at["lambda"]), ("step", at["lambda"]),
             ("steps", at["steps"]), ("descend", at["bottom"])]
            + [("descend", at["descend"])] * 5)


def fail(python, text):
    sys.exit("%s: %s" % (python, text))


class Target:
    def __init__(self, python, *words):
        self.python, self.words = python, words

    def __enter__(self):
        self.process = subprocess.Popen([self.python, TARGET, *self.words], stdout=subprocess.PIPE)
        if self.process.stdout.readline() != b"ready\n":
            fail(self.python, "the target did not start")
        return str(self.process.pid)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def check_stacks(tool, python, word):
    with Target(python, word) as pid:
        for _ in range(20):
            done = subprocess.run([tool, pid], capture_output=True, text=True, timeout=60)
            if done.returncode:
                fail(python, done.stderr)
            version, *rows = done.stdout.splitlines()
            threads = [[(row.split()[0].split(".")[-1], int(row.split()[2]))
                        for row in text.splitlines()[1:]]
                       for text in "\n".join(rows).split("thread ")[1:]]
            stacks = [stack[:10] for stack in threads]
            for wait in "sleeper", "waiter":
                if expected(wait) not in stacks:
                    fail(python, "no thread stands in %s as it should:\n%s" % (wait, done.stdout))
    return version


def check_shifts(tool, python, *words):
    refused = 0
    with Target(python, *words) as pid:
        done = subprocess.run([tool, "--shift", pid], capture_output=True, text=True, timeout=300)
    if done.returncode:
        fail(python, done.stderr)
    for row in done.stdout.splitlines():
        field, distance, fate = row.split()[:3]
        named = re.search(r"\b%s\b" % field, row.split(" ", 3)[-1]) if fate == "refused" else None
        if fate == "accepted" and (minor_of(python), field) not in HARMLESS:
            # With one interpreter the list is never followed.
            if field == "interp_next" and "interpreter" not in words:
                continue
            fail(python, "%s shifted by %s was accepted" % (field, distance))
        if fate == "refused" and not named:
            fail(python, "not refused by its name: %s" % row)
        refused += fate == "refused"
    return refused


MINORS = {}


def minor_of(python):
    if python not in MINORS:
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        MINORS[python] = subprocess.run([python, "-c", code], capture_output=True, text=True,
                                        check=True).stdout.strip()
    return MINORS[python]


def main():
    tool, *given = sys.argv[1:]
    for python in given or pythons():
        version = check_stacks(tool, python, "sleep")
        check_stacks(tool, python, "spin")
        refused = check_shifts(tool, python) + check_shifts(tool, python, "interpreter")
        print("%s (%s): stacks right, %d wrong layouts refused" % (python, version, refused))


main()
