"""Programs whose live memory is known: `heap_truth.py MODE [NUMBER]`. Each ends by itself."""

import os
import select
import sys
import threading
import time

KEPT = []
BLOCK = 200 - 33  # a bytes object of 200 bytes


def leak(count):
    for i in range(count):
        KEPT.append(bytes(BLOCK))  # line: leak
        drop(i)


def drop(i):
    return [bytes(100 + i % 300) for _ in range(3)]


def churn():
    """Floats that come and go: their blocks stay in Python's free list."""
    total = 0.5
    for i in range(40):
        total = total * 1.0001 + i
    values = [float(i) for i in range(30)]
    return total, values


def leaker(i):
    KEPT.append(i * 1.5)


def recycle(count):
    for i in range(count):
        churn()
        leaker(i)


def churn_containers(i):
    pairs = [(i, n) for n in range(15)]
    return len(pairs), {"n": i}, [i]


def leak_tuple(i):
    KEPT.append((i, None, 3))


def recycle_tuples(count):
    for i in range(count):
        churn_containers(i)
        leak_tuple(i)


def keep(count):
    mine = []
    for _ in range(count):
        mine.append(bytes(BLOCK))
    return mine


def threads(count):
    """Four that keep, while four others allocate and free."""
    workers = [threading.Thread(target=lambda: KEPT.append(keep(count))) for _ in range(4)]
    workers += [threading.Thread(target=lambda: [drop(i) for i in range(count)]) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def before(count):
    for _ in range(count):
        KEPT.append(bytes(BLOCK))


def after(count):
    for _ in range(count):
        KEPT.append(bytes(BLOCK))


def forks(count):
    """The child frees half of what it inherited, and keeps something of its own."""
    before(count)
    pid = os.fork()
    if pid == 0:
        time.sleep(0.3)  # until its agent has looked around
        del KEPT[:count // 2]
        after(count)
        time.sleep(0.3)
        os._exit(0)
    os.waitpid(pid, 0)


def busy_until_told():
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        bytearray(100000)
    sys.stdin.readline()


def forks_late(count):
    """The child frees half of what it inherited while nobody reads."""
    before(count)
    print("ready", flush=True)
    busy_until_told()
    pid = os.fork()
    if pid == 0:
        del KEPT[:count // 2]
        print("freed", flush=True)
        busy_until_told()
        after(count)
        time.sleep(0.3)
        os._exit(0)
    os.waitpid(pid, 0)


def clones(count):
    """A child that no handler of fork() is told of."""
    import ctypes

    before(count)
    libc = ctypes.CDLL(None)
    clone = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    pid = libc.syscall(clone, 17, 0, 0, 0, 0)  # SIGCHLD
    if pid == 0:
        after(count)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0


def forks_many(count):
    """From a process of several threads that allocate all the time."""
    over = threading.Event()

    def works():
        while not over.is_set():
            drop(1)

    workers = [threading.Thread(target=works) for _ in range(3)]
    for worker in workers:
        worker.start()
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            made = keep(20000)
            del made
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        assert status == 0, status
    over.set()
    for worker in workers:
        worker.join()


def grows(count):
    """realloc: one block that is moved again and again."""
    text = bytearray()
    for _ in range(count):
        text += bytes(1000)
    KEPT.append(text)


def shrinks(count):
    """Large blocks that become small ones, as what is read from a socket does."""
    end, other = os.pipe()
    for _ in range(count):
        os.write(other, bytes(BLOCK))
        KEPT.append(os.read(end, 4096))


def big(count):
    for _ in range(count):
        KEPT.append(bytearray(1 << 20))
        bytearray(1 << 20)


def lines(count):
    """What tracemalloc is asked about, too."""
    kept = [None] * count * 4
    KEPT.append(kept)
    for i in range(count):
        kept[4 * i] = bytes(20 + i % 100)
        kept[4 * i + 1] = bytes(600 + i % 400)
        kept[4 * i + 2] = bytearray(3000 if i % 4 == 0 else 0)
        kept[4 * i + 3] = "x%d" % i * 20


def traced(count):
    import tracemalloc

    tracemalloc.start()
    lines(count)
    for statistic in tracemalloc.take_snapshot().statistics("lineno"):
        frame = statistic.traceback[0]
        if frame.filename == __file__:
            print(frame.lineno, statistic.size)


def asked(count):
    """Goes on until it is told to end; says when it began."""
    print("ready", flush=True)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), ended.set()), daemon=True).start()
    while not ended.is_set():
        KEPT.extend(bytes(BLOCK) for _ in range(count))
        for i in range(200):
            drop(i)
        del KEPT[:count]
        time.sleep(0.001)
    print("done", flush=True)


def adds(count):
    """A text that grows by that many small steps, and blocks that are kept beside it."""
    for _ in range(5):
        text = ""
        for _ in range(count):
            text += "0123456789" * 10  # line: adds
        for _ in range(4000):
            KEPT.append(bytes(BLOCK))  # line: beside


def slowly(count):
    """Keeps so many a moment until it is told to end, then says how many in all."""
    print("ready", flush=True)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), ended.set()), daemon=True).start()
    while not ended.is_set():
        for _ in range(count):
            KEPT.append(bytes(BLOCK))  # line: slowly
        time.sleep(0.01)
    print(len(KEPT), flush=True)


def arrays(count):
    import numpy

    for _ in range(count):
        KEPT.append(numpy.ones(100000))


def texts(count):
    """Memory of C code: one that asks malloc through the C library (strdup in setenv's kin)."""
    import ctypes

    libc = ctypes.CDLL(None)
    libc.strdup.restype = ctypes.c_void_p
    text = b"x" * 4999
    for _ in range(count):
        libc.strdup(text)


if __name__ == "__main__":
    globals()[sys.argv[1]](int(sys.argv[2]) if len(sys.argv) > 2 else 0)
