"""A process that lies in its own memory; it does nothing but wait afterwards, so that it does not fall over its own lies."""
import ctypes, gc, mmap, os, random, sys, threading, time

gc.disable()
WORD = 8
word = lambda at: ctypes.c_uint64.from_address(at)
way = sys.argv[1]
rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
big = mmap.mmap(-1, 1 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0x4000))
BIG = ctypes.addressof(ctypes.c_char.from_buffer(big))
letters = ctypes.create_string_buffer(b"A" * (8 << 20))
LETTERS = ctypes.addressof(letters)


class Page:
    def __init__(self, number):
        self.number = number


def made(count):
    return [Page(i) for i in range(count)]


KEPT = made(5000)
keep = []  # never freed
libc = ctypes.CDLL(None)


def names():
    """Types whose names have no end, that are not there, that are binary."""
    for i in range(2000):
        kind = type("T%d" % i, (), {})
        keep.append((kind, kind()))
        word(id(kind) + 24).value = rng.choice([LETTERS, LETTERS + (8 << 20) - 3, 1, BIG, id(kind), 2**64 - 8])
        if i % 3 == 0:  # __qualname__ is read first: take it from a dict that is no dict
            word(id(kind) + 264).value = rng.choice([0, id(keep), LETTERS, 0x4141414141414140])


def sizes():
    """Counts that cannot be, over memory that is there."""
    for i in range(500):
        items = [None] * 4
        keep.append(items)
        word(id(items) + 24).value = BIG
        word(id(items) + 16).value = rng.choice([1 << 27, 2**63 - 1, 2**64 - 1, 1 << 40])
        word(id(items) + 32).value = rng.choice([1 << 27, 2**63 - 1, 2**64 - 1, 1 << 61])
        pair = (items, items)
        keep.append(pair)
        word(id(pair) + 16).value = rng.choice([2**63 - 1, 2**63, 1 << 29])
        text = "x%d" % i
        keep.append(text)
        word(id(text) + 16).value = rng.choice([2**63 - 1, 2**63])


def circles():
    """Lists of the collector that come back to themselves, to others, to nowhere."""
    pages = made(3000)
    keep.append(pages)
    for i in range(0, 3000, 3):
        at = id(pages[i]) - 16
        word(at).value = rng.choice([id(pages[0]) - 16, id(pages[rng.randrange(3000)]) - 16, at, 0, 8, BIG, 2**64 - 16])
        if i % 2:
            word(at + 8).value = rng.choice([at, 0, id(pages[rng.randrange(3000)]) - 16])


def pairs():
    """Two rings that bear each other out."""
    pages = made(100)
    keep.append(pages)
    heads = [id(page) - 16 for page in pages]
    for i, at in enumerate(heads[10:90]):
        word(at).value = heads[10 + (i + 1) % 80]
        word(at + 8).value = heads[10 + (i - 1) % 80]
    word(heads[9]).value = heads[10]


def dicts():
    for i in range(500):
        one = {"a%d" % n: n for n in range(10)}
        keep.append(one)
        keys = word(id(one) + 32).value
        what = i % 5
        if what == 0:
            word(id(one) + 32).value = rng.choice([0, BIG, LETTERS, 1, 2**64 - 8])
        elif what == 1:
            ctypes.c_uint8.from_address(keys + 8).value = 255
            ctypes.c_uint8.from_address(keys + 9).value = rng.randrange(256)
        elif what == 2:
            word(keys + 24).value = 2**63 - 1
        elif what == 3:
            word(id(one) + 40).value = rng.choice([BIG, 1, LETTERS])
        else:
            word(id(one) + 16).value = 2**63


def anything():
    """Words of many objects become any others, and go on changing."""
    pages = made(20000) + [[i] for i in range(5000)] + [{"k": i} for i in range(2000)] + [type("T%d" % i, (), {}) for i in range(300)]
    keep.append(pages)
    heads = [id(page) for page in pages]
    memmove = ctypes.memmove

    def changes():
        source = ctypes.create_string_buffer(8)
        while True:
            at = heads[rng.randrange(len(heads))]
            ctypes.c_uint64.from_buffer(source).value = rng.choice([heads[rng.randrange(len(heads))] - 16, BIG, LETTERS, 0, rng.getrandbits(64)])
            memmove(at - 16 + 8 * rng.randrange(2 if rng.random() < .7 else 6), source, 8)
    threading.Thread(target=changes, daemon=True).start()


for each in (["names", "sizes", "circles", "pairs", "dicts"] if way == "all" else way.split(",")):
    globals()[each]()
print("ready", flush=True)
libc.usleep.restype = None
while True:
    time.sleep(0.05)
