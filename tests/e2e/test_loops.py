"""What holds an event loop is found on each loop, and work in threads owns its time."""

import socket
import sys

import harness
import pytest

PYTHON = sys.executable
WAITS = ["sleep", "sqlite", "fsync", "lock", "recv"]


@pytest.fixture(params=["asyncio", "uvloop"])
def server(request, watched, tmp_path):
    def command(port):
        return harness.uvicorn(PYTHON, "loops_app:app", str(port), "--loop", request.param)

    return watched(command, environment={"LOOPS_DB": str(tmp_path / "loops.db")})


def lines_on_loop(recording):
    """Functions of the app that made a call on the loop."""
    sql = ("SELECT DISTINCT f.app_function FROM v1_usage u JOIN v1_frame f ON f.id = u.stack_id "
           "WHERE u.on_loop AND NOT u.nested AND f.app_file LIKE '%loops_app.py' AND u.route LIKE ?")
    return lambda route: {row[0] for row in recording.query(sql, route)}


def test_calls_that_wait_are_on_the_loop_or_they_are_not(server):
    with server:
        for path in ("loop", "task", "thread", "to-thread", "executor"):
            for what in WAITS:
                # the first loads what its executor needs
                assert server.load(f"/{path}/{what}", 3) == [200] * 3
    on_loop = lines_on_loop(server.recording)
    made = {"<lambda>", "ask", "write_file", "wait_for_lock", "wait_for_peer"}
    assert made <= on_loop("/loop/%")
    assert made <= on_loop("/task/%")
    assert not on_loop("/thread/%")
    assert not made & on_loop("/to-thread/%")
    assert not made & on_loop("/executor/%")


def test_a_sleep_in_the_loop_is_the_cause(server):
    with server:
        assert server.load("/loop/sleep", 60, threads=4) == [200] * 60
    assert server.recording.causes()[0] == "blocking-call-in-event-loop"


def test_tasks_wait_for_a_lock(server):
    with server:
        assert server.load("/shared", 60, threads=4) == [200] * 60
    assert server.recording.causes()[0] == "lock-contention"
    locks, wall = server.recording.query("SELECT sum(lock_ns), sum(wall_ns) FROM v1_unit WHERE route = '/shared' AND NOT cold")[0]
    assert locks > 0.4 * wall, "three of four wait for the fourth"


def test_tasks_wait_for_a_place_of_a_semaphore(server):
    with server:
        assert server.load("/limited", 60, threads=6) == [200] * 60
    found = server.recording.why()["findings"][0]
    assert found["cause"] == "lock-contention" and "for a semaphore" in found["title"]


def test_work_handed_to_a_thread_is_seen_on_both_ways(server):
    with server:
        # the first loads what its executor needs
        assert server.load("/executor/sleep", 1) == [200]
        assert server.load("/to-thread/sleep", 5) == [200] * 5
    seen = server.recording.query(
        "SELECT f.app_function, u.subject, sum(u.calls) FROM v1_usage u JOIN v1_frame f ON f.id = u.stack_id "
        "WHERE u.subject LIKE 'thread.%' AND f.app_function = 'in_to_thread' GROUP BY 1, 2 ORDER BY 1, 2")
    ways = {subject: calls for _, subject, calls in seen}
    # a loop that goes on before the thread is through has no way back to wait for
    assert ways["thread.hop"] == 5 and 1 <= ways["thread.back"] <= 5
    # the byte by which the thread wakes the loop goes to no peer
    assert server.recording.query("SELECT count(*) FROM v1_usage WHERE kind = 'send' AND route LIKE '/%' AND peer_kind IS NOT 'client'") == [(0,)]


def test_tasks_are_noted_where_they_are_made(server):
    with server:
        assert server.load("/background", 5) == [200] * 5
    made = server.recording.query("SELECT name, function, sum(tasks) FROM v1_task WHERE what = 'made' AND has_app GROUP BY 1, 2")
    assert made == [("follow", "in_the_background", 5)]
    assert server.recording.query("SELECT count(*) > 0 FROM v1_task WHERE what = 'live'") == [(1,)]


def test_computing_in_a_thread_is_the_units(server):
    with server:
        assert server.load("/compute", 40) == [200] * 40
    units, python = server.recording.query(
        "SELECT count(*), sum(python_ns) FROM v1_unit WHERE route = '/compute' AND NOT cold")[0]
    assert units >= 39
    assert python >= 0.9 * 10_000_000 * units, "each computes for 10 ms of its thread's CPU"


def test_a_connection_for_each_request_in_a_thread(server):
    with server:
        assert server.load("/connection", 200, threads=2) == [200] * 200
    assert "db-connection-per-request" in server.recording.causes()


def test_a_stream_of_events_is_no_request(server):
    with server:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
            seen = b""
            while seen.count(b"tick") < 10:
                seen += client.recv(4096)
        assert server.load("/compute", 3) == [200] * 3
    assert server.recording.query("SELECT kind, aborted FROM v1_unit WHERE route = '/events'") == [
        ("stream", 1)]
    assert server.recording.requests("/events") == 0
    assert server.recording.requests("/compute") == 3
