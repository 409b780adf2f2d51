"""Frameworks that are servers themselves: requests sent = requests recorded, each under its route."""

import socket

import harness
import pytest

pytestmark = pytest.mark.some_versions

UNITS = ("SELECT route, kind, method, status, count(*), max(bytes_out), max(error), max(streamed), max(aborted)"
         " FROM v1_unit WHERE kind <> 'run' GROUP BY 1, 2, 3, 4 ORDER BY 1")
UPGRADE = (b"GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")


@pytest.fixture
def aiohttp(watched, python):
    return watched(lambda port: [python, "aiohttp_app.py", str(port)])


def test_aiohttp_records_every_request(aiohttp):
    pages = {"/hello": 200, "/items/7": 200, "/wait": 200, "/refused": 409, "/failing": 500, "/view": 200,
             "/events": 200, "/part/inner/7": 200, "/nowhere": 404}
    with aiohttp as server:
        for page, status in pages.items():
            assert server.load(page, 20, threads=4) == [status] * 20
    units = [(route, kind, method, status, count, error)
             for route, kind, method, status, count, _, error, _, _ in server.recording.query(UNITS)]
    assert units == [
        ("(unmatched)", "request", "GET", 404, 20, None),
        ("/events", "stream", "GET", 200, 20, None),
        ("/failing", "request", "GET", 500, 20, "builtins.LookupError"),
        ("/hello", "request", "GET", 200, 20, None),
        ("/items/{number}", "request", "GET", 200, 20, None),
        ("/part/inner/{number}", "request", "GET", 200, 20, None),
        ("/refused", "request", "GET", 409, 20, None),
        ("/view", "request", "GET", 200, 20, None),
        ("/wait", "request", "GET", 200, 20, None),
    ]
    bytes_of = {row[0]: row[5] for row in server.recording.query(UNITS)}
    assert bytes_of["/hello"] == len('"hello"') and bytes_of["/items/{number}"] == 100
    assert not any(row[8] for row in server.recording.query(UNITS)), "none was aborted"
    assert server.recording.query("SELECT DISTINCT value FROM v1_fact WHERE key = 'server'") == [("aiohttp",)]


def test_aiohttps_awaits_are_awaited_time(aiohttp):
    with aiohttp as server:
        assert server.load("/wait", 40, threads=8) == [200] * 40
    count, least, away = server.recording.query(
        "SELECT count(*), min(wall_ns), sum(await_ns + loop_busy_ns) / 1.0 / sum(wall_ns) FROM v1_unit"
        " WHERE route = '/wait' AND NOT cold")[0]
    assert count >= 39 and least >= 5_000_000 and away > 0.5


def test_a_websocket_of_aiohttp_is_no_request(aiohttp):
    with aiohttp as server:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(UPGRADE)
            assert client.recv(4096).startswith(b"HTTP/1.1 101 ")
        assert server.load("/hello", 5) == [200] * 5
    assert server.recording.requests() == 5
    assert server.recording.query("SELECT 1 FROM v1_fact WHERE key = 'agent.websocket'")


def test_a_blocking_call_in_aiohttps_loop_is_the_cause(aiohttp):
    with aiohttp as server:
        assert server.load("/blocking", 100, threads=8) == [200] * 100
    first = server.recording.why()["findings"][0]
    assert first["cause"] == "blocking-call-in-event-loop"
    assert first["where"][0]["line"] == harness.marked(harness.APPS / "aiohttp_app.py", first["cause"])


def test_statements_of_asyncpg_under_aiohttp(watched, python, postgres):
    command = lambda port: [python, "aiohttp_app.py", str(port)]  # noqa: E731
    with watched(command, environment={"WORLD_URL": postgres}) as server:
        assert server.load("/query", 60, threads=4) == [200] * 60
    assert server.recording.requests("/query") == 60
    assert server.recording.statements("%from world where id =%") == 60


def test_tornado_records_every_request(watched, python):
    with watched(lambda port: [python, "tornado_app.py", str(port)]) as server:
        for page, status in {"/items/7": 200, "/refused": 409, "/failing": 500, "/nowhere": 404}.items():
            assert server.load(page, 20, threads=4) == [status] * 20
    assert [row[:7] for row in server.recording.query(UNITS)] == [
        ("(unmatched)", "request", "GET", 404, 20, 69, None),
        ("__main__.Failing", "request", "GET", 500, 20, 93, "builtins.LookupError"),
        ("__main__.Item", "request", "GET", 200, 20, 100, None),
        ("__main__.Refused", "request", "GET", 409, 20, 67, None),
    ]
