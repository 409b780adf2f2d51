"""What `unslow diff` compares, made by rule: the same numbers on every machine.

    diff_inputs.py load FACTOR [SEED [SECONDS [RUNS]]]   results of schema unslow.load/1, on standard output
    diff_inputs.py recording REC ORDERS_MS [SEED]        300 requests in REC: /orders takes ORDERS_MS in the database

Times are log-normal by a generator of our own: Python's may change between releases.
"""

import json
import math
import sqlite3
import sys

RATE = 200
MS = 1_000_000


class Random:
    """Lehmer's generator modulo 2^31 - 1 (Park and Miller 1988)."""

    def __init__(self, seed):
        self.state = seed * 7919 % 2147483646 + 1
        for _ in range(10):
            self.uniform()

    def uniform(self):
        self.state = self.state * 48271 % 2147483647
        return self.state / 2147483647

    def log_normal(self, sigma):
        radius = math.sqrt(-2 * math.log(self.uniform()))
        return math.exp(sigma * radius * math.cos(2 * math.pi * self.uniform()))


def at(times, quantile):
    return times[max(0, math.ceil(quantile * len(times)) - 1)]


def load(factor, seed, seconds):
    random, times, rows = Random(seed), [], []
    for second in range(seconds):
        row = sorted(10 * factor * random.log_normal(0.3) for _ in range(RATE))
        times += row
        rows.append({"at_s": second, "due": RATE, "completed": RATE, "errors": 0, "p50_ms": at(row, 0.5),
                     "p99_ms": at(row, 0.99), "max_ms": row[-1]})
    times.sort()
    buckets = {}
    for time in times:
        value = int(float(f"{time * MS:.3g}"))
        buckets[value] = buckets.get(value, 0) + 1
    quantiles = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
    return {
        "schema": "unslow.load/1", "target": "http://127.0.0.1:8000/", "window_s": seconds, "invalid": False,
        "requests": {"due": len(times), "answered": len(times), "answered_per_s": RATE}, "errors": {"all": 0},
        "response_ms": {**{name: at(times, q) for name, q in quantiles.items()}, "mean": sum(times) / len(times)},
        "second_s": 1, "seconds": rows, "response_histogram": sorted(buckets.items()),
    }


def recording(path, orders_ms, seed):
    random, db = Random(seed), sqlite3.connect(path)

    def put(table, **values):
        db.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
                   tuple(values.values()))

    put("process", id=7, pid=4121, parent_pid=4120, start_ns=0, python="3.12.1", agent_state="on")
    put("text", id=90001, value="/orders")
    put("text", id=90002, value="/health")
    put("code", id=1, filename="/srv/app.py", qualname="orders", first_line=20, kind="app", line_format=1,
        line_table=b"")
    put("code", id=2, filename="/srv/app.py", qualname="total", first_line=40, kind="app", line_format=1,
        line_table=b"")
    put("stack", id=1, parent_id=0, code_id=1, instr_offset=0, line=23 if seed == 1 else 25, depth=1, app_id=1)
    put("stack", id=2, parent_id=1, code_id=2, instr_offset=0, line=41, depth=2, app_id=2)
    for i in range(300):
        is_orders = i % 3 != 0
        python = int(2 * MS * random.log_normal(0.2))
        db_ns = int(orders_ms * MS * random.log_normal(0.2)) if is_orders else 0
        put("unit", id=(7 << 40) + i, process_id=7, kind="request", route_id=90001 if is_orders else 90002,
            status=200, start_ns=(i + 1) * 20 * MS, wall_ns=python + db_ns, cpu_ns=python, db_ns=db_ns)
        for stack, state, wall_ns in (1, "call", db_ns), (2, "python", python):
            put("unit_sample", unit_id=(7 << 40) + i, thread_id=1, start_ns=(i + 1) * 20 * MS, wall_ns=wall_ns,
                state=state, stack_id=stack)
    samples = {"slot": 0, "process_id": 7, "thread_id": 1, "route_id": 90001, "in_unit": 1, "source": 1, "short": 0,
               "runqueue_ns": 0}
    for stack, state, ms in (1, "call", 200 * orders_ms), (2, "python", 600):
        ticks = int(ms / 5)
        put("sample_10s", **samples, stack_id=stack, state=state, ticks=ticks, wall_ns=ticks * 5 * MS, cpu_ns=0)
    db.commit()


def main(kind, *words):
    if kind == "recording":
        recording(words[0], float(words[1]), int(words[2]) if len(words) > 2 else 1)
        return
    factor, seed, seconds, runs = (float(words[0]), *map(int, (*words[1:], *("1", "30", "1")[len(words) - 1:])))
    for run in range(runs):
        print(json.dumps(load(factor, seed + run, seconds), indent=1))


main(*sys.argv[1:])
