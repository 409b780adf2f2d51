"""Large blocks by C functions, and numpy's where it is there, until a file `stop` is there: native_truth.py LIBRARY"""

import ctypes
import os
import sys
import threading
import time

library = ctypes.CDLL(sys.argv[1])
library.outer_keep.argtypes = library.outer_map.argtypes = [ctypes.c_size_t]
library.outer_keep.restype = library.outer_map.restype = None


def keep():
    library.outer_keep(1 << 20)  # line: keep


def map_it():
    library.outer_map(8 << 20)  # line: map


def small():
    return [bytes(i % 200) for i in range(5000)]


def arrays():
    return numpy.zeros(1 << 17)  # line: numpy


try:
    import numpy
except ImportError:
    numpy = None

for _ in range(4):
    keep()
    map_it()
    small()
thread = threading.Thread(target=keep)
thread.start()
thread.join()
held = [arrays() for _ in range(8)] if numpy else []
while not os.path.exists("stop"):
    time.sleep(0.05)
