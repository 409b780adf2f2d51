"""Apps with one known fault, marked `CAUSE:` in their source, and apps with none."""

import os
import subprocess
import sys

import harness
import pytest

PYTHON = sys.executable


def assert_first(server, cause, file, kind="slow"):
    found = [each for each in server.recording.why()["findings"] if each["list"] == kind]
    assert found and found[0]["cause"] == cause, [each["cause"] for each in found]
    place = found[0]["where"][0]
    assert os.path.basename(place["file"]) == file
    assert place["line"] == harness.marked(harness.APPS / file, cause)


def test_n_plus_one_under_runserver_after_three_pages(watched, tmp_path):
    environment = {"SHOP_DB": str(tmp_path / "shop.db")}
    subprocess.run([PYTHON, "shop.py", "fill"], cwd=harness.APPS,
                   env={**os.environ, **environment}, check=True, timeout=60)
    command = lambda port: [PYTHON, "shop.py", "runserver", f"127.0.0.1:{port}"]  # noqa: E731
    with watched(command, environment=environment) as server:
        assert server.load("/orders/", 3) == [200] * 3
    assert server.recording.requests() == 3
    assert_first(server, "n-plus-one-queries", "shop.py")


def test_sleep_in_a_coroutine_blocks_the_loop(watched):
    with watched(lambda port: harness.uvicorn(PYTHON, "fastapi_app:app", str(port))) as server:
        assert server.load("/blocking", 100, threads=8) == [200] * 100
    assert_first(server, "blocking-call-in-event-loop", "fastapi_app.py")


def test_healthy_flask(watched):
    command = lambda port: harness.gunicorn(PYTHON, "flask_app:app", port)  # noqa: E731
    with watched(command, environment={"APP_DSN": "unused"}) as server:
        assert server.load("/hello", 300, threads=2) == [200] * 300
    assert server.recording.causes() == ["nothing-wrong"]


def test_every_request_fails(watched):
    command = lambda port: harness.gunicorn(PYTHON, "flask_app:app", port)  # noqa: E731
    with watched(command, environment={"APP_DSN": "unused"}) as server:
        assert server.load("/broken", 60, threads=2) == [500] * 60
    answer = server.recording.why()
    assert [each["cause"] for each in answer["findings"]] == ["error-burst"]
    assert "failed: what follows is how long failing takes" in answer["notes"][0]
    assert "with ZeroDivisionError" in answer["findings"][0]["title"]
    assert_first(server, "error-burst", "flask_app.py", kind="fails")


def test_threads_wait_for_a_lock_and_what_its_holder_does_is_told(watched):
    command = lambda port: harness.gunicorn(PYTHON, "flask_app:app", port, "--threads", "6")  # noqa: E731
    with watched(command, environment={"APP_DSN": "unused"}) as server:
        assert server.load("/locked", 150, threads=6) == [200] * 150
    assert_first(server, "lock-contention", "flask_app.py")
    found = server.recording.why()["findings"][0]
    assert f"it is held while it sleeps at flask_app.py:{found['where'][0]['line'] + 1}" in found["fix"]


def test_healthy_fastapi_with_a_pool(watched, postgres):
    command = lambda port: harness.uvicorn(PYTHON, "fastapi_app:app", str(port))  # noqa: E731
    with watched(command, environment={"WORLD_URL": postgres}) as server:
        assert server.load("/query", 300, threads=2) == [200] * 300
        assert server.load("/wait", 100, threads=4) == [200] * 100
    assert server.recording.causes() == ["nothing-wrong"]


@pytest.mark.parametrize("path, told", [("/bare", "cannot tell"), ("/bound", "at most 1 text of")])
def test_values_that_psycopg2_writes_into_the_text_accuse_nobody(watched, postgres, path, told):
    command = lambda port: harness.gunicorn(PYTHON, "psycopg2_app:app", port)  # noqa: E731
    with watched(command, environment={"WORLD_URL": postgres}) as server:
        assert server.load(path, 100, threads=1) == [200] * 100
    assert server.recording.causes() == ["nothing-wrong"]
    why = server.recording.why()
    said = {each["cause"]: each["because"] for each in why["not_known" if told == "cannot tell" else "ruled_out"]}
    assert told in said["sql-literals-defeat-cache"]


def test_values_that_the_app_writes_into_the_text_under_psycopg2(watched, postgres):
    command = lambda port: harness.gunicorn(PYTHON, "psycopg2_app:app", port)  # noqa: E731
    with watched(command, environment={"WORLD_URL": postgres}) as server:
        assert server.load("/literal", 100, threads=1) == [200] * 100
    assert_first(server, "sql-literals-defeat-cache", "psycopg2_app.py")


@pytest.mark.parametrize("path, cause", [
    ("/connection", "db-connection-leak"),
    ("/file", "fd-leak"),
])
def test_leaks_will_fail(watched, tmp_path, path, cause):
    command = lambda port: harness.gunicorn(PYTHON, "leaky_app:app", port)  # noqa: E731
    with watched(command, environment={"LEAK_DB": str(tmp_path / "leak.db")}) as server:
        assert server.load(path, 200, threads=2) == [200] * 200
    assert_first(server, cause, "leaky_app.py", kind="will-fail")
