"""Who made large blocks, by C functions: unwound from copied stacks, shown, and exported, on every CPython."""

import gzip
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import harness  # noqa: E402
import heap_channel  # noqa: E402

HERE = Path(__file__).parent
PROGRAM = HERE / "native_truth.py"
NAMES = "SELECT n.id, s.domain, f.function FROM v1_heap_native n JOIN v1_heap_site s ON s.id = n.site_id JOIN " \
        "v1_heap_native_frame f ON f.native_id = n.id ORDER BY n.id, f.depth"


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    path = tmp_path_factory.mktemp("native") / "libtruth.so"
    subprocess.run(["cc", "-O2", "-fomit-frame-pointer", "-shared", "-fPIC", "-o", path, HERE / "native_truth.c"],
                   check=True, timeout=60)
    return path


def line_of(name):
    return next(i for i, line in enumerate(PROGRAM.read_text().splitlines(), 1) if line.endswith(f"# line: {name}"))


def until_unwound(recording, process, functions):
    """What is seen is written once a second."""
    end = time.monotonic() + 60
    found = set()
    while time.monotonic() < end and process.poll() is None:
        try:
            found = {name for name, in recording.query("SELECT function FROM v1_heap_native_frame")}
        except Exception:  # not there yet, or being written
            pass
        if functions <= found:
            return
        time.sleep(0.2)
    raise AssertionError(f"never unwound; ended: {process.poll()}; {found}")


def ways(recording):
    """{(allocator, functions, who called it first)}, of those that have names."""
    found = {}
    for way, domain, function in recording.query(NAMES):
        found.setdefault((way, domain), []).append(function)
    return {(domain, tuple(functions)) for (_, domain), functions in found.items()}


@pytest.fixture
def recording(python, library, tmp_path):
    process = subprocess.Popen(
        [harness.UNSLOW, "run", "-o", tmp_path / "a.rec", "--memory=64K", "--no-answer", "--", python, PROGRAM, library],
        cwd=tmp_path, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    made = harness.Recording(tmp_path / "a.rec")
    try:
        until_unwound(made, process, {"outer_keep", "outer_map"})
    finally:
        (tmp_path / "stop").touch()
        status = process.wait(timeout=60)
    assert status == 0, process.stderr.read()
    return made


def unslow(*words):
    return subprocess.run([harness.UNSLOW, *map(str, words)], stdout=subprocess.PIPE, timeout=60, check=True).stdout


def test_c_functions_below_a_line(recording, python):
    found = ways(recording)
    assert any(domain == "malloc" and way[:3] == ("inner_keep", "middle_keep", "outer_keep") for domain, way in found), found
    assert any(domain == "mapped" and way[:2] == ("inner_map", "outer_map") for domain, way in found), found
    # all of these were called by Python, and that is found
    ended = dict(recording.query(
        "SELECT ended, count(*) FROM v1_heap_native WHERE id IN (SELECT native_id FROM v1_heap_native_frame WHERE function "
        "IN ('outer_keep', 'outer_map')) GROUP BY 1"))
    assert set(ended) == {"python"}, (ended, found)
    has_numpy = not subprocess.run([python, "-c", "import numpy"], stderr=subprocess.DEVNULL).returncode
    libraries = {path for path, in recording.query("SELECT DISTINCT library FROM v1_heap_native_frame")}
    assert not has_numpy or any("numpy" in path for path in libraries), libraries

    # by line
    shown = json.loads(unslow("show", "memory", "--json", "-n", "1000", recording.path))
    names = [column["name"] for column in shown["columns"]]
    rows = {(Path(row["file"] or "").name, row["line"]): row for row in (dict(zip(names, row)) for row in shown["rows"])}
    row = rows[PROGRAM.name, line_of("keep")]
    assert "inner_keep < middle_keep < outer_keep (libtruth.so)" in row["c_functions"], row
    row = rows[PROGRAM.name, line_of("map")]
    assert "inner_map < outer_map (libtruth.so)" in row["c_functions"], row
    assert "inner_keep < middle_keep" in unslow("show", "memory", recording.path).decode()

    # the innermost of a stack
    stacks = [line.rsplit(" ", 1)[0].split(";") for line in unslow("export", "collapsed", "--memory=made", recording.path).decode().splitlines()]
    assert any([frame.split(" ")[0] for frame in stack[-3:]] == ["outer_keep", "middle_keep", "inner_keep"] and
               any(frame.startswith("keep (") for frame in stack) for stack in stacks), stacks
    profile = gzip.decompress(unslow("export", "pprof", recording.path))
    assert b"inner_keep" in profile and b"libtruth.so" in profile


def test_what_is_on_the_stack_stays_there(python, library, tmp_path):
    """Only addresses leave it: text that lies between them is nowhere in the channel's file."""
    (tmp_path / "stop").touch()
    with heap_channel.channel() as channel:
        channel.ask(heap_channel.SAMPLED, 64 << 10)
        subprocess.run([python, PROGRAM, library], env=channel.environment(), cwd=tmp_path, check=True, timeout=60)
        path, = channel.directory.glob("*.heap")
        assert heap_channel.Heap(path).natives >= 5
        assert b"secret" not in path.read_bytes()
    assert b"secret" in library.read_bytes()
