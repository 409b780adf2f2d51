"""What a coroutine still does when the server has the whole answer is no time of the request: no client of it waits for that."""

import json
import socket
import subprocess
import sys
import time

import harness
import pytest

PYTHON = sys.executable


def record(watched, *paths, count=120):
    with watched(lambda port: harness.uvicorn(PYTHON, "mixed_async_app:app", str(port))) as server:
        for number in range(count):
            assert server.get(paths[number % len(paths)])[0] == 200
    return server.recording


def where_sampled(recording, function):
    """How often it was seen within requests, and outside."""
    return recording.query("SELECT total(s.ticks) FILTER (WHERE s.in_unit), total(s.ticks) FILTER (WHERE NOT s.in_unit) "
                           "FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id WHERE f.app_function = ?", function)[0]


def test_a_background_task_that_computes(watched):
    recording = record(watched, "/counted", "/digest")
    within, outside = where_sampled(recording, "computed_later")
    assert within == 0 and outside > 0, "the client had its answer before"
    within, outside = where_sampled(recording, "digest")
    assert within > 0 and outside == 0, "the client waits for it"
    assert recording.requests("/counted") == recording.requests("/digest") == 60
    found = {each["cause"]: each for each in recording.why()["findings"]}
    assert "computed_later" in found["cpu-hog-in-event-loop"]["title"] or "digest" in found["cpu-hog-in-event-loop"]["title"]


def test_a_background_task_in_a_thread(watched):
    recording = record(watched, "/mailed")
    within, outside = where_sampled(recording, "later")
    assert within == 0 and outside > 0
    assert recording.query("SELECT count(*) FROM v1_unit WHERE route = '/mailed' AND sleep_ns > 0") == [(0,)]


def test_a_stream_ends_with_its_last_part(watched):
    recording = record(watched, "/streamed")
    streamed, aborted = recording.query("SELECT sum(streamed), sum(aborted) FROM v1_unit WHERE route = '/streamed'")[0]
    assert (streamed, aborted) == (120, 0)
    within, outside = where_sampled(recording, "parts")
    assert within > 0 and outside == 0, "between parts its client waits"
    within, outside = where_sampled(recording, "computed_later")
    assert within == 0 and outside > 0


def started(watched, app="after_app:app", *options):
    return watched(lambda port: harness.uvicorn(PYTHON, app, str(port), *options))


def time_of(recording, path):
    return recording.query("SELECT count(*), sum(wall_ns), sum(running_ns) FROM v1_unit WHERE route LIKE ?", path)[0]


@pytest.mark.parametrize("app, path, route", [
    ("after_app:app", "/counted", "/counted"), ("after_app:app", "/mounted/counted", "%/counted"),
    ("after_app:app", "/passed/counted", "%/counted"), ("after_app:passing", "/counted", "/counted"),
])
def test_its_time_is_what_its_client_waits_for(watched, app, path, route):
    with started(watched, app) as server:
        assert set(server.load(path, 40)) == {200}
        spent_ns = sum(json.loads(server.get("/spent")[1]).values())
    count, wall_ns, running_ns = time_of(server.recording, route)
    assert count == 40
    assert running_ns <= wall_ns < spent_ns, "the task alone takes longer"
    within, outside = where_sampled(server.recording, "compute")
    assert within == 0 and outside > 0


def test_an_error_after_the_answer_is_of_its_request(watched):
    paths = ["/failed", "/failed-at-once", "/failed-later"]
    with started(watched) as server:
        for path in paths * 5:
            server.get(path)
        assert server.get("/spent")[0] == 200
    recording = server.recording
    assert recording.query("SELECT u.route, u.status, x.class, count(*) FROM v1_exception x JOIN v1_unit u ON u.id = x.unit_id "
                           "GROUP BY 1, 2, 3 ORDER BY 1") == [
        ("/failed", 500, "builtins.ZeroDivisionError", 5), ("/failed-at-once", 200, "builtins.KeyError", 5),
        ("/failed-later", 200, "builtins.LookupError", 5)]
    assert recording.query("SELECT route, error FROM v1_unit WHERE error IS NOT NULL GROUP BY 1 ORDER BY 1") == [
        ("/failed", "builtins.ZeroDivisionError"), ("/failed-at-once", "builtins.KeyError")]
    shown = subprocess.run([harness.UNSLOW, "show", "errors", recording.path], stdout=subprocess.PIPE, check=True, timeout=60, text=True).stdout
    assert all(f"{kind} " in shown for kind in ("ZeroDivisionError", "KeyError", "LookupError")), shown


def test_a_head_and_a_client_that_leaves(watched):
    with started(watched) as server:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", server.port)) as client:
                client.sendall(b"HEAD /counted HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                while client.recv(65536):
                    pass
            with socket.create_connection(("127.0.0.1", server.port)) as client:
                client.sendall(b"GET /streamed HTTP/1.1\r\nHost: a\r\n\r\n")
                assert client.recv(1)
        assert server.get("/spent")[0] == 200
    assert server.recording.query("SELECT count(*), sum(aborted), max(wall_ns) < 60e9 FROM v1_unit WHERE route = '/counted'") == [(3, 0, 1)]
    assert server.recording.query("SELECT count(*) FROM v1_unit WHERE route = '/streamed' AND finished") == [(3,)]


def test_a_client_that_reads_slowly_is_waited_for(watched):
    with started(watched) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(b"GET /streamed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            got, begun_ns = len(client.recv(1)), time.monotonic_ns()
            time.sleep(0.5)
            held_ns = time.monotonic_ns() - begun_ns
            while part := client.recv(1 << 20):
                got += len(part)
    assert got > 64 * 262_144
    wall_ns, aborted = server.recording.query("SELECT wall_ns, aborted FROM v1_unit WHERE route = '/streamed'")[0]
    assert wall_ns >= held_ns and not aborted
