"""What `unslow load` says is what happened: against servers whose doings are known."""

import os
import signal
import sys
import time

import harness
import load_world
import pytest
from load_world import Server, load, verdicts

PYTHON = sys.executable


def test_every_request_is_sent_once_and_counted_once():
    with Server() as server:
        result = load("-R", 300, "-n", 300, f":{server.port}")
    assert result["schema"] == "unslow.load/1"
    assert result["requests"]["due"] == result["requests"]["answered"] == 300
    assert result["status_classes"]["2xx"] == 300
    assert result["errors"]["all"] == 0
    assert result["clock"]["kernel"] > 250 and sum(result["clock"].values()) == 300
    assert sum(count for _, count in result["response_histogram"]) == 300
    assert sum(second["due"] for second in result["seconds"]) == 300


def test_threads_share_one_schedule():
    with Server() as server:
        result = load("-R", 500, "-n", 501, "-t", 3, "-c", 30, f":{server.port}")
    assert result["requests"]["answered"] == 501
    assert len(result["threads"]) == 3


def test_the_warm_up_is_sent_and_not_counted(tmp_path):
    log = tmp_path / "arrivals"
    with Server("--log", log) as server:
        result = load("-R", 100, "-d", "1s", "--warm-up", "1s", f":{server.port}")
    assert result["requests"]["due"] == 100
    assert len(log.read_text().split()) == 200


def test_arrivals_are_where_the_schedule_has_them(tmp_path):
    """In the mean: single ones may be late on a busy machine."""
    log = tmp_path / "arrivals"
    with Server("--log", log) as server:
        load("-R", 400, "-n", 801, f":{server.port}")
    times = [int(line) for line in log.read_text().split()]
    assert len(times) == 801
    assert 1.8e9 < times[-1] - times[0] < 2.5e9


def test_poisson_gaps_are_not_even(tmp_path):
    log = tmp_path / "arrivals"
    with Server("--log", log) as server:
        load("--poisson", "-R", 500, "-n", 1000, f":{server.port}")
    times = [int(line) for line in log.read_text().split()]
    gaps = [later - earlier for earlier, later in zip(times, times[1:])]
    short = sum(gap < 1e6 for gap in gaps) / len(gaps)
    assert 0.25 < short < 0.9  # 1 - exp(-1/2) = 0.39; evenly spaced: none; more where a busy machine bunches them


def test_a_ramp_goes_up():
    with Server() as server:
        result = load("--ramp", "0:400", "-d", "2s", f":{server.port}")
    first, second = (row["due"] for row in result["seconds"][:2])
    assert (first, second) == (100, 300)


def test_closed_loop_keeps_its_connections_busy():
    with Server("--busy-us", 1000) as server:
        result = load("--closed", "-c", 4, "-d", "1s", f":{server.port}")
    assert result["connections"]["used"] == 4
    assert result["requests"]["answered"] > 100
    assert result["requests"]["due"] == result["requests"]["answered"]
    assert result["lateness_us"]["count"] == 0 or result["lateness_us"]["max"] == 0


def test_a_stall_is_felt_by_all_who_come_meanwhile():
    """The server stands still for 1 s of 4: of 250 users a second that wait, the truth is known."""
    with Server() as server:
        process = load_world.start("--json", "-R", 250, "-d", "4s", "-c", 10, f":{server.port}")
        time.sleep(1.5)
        os.kill(server.process.pid, signal.SIGSTOP)
        time.sleep(1)
        os.kill(server.process.pid, signal.SIGCONT)
        result = harness.json.loads(process.communicate(timeout=60)[0])
    response = result["response_ms"]
    assert response["p50"] < 100
    assert 500 < response["p90"] < 1000  # 25 % have waited 0 to 1 s: p90 is 600 ms
    assert 850 < response["p99"] < 1500
    assert result["requests"]["answered"] == 1000
    # Of those that were sent, at most ten were under way: service time does not show it.
    assert result["service_ms"]["p90"] < response["p90"] / 2


def test_a_stall_past_the_end_is_not_forgotten():
    with Server() as server:
        process = load_world.start("--json", "-R", 250, "-d", "3s", "-c", 10, f":{server.port}")
        time.sleep(1.5)
        os.kill(server.process.pid, signal.SIGSTOP)
        result = harness.json.loads(process.communicate(timeout=60)[0])
    assert result["response_ms"]["p99"] > 900
    assert result["requests"]["unanswered"] == 10
    assert result["requests"]["unsent"] > 100
    assert load_world.adds_up(result)
    assert "stall-at-end" in verdicts(result)


def test_a_server_that_falls_behind_is_said_so():
    with Server("--busy-us", 10000) as server:  # 100 a second, of 200
        result = load("-R", 200, "-d", "4s", f":{server.port}")
    assert "backlog" in verdicts(result)
    assert result["requests"]["answered_per_s"] < 150


def test_what_came_late_is_counted_apart():
    with Server("--busy-us", 10000) as server:
        result = load("-R", 200, "-d", "2s", f":{server.port}")
    requests = result["requests"]
    assert requests["answered_late"] > 0
    completed = sum(second["completed"] for second in result["seconds"])
    assert requests["answered"] == completed + requests["answered_late"]
    for second in result["seconds"]:
        assert second["p50_ms"] <= second["p99_ms"] <= second["max_ms"]


def test_where_nothing_was_answered_no_time_was_taken():
    with Server("--manner", "nothing") as server:
        out, _ = load_world.run("-R", 50, "-d", "1s", "--timeout", "300ms", f":{server.port}")
        result = load("-R", 50, "-d", "1s", "--timeout", "300ms", f":{server.port}")
    assert "0.00 us   " not in out and out.split("p50")[1].split()[2] == "-"
    assert "50 without an answer: in response at their age, in service not at all" in out
    assert result["service_ms"] == {"count": 0, **dict.fromkeys(
        ("p50", "p75", "p90", "p95", "p99", "p99_9", "max", "mean", "deviation"))}


def test_starved_connections_are_named():
    """As uWSGI does: a worker stays with the connection it has."""
    with Server("--manner", "pin", "--busy-us", 200) as server:
        out, _ = load_world.run("--closed", "-c", 8, "-d", "2s", f":{server.port}")
        result = load("--closed", "-c", 8, "-d", "2s", f":{server.port}")
    assert "7 of 8 connections got no answer" in out
    assert result["connections"]["starved"] == 7


def test_ctrl_c_prints_what_there_is():
    with Server() as server:
        process = load_world.start("-R", 100, "-d", "60s", f":{server.port}")
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "; stopped" in out
    assert "status 2xx" in out


def test_files_beside_the_answer(tmp_path):
    paths = {name: tmp_path / name for name in ("json", "hgrm", "csv")}
    with Server() as server:
        load_world.run("-R", 100, "-d", "2s", "-o", paths["json"], "--hgrm", paths["hgrm"],
                       "--csv", paths["csv"], f":{server.port}")
    assert harness.json.loads(paths["json"].read_text())["requests"]["due"] == 200
    assert paths["hgrm"].read_text().split()[:2] == ["Value", "Percentile"]
    rows = paths["csv"].read_text().splitlines()
    assert rows[0].startswith("at_s,due,completed,errors")
    assert [row.split(",")[1] for row in rows[1:3]] == ["100", "100"]


def test_the_gate():
    with Server("--manner", "error") as server:
        words = ["-R", 100, "-n", 50, f":{server.port}"]
        _, err = load_world.run("--fail-on", "errors>1%", *words, status=1)
        load_world.run("--fail-on", "errors>100%,max>60s", *words)
    assert "'errors>1%' was crossed: it is 100 %" in err


@pytest.mark.parametrize("server", [
    pytest.param(lambda port: harness.gunicorn(PYTHON, "flask_app:app", port), id="sync"),
    pytest.param(lambda port: harness.gunicorn(PYTHON, "flask_app:app", port, "--threads", "4"),
                 id="gthread"),
    pytest.param(lambda port: harness.uvicorn(PYTHON, "loops_app:app", str(port)), id="uvicorn"),
])
def test_python_servers(server, tmp_path):
    port = harness.net.free_port()
    environment = {"APP_DSN": "unused", "LOOPS_DB": str(tmp_path / "loops.db")}
    with harness.Watched(tmp_path, server(port), port, environment=environment, watched=False):
        result = load("-R", 60, "-d", "2s", f":{port}/no-such-page")
    assert result["requests"]["answered"] == 120
    assert result["status_classes"]["4xx"] == 120
    assert load_world.adds_up(result)
