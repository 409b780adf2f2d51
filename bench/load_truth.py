"""What bench/load holds to be true, from what the server wrote down. Pure."""

import math

import client

SETTLE_NS = 1e9  # what comes before is not looked at: clients open their connections then


def quantile(values, share):
    return client.quantile(values, share) if values else math.nan


def service_us(server):
    return [(after - before) / 1e3 for before, after in zip(server.arrivals, server.answers)]


def lateness_us(arrivals, rate):
    """Of each arrival against an even schedule. Where the schedule begins nobody says: such that
    the earliest of all comes in time."""
    times = sorted(arrivals)
    times = [at for at in times if at - times[0] >= SETTLE_NS]
    offsets = [at - i * 1e9 / rate for i, at in enumerate(times)]
    begin = min(offsets)
    return [(offset - begin) / 1e3 for offset in offsets]


def bursts(arrivals, rate):
    """Share of the requests that come within a tenth of a period of the one before."""
    times = sorted(arrivals)
    gaps = [later - earlier for earlier, later in zip(times, times[1:])]
    return sum(gap < 1e8 / rate for gap in gaps) / len(gaps)


def response_ms(server, rate, seconds, ways_ms):
    """p50, p90 and p99 of what one who comes at each time of the schedule waits: for a server that
    stands still, for those before and itself (as long as the server took for each), and one of
    `ways_ms` there and back."""
    served_us = service_us(server)
    free_ns, waits = 0, []
    for i in range(rate * seconds):
        due_ns = server.arrivals[0] + i * 1e9 / rate
        begin_ns = max(due_ns, free_ns)
        if server.stopped_ns <= begin_ns < server.continued_ns:
            begin_ns = server.continued_ns
        free_ns = begin_ns + 1e3 * served_us[i % len(served_us)]
        waits.append((free_ns - due_ns) / 1e6 + ways_ms[i % len(ways_ms)])
    return [quantile(waits, share) for share in (0.5, 0.9, 0.99)]


def capacity(server):
    """Answers a second of a server that always had the next request waiting."""
    times = [at for at in server.answers if at - server.answers[0] >= SETTLE_NS]
    return 1e9 * (len(times) - 1) / (times[-1] - times[0])


def root(falls, low, high):
    """Where a function that is positive at `low` and negative at `high` is zero."""
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if falls(middle) > 0 else (low, middle)
    return low


def waits_longer(rate, service_s, wait_s):
    """Share of random arrivals that wait longer than that for one server of a fixed time (M/D/1);
    the tail's exact rate and factor, right to far below 1 % from a few service times on (Tijms, A
    First Course in Stochastic Models, section 9.2)."""
    load = rate * service_s
    decay = root(lambda d: d - rate * math.expm1(d * service_s), 1e-9, 50 / service_s)
    # At the lower end the difference is positive for load < 1, at the upper end negative.
    return (1 - load) / (load * math.exp(decay * service_s) - 1) * math.exp(-decay * wait_s)


def random_knee(capacity_per_s, limit_s):
    """The rate of random arrivals at which the p99 is `limit_s`."""
    service_s = 1 / capacity_per_s
    return root(lambda rate: 0.01 - waits_longer(rate, service_s, limit_s - service_s),
                0.5 * capacity_per_s, 0.9999 * capacity_per_s)
