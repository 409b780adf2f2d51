"""What Python code sees is the same with and without the agent: the same script, twice."""

import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import harness
import pytest

CHANGES = harness.ROOT / "docs" / "what-the-agent-changes.md"
STUBS = harness.APPS / "stubs"


def interpreters():
    """This one, and the 3.8 to 3.13 of pyenv."""
    root = Path(os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))) / "versions"
    found = [sys.executable]
    for version in ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13"):
        found += [str(path) for path in sorted(root.glob(f"{version}.*/bin/python"))[:1]]
    return found


def output(script, python, run=()):
    done = subprocess.run(
        [*run, python, str(harness.APPS / script)], stdout=subprocess.PIPE, timeout=60, check=True,
        env={**os.environ, "PYTHONPATH": f"{harness.APPS}:{STUBS}", "PYTHONIOENCODING": "utf-8"})
    return done.stdout.decode().splitlines()


def compare(script, python, tmp_path):
    """Same lines in both runs; gives the recording of the second."""
    recording = harness.Recording(tmp_path / "run.rec")
    bare = output(script, python)
    assert bare
    assert output(script, python, [harness.UNSLOW, "run", "-o", str(recording.path), "--"]) == bare
    return recording


@pytest.mark.parametrize("python", interpreters())
def test_hooked_methods_are_functions(python, tmp_path):
    recording = compare("transparent_functions.py", python, tmp_path)
    assert recording.requests() >= 4


@pytest.mark.parametrize("python", interpreters())
def test_responses_are_the_applications(python, tmp_path):
    recording = compare("transparent_wsgi.py", python, tmp_path)
    assert recording.requests() > 300
    by_keyword = recording.query("SELECT count(*) FROM v1_unit WHERE status = 201")
    assert by_keyword == [(1,)]


@pytest.mark.parametrize("python", interpreters())
def test_objects_on_a_loop_are_not_asked(python, tmp_path):
    recording = compare("transparent_loop.py", python, tmp_path)
    names = {row[0] for row in recording.query(
        "SELECT subject FROM v1_event WHERE kind = 'callback'")}
    assert {"__main__.Nosy", "__main__.Nosy.method", "__main__.Property.method",
            "blocking"} <= names


@pytest.mark.parametrize("python", interpreters())
def test_a_return_by_throw_or_send_is_no_error(python, tmp_path):
    recording = compare("transparent_steps.py", python, tmp_path)
    units = recording.query("SELECT status, error FROM v1_unit WHERE kind = 'request' ORDER BY id")
    assert units[::2] == [
        (None, None), (None, None), (None, None), (None, "__main__.OwnError"), (200, None),
        (None, "__main__.CancelledError")]


@pytest.mark.parametrize("name", ["function", "instance", "slots", "method", "partial", "nosy"])
def test_gunicorns_worker_has_the_application(name, watched, tmp_path):
    lines = {}
    for is_watched in (False, True):
        def command(port):
            return [sys.executable, "-m", "gunicorn", "-c", "transparent_gunicorn.py", "-b",
                    f"127.0.0.1:{port}", f"transparent_gunicorn:{name}"]

        server = watched(command, watched=is_watched, environment={
            "TRANSPARENT_APP": name, "PYTHONIOENCODING": "utf-8"})
        with server:
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/", timeout=30) as answer:
                assert answer.read() == b"ok"
        lines[is_watched] = [line for line in server.stderr().splitlines() if " → " in line]
    seen = [line for line in lines[True] if not line.startswith("  ")]
    assert len(lines[False]) >= 11
    assert seen == lines[False]
    assert server.recording.requests() == 1


def test_what_stays_is_documented(tmp_path):
    """Names of the agent's types and of the variable, and that there is one of each."""
    names = {name for source in (harness.ROOT / "src" / "agent").glob("*.c")
             for name in re.findall(r'"(unslow\.[a-z_]+|_?unslow_unit)"', source.read_text())}
    assert len(names) > 6
    assert {name for name in names if f"`{name}`" not in CHANGES.read_text()} == set()
    script = tmp_path / "count.py"
    script.write_text(
        "import bottle\n"
        "import contextvars, gc\n"
        "bottle.Bottle(lambda *of: [])({'REQUEST_METHOD': 'GET'}, print)\n"
        "print(len(gc.callbacks), [v.name for v in contextvars.copy_context()])\n")
    lines = [output(str(script), sys.executable, run) for run in (
        (), [harness.UNSLOW, "run", "-o", str(tmp_path / "run.rec"), "--"])]
    assert lines == [["0 []"], ["1 ['unslow_unit']"]]
