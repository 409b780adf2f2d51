#!/usr/bin/env python3
"""Our line decoder against each CPython's own, on about 120 standard library modules.

    tests/matrix/lines_check.py LINES_TOOL [PYTHON ...]

Default interpreters: those of pyenv, 3.8 to 3.13, and python3. Fails on the first
code object that differs; prints how many instructions were compared.
"""
import glob
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LEAST_OBJECTS = 2000  # fewer: the standard library was not found


def pythons():
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    found = []
    for minor in range(8, 14):
        found += sorted(glob.glob(os.path.join(root, "versions", "3.%d.*" % minor, "bin", "python")))
    return found or ["python3"]


def compare(tool, python):
    truth = subprocess.run([python, "-W", "ignore", os.path.join(HERE, "lines_truth.py")],
                           capture_output=True, text=True, check=True, timeout=300).stdout
    rows = truth.splitlines()
    tables, expected = rows[0::2], rows[1::2]
    ours = subprocess.run([tool], input="\n".join(tables) + "\n", capture_output=True, text=True,
                          check=True, timeout=300).stdout.splitlines()
    if len(tables) < LEAST_OBJECTS or len(ours) != len(tables):
        sys.exit("%s: %d code objects, %d decoded" % (python, len(tables), len(ours)))
    instructions = 0
    for table, want, got in zip(tables, expected, ours):
        if want.split() != got.split():
            sys.exit("%s differs on %s\nwant %s\ngot  %s" % (python, table, want, got))
        instructions += len(want.split())
    print("%s: %d code objects, %d instructions agree" % (python, len(tables), instructions))


def main():
    tool, *given = sys.argv[1:]
    for python in given or pythons():
        compare(tool, python)


main()
