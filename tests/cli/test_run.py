"""`unslow run` around commands that are started, left or ended in unusual ways."""

import os
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
import runner

TIMEOUT_S = 40
# sys.executable may be reached through a script (pyenv): the interpreter itself is needed here.
PYTHON = os.path.realpath(sys.executable)
# A round of connections for each line it reads; says so when it is done.
ROUNDS = """
import sqlite3, sys
print("ready", flush=True)
for line in sys.stdin:
    for _ in range(int(line)):
        connection = sqlite3.connect(":memory:")
        connection.execute("select 42").fetchall()
        connection.close()
    print("done", flush=True)
"""
# agent/channel.h: channel_header.state; channel_rings after the header's page.
STATE_AT, AGENT_ASLEEP = 100, 2
RINGS_AT, RING_BYTES, RINGS = 4096 + 64, 192, 4
STOPPED = "recording has stopped, the command goes on"


def words(*command, recording="a.rec", options=("--no-answer",)):
    return [str(runner.binary()), "run", *options, "-o", recording, "--", *command]


def run(tmp_path, *command, recording="a.rec", **options):
    return subprocess.run(words(*command, recording=recording), cwd=tmp_path, timeout=TIMEOUT_S,
                          **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                             "stderr": subprocess.PIPE, "text": True, **options})


def query(tmp_path, sql, recording="a.rec"):
    connection = sqlite3.connect(tmp_path / recording)
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()


def handles(tmp_path, recording="a.rec"):
    return query(tmp_path, "SELECT count(*) FROM handle WHERE kind = 'sqlite'", recording)


class Rounds:
    """The command that works on demand, watched."""

    def __init__(self, tmp_path, prefix=(), recording="a.rec"):
        self.stderr = open(tmp_path / "stderr", "w+")
        self.process = subprocess.Popen(
            [*prefix, *words(PYTHON, "-c", ROUNDS, recording=recording)], cwd=tmp_path, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.stderr, bufsize=1)
        assert self.process.stdout.readline() == "ready\n", self.said()

    def said(self):
        return Path(self.stderr.name).read_text()

    def work(self, count=1):
        self.process.stdin.write(f"{count}\n")
        assert self.process.stdout.readline() == "done\n"

    def command_pid(self):
        """Of the children of unslow, the one that is Python."""
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                if os.readlink(f"/proc/{child}/exe") == PYTHON:
                    return int(child)
        raise AssertionError("the command is gone")

    def end(self):
        self.process.stdin.close()
        self.process.wait(TIMEOUT_S)
        return self.said()


@pytest.fixture
def rounds(tmp_path):
    made = []

    def make(**options):
        made.append(Rounds(tmp_path, **options))
        return made[-1]
    yield make
    for one in made:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait(TIMEOUT_S)
        for stream in (one.process.stdin, one.process.stdout, one.stderr):
            stream.close()


def channel_of(pid):
    """The first channel file that the process has mapped, open: the next unslow to start removes
    the directory of one that was killed."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        path = line.split(maxsplit=5)[-1]
        if "/unslow-" in path and path.endswith(".0"):
            return open(path, "rb", buffering=0)
    raise AssertionError("no channel is mapped")


def ring_heads(channel):
    return [os.pread(channel.fileno(), 8, RINGS_AT + ring * RING_BYTES) for ring in range(RINGS)]


def wait_until_asleep(one, channel):
    """By its calls the agent notices; it looks at least every 100 ms."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        one.work(300)
        if struct.unpack("<I", os.pread(channel.fileno(), 4, STATE_AT))[0] == AGENT_ASLEEP:
            return
    raise AssertionError("the agent does not sleep")


def test_app_outlives_a_killed_unslow(rounds, tmp_path):
    one = rounds()
    one.work(50)
    with channel_of(one.command_pid()) as channel:
        deadline = time.monotonic() + TIMEOUT_S
        while handles(tmp_path) < 50:  # the writer commits every second
            assert time.monotonic() < deadline
            time.sleep(0.1)
        one.process.kill()
        one.process.wait(TIMEOUT_S)
        wait_until_asleep(one, channel)
    one.process.stdin.close()  # the end of the command
    said = subprocess.run([str(runner.binary()), "why", "a.rec"], cwd=tmp_path, text=True,
                          stdout=subprocess.PIPE, timeout=TIMEOUT_S)
    assert said.returncode == 0
    assert "was not closed in order" in said.stdout
    assert handles(tmp_path) == 50


def test_detach_puts_the_agent_to_sleep(rounds, tmp_path):
    one = rounds()
    one.work(50)
    pid = one.command_pid()
    with channel_of(pid) as channel:
        def ask(verb, whom=pid):
            return subprocess.run([str(runner.binary()), verb, str(whom)], timeout=TIMEOUT_S, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert "`unslow detach" in ask("doctor").stdout
        assert ask("detach").stdout == f"unslow: the agent sleeps in 1 process: {pid}\n"
        wait_until_asleep(one, channel)
        assert "the agent is in it and sleeps" in ask("doctor").stdout
        again = ask("detach", one.process.pid)  # unslow itself: what is below it
        assert again.stdout == f"unslow: the agent sleeps already in 1 process: {pid}\n"
        heads = ring_heads(channel)
        one.work(100)
        assert ring_heads(channel) == heads  # nothing is written any more
    said = one.end()
    assert one.process.returncode == 0, said
    assert query(tmp_path, "SELECT count(*) FROM process WHERE agent_state = 'asleep'") == 1
    assert query(tmp_path, "SELECT count(*) FROM meta WHERE key = 'detached_ns'") == 1
    assert handles(tmp_path) >= 50


@pytest.mark.parametrize("streams", ["<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_stay_closed_and_spoil_nothing(tmp_path, streams):
    script = ("import os, sqlite3; sqlite3.connect(':memory:'); "
              "open('fds', 'w').write(' '.join(f for f in os.listdir('/proc/self/fd')))")
    command = [PYTHON, "-c", script]
    got = []
    for line in (command, words(*command)):
        subprocess.run(["sh", "-c", f'"$@" {streams}', "sh", *line], cwd=tmp_path, check=True,
                       timeout=TIMEOUT_S)
        got.append((tmp_path / "fds").read_text())
    assert got[0] == got[1]
    assert query(tmp_path, "PRAGMA integrity_check") == "ok"
    assert handles(tmp_path) == 1


def test_long_command_line(tmp_path):
    done = run(tmp_path, PYTHON, "-c", "import sys; print(len(sys.argv[1]))", "x" * 100000)
    assert (done.returncode, done.stdout) == (0, "100000\n")


def test_run_inside_run(tmp_path):
    """The inner one has the command; the outer one is in nobody's way."""
    done = run(tmp_path, *words(PYTHON, "-c", "import sqlite3; sqlite3.connect(':memory:')",
                                recording="inner.rec"))
    assert done.returncode == 0, done.stderr
    assert (handles(tmp_path), handles(tmp_path, "inner.rec")) == (0, 1)


def test_daemon_is_watched_while_its_parent_lives(tmp_path):
    """Forked twice, in a session of its own: unslow adopts it and sees its short life."""
    script = ("import os, sqlite3\nif os.fork(): os._exit(0)\nos.setsid()\n"
              "if os.fork(): os._exit(0)\nsqlite3.connect(':memory:').close()\n")
    done = run(tmp_path, PYTHON, "-c", script)
    assert done.returncode == 0, done.stderr
    assert handles(tmp_path) == 1


def test_children_that_come_and_go_do_not_use_up_the_channel(tmp_path):
    """400 children of 6 MiB each would pass the limit of 1 GiB if nothing were given back."""
    script = ("import os, sqlite3\nfor _ in range(400):\n    if os.fork() == 0:\n"
              "        sqlite3.connect(':memory:').close()\n        os._exit(0)\n    os.wait()\n")
    done = run(tmp_path, PYTHON, "-c", script)
    assert done.returncode == 0, done.stderr
    assert query(tmp_path, "SELECT count(*) FROM process WHERE agent_state = 'on'") >= 400
    assert query(tmp_path, "SELECT count(*) FROM meta WHERE key = 'processes_refused'") == 0


def namespace(*arguments):
    prefix = ["unshare", *arguments]
    if os.geteuid() != 0 or subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL).returncode:
        pytest.skip("needs root and namespaces")
    return prefix


def test_command_in_a_pid_namespace_is_seen_to_its_end(tmp_path):
    """It knows itself by another number than we do."""
    prefix = namespace("--pid", "--fork", "--mount-proc")
    script = ("import sqlite3, time\nfor _ in range(20):\n"
              "    sqlite3.connect(':memory:').close()\n    time.sleep(0.02)\n")
    done = run(tmp_path, *prefix, PYTHON, "-c", script)
    assert done.returncode == 0, done.stderr
    assert handles(tmp_path) == 20


def test_unslow_as_the_first_process(tmp_path):
    """As PID 1 of a container it passes the status on and reaps what it is left."""
    prefix = namespace("--pid", "--fork", "--mount-proc")
    script = "import os, sqlite3, sys; sqlite3.connect(':memory:'); os.fork() or os._exit(0); sys.exit(3)"
    done = subprocess.run([*prefix, *words(PYTHON, "-c", script)], cwd=tmp_path, timeout=TIMEOUT_S,
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 3, done.stderr
    assert handles(tmp_path) == 1


@pytest.mark.parametrize("full", ["channel", "recording"])
def test_a_disk_that_fills_up_meanwhile_leaves_the_app_alone(rounds, tmp_path, full):
    disk = tmp_path / "disk"
    disk.mkdir()
    place = "/dev/shm" if full == "channel" else disk
    size = "26m" if full == "channel" else "80m"
    prefix = [*namespace("--mount"), "sh", "-c",
              f'mount -t tmpfs -o size={size} tmpfs {place} && exec "$0" "$@"']
    one = rounds(prefix=prefix, recording="disk/a.rec")
    one.work(50)
    root = f"/proc/{one.process.pid}/root"
    filler = Path(f"{root}{place}/filler")
    with open(filler, "wb") as file, pytest.raises(OSError):
        while True:
            file.write(bytes(1 << 20))
            file.flush()
    deadline = time.monotonic() + TIMEOUT_S
    while full == "recording" and STOPPED not in one.said():  # when the next second is written
        assert time.monotonic() < deadline
        one.work(50)
        time.sleep(0.05)
    one.work(200)
    said = one.end()
    assert one.process.returncode == (125 if full == "recording" else 0), said
    assert said.count(STOPPED) == (1 if full == "recording" else 0)
    if full == "channel":
        assert handles(tmp_path, "disk/a.rec") == 250


def test_no_name_of_the_app_reaches_the_terminal_as_it_is(tmp_path):
    """File names with escape sequences, a C1 control and bytes that are no UTF-8."""
    script = ("import os, sqlite3\nexec(compile('for i in range(30):\\n"
              " sqlite3.connect(os.fsencode(str(i)) + os.fsencode(name)).execute(\"select 1\")',"
              " '/app/\\x1b[31mfile\\x9b32m.py', 'exec'), {'os': os, 'sqlite3': sqlite3, "
              "'name': '\\x1b]0;title\\x07\\udcff'})")
    done = run(tmp_path, PYTHON, "-c", script)
    assert done.returncode == 0, done.stderr
    seen = b""
    for words_ in (["why"], ["why", "--json"], ["show", "io"], ["show", "io", "--json"]):
        shown = subprocess.run([str(runner.binary()), *words_, "a.rec"], cwd=tmp_path, check=True,
                               stdout=subprocess.PIPE, timeout=TIMEOUT_S).stdout
        text = shown.decode()  # valid UTF-8
        assert not [c for c in text if c != "\n" and (c < " " or "\x7f" <= c < "\xa0")]
        seen += shown
    assert b"file" in seen


def test_hangup_is_the_apps_to_understand(rounds):
    """gunicorn reloads on SIGHUP: unslow passes it on and goes on itself."""
    one = rounds()
    one.process.send_signal(signal.SIGHUP)
    one.process.wait(TIMEOUT_S)
    assert one.process.returncode == 128 + signal.SIGHUP  # this app dies of it


def test_a_server_that_fails_at_once_has_said_why_itself(tmp_path):
    (tmp_path / "gunicorn").write_text("import sqlite3\nsqlite3.connect(':memory:')\n"
                                       "raise SystemExit(3)\n")
    command = [str(runner.binary()), "run", "--", PYTHON, "gunicorn"]
    done = subprocess.run(command, cwd=tmp_path, stderr=subprocess.PIPE, timeout=TIMEOUT_S)
    assert done.returncode == 3
    assert b"gunicorn ended with status 3 before its first request" in done.stderr
