"""The sampling engine in the agent, on every CPython: true stacks, and a program that notes nothing.

The targets run under the agent alone; what it wrote is read by bench/channel.py, which shares no
code with unslow. Each is bounded in time by what it does, and no test asserts on a time.
"""

import os
import subprocess
import sys
import textwrap
import time
from collections import Counter
from pathlib import Path

import harness
import pytest

sys.path.insert(0, str(harness.ROOT / "bench"))

import channel  # noqa: E402

AGENT = Path(harness.UNSLOW).resolve().parent / "agent" / "libunslow-agent.so"
TRUTH = harness.ROOT / "bench" / "sampler-truth"
MIXED = harness.ROOT / "bench" / "sampler_mixed.py"
RATE_HZ = 2000

# A database connection makes the channel at once, so that the run is a unit and is sampled.
BEGIN = """
import ctypes, faulthandler, os, signal, sqlite3, sys, threading, time
sqlite3.connect(":memory:")
NUMBER = signal.SIGRTMAX

def busy(seconds):
    until, total = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        total += sum(i * i for i in range(200))
    return total

time.sleep(0.01)
busy(0.4)
"""


def versions():
    lines = (harness.ROOT / "tests" / "matrix" / "versions.txt").read_text().splitlines()
    return [line.strip() for line in lines if line[:1].isdigit()]


@pytest.fixture(params=versions())
def python(request):
    path = harness.ROOT / f".venv-{request.param}" / "bin" / "python"
    if path.exists():
        return str(path)
    missing = f"python{request.param} is not on this machine: install it, then scripts/setup test"
    if os.environ.get("UNSLOW_TEST_ALL"):
        pytest.fail(missing)
    pytest.skip(missing)


class Target:
    """A script under the agent until it ends. What it printed, and what was sampled of it."""

    def __init__(self, command, rate=RATE_HZ, sleep_after=None):
        self.states, self.leaves, self.ticks = Counter(), Counter(), Counter()
        with channel.Channel(rate, AGENT) as link:
            process = subprocess.Popen([*map(str, command)], env=link.environment(),
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            limit = time.monotonic() + 60
            ended = False
            while not ended:
                ended = process.poll() is not None
                for owner, sample in link.drain():
                    self.take(owner, sample)
                if time.monotonic() > limit:
                    process.kill()
                if sleep_after and self.states.total() > sleep_after:
                    link.sleep_agents(True)
                time.sleep(0 if ended else 0.01)
            self.status, self.output = process.returncode, process.stdout.read().decode()
            process.stdout.close()
            self.engines = [(p.fact("engine"), p.fact("engine.reason")) for p in link.processes.values()]
            for owner in link.processes.values():
                self.ticks.update(owner.counters())

    def take(self, process, sample):
        self.states[sample.state] += sample.ticks
        if sample.stack in process.stacks:
            leaf, _ = process.stacks[sample.stack][0][0]
            self.leaves[process.codes[leaf].name] += sample.ticks

    def adds_up(self):
        return sum(self.ticks[fate] for fate in channel.FATES[1:]) == self.ticks["scheduled"]


def run(python, script, sampled=True, **options):
    target = Target([python, "-c", BEGIN + textwrap.dedent(script)], **options)
    assert target.adds_up(), target.ticks
    assert not sampled or target.states.total() > 0, (target.output, target.engines)
    return target


def test_no_stack_is_impossible(program, python):
    """A short round of the benchmark; the long one is in docs/benchmarks.md."""
    done = subprocess.run([sys.executable, TRUTH, "--seconds", "0.8", "--threads", "3", python],
                          env={**os.environ, "UNSLOW_AGENT": str(AGENT)}, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout


def test_everything_at_once(program, python):
    target = Target([python, MIXED, "2"], rate=5000)
    assert (target.status, target.output) == (0, "[]\n"), target.output
    assert target.adds_up() and target.states.total() > 0


def test_states_are_told_apart(program, python):
    target = run(python, """
        import hashlib, socket
        left, right = socket.socketpair()
        lock = threading.Lock(); lock.acquire()
        data = b"x" * (1 << 22)
        def waits(): right.recv(1)
        def locks(): lock.acquire()
        def sleeps(): time.sleep(0.5)
        def native():
            until = time.monotonic() + 0.5
            while time.monotonic() < until: hashlib.sha256(data).digest()
        def holds(): ctypes.PyDLL(None).usleep(300000)
        threads = [threading.Thread(target=f) for f in (waits, locks, sleeps, native)]
        for thread in threads: thread.start()
        busy(0.5)
        holds()
        left.send(b"x"); lock.release()
        for thread in threads: thread.join()
    """)
    assert target.status == 0, target.output
    for state in ("python", "call", "lock", "sleep", "holding"):
        assert target.states[state] > 0, (state, target.states)
    assert target.states["native"] + target.states["runqueue"] > 0, target.states


def test_the_apps_own_use_of_the_number(program, python):
    """It installs a handler, gets each of its signals, and is sampled on."""
    target = run(python, """
        got = []
        signal.signal(NUMBER, lambda *_: got.append(1))
        for _ in range(20):
            os.kill(os.getpid(), NUMBER)
            busy(0.01)
        print(len(got), signal.getsignal(NUMBER) is not signal.SIG_DFL)
        busy(0.2)
    """)
    assert (target.status, target.output) == (0, "20 True\n")
    assert target.engines[0][0] == "tick"


def test_the_default_action_does_not_kill(program, python):
    target = run(python, """
        signal.signal(NUMBER, signal.SIG_DFL)
        busy(0.4)
        signal.signal(NUMBER, signal.SIG_IGN)
        busy(0.2)
        print(signal.getsignal(NUMBER) == signal.SIG_IGN)
    """)
    assert (target.status, target.output) == (0, "True\n")


def test_a_foreign_signal_of_the_number_kills_as_ever(program, python):
    target = run(python, "os.kill(os.getpid(), NUMBER); busy(1)")
    assert target.status == -64


def test_who_waits_for_any_signal_never_gets_ours(program, python):
    target = run(python, """
        every = range(1, signal.NSIG) if not hasattr(signal, "valid_signals") else signal.valid_signals()
        other = threading.Thread(target=busy, args=(0.6,))
        other.start()
        signal.pthread_sigmask(signal.SIG_BLOCK, every)
        got = [signal.sigtimedwait(every, 0.01) for _ in range(20) if busy(0.01)]
        other.join()
        print([one for one in got if one])
    """)
    assert (target.status, target.output) == (0, "[]\n")
    assert target.states["python"] > 0


def test_the_number_blocked_by_name_ends_the_engine(program, python):
    target = run(python, """
        signal.pthread_sigmask(signal.SIG_BLOCK, [NUMBER])
        os.kill(os.getpid(), NUMBER)
        print(int(signal.sigwait([NUMBER])) == NUMBER)
        busy(0.2)
    """)
    assert (target.status, target.output) == (0, "True\n")
    assert target.engines == [("stop", "the app uses signal 64 itself")]


def test_calls_are_not_interrupted(program, python):
    """With and without the GIL, by calls that do not go on by themselves after a signal."""
    target = run(python, """
        plain, held = ctypes.CDLL(None), ctypes.PyDLL(None)
        print(sum(held.poll(None, 0, 1) < 0 for _ in range(300)),
              sum(plain.poll(None, 0, 1) < 0 for _ in range(300)),
              sum(held.usleep(1000) < 0 for _ in range(300)))
    """)
    assert (target.status, target.output) == (0, "0 0 0\n")
    assert target.states["holding"] > 0


def test_alarms_of_the_app_all_come(program, python):
    target = run(python, """
        count = [0]
        def alarm(*_): count[0] += 1
        signal.signal(signal.SIGALRM, alarm)
        for _ in range(40):
            before = count[0]
            signal.setitimer(signal.ITIMER_REAL, 0.001)
            while count[0] == before: sum(range(50))
        print(count[0])
    """)
    assert (target.status, target.output) == (0, "40\n")


def test_forks_are_as_without(program, python):
    """The child works on, and CPython does not warn of threads, as there are none then."""
    target = run(python, """
        import subprocess, warnings
        warnings.simplefilter("error", DeprecationWarning)
        for _ in range(10):
            pid = os.fork()
            if pid == 0:
                os._exit(0 if busy(0.01) else 1)
            assert os.waitpid(pid, 0)[1] == 0
            assert subprocess.run([sys.executable, "-S", "-c", ""]).returncode == 0
            busy(0.02)
        print("done")
    """)
    assert (target.status, target.output) == (0, "done\n")


def test_threads_come_and_go(program, python):
    target = run(python, """
        for _ in range(150):
            threads = [threading.Thread(target=len, args=("",)) for _ in range(8)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
        print("done")
    """, rate=5000)
    assert (target.status, target.output) == (0, "done\n")


def test_end_with_daemon_threads(program, python):
    target = run(python, """
        def spin():
            while True: sum(range(1000))
        class Late:
            def __del__(self): sum(range(100000))
        late = Late()
        for _ in range(6): threading.Thread(target=spin, daemon=True).start()
        busy(0.3)
        print("end", flush=True)
    """, rate=5000)
    assert (target.status, target.output) == (0, "end\n")


def test_a_sleeping_agent_samples_nothing(program, python):
    """`detach`: no tick is made after it, and the thread does not wake for one."""
    target = run(python, """
        end = time.monotonic() + 20
        def state():
            for task in os.listdir("/proc/self/task"):
                if open(f"/proc/self/task/{task}/comm").read() == "unslow-tick\\n":
                    text = open(f"/proc/self/task/{task}/status").read()
                    return [l for l in text.splitlines() if l.startswith("voluntary")][0]
        before = None
        while time.monotonic() < end:
            busy(0.3)
            now = state()
            if now == before: break
            before = now
        print(now == before)
    """, sleep_after=200)
    assert (target.status, target.output) == (0, "True\n")


def test_other_threads_see_no_descriptor_of_it(program, python):
    target = run(python, """
        for _ in range(50):
            busy(0.005)
            assert sorted(os.listdir("/proc/self/fd")) == sorted(map(str, range(len(os.listdir("/proc/self/fd")))))
        print(len(os.listdir("/proc/self/fd")))
    """)
    plain = subprocess.run([python, "-c", BEGIN + "print(len(os.listdir('/proc/self/fd')))"],
                           stdout=subprocess.PIPE, text=True, timeout=60, stderr=subprocess.STDOUT)
    assert (target.status, target.output) == (0, plain.stdout)


FLAG = """
    import ctypes
    def alone():
        return ctypes.c_char.in_dll(ctypes.CDLL(None), "__libc_single_threaded").value[0]
"""


def test_an_app_of_one_thread_keeps_its_fast_paths(python):
    """glibc takes locks in malloc once a second thread is made; that of the tick is none."""
    target = run(python, textwrap.dedent(FLAG) + """
before = alone()
thread = threading.Thread(target=time.sleep, args=(0.2,))
thread.start()
during = alone()
thread.join()
busy(0.2)
print(before, during)
""")
    assert (target.status, target.output) == (0, "1 0\n")


def test_the_only_thread_is_seen_whether_it_holds_the_gil_or_not(python):
    """SQLite's rows are stepped to one by one, each without the GIL."""
    target = run(python, """
        database = sqlite3.connect(":memory:")
        rows = "WITH RECURSIVE r(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM r WHERE i < 50000) SELECT i FROM r"
        for _ in range(30):
            database.execute(rows).fetchall()
        print("done")
    """)
    assert (target.status, target.output) == (0, "done\n")
    assert target.ticks["verified"] > 4 * target.ticks["torn"]


def test_greenlets_that_are_never_made_end_nothing(program, python):
    if subprocess.run([python, "-c", "import greenlet"], stderr=subprocess.DEVNULL).returncode:
        pytest.skip("greenlet is not installed for this Python")
    target = run(python, """
        import greenlet
        class Later(greenlet.greenlet):
            pass
        greenlet.getcurrent()
        busy(0.2)
        print("done")
    """)
    assert (target.status, target.output) == (0, "done\n")
    assert target.engines[0][0] == "tick"


def test_classes_of_greenlets_stay_what_they_are(program, python):
    """The first one is made long after the library came, by each of the ways there are."""
    if subprocess.run([python, "-c", "import greenlet"], stderr=subprocess.DEVNULL).returncode:
        pytest.skip("greenlet is not installed for this Python")
    target = run(python, """
        import greenlet
        class Later(greenlet.greenlet):
            pass
        class Own(greenlet.greenlet):
            def __new__(cls, *arguments):
                return super().__new__(cls, *arguments)
        busy(0.1)
        one = greenlet.greenlet.__new__(Later)
        one.__init__(print)
        one.switch("one")
        Own(print).switch("two")
        greenlet.greenlet(print).switch("three")
        print(greenlet.greenlet.__new__(Later).dead, type(Later(print)).__mro__[1].__name__)
    """, sampled=False)
    assert (target.status, target.output) == (0, "one\ntwo\nthree\nFalse greenlet\n")


def test_greenlets_end_it_where_they_rewrite_frames(program, python):
    version = subprocess.run([python, "-c", "import sys, greenlet; print(sys.version_info[1])"],
                             stdout=subprocess.PIPE, text=True)
    if version.returncode:
        pytest.skip("greenlet is not installed for this Python")
    target = run(python, """
        import greenlet
        def ping(other=None):
            for _ in range(20000): main.switch()
        main = greenlet.getcurrent()
        one = greenlet.greenlet(ping)
        for _ in range(20000): one.switch()
        print("done")
    """, sampled=False)
    assert (target.status, target.output) == (0, "done\n")
    assert target.engines[0][0] == ("stop" if int(version.stdout) in (11, 12) else "tick")
