"""What the agent must never do to a program: each test compares it with and without unslow."""

import subprocess
import sys
import textwrap

import harness
import pytest

# Connecting to a database makes the channel, so that the script's run is a unit from there on.
BEGIN = """
import ctypes, errno, os, socket, sqlite3, sys, threading, time
database = sqlite3.connect(":memory:")
libc = ctypes.CDLL(None, use_errno=True)

def call(name, *arguments):
    ctypes.set_errno(4711)
    result = getattr(libc, name)(*arguments)
    print(name, result, ctypes.get_errno(), flush=True)
    return result
"""


def run(command, tmp_path, watched):
    prefix = [harness.UNSLOW, "run", "-q", "-o", str(tmp_path / "run.rec"), "--"] if watched else []
    done = subprocess.run([*prefix, *map(str, command)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def loaded(tmp_path):
    """Was the agent in the program? Without it, that both runs are the same proves nothing."""
    rows = harness.Recording(tmp_path / "run.rec").query(
        "SELECT p.agent_state FROM v1_process p JOIN v1_unit u ON u.process_id = p.id"
        " WHERE u.kind = 'run'")
    return bool(rows) and {state for state, in rows} == {"on"}


def both(script, tmp_path, *, python=sys.executable, prefix=()):
    """(status, stdout) of a Python script, the same with and without unslow."""
    path = tmp_path / "script.py"
    path.write_text(textwrap.dedent(script))
    command = [*prefix, python, path]
    plain, watched = run(command, tmp_path, False), run(command, tmp_path, True)
    assert watched[:2] == plain[:2], watched[2]
    return watched[:2]


BAD_POINTERS = """
bad = ctypes.c_void_p(8)
inet = socket.socket()
unix, peer = socket.socketpair()
call("open", None, 0)
call("open", bad, 0)
call("open", bad, 0o20000003)
call("openat", -1, bad, 0)
call("creat", bad, 0)
call("connect", inet.fileno(), bad, 16)
call("connect", inet.fileno(), None, 16)
call("connect", -1, bad, 16)
call("connect", 0, bad, 16)
call("connect", inet.fileno(), bad, 100000)
call("poll", None, 1, 0)
call("poll", bad, 1, 0)
call("ppoll", bad, 1, None, None)
call("sendmsg", unix.fileno(), None, 0)
call("sendmsg", unix.fileno(), bad, 0)
call("recvmsg", unix.fileno(), None, socket.MSG_DONTWAIT)
call("recvmsg", unix.fileno(), bad, socket.MSG_DONTWAIT)
call("sendmmsg", unix.fileno(), bad, 1, 0)
call("recvmmsg", unix.fileno(), bad, 1, socket.MSG_DONTWAIT, None)
call("writev", unix.fileno(), bad, 1)
call("readv", unix.fileno(), bad, 1)
call("write", unix.fileno(), bad, 8)
call("send", unix.fileno(), bad, 8, 0)
call("accept", inet.fileno(), bad, bad)
call("nanosleep", bad, None)
call("epoll_wait", -1, bad, 1, 0)
call("select", 1, bad, None, None, None)
# TCP throws these bytes away: the buffer may be anything
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
accepted = server.accept()[0]
accepted.sendall(b"thrown away")
call("recv", client.fileno(), None, 11, socket.MSG_TRUNC | socket.MSG_WAITALL)
"""


def test_bad_pointers_give_the_same_error(program, tmp_path):
    status, output = both(BEGIN + BAD_POINTERS, tmp_path)
    assert status == 0
    assert output.count(" -1 ") == 27, output
    assert loaded(tmp_path)


ERRNO = """
server = socket.create_server(("127.0.0.1", 0))
client = socket.socket()
port = server.getsockname()[1]
address = (ctypes.c_ubyte * 16)(2, 0, port >> 8, port & 255, 127, 0, 0, 1)
buffer = ctypes.create_string_buffer(64)
call("connect", client.fileno(), address, 16)
fd = call("accept", server.fileno(), None, None)
call("send", client.fileno(), b"12345678", 8, 0)
call("recv", fd, buffer, 8, 0)
call("write", client.fileno(), b"12345678", 8)
call("read", fd, buffer, 8)
call("recv", fd, buffer, 8, socket.MSG_DONTWAIT)
copy = call("dup", fd)
call("dup2", fd, copy)
call("dup3", fd, copy, 0)
call("close", copy)
call("close", copy)
file = call("open", b"/dev/null", 0)
call("fsync", file)
call("close", file)
call("open", b"/no/such/file", 0)
call("poll", None, 0, 1)
call("usleep", 10)
call("sched_yield")
call("system", b"true")
call("close_range", 9, 3, 0)
call("close_range", 3, 4, 1 << 20)
"""


def test_errno_is_as_the_c_library_leaves_it(program, tmp_path):
    status, output = both(BEGIN + ERRNO, tmp_path)
    assert status == 0
    assert "connect 0 4711" in output
    assert loaded(tmp_path)


FAILED_DUP = """
ends = socket.socketpair()
kept = os.open("/dev/null", os.O_RDONLY)
replaced = os.open("/dev/zero", os.O_RDONLY)
call("dup2", 4000, kept)
call("dup3", ends[0].fileno(), kept, 1)
call("close_range", kept, kept, 1 << 20)
call("dup2", kept, replaced)
os._exit(0)
"""


def test_only_a_dup_that_succeeds_closes(program, tmp_path):
    both(BEGIN + FAILED_DUP, tmp_path)
    assert loaded(tmp_path)
    rows = harness.Recording(tmp_path / "run.rec").query(
        "SELECT peer, closed_ns IS NOT NULL FROM v1_handle"
        " WHERE peer IN ('/dev/null', '/dev/zero') ORDER BY id")
    assert rows == [("/dev/null", 0), ("/dev/zero", 1), ("/dev/null", 0)]


# Threads that go on, deep in Python's frames, while the interpreter is taken down and what it
# frees is written over.
DAEMONS = """
spin = ctypes.CDLL(sys.argv[1]).spin
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
started = []

def deep(levels):
    if levels:
        return deep(levels - 1)
    started.append(1)
    spin(1 << 30)

for _ in range(8):
    threading.Thread(target=deep, args=(5,), daemon=True).start()
while len(started) < 8:
    time.sleep(0.01)

class Last:
    def __del__(self, malloc=libc.malloc, memset=libc.memset, sleep=time.sleep, range=range):
        for size in range(160, 2400, 8):
            for _ in range(20):
                memset(malloc(size), 0x41, size)
        sleep(0.2)

import builtins
builtins.keep = Last()
print("end", flush=True)
"""

SPIN = """
#include <fcntl.h>
#include <unistd.h>
void spin(long n)
{
	for (long i = 0; i < n; i++) {
		int fd = open("/dev/null", O_RDONLY);
		usleep(20);
		close(fd);
	}
}
"""


def versions():
    lines = (harness.ROOT / "tests" / "matrix" / "versions.txt").read_text().splitlines()
    return [line for line in lines if line[:1].isdigit()]


@pytest.fixture(params=versions())
def python(request):
    """Path of each interpreter, without any package."""
    found = subprocess.run([harness.ROOT / "scripts" / "find-python", request.param],
                           stdout=subprocess.PIPE, text=True, timeout=60)
    if found.returncode != 0:
        pytest.skip(f"python{request.param} is not on this machine")
    return found.stdout.strip()


def test_daemon_threads_outlive_python(program, tmp_path, python):
    (tmp_path / "spin.c").write_text(SPIN)
    library = tmp_path / "spin.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, tmp_path / "spin.c"], check=True,
                   timeout=60)
    script = tmp_path / "script.py"
    script.write_text(BEGIN + DAEMONS)
    status, output, errors = run([python, script, library], tmp_path, True)
    assert (status, output) == (0, "end\n"), errors


# Ends the process at each system call that no ordinary program makes, at any time of its life.
FILTER = """
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#define KILL(name) \\
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), \\
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
int main(int count, char **arguments)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		KILL(process_vm_readv), KILL(process_vm_writev), KILL(mincore), KILL(ptrace),
		KILL(membarrier), KILL(perf_event_open), KILL(bpf), KILL(userfaultfd), KILL(kcmp),
		KILL(pidfd_open), KILL(pidfd_getfd), KILL(memfd_create), KILL(process_madvise),
		KILL(io_uring_setup), KILL(timer_create), KILL(signalfd4), KILL(inotify_init1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
	execvp(arguments[count > 1], arguments + 1);
	return 9;
}
"""


def test_no_unusual_system_call(program, tmp_path, python):
    (tmp_path / "filter.c").write_text(FILTER)
    subprocess.run(["cc", "-o", tmp_path / "filter", tmp_path / "filter.c"], check=True, timeout=60)
    status, output = both(BEGIN + "print(os.fork() and os.wait()[1])", tmp_path, python=python,
                          prefix=[tmp_path / "filter"])
    assert status == 0
    kinds = harness.Recording(tmp_path / "run.rec").query("SELECT kind FROM v1_unit")
    assert ("run",) in kinds


# A library of the app's that uses SQLite and is loaded by its name alone (LD_LIBRARY_PATH).
USER = """
struct sqlite3;
int sqlite3_open(const char *path, struct sqlite3 **db);
int sqlite3_close(struct sqlite3 *db);
int sqlite3_exec(struct sqlite3 *db, const char *sql, void *each, void *data, char **error);
int use(const char *path)
{
	struct sqlite3 *db;
	int result = sqlite3_open(path, &db);
	if (result == 0)
		result = sqlite3_exec(db, "CREATE TABLE by_name(a)", 0, 0, 0);
	return result | sqlite3_close(db);
}
"""


def test_library_loaded_by_name_is_seen(program, tmp_path, monkeypatch):
    (tmp_path / "user.c").write_text(USER)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", tmp_path / "libunslowuser.so",
                    tmp_path / "user.c", "-lsqlite3"], check=True, timeout=60)
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    both(BEGIN + """
user = ctypes.CDLL("libunslowuser.so")
print(user.use(b":memory:"))
""", tmp_path)
    assert harness.Recording(tmp_path / "run.rec").statements("%by_name%") == 1


FORK_IN_CALLBACK = """
import asyncio

async def main(loop):
    if os.fork() == 0:
        await asyncio.sleep(0)
        return
    print(os.wait()[1], flush=True)

for _ in range(3):
    loop = asyncio.new_event_loop()
    loop.run_until_complete(main(loop))
    if os.getpid() != first:
        time.sleep(0.06) # in no callback any more: it holds no loop
        os._exit(0)
"""


def test_fork_inside_a_callback(program, tmp_path):
    both(BEGIN + "first = os.getpid()" + FORK_IN_CALLBACK, tmp_path)
    rows = harness.Recording(tmp_path / "run.rec").query(
        "SELECT on_loop FROM v1_event WHERE kind = 'sleep' AND dur_ns >= 60000000")  # the loop's own waits are shorter
    assert rows == [(0,)] * 3


# A request that the app makes of itself, in a task: two requests, though neither has headers
# (on uvloop, where no callback tells that the task works for the first).
OWN_REQUEST = """
import asyncio, uvloop
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def request(path):
    async def receive():
        return {"type": "http.request"}

    async def send(message):
        pass

    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "query_string": b"",
             "http_version": "1.1", "scheme": "http"}
    await app(scope, receive, send)

async def outer(request_):
    await asyncio.create_task(request("/inner"))
    return PlainTextResponse("outer")

async def inner(request_):
    return PlainTextResponse("inner")

app = Starlette(routes=[Route("/outer", outer), Route("/inner", inner)])
uvloop.install()
for _ in range(3):
    asyncio.run(request("/outer"))
"""


def test_a_request_inside_another_is_one_of_its_own(program, tmp_path):
    both(BEGIN + OWN_REQUEST, tmp_path)
    recording = harness.Recording(tmp_path / "run.rec")
    assert [recording.requests(route) for route in ("/outer", "/inner")] == [3, 3]


# Requests that take turns on one thread, as gevent's do.
GREENLETS = """
from flask import Flask
from greenlet import getcurrent, greenlet

app = Flask("app")
main = getcurrent()

@app.get("/alone")
def alone():
    return "alone"

@app.get("/turns")
def turns():
    main.switch()
    database.execute("SELECT 'in turns'")
    return "turns"

def get(path):
    app.test_client().get(path)

for _ in range(3):
    get("/alone")
tasks = [greenlet(get) for _ in range(3)]
for task in tasks:
    task.switch("/turns")
for task in tasks:
    task.switch()
print(all(task.dead for task in tasks))
"""


def test_requests_in_greenlets_have_no_cpu_time(program, tmp_path):
    both(BEGIN + GREENLETS, tmp_path)
    recording = harness.Recording(tmp_path / "run.rec")
    rows = recording.query("SELECT route, count(*), count(cpu_ns) FROM v1_unit"
                           " WHERE kind = 'request' GROUP BY route ORDER BY route")
    assert rows == [("/alone", 3, 3), ("/turns", 3, 0)]
    assert recording.statements("SELECT%") == 3
    said = recording.query("SELECT value FROM v1_fact WHERE key = 'agent.cpu'")
    assert said and "greenlets" in said[0][0]
