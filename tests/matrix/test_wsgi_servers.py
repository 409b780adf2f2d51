"""Flask and Django on each server, on every CPython: what is recorded is what was sent.

A row of SERVERS is the command of a server, and how the recording must name it.
"""

import json
import subprocess
import threading
from pathlib import Path

import harness
import pytest
import world

SLOW = "db-connection-per-request"
REQUESTS = 120


def bjoern(python, module, name, port):
    run = f"import bjoern, {module}; bjoern.run({module}.{name}, '127.0.0.1', {port})"
    return [python, "-c", run]


def waitress(python, module, name, port):
    return [python, "-m", "waitress", f"--listen=127.0.0.1:{port}", f"{module}:{name}"]


def uwsgi(python, module, name, port, *options):
    folder = Path(python).parent
    return [folder / "uwsgi", "--http-socket", f"127.0.0.1:{port}", "--master", "--need-app",
            "--disable-logging", "--virtualenv", folder.parent, "--module", f"{module}:{name}",
            *options]


def uwsgi_threads(*place):
    return uwsgi(*place, "--processes", "2", "--threads", "4")


def werkzeug(python, module, name, port):
    run = (f"import {module}; from werkzeug.serving import run_simple; "
           f"run_simple('127.0.0.1', {port}, {module}.{name}, threaded=True)")
    return [python, "-c", run]


def gevent(python, module, name, port):
    return harness.gunicorn(python, f"{module}:{name}", port, "-k", "gevent")


def uvicorn(python, module, name, port):
    return harness.uvicorn(python, f"{module}:{name}", str(port))


def uvicorn_uvloop(python, module, name, port):
    return harness.uvicorn(python, f"{module}:{name}", str(port), "--loop", "uvloop")


SERVERS = {  # name: command, how the recording names it
    "bjoern": (bjoern, "bjoern"),
    "waitress": (waitress, "waitress"),
    "uwsgi": (uwsgi, "uwsgi"),
    "uwsgi-threads": (uwsgi_threads, "uwsgi"),
    "werkzeug": (werkzeug, "werkzeug"),
    "gunicorn-gevent": (gevent, "gunicorn"),
}
FLASK = (harness.DEMO / "slow.py", "app", "/db", "/db", "sql-literals-defeat-cache")
DJANGO = (harness.APPS / "django_app.py", "application", "/worlds/7/", "/worlds/<int:number>/", None)
DJANGO_ASGI = (DJANGO[0], "asynchronous", *DJANGO[2:])


def record(watched, python, command, app, threads):
    """The server after REQUESTS requests of the slow page and one that no route has."""
    file, name, page = app[:3]
    with world.sqlite() as url:
        harness.add_wide_table(url)
        make = lambda port: command(python, file.stem, name, port)  # noqa: E731
        environment = {"WORLD_URL": url, "PYTHONPATH": f"{harness.APPS}:{harness.DEMO}"}
        with watched(make, environment=environment, cwd=harness.ROOT) as server:
            assert server.load(page, REQUESTS, threads) == [200] * REQUESTS
            assert server.load("/nowhere", 1) == [404]
    return server


def check_requests(server, app):
    """Each request once, with route and status; each statement once, at its line."""
    file, route, literals = app[0], app[3], app[4]
    rows = server.recording.query(
        "SELECT route, status, count(*) FROM v1_unit WHERE kind = 'request' AND finished"
        " GROUP BY route, status ORDER BY status")
    assert rows == [(route, 200, REQUESTS), ("(unmatched)", 404, 1)]
    executed = harness.marked(file, literals) if literals else harness.marked(file, SLOW) + 1
    rows = server.recording.query("SELECT file, line, count(*) FROM v1_statement"
                                  " WHERE fingerprint LIKE '%from world where%' GROUP BY 1, 2")
    assert rows == [(str(file), executed, REQUESTS)]


def check_name(server, name):
    """In `show config` and in the answer's head; with a version, which each of them has."""
    shown = subprocess.run([harness.UNSLOW, "show", "config", "--json", server.recording.path],
                           stdout=subprocess.PIPE, timeout=60, check=True)
    assert any({"server", name} <= set(row) for row in json.loads(shown.stdout)["rows"])
    assert server.recording.why()["target"]["server"].split(" ")[0] == name
    head = server.stderr().split("\nunslow ")[-1]
    assert f"  {name} " in head and f"  {name}  " not in head


def check_cause(server, app):
    findings = {each["cause"]: each for each in server.recording.why()["findings"]}
    assert SLOW in findings, list(findings)
    place = findings[SLOW]["where"][0]
    assert (place["file"], place["line"]) == (str(app[0]), harness.marked(app[0], SLOW))


@pytest.mark.some_versions
@pytest.mark.parametrize("app", [pytest.param(FLASK, id="flask"), pytest.param(DJANGO, id="django")])
@pytest.mark.parametrize("server", SERVERS)  # in this order each server is on each version, with one of the two
def test_slow_app(watched, python, server, app):
    command, name = SERVERS[server]
    watched_server = record(watched, python, command, app, threads=1)
    check_requests(watched_server, app)
    check_name(watched_server, name)
    check_cause(watched_server, app)
    assert watched_server.recording.why()["ledger"]["unexplained"] <= 0.06
    # what a server waits for after the last byte (Werkzeug's: 10 ms) is no part of the request
    assert watched_server.recording.query(
        "SELECT count(*) FROM v1_usage WHERE kind = 'poll' AND route = ?", app[3]) == [(0,)]


@pytest.mark.some_versions
@pytest.mark.parametrize("command", [uvicorn, uvicorn_uvloop])
def test_slow_django_by_asgi(watched, python, command):
    server = record(watched, python, command, DJANGO_ASGI, threads=1)
    check_requests(server, DJANGO_ASGI)
    check_name(server, "uvicorn")
    check_cause(server, DJANGO_ASGI)
    # Django runs the view in a thread that is new for each request: no call that waits holds the loop
    assert "blocking-call-in-event-loop" not in server.recording.causes()


@pytest.mark.some_versions
def test_requests_that_take_turns_on_a_thread(watched, python):
    """bjoern writes one response while it serves the next: the time of each is its own."""
    server = record(watched, python, bjoern, FLASK, threads=8)
    check_requests(server, FLASK)
    check_cause(server, FLASK)
    cpu, span = server.recording.query(
        "SELECT sum(cpu_ns), max(end_ns) - min(start_ns) FROM v1_unit WHERE kind = 'request'")[0]
    assert 0 < cpu <= span
    assert server.recording.why()["ledger"]["unexplained"] <= 0.06


@pytest.mark.some_versions
def test_greenlets_that_take_turns(watched, python):
    """Each request is seen; what greenlets leave unknown is said."""
    command = lambda port: gevent(python, "flask_app", "app", port)  # noqa: E731
    with watched(command, environment={"APP_DSN": "unused"}) as server:
        assert server.load("/nap", 80, threads=8) == [200] * 80
    assert server.recording.requests("/nap") == 80
    told = server.recording.query("SELECT value FROM v1_fact WHERE key = 'agent.cpu'")
    assert told and "greenlets" in told[0][0]
    shared = server.recording.query(
        "SELECT count(*) FROM v1_unit WHERE kind = 'request' AND cpu_ns IS NULL")[0][0]
    assert shared > 40


@pytest.mark.some_versions
def test_a_line_of_greenlets_that_take_turns(watched, python):
    """What computes is sampled in the request it is in, by the agent or, on 3.11 and 3.12, from outside."""
    hot = harness.APPS / "hot_app.py"
    command = lambda port: gevent(python, "hot_app", "app", port)  # noqa: E731
    with watched(command) as server:
        naps = threading.Thread(target=server.load, args=("/nap", 200), kwargs={"threads": 4})
        naps.start()
        assert server.load("/hot", 200, threads=2) == [200] * 200
        naps.join()
    by_route = dict(server.recording.query(
        "SELECT route, total(ticks) FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id"
        " WHERE s.in_unit AND f.function = 'compute' GROUP BY 1"))
    assert by_route.pop("/hot") > 5 and not by_route
    shown = subprocess.run([harness.UNSLOW, "show", "lines", "--route", "/hot", "--json", server.recording.path],
                           stdout=subprocess.PIPE, timeout=60, check=True)
    # on a busy machine most of it may pass between looks: "place not seen" is no line
    first = next(row for row in json.loads(shown.stdout)["rows"] if any(str(value).endswith(".py") for value in row))
    line = harness.marked(hot, "hot-python-loop")
    assert str(hot) in first and (line in first or line - 1 in first), first
    assert "without sampling" not in server.stderr()
