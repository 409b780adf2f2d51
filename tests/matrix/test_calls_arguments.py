"""Arguments and results of chosen functions: what is equal and what is not, on each CPython."""
import ast
import struct
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import calls_reader as reader  # noqa: E402

PROGRAM = Path(__file__).with_name("arguments_truth.py")
ARGUMENTS = 1 << 7
HEAD, ROW = 128, struct.Struct("<2I15Q")
FIELDS = ("calls comparable instances set_bits repeated in_unit same nothing different cpu repeated_cpu units units_repeated "
          "returned cost").split()


def count_of(name):
    tree = ast.parse(PROGRAM.read_text())
    return next(len(node.value.elts) for node in tree.body
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name)


def row(calls, comparable, distinct, same=0, nothing=0, different=0, instances=0):
    return {"calls": calls, "comparable": comparable, "repeated": comparable - distinct,
            "same": same, "nothing": nothing, "different": different, "instances": instances}


SAME, OTHER = count_of("SAME_VALUES"), count_of("OTHER_VALUES")
EXPECTED = {  # of mode "all"
    "values": row(2 * SAME, 2 * SAME, SAME - 1, same=SAME, nothing=1),  # 1 is written in two ways
    "others": row(2 * OTHER, 0, 0),
    "price": row(4, 4, 2, same=2, instances=4),
    "sell": row(4, 4, 2, different=2, instances=4),
    "named": row(4, 4, 1, same=3),
    "keywords": row(6, 6, 4, same=2),
    "captured": row(5, 5, 3, same=2),
    "keywords_in_a_cell": row(3, 3, 2, same=1),
    "inner": row(4, 4, 2, same=2),
    "chance": row(10, 10, 2, different=8),
    "effect": row(10, 10, 2, nothing=8),
    "lists": row(10, 10, 2, same=8),
    "objects": row(10, 10, 2),
    "fails": row(10, 10, 2),
    "fib": row(25, 25, 7, same=18),
}


def assert_distinct(counts, distinct):
    """Two of them may have the same bit of 32,768; three of fifty do so once in 2,000 times."""
    assert distinct - 2 <= counts["set_bits"] <= distinct


def areas(channel):
    """Of each process, by function."""
    found = []
    for process in reader.processes(channel):
        path = channel.directory / f"{process.pid}-{process.serial}.arguments-1"
        if not path.exists():
            continue
        data = path.read_bytes()
        count, = struct.unpack_from("<I", data, 8)
        of = {}
        for i in range(count):
            code, _, *values = ROW.unpack_from(data, HEAD + i * ROW.size)
            of[process.codes[code][1].rsplit(".", 1)[-1]] = dict(zip(FIELDS, values))
        found.append((process, of))
    return found


def looked_at(python, mode, want=0, pattern="__main__"):
    with reader.channel() as channel:
        channel.ask(reader.PYTHON | reader.TARGETED | ARGUMENTS | want, pattern)
        reader.run(channel, [python, PROGRAM, mode])
        return areas(channel)


@pytest.mark.parametrize("want", [0, reader.C])
def test_what_is_equal(python, python_version, want):
    (process, of), = looked_at(python, "all", want)
    assert not process.reason
    # below 3.11 a dict of keywords that an inner function has is not looked at
    all_expected = EXPECTED if tuple(map(int, python_version.split(".")[:2])) >= (3, 11) else {**EXPECTED, "keywords_in_a_cell": row(3, 0, 0)}
    assert {name: {key: of[name][key] for key in expected} for name, expected in all_expected.items()} == all_expected
    for name, expected in EXPECTED.items():
        assert_distinct(of[name], expected["comparable"] - expected["repeated"])
    assert {"generates", "awaits", "<module>"} & set(of) == set()
    # self is in a cell: from 3.11 on it is found there
    assert of["inner_price"]["comparable"] in (0, 4) and of["inner_price"]["instances"] == of["inner_price"]["comparable"]


def test_many_are_estimated(python):
    (_, of), = looked_at(python, "many")
    assert of["many"]["calls"] == of["many"]["comparable"] == 30500
    # 32768 bits: so many are set by 30000 different ones, on the mean
    assert of["many"]["set_bits"] == pytest.approx(32768 * (1 - (1 - 1 / 32768) ** 30000), rel=0.02)
    # only the newest thousand are remembered, and those were asked for long ago
    assert of["many"]["repeated"] < 100


def test_time_of_calls(python):
    (process, of), = looked_at(python, "time")
    burn, tree = of["burn"], process.functions("arguments_truth.py")["burn"]
    assert (burn["calls"], burn["returned"], burn["repeated"], burn["same"]) == (100, 100, 96, 96)
    assert burn["cpu"] * process.ns_a_tick / 1e9 == pytest.approx(tree["total_cpu"], rel=0.25)
    assert 0.5 * burn["cpu"] < burn["repeated_cpu"] < burn["cpu"]
    assert 0 < burn["cost"] < burn["cpu"]


def test_threads_share_what_is_known(python):
    (_, of), = looked_at(python, "threads")
    assert (of["many"]["calls"], of["many"]["repeated"]) == (200, 150)
    assert_distinct(of["many"], 50)


def test_a_forked_child_begins_anew(python):
    found = sorted(of["many"]["calls"] for _, of in looked_at(python, "fork"))
    assert found == [4, 5]


def test_not_asked_for(python):
    with reader.channel() as channel:
        channel.ask(reader.PYTHON | reader.TARGETED, "__main__")
        reader.run(channel, [python, PROGRAM, "all"])
        assert areas(channel) == []


def test_chosen_functions_alone(python):
    (_, of), = looked_at(python, "all", pattern="__main__:captured,__main__:lists")
    assert set(of) == {"captured", "lists"}


def test_no_value_is_in_any_file(python):
    with reader.channel() as channel:
        channel.ask(reader.PYTHON | reader.TARGETED | ARGUMENTS, "__main__")
        reader.run(channel, [python, PROGRAM, "all"])
        data = b"".join(path.read_bytes() for path in channel.directory.iterdir())
    assert b"a" * 100 not in data and b"mustneverbeseen" not in data
