"""`unslow run` hands each signal to its command exactly once, whoever sent it to whom; `unslow diff` ends by one."""

import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
import runner

TIMEOUT_S = 20
# Counts what it receives, says so when it is told to end.
COUNTER = """
import os, signal, sys, time
counts = {}
def count(number, frame):
    counts[number] = counts.get(number, 0) + 1
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGWINCH):
    signal.signal(number, count)
print("ready", os.getpid(), flush=True)
while signal.SIGTERM not in counts and signal.SIGINT not in counts:
    time.sleep(0.02)
time.sleep(0.3)
print("counted", *sorted((signal.Signals(n).name, c) for n, c in counts.items()), flush=True)
sys.exit(7)
"""


def command(*words):
    return [str(runner.binary()), "run", "--no-agent", "--no-answer", "-q", "-o", "a.rec", "--",
            *words]


def wait_for(text, output, fd):
    deadline = time.monotonic() + TIMEOUT_S
    while text not in output:
        left = deadline - time.monotonic()
        assert left > 0 and select.select([fd], [], [], left)[0], f"no {text!r} in {output!r}"
        try:
            chunk = os.read(fd, 4096)
        except OSError:  # the terminal's other end is closed
            chunk = b""
        assert chunk, f"ended without {text!r}: {output!r}"
        output += chunk
    return output


@pytest.fixture
def counter(tmp_path):
    """The counting command under unslow, in a session and group of its own."""
    process = subprocess.Popen(command(sys.executable, "-c", COUNTER), cwd=tmp_path,
                               stdout=subprocess.PIPE, start_new_session=True)
    fd = process.stdout.fileno()
    output = wait_for(b"\n", b"", fd)
    yield process, fd, int(output.split()[1])
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(TIMEOUT_S)
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_to_unslow_alone(counter, number):
    process, fd, _ = counter
    process.send_signal(number)
    assert f"counted ('{number.name}', 1)\n".encode() in wait_for(b")\n", b"", fd)
    assert process.wait(TIMEOUT_S) == 7


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_to_the_whole_group(counter, number):
    process, fd, _ = counter
    os.killpg(process.pid, number)
    assert f"counted ('{number.name}', 1)\n".encode() in wait_for(b")\n", b"", fd)
    assert process.wait(TIMEOUT_S) == 7


def test_ctrl_c_while_it_starts(tmp_path):
    """The agent runs Python code of its own at the start: what the app's handler raises in it is the app's."""
    def start(name):
        words = [word for word in command(sys.executable, "-c", "print('ready', flush=True); import time; time.sleep(60)")
                 if word != "--no-agent"]
        words[words.index("a.rec")] = name
        with open(tmp_path / "said", "w") as said:
            return subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=said, start_new_session=True)

    tries = 40
    took_s = 0
    for i in range(-1, tries):  # the first one says how long a start takes
        began = time.monotonic()
        process = start(f"{i}.rec")
        try:
            if i < 0:
                wait_for(b"ready", b"", process.stdout.fileno())
                took_s = time.monotonic() - began
            time.sleep(took_s * max(i, 0) / tries)
            os.killpg(process.pid, signal.SIGINT)
            try:
                assert process.wait(min(TIMEOUT_S, 4 + 4 * took_s)) != 0
            except subprocess.TimeoutExpired:
                # raised in a weak reference's callback or the like, it is lost without us, too
                assert "Exception ignored" in (tmp_path / "said").read_text(), f"{i} of {tries}"
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(TIMEOUT_S)
            process.stdout.close()


def test_others_are_passed_on_too(counter):
    process, fd, _ = counter
    for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGTERM):
        process.send_signal(number)
        time.sleep(0.2)  # apart, so that none is counted as one with the next
    output = wait_for(b")\n", b"", fd)
    assert b"counted ('SIGHUP', 1) ('SIGTERM', 1) ('SIGUSR1', 1)\n" in output


def test_the_command_outlives_unslow(counter):
    process, fd, pid = counter
    process.kill()
    process.wait(TIMEOUT_S)
    os.kill(pid, 0)
    os.kill(pid, signal.SIGTERM)
    assert b"counted ('SIGTERM', 1)\n" in wait_for(b")\n", b"", fd)


def test_for_stops_as_ctrl_c_does(tmp_path):
    words = command(sys.executable, "-c", COUNTER)
    words[2:2] = ["-d", "500ms"]
    done = subprocess.run(words, cwd=tmp_path, stdout=subprocess.PIPE, timeout=TIMEOUT_S,
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    assert done.stdout.endswith(b"counted ('SIGINT', 1)\n")
    assert done.returncode == 7


# A server's name; ends with status 3 when it is told to stop, or by that signal.
SERVER = """#!/bin/sh
[ "$1" = plain ] && exec sleep 30
trap 'kill $!; exit 3' INT
sleep 30 & wait
"""


@pytest.mark.parametrize("name, word, options, status", [
    ("gunicorn", "own", [], 0),
    ("gunicorn", "own", ["--fail-on", "cause:nothing-wrong"], 0),
    ("other", "own", [], 3),
    ("gunicorn", "plain", [], 0),
    ("other", "plain", [], 0),
])
def test_for_is_no_failure_of_the_command(tmp_path, name, word, options, status):
    path = tmp_path / name
    path.write_text(SERVER)
    path.chmod(0o700)
    words = command(str(path), word)
    words[2:2] = ["-d", "300ms", *options]
    done = subprocess.run(words, cwd=tmp_path, stdout=subprocess.PIPE, timeout=TIMEOUT_S,
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    assert done.returncode == status
    connection = sqlite3.connect(tmp_path / "a.rec")
    recorded, = connection.execute("SELECT value FROM meta WHERE key = 'exit_status'").fetchone()
    connection.close()
    assert recorded == (3 if word == "own" else 130), "the recording keeps what really came"


class Terminal:
    """A command with a terminal of its own, as its foreground group."""

    def __init__(self, words, cwd):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execv(words[0], words)
        self.output = b""

    def type(self, text):
        os.write(self.fd, text)

    def expect(self, text):
        self.output = wait_for(text, self.output, self.fd)
        _, _, self.output = self.output.partition(text)

    def wait(self, flags=0):
        deadline = time.monotonic() + TIMEOUT_S
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, flags | os.WNOHANG)
            if pid:
                return status
            time.sleep(0.01)
        raise AssertionError("still running")

    def close(self):
        try:
            os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)


@pytest.fixture
def terminal(tmp_path):
    made = []

    def make(*words):
        made.append(Terminal(command(*words), tmp_path))
        return made[-1]
    yield make
    for one in made:
        one.close()


def test_ctrl_c_reaches_the_command_once(terminal):
    one = terminal(sys.executable, "-c", COUNTER)
    one.expect(b"ready")
    one.type(b"\x03")
    one.expect(b"counted ('SIGINT', 1)\r\n")
    assert os.waitstatus_to_exitcode(one.wait()) == 7


def test_ctrl_z_stops_both_and_cont_wakes_both(terminal):
    one = terminal(sys.executable, "-c", COUNTER)
    one.expect(b"ready ")
    child = int(wait_for(b"\n", one.output, one.fd).split()[0])
    # In a session of its own the group is orphaned and SIGTSTP is dropped; SIGSTOP is not.
    os.kill(child, signal.SIGSTOP)
    os.kill(one.pid, signal.SIGTSTP)
    assert os.WIFSTOPPED(one.wait(os.WUNTRACED))
    os.killpg(one.pid, signal.SIGCONT)
    one.type(b"\x03")
    one.expect(b"counted ('SIGINT', 1)\r\n")


def test_breakpoint_has_the_terminal(terminal):
    one = terminal(sys.executable, "-c", "x = 41\nbreakpoint()\nprint('after', x)")
    one.expect(b"(Pdb) ")
    one.type(b"x += 1\n")
    one.expect(b"(Pdb) ")
    one.type(b"c\n")
    one.expect(b"after 42")
    assert os.waitstatus_to_exitcode(one.wait()) == 0


def test_orphans_of_the_command_are_reaped(tmp_path):
    """A grandchild that outlives its parent by a moment is waited for, not left as a zombie."""
    script = "(sleep 0.3; echo orphan) & exit 5"
    done = subprocess.run(command("sh", "-c", script), cwd=tmp_path, stdout=subprocess.PIPE,
                          timeout=TIMEOUT_S)
    assert done.stdout == b"orphan\n"
    assert done.returncode == 5


def test_streams_end_with_the_command(tmp_path):
    """unslow does not hold the command's output open while it waits for orphans."""
    script = "exec 2>/dev/null; (exec >/dev/null; sleep 0.9) & exit 0"
    process = subprocess.Popen(command("sh", "-c", script), cwd=tmp_path, stdout=subprocess.PIPE)
    assert process.stdout.read() == b""
    assert process.poll() is None  # it waits for the orphan still
    assert process.wait(TIMEOUT_S) == 0
    process.stdout.close()


def test_diff_keeps_the_blocks_that_were_done(tmp_path):
    """Ctrl-C while the ninth block behind the warm-up runs: eight pairs are compared, and nothing is left running."""
    lines = [f"echo {side} >> order; [ $(wc -l < order) -lt 19 ] || {{ echo $$ > pid; exec sleep 600; }}"
             for side in "AB"]
    process = subprocess.Popen([str(runner.binary()), "diff", "--commands", *lines], cwd=tmp_path,
                               stdout=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + TIMEOUT_S
    pid = tmp_path / "pid"
    while not (pid.exists() and pid.read_text().endswith("\n")):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0
    assert "interrupted: 8 of 20 blocks were done" in out and "8 blocks each" in out
    assert not os.path.exists(f"/proc/{pid.read_text().strip()}")


def times(tmp_path, code):
    """`unslow time` of code that says who runs it and how often it was begun, in tmp_path/begun."""
    note = "import os; open('begun', 'a').write(f'{os.getpid()}\\n')"
    process = subprocess.Popen([str(runner.binary()), "time", "-d", "600s", "-s", note, code],
                               cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, start_new_session=True)

    def begun(count):
        deadline = time.monotonic() + TIMEOUT_S
        path = tmp_path / "begun"
        while not path.exists() or len(path.read_text().splitlines()) < count:
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.02)
        return path.read_text().split()[0]
    return process, begun


def test_time_keeps_the_rounds_that_were_done(tmp_path):
    process, begun = times(tmp_path, "len('')")
    pid = begun(60)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0
    assert " ! interrupted: this is what had been measured\n" in out and "\nA  " in out
    assert not os.path.exists(f"/proc/{pid}")


def test_time_of_what_does_not_end(tmp_path):
    process, begun = times(tmp_path, "while True: pass")
    pid = begun(1)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, out) == (1, "")
    assert err == "unslow time: interrupted before everything had run once: there is no answer\n"
    assert not os.path.exists(f"/proc/{pid}")


def test_time_killed_leaves_nothing_behind(tmp_path):
    process, begun = times(tmp_path, "while True: pass")
    pid = begun(1)
    process.kill()
    process.wait()
    deadline = time.monotonic() + TIMEOUT_S
    while os.path.exists(f"/proc/{pid}") and "Z" not in open(f"/proc/{pid}/stat").read().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
