"""Programs whose calls are known, for test_calls.py: each mode is a function."""
import asyncio
import os
import signal
import sys
import threading
import time


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def values(count):
    for i in range(count):
        yield i


def fails(depth):
    if depth == 0:
        raise ValueError
    fails(depth - 1)


async def leaf(seconds):
    await asyncio.sleep(seconds)


async def task():
    await leaf(0.01)
    await leaf(0.01)


async def answers():
    for i in range(3):
        await asyncio.sleep(0.01)
        yield i


async def consumer():
    return [i async for i in answers()]


async def gather():
    await asyncio.gather(*[task() for _ in range(50)])
    await asyncio.gather(*[consumer() for _ in range(4)])


async def cancelled():
    waiting = asyncio.create_task(leaf(10))
    await asyncio.sleep(0)
    waiting.cancel()
    try:
        await waiting
    except asyncio.CancelledError:
        pass


def counts():
    for _ in range(5):
        assert sum(values(10)) == 45
    try:
        fails(30)
    except ValueError:
        pass
    assert fib(10) == 55
    asyncio.run(gather())
    asyncio.run(cancelled())


def sleeper():
    for _ in range(30):
        time.sleep(0.01)


def spinner():
    end = time.thread_time() + 0.30
    while time.thread_time() < end:
        pass


def threads():
    many = [threading.Thread(target=of) for of in (sleeper, sleeper, spinner)]
    for one in many:
        one.start()
    for one in many:
        one.join()


def pooled(n):
    return sum(range(n))


def submits():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(pooled, 100) for _ in range(20)]]


async def hands_over():
    await asyncio.get_running_loop().run_in_executor(None, pooled, 100)


def lazily():
    """The first work of a pool whose module asyncio loads as it makes the pool."""
    asyncio.run(hands_over())


async def item(request):
    from starlette.responses import PlainTextResponse

    await leaf(0.001)
    await leaf(0.001)
    return PlainTextResponse("")


async def asks(app, path):
    async def receive():
        return {"type": "http.request"}

    async def send(message):
        pass

    await app({"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}, receive, send)


def routed():
    from starlette.applications import Starlette
    from starlette.routing import Route

    app = Starlette(routes=[Route("/items/{n}", item)])
    for n in range(5):
        asyncio.run(asks(app, "/items/%d" % n))


async def blocker():
    end = time.perf_counter() + 0.01
    while time.perf_counter() < end:
        pass


async def waits():
    await asyncio.sleep(0.05)
    await blocker()


async def blocked():
    await asyncio.gather(*[waits() for _ in range(20)])


def ready():
    asyncio.run(blocked())


def deep(n):
    return n and deep(n - 1)


def recursion():
    sys.setrecursionlimit(70000)
    deep(60000)


def child():
    return fib(5)


def forks():
    fib(3)
    pid = os.fork()
    if pid == 0:
        child()
        os._exit(0)
    os.waitpid(pid, 0)


def napping():
    time.sleep(0.01)


def job():
    napping()
    fib(5)
    napping()


def greenlets():
    import gevent
    import gevent.monkey

    gevent.monkey.patch_all()
    gevent.joinall([gevent.spawn(job) for _ in range(20)])


def limited():
    """Most of what the limit leaves is for the program itself."""
    threading.stack_size(256 * 1024)
    met = threading.Barrier(31)

    def work():
        fib(5)
        met.wait()
        fib(5)

    threads = [threading.Thread(target=work) for _ in range(30)]
    for thread in threads:
        thread.start()
    met.wait()
    for thread in threads:
        thread.join()
    kept = [bytearray(50 << 20) for _ in range(8)]
    print("kept", len(kept))


def work():
    return sum(fib(12) for _ in range(5))


def again():
    end, calls = time.perf_counter() + 1.5, 0
    while time.perf_counter() < end or calls < 2000:
        work()
        calls += 1


def first():
    return sum(fib(10) for _ in range(5))


def first_another():
    """Something else again and again, as imports do, before what the program is there for."""
    end = time.perf_counter() + 0.4
    while time.perf_counter() < end:
        first()
    for _ in range(50):  # hooks may be off: the agent looks around where it waits
        time.sleep(0.01)
    again()


def open_calls():
    fib(5)
    os.kill(os.getpid(), signal.SIGKILL)


def tick():
    pass


def ticks():
    for _ in range(1000):
        tick()


def serve():
    """Until told to end: what is counted, and what is left of it, shows in lines of output."""
    before = threading.Thread(target=background, daemon=True)
    before.start()
    for line in sys.stdin:
        if line == "end\n":
            break
        if line == "tools\n":
            monitoring = sys.monitoring
            taken = [i for i in range(6) if monitoring.get_tool(i) == "unslow"]
            print("tools", taken, [monitoring.get_events(i) for i in taken], flush=True)
        if line == "take\n":
            for i in (3, 4, 5):
                sys.monitoring.use_tool_id(i, "somebody")
            print("taken", flush=True)
        if line == "lock\n":
            import ctypes  # lines above are chosen by their number

            MCL_CURRENT = 1
            print("locked", ctypes.CDLL(None).mlockall(MCL_CURRENT), flush=True)
        if line == "pairs\n":
            adds(1, 2)
            adds(1, 2)
            print("pairs", count_pairs(), flush=True)
        if line == "call\n":
            ticks()
            print("called", flush=True)


def background():
    while True:
        in_background()
        time.sleep(0.01)


def in_background():
    pass


async def sleeps():
    print("asleep", flush=True)
    await asyncio.sleep(0.5)


def late():
    asyncio.run(sleeps())


def far_away(at=None):
    if at:
        at.x(1, 2, at.y, at.z), at.x(1, 2, at.y, at.z), at.x(1, 2, at.y, at.z)
        at.x(1, 2, at.y, at.z), at.x(1, 2, at.y, at.z), at.x(1, 2, at.y, at.z)
    for i in range(3):
        yield i


def far():
    tick()
    assert sum(sum(far_away()) for _ in range(5)) == 15


def adds(a, b):
    c, d = b, a
    for _ in range(3):
        c = c + d
    return c, d, 1, a


def count_pairs():
    """How many pairs of its instructions run as one (3.12)."""
    fused = {84, 86, 88, 154, 158}  # LOAD_CONST__LOAD_FAST …
    return sum(op in fused for op in adds.__code__._co_code_adaptive[::2])


def pairs():
    """Before its first call, and after."""
    before = count_pairs()
    adds(1, 2)
    adds(1, 2)
    print(before, count_pairs())


globals()[sys.argv[1]]()
