"""Exact calls: counts equal the truth, times are where they passed, and nothing
stays behind."""
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import calls_reader as reader  # noqa: E402

PROGRAM = Path(__file__).with_name("calls_truth.py")


@pytest.fixture
def monitored(python, python_version):
    if tuple(int(part) for part in python_version.split(".")[:2]) < (3, 12):
        pytest.skip("sys.monitoring is of 3.12")
    return python


def counted(python, mode, want=reader.PYTHON, pattern="", **environment):
    with reader.channel() as channel:
        channel.ask(want, pattern)
        reader.run(channel, [python, PROGRAM, mode], **environment)
        found = reader.processes(channel)
    assert found and found[0].engine != "none", found and found[0].reason
    assert found[0].lost_nodes == found[0].lost_suspended == 0
    return found


def functions(python, mode, **options):
    return counted(python, mode, **options)[0].functions("calls_truth.py")


@pytest.mark.parametrize("want, pattern", [
    (reader.PYTHON, ""),
    (reader.PYTHON | reader.C, ""),
    (reader.PYTHON | reader.TARGETED, "__main__"),
])
def test_counts_are_the_truth(python, want, pattern):
    of = functions(python, "counts", want=want, pattern=pattern)
    calls = {name: values["calls"] for name, values in of.items()}
    assert calls["values"] == 5
    assert of["values"]["resumes"] == 50
    assert calls["fib"] == 177
    assert (calls["fails"], of["fails"]["raised"]) == (31, 31)
    assert (calls["gather"], calls["task"], calls["leaf"]) == (1, 50, 101)
    assert of["task"]["resumes"] == 100
    assert (calls["consumer"], calls["answers"]) == (4, 4)
    assert of["answers"]["resumes"] == 4 * 6
    assert of["consumer"]["resumes"] == 4 * 3


def test_chosen_functions_alone(python):
    of = functions(python, "counts", want=reader.PYTHON | reader.TARGETED,
                   pattern="__main__:fib,calls_truth.py:14")
    assert {name: values["calls"] for name, values in of.items()} == {"fib": 177, "values": 5}


def test_events_that_cost_more_are_counted(python, python_version):
    """From 3.12 on Python makes an int for each event past the first 256 bytes of code."""
    (process,) = counted(python, "far")
    events = {process.name(node): node["far"] for area in process.areas for node in area.nodes
              if node["kind"] == reader.FUNCTION}
    if tuple(map(int, python_version.split(".")[:2])) < (3, 12):
        assert events["far_away"] == sum(process.cost_far) == 0
    else:
        # a yield, and the resume that follows; the end
        assert events["far_away"] == 5 * (3 * 2 + 1)
    assert events["tick"] == 0


@pytest.mark.parametrize("want, pattern", [(reader.PYTHON, ""), (reader.PYTHON | reader.TARGETED, "__main__:fib"),
                                           (reader.PYTHON | reader.C, "")])
def test_each_kind_of_event_is_measured(python, want, pattern):
    (process,) = counted(python, "counts", want=want, pattern=pattern)
    assert min(sum(process.cost), sum(process.cost_resume), sum(process.cost_await)) > 0
    tried = {"empty", "far", "tree", "generator", "nested", "coroutine", "awaited"}
    assert not tried & set(process.functions("<string>")) and "fib" in process.functions()


@pytest.mark.parametrize("program", ["again", "first_another"])
def test_a_script_has_turns(python, program):
    """By calls of what it does again and again: with hooks, and without."""
    with reader.channel() as channel:
        channel.ask(reader.PYTHON | reader.DUTY, duty=(50, 100))
        reader.run(channel, [python, PROGRAM, program])
        (process,) = reader.processes(channel)
    assert process.codes[process.repeats_code][1] == "work"
    (on_units, _, _, on_events), (off_units, _, _, off_events) = process.on, process.off
    assert on_units > 0 and off_units > 0
    # a begin and an end of the function, of its generator six times, of 465 calls five times
    assert on_events == on_units * 2 * (1 + 6 + 5 * 465) and off_events == 0
    of = process.functions("calls_truth.py")
    before = of["first"]["calls"] if "first" in of else 0  # hooks may be off all the while
    assert on_units < of["work"]["calls"]
    assert of["fib"]["calls"] == of["work"]["calls"] * 5 * 465 + before * 5 * 177


@pytest.mark.parametrize("want, pattern, lines", [
    (reader.PYTHON | reader.TARGETED, "nosuch", ""),
    (reader.LINES, "", "nosuch"),
    (reader.PYTHON | reader.TARGETED | reader.LINES, "__main__:fib", "__main__:fib"),
    (reader.PYTHON | reader.TARGETED, "__main__:adds", ""),
    (reader.PYTHON, "", ""),
    (reader.PYTHON | reader.C, "", ""),
])
def test_code_runs_its_pairs_as_before(python, python_version, want, pattern, lines):
    """3.12 takes apart what it runs as one instruction, where events are set for all code."""
    if not python_version.startswith("3.12."):
        pytest.skip("other versions have no such pairs")
    with reader.channel() as channel:
        channel.ask(want, pattern, lines)
        before, after = map(int, reader.run(channel, [python, PROGRAM, "pairs"]).split())
        (process,) = reader.processes(channel)
    assert "monitoring" in (process.engine, process.line_engine), process.reason
    assert before == after > 0


@pytest.mark.parametrize("want", [reader.PYTHON, reader.PYTHON | reader.TARGETED, reader.LINES])
def test_other_tools_see_what_they_would(monitored, want):
    program = PROGRAM.with_name("events_truth.py")
    alone = subprocess.run([monitored, program], stdout=subprocess.PIPE, text=True, check=True).stdout
    with reader.channel() as channel:
        channel.ask(want, "nosuch", "nosuch")
        assert reader.run(channel, [monitored, program]) == alone
        (process,) = reader.processes(channel)
    assert "monitoring" in (process.engine, process.line_engine), process.reason
    assert int(alone.split()[0]) > 100


def test_c_functions_have_names(python):
    (process,) = counted(python, "counts", want=reader.PYTHON | reader.C)
    (area,) = process.areas
    callers = {process.name(area.nodes[node["parent"] - 1]): node["calls"] for node in area.nodes
               if node["kind"] == reader.C_FUNCTION and process.name(node) == "builtins.sum"}
    assert callers["counts"] == 5


def test_a_total_is_counted_once(python):
    of = functions(python, "counts")
    assert of["fib"]["total_wall"] == pytest.approx(of["fib"]["own_wall"], rel=1e-6)


def test_threads_have_their_own_time(python):
    of = functions(python, "threads")
    assert of["sleeper"]["calls"] == 2
    assert of["sleeper"]["own_wall"] > 0.6
    assert of["sleeper"]["own_cpu"] < 0.1
    assert of["spinner"]["own_cpu"] == pytest.approx(0.30, abs=0.01)


@pytest.mark.parametrize("tunables", ["", "glibc.pthread.rseq=0"])
def test_cpu_time_is_the_systems(python, tunables):
    (process,) = counted(python, "threads", GLIBC_TUNABLES=tunables)
    assert (process.cpu_clock == "rseq") == (tunables == "")
    assert process.functions()["spinner"]["own_cpu"] == pytest.approx(0.30, abs=0.01)


def test_waiting_is_not_being_ready(python):
    """20 tasks sleep 50 ms, then each holds the loop for 10 ms: the last one is ready for 190 ms, all
    of them for 1.9 s, less what the timers of a busy machine do not end at one poll."""
    of = functions(python, "ready")
    assert of["blocker"]["own_wall"] >= 0.2
    assert of["waits"]["waiting"] >= 1.0
    assert of["waits"]["ready"] >= 0.5 * 0.01 * 190
    assert of["waits"]["waiting"] + of["waits"]["ready"] < 20 * of["<module>"]["total_wall"]


def test_a_timer_that_is_due_is_ready(python):
    """It sleeps for half a second, and is stopped for more than two meanwhile."""
    with reader.channel() as channel:
        channel.ask(reader.PYTHON)
        process = subprocess.Popen([python, PROGRAM, "late"], stdout=subprocess.PIPE, text=True,
                                   env=reader.environment(channel))
        assert process.stdout.readline() == "asleep\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGSTOP)
        time.sleep(2.2)
        process.send_signal(signal.SIGCONT)
        process.communicate()
        (process,) = reader.processes(channel)
    of = process.functions("calls_truth.py")["sleeps"]
    assert of["ready"] >= 0.5
    assert of["waiting"] >= 0.5


def test_work_in_a_pool_hangs_below_who_submitted_it(python):
    (process,) = counted(python, "submits")
    nodes = {(area.number, node["index"]): node for area in process.areas for node in area.nodes}
    found = 0
    for (area, _), node in nodes.items():
        if node["kind"] != reader.FUNCTION or process.name(node) != "pooled":
            continue
        path = path_of(process, nodes, area, node)
        assert "submits" in path, path
        found += node["calls"]
    assert found == 20


def test_the_first_work_of_a_chosen_function_hangs_below_it_too(python):
    (process,) = counted(python, "lazily", want=reader.PYTHON | reader.TARGETED,
                         pattern="__main__:pooled,__main__:hands_over")
    nodes = {(area.number, node["index"]): node for area in process.areas for node in area.nodes}
    paths = [path_of(process, nodes, area, node) for (area, _), node in nodes.items()
             if process.name(node) == "pooled"]
    assert len(paths) == 1 and "hands_over" in paths[0], paths


@pytest.mark.parametrize("want, pattern", [
    (reader.PYTHON, ""),
    (reader.PYTHON | reader.TARGETED, "__main__:item,__main__:leaf"),
])
def test_a_handler_of_starlette_is_below_its_route(python, want, pattern):
    (process,) = counted(python, "routed", want=want, pattern=pattern)
    nodes = {(area.number, node["index"]): node for area in process.areas for node in area.nodes}
    calls = {}
    for (area, _), node in nodes.items():
        if node["kind"] == reader.FUNCTION and process.name(node) in ("item", "leaf"):
            root = path_of(process, nodes, area, node)[-1], process.name(node)
            calls[root] = calls.get(root, 0) + node["calls"]
    assert calls == {("/items/{n}", "item"): 5, ("/items/{n}", "leaf"): 10}


def path_of(process, nodes, area, node):
    names = []
    while node is not None:
        names.append(process.name(node))
        if node["kind"] == reader.WORK:
            area, node = node["from_area"], nodes[node["from_area"], node["from_node"]]
        else:
            node = nodes.get((area, node["parent"]))
    return names


def test_greenlets_have_stacks_of_their_own(python):
    (process,) = counted(python, "greenlets")
    of = process.functions("calls_truth.py")
    assert process.reason == ""
    assert (of["job"]["calls"], of["napping"]["calls"], of["fib"]["calls"]) == (20, 40, 300)
    assert of["job"]["waiting"] == pytest.approx(of["napping"]["waiting"], rel=1e-6)
    assert of["napping"]["waiting"] >= 0.4


def test_deep_recursion_is_as_deep(monitored):
    assert functions(monitored, "recursion")["deep"]["calls"] == 60001


def test_a_limit_of_address_space_is_left_to_the_program(python):
    """30 threads, and 400 MB afterwards: what does not fit is lost to the counts, and said."""
    limited = 'ulimit -v 600000; exec "$0" "$@"'
    with reader.channel() as channel:
        channel.ask(reader.PYTHON, "")
        out = reader.run(channel, ["sh", "-c", limited, python, PROGRAM, "limited"],
                         MALLOC_ARENA_MAX="1")
        (process,) = reader.processes(channel)
    assert out == "kept 8\n"
    assert process.lost_threads > 0
    assert "RLIMIT_AS" in process.reason
    assert 0 < process.functions()["fib"]["calls"] < 30 * 2 * 15


def test_a_child_has_its_own_files(python):
    parent, child = sorted(counted(python, "forks"), key=lambda of: of.serial)
    assert parent.pid != child.pid
    assert parent.functions()["fib"]["calls"] == 5
    assert "child" not in parent.functions()
    assert child.functions()["fib"]["calls"] == 15
    # measured once; what its own events took longer is added in each
    assert [cost > 0 for cost in child.cost] == [cost > 0 for cost in parent.cost] and child.cost[0] > 0


def test_a_kill_loses_nothing(python):
    with reader.channel() as channel:
        channel.ask(reader.PYTHON)
        with pytest.raises(subprocess.CalledProcessError) as raised:
            reader.run(channel, [python, PROGRAM, "open_calls"])
        assert raised.value.returncode == -signal.SIGKILL
        (process,) = reader.processes(channel)
    assert process.functions("calls_truth.py")["fib"]["calls"] == 15
    (area,) = process.areas
    live = [process.name(area.nodes[node - 1]) for node, *_ in area.live]
    assert live[-2:] == ["<module>", "open_calls"]


@pytest.mark.parametrize("want", [reader.PYTHON, reader.LINES])
def test_taken_tool_ids_are_named(monitored, want):
    with reader.channel() as channel, Server(monitored, channel) as server:
        server.tell("take")
        channel.ask(want, lines="__main__")
        (process,) = server.until(lambda: [of for of in reader.processes(channel)
                                           if of.generation == channel.generation])
    assert (process.engine, process.line_engine) == ("none", "none")
    reason = process.line_reason if want == reader.LINES else process.reason
    assert "taken by somebody, somebody and somebody" in reason


class Server:
    """The program that does what it is told."""

    def __init__(self, python, channel):
        self.channel = channel
        self.process = subprocess.Popen([python, PROGRAM, "serve"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True,
                                        env=reader.environment(channel))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def tell(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def until(self, what):
        end = time.monotonic() + 20
        while not (found := what()):
            assert time.monotonic() < end
            time.sleep(0.05)
        return found

    def until_tools(self, wanted):
        self.until(lambda: self.tell("tools").startswith("tools []") != wanted)

    def calls(self, name):
        found = reader.processes(self.channel)
        return found[0].functions("calls_truth.py").get(name, {"calls": 0})["calls"] if found else 0


def test_it_is_switched_on_and_off_in_a_process_that_runs(monitored):
    with reader.channel() as channel, Server(monitored, channel) as server:
        assert server.tell("call") == "called"
        assert not list(channel.directory.glob("*.calls*"))
        channel.ask(reader.PYTHON)
        server.until_tools(True)
        server.tell("call")
        assert server.calls("tick") == 1000
        server.until(lambda: server.calls("in_background"))  # of a thread from before
        channel.ask(0)
        server.until_tools(False)
        server.tell("call")
        assert server.calls("tick") == 1000
        channel.ask(reader.PYTHON | reader.TARGETED, "__main__:tick")
        server.until_tools(True)
        background = server.calls("in_background")
        server.tell("call")
        assert server.calls("tick") == 2000
        assert server.calls("in_background") == background


@pytest.mark.parametrize("want", [reader.PYTHON, reader.PYTHON | reader.C,
                                  reader.PYTHON | reader.TARGETED, reader.LINES])
def test_switched_off_code_runs_as_before(monitored, python_version, want):
    if not python_version.startswith("3.12."):
        pytest.skip("other versions have no such pairs")
    with reader.channel() as channel, Server(monitored, channel) as server:
        before = server.tell("pairs")
        assert int(before.split()[1]) > 0
        channel.ask(want, "__main__", "__main__")
        server.until_tools(True)
        assert server.tell("pairs") == ("pairs 0" if want == reader.LINES else before)
        channel.ask(0)
        server.until_tools(False)
        assert server.tell("pairs") == before


def test_what_is_chosen_changes_where_memory_is_locked(python):
    """Locked pages are not given back: what was no function of interest is forgotten all the same."""
    with reader.channel() as channel, Server(python, channel) as server:
        if server.tell("lock") != "locked 0":
            pytest.skip("memory may not be locked here")
        for name in ("in_background", "tick"):
            channel.ask(reader.PYTHON | reader.TARGETED, f"__main__:{name}")
            server.until(lambda: server.tell("call") and server.calls(name))


def test_what_is_chosen_changes(python):
    """What was decided of a function, or expected of its caller, holds for one pattern alone."""
    expected = 0
    with reader.channel() as channel, Server(python, channel) as server:
        for pattern in ("tick", "background", "tick*", "ticks", "background,ticks", "*"):
            channel.ask(reader.PYTHON | reader.TARGETED, ",".join(
                f"__main__:{name}" for name in pattern.split(",")))
            server.until(lambda: [of for of in reader.processes(channel)
                                  if of.generation == channel.generation])
            for _ in range(2):
                server.tell("call")
                expected += 1000 if pattern in ("tick", "tick*", "*") else 0
                assert server.calls("tick") == expected, pattern


def test_nobody_counts_for_a_reader_that_is_gone(monitored):
    with reader.channel() as channel, Server(monitored, channel) as server:
        channel.ask(reader.PYTHON)
        server.until_tools(True)
        channel.close()
        server.until_tools(False)
