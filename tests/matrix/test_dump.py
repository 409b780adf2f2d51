"""`unslow dump` on every CPython: states, peers and lines of threads and tasks that are known."""

import json
import os
import subprocess
from pathlib import Path

import harness
import pytest

HERE = Path(__file__).resolve().parent


def lines_of(script):
    return {line.split("# LINE ")[1]: number
            for number, line in enumerate((HERE / script).read_text().splitlines(), 1)
            if "# LINE " in line}


class Script:
    """A script that prints a line when it is ready."""

    def __init__(self, python, script, *words):
        self.command = [python, str(HERE / script), *words]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        self.said = self.process.stdout.readline().strip()
        assert self.said, "the script ended"
        return self

    def __exit__(self, *_):
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        for pid in " ".join(path.read_text() for path in children).split():
            os.kill(int(pid), 9)
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def dump(target, *options):
    done = subprocess.run([harness.UNSLOW, "dump", "--json", *options, str(target)],
                          stdout=subprocess.PIPE, timeout=60, check=True)
    return json.loads(done.stdout)


def until(attempt, is_it):
    """Dumps again until what is waited for is seen: a thread needs a moment to reach its wait."""
    def look():
        got = attempt()
        if not is_it(got):
            raise AssertionError(got)
        return got
    return harness.net.wait_until(look, AssertionError, 20)


def place(frame):
    return frame["function"].split(".")[-1], os.path.basename(frame["file"]), frame["line"]


def own(frames, script):
    return [place(frame)[::2] for frame in frames if os.path.basename(frame["file"]) == script]


def test_threads_of_a_script(python, python_version):
    at = lines_of("dump_threads.py")
    with Script(python, "dump_threads.py") as script:
        def look():
            got, = dump(script.process.pid, "--only")["processes"]
            return got

        names = {f"in {name}" for name in ("recv", "sleep", "lock", "child", "read")}
        process = until(look, lambda got: {
            thread["name"] for thread in got["threads"]
            if thread["name"] in names and own(thread["frames"], "dump_threads.py")[0][1]
            == at[thread["name"][3:]] and thread["state"] not in ("running", "gil")} == names
            and [("<module>", at["main"])] in [own(thread["frames"], "dump_threads.py")
                                               for thread in got["threads"]])
        threads = {thread["name"]: thread for thread in process["threads"]}
        assert process["python"] == python_version
        assert threads["MainThread"]["tid"] == script.process.pid
        assert own(threads["MainThread"]["frames"], "dump_threads.py") == [("<module>", at["main"])]
        assert threads["in recv"]["leads_to"] == f"127.0.0.1:{script.said}"
        assert (threads["in recv"]["state"], threads["in recv"]["call"]) == ("call", "recvfrom")
        assert threads["in read"]["leads_to"] == "pipe"
        assert threads["in lock"]["state"] == "lock"
        assert threads["in sleep"]["state"] == "sleep"
        assert threads["in child"]["state"] in ("child", "call")
        # One of the two that spin holds the GIL, the other waits for it; both are in their loop.
        spinning = [threads["spin 0"], threads["spin 1"]]
        for thread in spinning:
            assert [name for name, _ in own(thread["frames"], "dump_threads.py")] == ["spin"]
        until(look, lambda got: sorted(str(thread["gil"]) for thread in got["threads"] if
                                       thread["name"].startswith("spin")) == ["holder", "waits"])
        assert process["probe"]["threads_stopped"] > 0
        assert os.stat(f"/proc/{script.process.pid}")  # alive


@pytest.mark.parametrize("word", ["idle", "busy"])
def test_tasks(python, word):
    at = lines_of("dump_tasks.py")
    with Script(python, "dump_tasks.py", word) as script:
        seen = set()
        for _ in range(5):
            process, = dump(script.process.pid)["processes"]
            tasks = {}
            for task in process["tasks"]:
                chain = own(task["frames"], "dump_tasks.py")
                tasks.setdefault(chain[0][0] if chain else None, []).append((task, chain))
            assert process["tasks_unread"] == 0
            through, = tasks["through_generator"]
            assert through[0]["name"] == "named"
            assert through[1] == [("through_generator", at["through"]),
                                  ("numbers", at["numbers"]), ("leaf", at["leaf"])]
            assert place(through[0]["frames"][-1])[0] == "sleep"
            on_task, = tasks["on_task"]
            assert (on_task[0]["awaits"], on_task[1]) == ("task named", [("on_task", at["on_task"])])
            on_gather, = tasks["on_gather"]
            assert on_gather[0]["awaits"] == "gather of 2"
            assert on_gather[1] == [("on_gather", at["on_gather"])]
            on_lock, = tasks["on_lock"]
            assert (on_lock[0]["state"], on_lock[0]["awaits"]) == ("waiting", "future")
            assert on_lock[1] == [("on_lock", at["on_lock"])]
            assert len(tasks["leaf"]) == 2
            assert tasks["main"][0][1] == [("main", at["main"])]
            if word == "busy":
                seen.add(tasks["busy"][0][0]["state"])
        assert seen <= {"running", "ready"}


def test_port_of_gunicorn_with_threads(python, tmp_path):
    """Every worker of the server on a port, each thread in its request right to the line."""
    app = tmp_path / "waiting.py"
    app.write_text("import threading\n"
                   "gate = threading.Event()\n"
                   "def app(environ, start_response):\n"
                   "    gate.wait()\n"
                   "    start_response('200 OK', [])\n"
                   "    return []\n")
    port = harness.net.free_port()
    command = harness.gunicorn(python, "waiting:app", port, "-w", "2", "-k", "gthread",
                               "--threads", "4")
    process = subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.DEVNULL)
    asking = []
    try:
        harness.net.wait_for_port(port, process, 30)
        for _ in range(4):
            client = harness.net.socket.create_connection(("127.0.0.1", port))
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            asking.append(client)

        def waiting(got):
            return [place(frame) for worker in got["processes"] for thread in worker["threads"]
                    for frame in thread["frames"] if frame["file"] == str(app)]

        got = until(lambda: dump(f":{port}"), lambda got: len(waiting(got)) == 4
                    and len(got["processes"]) == 3)
        assert waiting(got) == [("app", "waiting.py", 4)] * 4
        assert got["processes"][0]["pid"] == process.pid
    finally:
        for client in asking:
            client.close()
        # Its threads wait for ever: no graceful end.
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        process.kill()
        process.wait()
        for worker in workers:
            os.kill(int(worker), harness.signal.SIGKILL)
