"""Apps most of whose requests are well, and one rare route is not: its cause is named, and where there is none, none is."""

import os
import sys

import harness
import pytest

PYTHON = sys.executable
PAGES = [f"/page{number}" for number in range(5)]


def serve(server, rare, count):
    """Pages, and after every 32 of them one request to a rare route."""
    for number in range(count):
        path = rare[number // 33 % len(rare)] if number % 33 == 32 else PAGES[number % len(PAGES)]
        assert server.get(path)[0] == 200


def slow(recording, *options):
    return [found for found in recording.why(*options)["findings"] if found["list"] == "slow"]


def assert_names(found, cause, app):
    line = harness.marked(harness.APPS / app, cause)
    assert any(each["cause"] == cause and each["where"] and os.path.basename(each["where"][0]["file"]) == app
               and each["where"][0]["line"] == line for each in found), [(each["cause"], each["where"][:1]) for each in found]


def test_one_query_per_row_on_a_rare_route(watched):
    with watched(lambda port: harness.gunicorn(PYTHON, "mixed_app:app", port, "--threads", "2")) as server:
        serve(server, ["/report"], 900)
    assert_names(slow(server.recording), "n-plus-one-queries", "mixed_app.py")
    alone = server.recording.why("--route", "GET /report")
    assert alone["route"] == "/report" and 0 < alone["route_units"] < 0.1
    assert alone["requests"]["count"] == server.recording.requests("/report")
    assert_names(alone["findings"], "n-plus-one-queries", "mixed_app.py")


def test_a_rare_route_connects_each_time(watched, tmp_path):
    database = tmp_path / "wide.db"
    harness.add_wide_table(f"sqlite:///{database}")
    with watched(lambda port: harness.gunicorn(PYTHON, "mixed_connect_app:app", port, "--threads", "2"),
                 environment={"DATABASE": str(database)}) as server:
        serve(server, ["/export"], 900)
    assert_names(slow(server.recording), "db-connection-per-request", "mixed_connect_app.py")


def test_a_rare_route_that_computes_on_a_loop(watched):
    with watched(lambda port: harness.uvicorn(PYTHON, "mixed_async_app:app", str(port))) as server:
        serve(server, ["/digest", "/rates"], 1200)
    found = slow(server.recording)
    assert_names(found, "blocking-call-in-event-loop", "mixed_async_app.py")
    assert any(each["where"] and each["where"][0]["function"] == "digest" for each in found), found


@pytest.mark.parametrize("app, rare", [("mixed_app", ["/good/report", "/good/list"]), ("mixed_async_app", ["/good/rates"])])
def test_no_rare_route_is_sick(watched, app, rare):
    def command(port):
        if app == "mixed_app":
            return harness.gunicorn(PYTHON, "mixed_app:app", port, "--threads", "2")
        return harness.uvicorn(PYTHON, "mixed_async_app:app", str(port))

    with watched(command) as server:
        serve(server, rare, 900)
    assert [each["cause"] for each in slow(server.recording)] == ["nothing-wrong"]
