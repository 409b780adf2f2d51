"""On every CPython: requests sent = requests recorded, whatever the server does."""

import os
import signal
import threading

import harness
import pytest
import world

ENVIRONMENT = {"APP_DSN": "unused"}


def flask(python, *options):
    return lambda port: harness.gunicorn(python, "flask_app:app", port, *options)


def fastapi(python):
    return lambda port: harness.uvicorn(python, "fastapi_app:app", str(port))


def test_demo_is_diagnosed(watched, python, python_version, tmp_path):
    """The agent is loaded, and the demo's first cause is named at its line.

    Without the wide table a connection costs no more than the second cause on a fast interpreter
    whose caches are warm.
    """
    with world.sqlite() as url:
        harness.add_wide_table(url)
        command = lambda port: harness.gunicorn(python, "slow:app", port)  # noqa: E731
        with watched(command, environment={"WORLD_URL": url}, cwd=harness.DEMO) as server:
            assert server.load("/db", 200) == [200] * 200
    sql = "SELECT DISTINCT python FROM v1_process WHERE agent_state = 'on'"
    assert server.recording.query(sql) == [(python_version,)]
    assert server.recording.requests("/db") == 200
    first = server.recording.why()["findings"][0]
    assert first["cause"] == "db-connection-per-request"
    marked = harness.marked(harness.DEMO / "slow.py", first["cause"])
    place = first["where"][0]
    assert (os.path.basename(place["file"]), place["line"]) == ("slow.py", marked)


@pytest.mark.some_versions
@pytest.mark.parametrize("options", [
    pytest.param(["-w", "1"], id="sync"),
    pytest.param(["-w", "2"], id="sync-2-workers"),
    pytest.param(["-k", "gthread", "--threads", "8"], id="gthread"),
    pytest.param(["--preload", "-w", "2"], id="preload"),
])
def test_gunicorn_records_every_request(watched, python, options):
    with watched(flask(python, *options), environment=ENVIRONMENT) as server:
        assert server.load("/hello", 120, threads=8) == [200] * 120
        assert server.load("/items/7", 30, threads=4) == [200] * 30
    assert server.status == 0, server.stderr()
    assert server.recording.requests() == 150
    assert server.recording.requests("/items/<int:number>") == 30


def test_uvicorn_records_every_request(watched, python):
    with watched(fastapi(python)) as server:
        assert server.load("/hello", 100, threads=8) == [200] * 100
        assert server.load("/wait", 50, threads=8) == [200] * 50
    assert server.recording.requests("/hello") == 100
    assert server.recording.requests("/wait") == 50


@pytest.mark.some_versions
def test_recycled_workers_lose_nothing(watched, python):
    """--max-requests replaces each worker again and again; each one's records are drained."""
    with watched(flask(python, "-w", "2", "--max-requests", "15"), environment=ENVIRONMENT) as server:
        assert server.load("/hello", 200, threads=2) == [200] * 200
    assert server.recording.requests() == 200
    workers = server.recording.query("SELECT count(*) FROM v1_process WHERE units_begun > 0")[0][0]
    assert workers >= 200 // 15


@pytest.mark.some_versions
def test_killed_worker_loses_only_the_request_it_was_in(watched, python):
    with watched(flask(python, "-w", "1"), environment=ENVIRONMENT) as server:
        statuses = []
        for _ in range(3):
            statuses += server.load("/hello", 30)
            os.kill(worker_of(server.process.pid), signal.SIGKILL)
        statuses += server.load("/hello", 30)
    answered = statuses.count(200)
    assert answered >= 110
    begun = server.recording.query("SELECT sum(units_begun) FROM v1_process")[0][0]
    assert server.recording.requests() == answered
    assert answered <= begun <= len(statuses)


def worker_of(pid):
    """Newest process below `pid` that has no children: gunicorn's worker."""
    while True:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            children = file.read().split()
        if not children:
            return pid
        pid = int(children[-1])


@pytest.mark.some_versions
@pytest.mark.parametrize("driver", ["psycopg2", "psycopg"])
def test_statements_of_postgres_drivers(watched, python, postgres, driver):
    command = lambda port: harness.gunicorn(python, "drivers_app:app", port)  # noqa: E731
    with watched(command, environment={"WORLD_URL": postgres}) as server:
        assert server.load(f"/{driver}", 60) == [200] * 60
    assert server.recording.requests() == 60
    assert server.recording.statements("%from world where id =%") == 60


@pytest.mark.some_versions
def test_statements_of_asyncpg_pool(watched, python, postgres):
    with watched(fastapi(python), environment={"WORLD_URL": postgres}) as server:
        assert server.load("/query", 60, threads=4) == [200] * 60
    assert server.recording.requests("/query") == 60
    assert server.recording.statements("%from world where id =%") == 60


@pytest.mark.some_versions
@pytest.mark.parametrize("command, page, other, count", [
    pytest.param(lambda python, port: harness.uvicorn(python, "hog_app:app", str(port)), "/hog", "/quick", 60, id="tasks"),
    pytest.param(lambda python, port: harness.gunicorn(python, "hot_app:app", port, "-k", "gthread", "--threads", "4"),
                 "/hot", "/nap", 500, id="threads"),
])
def test_a_look_from_outside_knows_the_request(watched, python, command, page, other, count):
    """What one page computes is in that page, whichever task or thread is on."""
    with watched(lambda port: command(python, port), options=("--engine", "stop")) as server:
        others = threading.Thread(target=server.load, args=(other, 200), kwargs={"threads": 2})
        others.start()
        assert server.load(page, count, threads=2) == [200] * count
        others.join()
    by_route = dict(server.recording.query(
        "SELECT route, total(ticks) FROM v1_sample s JOIN v1_frame f ON f.id = s.stack_id"
        " WHERE s.in_unit AND s.source = 2 AND f.function = 'compute' GROUP BY 1"))
    assert by_route.pop(page) > 5 and not by_route


@pytest.mark.some_versions
@pytest.mark.parametrize("server", [flask, fastapi])
def test_the_trace_of_a_request_is_its_callers(watched, python, server):
    """One number in the client's traceparent and in the recording; nonsense is none."""
    trace = "0af7651916cd43dd8448eb211c80319c"
    with watched(server(python), environment=ENVIRONMENT) as running:
        for value in (f"00-{trace}-b7ad6b7169203331-01", "00-nonsense", None):
            headers = [] if value is None else [f"Traceparent: {value}"]
            assert running.get("/hello", headers=headers)[0] == 200
    seen = running.recording.query("SELECT trace FROM v1_unit WHERE kind = 'request' ORDER BY start_ns")
    assert seen == [(trace,), (None,), (None,)]
