"""Code that is freed and made again gets the addresses of what was freed; its lines are its own all the same, on
every CPython."""

import subprocess

import harness

TURNS, SHAPES = 600, 4
MADE = f"""
import sqlite3

def look(number):  # code of the same size, name, file and first line, that asks from another line each time
    source = "def ask(connection):\\n" + "    pass\\n" * number + (
        f"    return connection.execute('SELECT 1 AS asked_{{number}}').fetchone()\\n") + "    pass\\n" * (8 - number)
    scope = {{}}
    exec(compile(source, "made.py", "exec"), scope)
    return scope["ask"]

connection = sqlite3.connect(":memory:")
addresses = set()
for turn in range({TURNS}):
    ask = look(turn % {SHAPES})
    addresses.add(id(ask.__code__))
    ask(connection)
print(len(addresses))
"""


def test_lines_of_code_made_again_are_its_own(python, tmp_path):
    (tmp_path / "prog.py").write_text(MADE)
    done = subprocess.run([harness.UNSLOW, "run", "-q", "-o", "a.rec", "--", python, "prog.py"], cwd=tmp_path,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) < TURNS, "some addresses come back"
    asked = harness.Recording(tmp_path / "a.rec").query(
        "SELECT s.fingerprint, f.line, count(*) FROM v1_statement s JOIN v1_frame f ON f.id = s.stack_id "
        "WHERE s.fingerprint LIKE 'SELECT ? AS asked_%' GROUP BY 1, 2")
    assert sorted(asked) == [(f"SELECT ? AS asked_{number}", number + 2, TURNS // SHAPES) for number in range(SHAPES)]
