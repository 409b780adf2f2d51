"""What bench/sampler slows down: shapes of sampler_target.py that count their work between marks.

    python sampler_gate.py SHAPE THREADS PROCESSES FILE

FILE is the board, shared with the driver: words of 64 bits, see below. Whoever of the threads sees
first that the gate has a new number writes down the time and the work done so far, at a boundary
between two units of work: what the driver is doing at that moment does not matter.
"""

import mmap
import os
import sys
import threading
import time

import sampler_target as shapes

WORDS = 1 << 17
GATE, PAUSES, WORK, MARKS, PAUSE_LIST = 0, 1, 16, 128, 1 << 16  # where on the board
END = 1 << 62
PAUSE_NS = 25_000  # a unit of work that took so much was interrupted
PAUSES_MAX = WORDS - PAUSE_LIST
THREADS_MAX = 8

STEPS = {
    "py": (shapes.rec, (shapes.a1, shapes.b1)),
    "c": (shapes.crec, (shapes.ca1, shapes.cb1)),
}


def board_of(file):
    return memoryview(mmap.mmap(file.fileno(), 8 * WORDS)).cast("Q")


def work(board, slot, step, functions, seen):
    depth, n = shapes.DEPTH, 0
    while True:
        n += 1
        step(depth, functions[n & 1], n % 7)
        board[slot] = n
        gate = board[GATE]
        if gate != seen[0]:
            if gate == END:
                return
            seen[0] = gate
            board[MARKS + 2 * gate] = sum(board[WORK:WORK + THREADS_MAX])
            board[MARKS + 2 * gate + 1] = time.monotonic_ns()


def work_and_note_pauses(board, step, functions):
    """How long each unit of work took, those kept that were interrupted. One thread."""
    depth, n, last = shapes.DEPTH, 0, time.monotonic_ns()
    while board[GATE] != END:
        n += 1
        step(depth, functions[n & 1], n % 7)
        now = time.monotonic_ns()
        if now - last > PAUSE_NS and board[PAUSES] < PAUSES_MAX:
            board[PAUSE_LIST + board[PAUSES]] = now - last
            board[PAUSES] += 1
        last = now


def main(shape, threads, processes, path):
    step, functions = STEPS[shape.partition("+")[0]]
    with open(path, "r+b") as file:
        board = board_of(file)
    if shape.endswith("+pauses"):
        work_and_note_pauses(board, step, functions)
        return
    for _ in range(processes - 1):
        if os.fork() == 0:
            break
    seen = [0]
    workers = [threading.Thread(target=work, args=(board, WORK + i, step, functions, seen))
               for i in range(1, threads)]
    for worker in workers:
        worker.start()
    work(board, WORK, step, functions, seen)
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
