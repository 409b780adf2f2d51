"""What goes wrong around the target must not go wrong in it."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile

import harness
import pytest

PYTHON = sys.executable


def run(tmp_path, *command, prefix=()):
    return subprocess.run(
        [*prefix, harness.UNSLOW, "run", "-o", str(tmp_path / "run.rec"), "--", *command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        timeout=60,
    )


def test_not_a_command(tmp_path):
    done = run(tmp_path, "no-such-command-7f3a")
    assert done.returncode == 127
    assert "no-such-command-7f3a" in done.stderr


def test_not_executable(tmp_path):
    file = tmp_path / "data.txt"
    file.write_text("not a program")
    done = run(tmp_path, str(file))
    assert done.returncode == 126
    assert "data.txt" in done.stderr


def test_app_that_dies_at_start_keeps_its_status_and_its_words(tmp_path):
    done = run(tmp_path, PYTHON, "-c", "import sys; sys.exit('cannot find my settings')")
    assert done.returncode == 1
    assert "cannot find my settings" in done.stderr


def test_app_killed_by_a_signal(tmp_path):
    done = run(tmp_path, PYTHON, "-c", "import os; os.kill(os.getpid(), 9)")
    assert done.returncode == 128 + 9


@pytest.fixture
def in_namespace():
    """Makes the prefix of a command that sees mounts of its own; needs root and namespaces."""

    def prefix(*mounts):
        return ["unshare", "--mount", "sh", "-c", " && ".join([*mounts, 'exec "$0" "$@"'])]

    allowed = os.geteuid() == 0 and subprocess.run(
        [*prefix(full("/mnt")), "true"], stderr=subprocess.DEVNULL).returncode == 0
    if not allowed:
        pytest.skip("needs root and a mount namespace of its own")
    return prefix


def full(place):
    """A file system without room for a channel or a recording."""
    return f"mount -t tmpfs -o size=64k tmpfs {place}"


def read_only(place):
    return f"mount --bind {place} {place} && mount -o remount,bind,ro {place}"


def test_full_tmpfs_leaves_the_app_alive(in_namespace):
    """No room for the channel anywhere: the app answers, and the answer says what is missing."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        runtime = os.path.join(folder, "runtime")
        os.mkdir(runtime)
        port = harness.net.free_port()
        command = harness.gunicorn(PYTHON, "flask_app:app", port, "--worker-tmp-dir", folder)
        with harness.Watched(
            folder, command, port,
            environment={"APP_DSN": "unused", "XDG_RUNTIME_DIR": runtime, "TMPDIR": folder},
            prefix=in_namespace(full("/dev/shm"), full(runtime), read_only("/tmp")),
        ) as server:
            assert server.load("/hello", 50, threads=2) == [200] * 50
        said = server.stderr()
    assert "room" in said or "space" in said, said


def test_full_disk_leaves_the_app_alive(watched, tmp_path, in_namespace):
    """The recording's disk is full from the first second: the app answers all the same."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = lambda port: harness.gunicorn(PYTHON, "flask_app:app", port)  # noqa: E731
    server = watched(command, environment={"APP_DSN": "unused"},
                     prefix=in_namespace(full(disk)))
    server.command[server.command.index("-o") + 1] = str(disk / "run.rec")
    with server:
        assert server.load("/hello", 200, threads=2) == [200] * 200
    assert "space" in server.stderr() or "full" in server.stderr(), server.stderr()


def test_a_recording_with_infinite_numbers_is_read_or_refused(watched, tmp_path):
    with watched(lambda port: harness.gunicorn(PYTHON, "hash_app:app", port)) as server:
        assert server.load("/account", 20) == [200] * 20
    whole = server.recording.path.read_bytes()
    tables = server.recording.query("SELECT m.name, group_concat(c.name || ' = 9e999') FROM sqlite_master m, "
                                    "pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name <> 'seal' "
                                    "AND c.type = 'INTEGER' AND c.name NOT GLOB '*id' GROUP BY m.name")
    assert len(tables) > 10
    for table, columns in tables:
        hostile = tmp_path / f"{table}.rec"
        hostile.write_bytes(whole)
        db = sqlite3.connect(hostile)
        with db:
            db.execute(f"UPDATE OR IGNORE {table} SET {columns}")
        db.close()
        done = subprocess.run([harness.UNSLOW, "why", "--json", hostile], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=60)
        assert done.returncode in (0, 5), (table, done.stderr)
        if done.returncode == 0:
            json.loads(done.stdout, parse_constant=pytest.fail)
