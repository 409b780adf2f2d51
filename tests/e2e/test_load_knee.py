"""`unslow load --knee` against a server that is busy for a fixed time with each request. What is
asserted holds however slow the machine is: the server's own schedule bounds it from above."""

import json
import signal
import time

import load_world
from load_world import Server


def search(*words, **options):
    return load_world.load("--knee", "-d", "15s", *words, **options)


def test_no_more_than_the_server_can_do():
    """10 ms a request, one after the other: 100 a second, of which 99 % have to be answered."""
    with Server("--busy-us", 10000) as server:
        result = search("--constant", "--slo", "p99=5s,errors<1%", f":{server.port}")
    assert result["schema"] == "unslow.knee/1"
    assert result["pace"] == "constant"
    assert result["probe_per_s"] <= 110  # what was under way when it began is counted, too
    assert result["elapsed_s"] < 20
    rates = [trial["rate"] for trial in result["trials"]]
    assert rates[0] <= result["probe_per_s"] / 2 + 1
    for trial in result["trials"]:
        if trial["verdict"] == "good":
            assert trial["rate"] <= 125  # 1 s has 100 answers and a few of the warm-up


def test_an_objective_that_no_rate_holds():
    """Each answer takes 5 ms, so none comes within 1."""
    with Server("--busy-us", 5000) as server:
        out, err = load_world.run("--knee", "-d", "15s", "--slo", "p99=1ms", "--fail-on",
                                  "knee<10", f":{server.port}", status=1)
    assert "none: even " in out or "not counted" in out
    assert "--fail-on" in err


def test_errors_only():
    with Server("--manner", "error") as server:
        result = search("--slo", "p99=50ms", f":{server.port}")
    assert result["knee"]["found"] == "unknown"
    assert result["trials"] == []


def test_ctrl_c_prints_what_is_known():
    with Server("--busy-us", 1000) as server:
        process = load_world.start("--knee", "--slo", "p99=50ms", f":{server.port}")
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "; stopped" in out
    assert "knee  " in out


def test_a_file_beside_the_answer(tmp_path):
    path = tmp_path / "knee.json"
    path.write_text("x" * 100000)
    with Server("--busy-us", 1000) as server:
        out, _ = load_world.run("--knee", "-d", "15s", "--slo", "p90=200ms", "-o", path,
                                f":{server.port}")
    result = json.loads(path.read_text())
    assert result["objective"] == [{"name": "p90", "limit_ms": 200}]
    assert result["trials"]
    assert "limited by" in out or result["knee"]["limited_by"] is None
