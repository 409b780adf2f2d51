"""CPU time of servers: whole process trees by the scheduler's clock, on a core of their own."""

import os
import time
from pathlib import Path

# the servers share one core and nobody else is sent there; client and unslow have the others
SERVER_CPU = max(os.sched_getaffinity(0))
PINNED = ["taskset", "-c", str(SERVER_CPU)]


def leave_servers_alone():
    """This process, and what it starts without PINNED, goes to the other cores if there are any."""
    others = os.sched_getaffinity(0) - {SERVER_CPU}
    if others:
        os.sched_setaffinity(0, others)


def tree(pid):
    """A process and everything below it."""
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            children = Path(f"/proc/{pid}/task/{task}/children").read_text().split()
            for child in children:
                found += tree(int(child))
    except FileNotFoundError:
        pass  # it ended meanwhile
    return found


def cpu_ns(pids):
    """CPU time of these processes, threads that ended included; the scheduler's nanoseconds, not ticks.

    A clock number names the process (kernel: include/linux/posix-timers_types.h, CPUCLOCK_SCHED)."""
    return sum(time.clock_gettime_ns((~pid << 3) | 2) for pid in pids)
