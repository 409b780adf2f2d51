"""What `unslow attach` says of the demo that already runs: its cause, its line, and what it cannot count."""

import json
import os
import subprocess
import sys
from pathlib import Path

import harness
import pytest

sys.path.insert(0, str(Path(harness.__file__).parent.parent / "demo"))
import world  # noqa: E402  (the demo's, found by the line above)

DEMO = Path(world.__file__).parent
SECONDS = 11  # two slots of ten seconds at least


def cause_line(module, cause):
    lines = (DEMO / f"{module}.py").read_text().splitlines()
    return next(n for n, line in enumerate(lines, 1) if f"CAUSE: {cause}" in line)


def attached(module, database, recording):
    """The answer, as text and as JSON, of a gunicorn under load that unslow did not start."""
    with world.database(database) as url:
        port = harness.net.free_port()
        server = subprocess.Popen(harness.gunicorn(sys.executable, f"{module}:app", port, "-w", "2"),
                                  cwd=DEMO, env={**os.environ, "WORLD_URL": url}, stdin=subprocess.DEVNULL)
        load = None
        try:
            harness.net.wait_for_port(port, server, 30)
            # a server on a busy machine falls behind, and leaves some unanswered in the end
            load = subprocess.Popen([harness.UNSLOW, "load", "-R", "120", "-d", f"{SECONDS + 2}s", "-c", "2",
                                     "--fail-on", "errors>50%", f":{port}/db"], stdout=subprocess.PIPE, text=True)
            said = subprocess.run([harness.UNSLOW, "attach", f":{port}", "--for", str(SECONDS), "--rate", "200",
                                   "-o", str(recording)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  timeout=60, check=True, text=True).stdout
            loaded = load.communicate(timeout=60)[0]
            assert load.returncode == 0, loaded
            assert server.poll() is None
        finally:
            if load:
                harness.net.stop(load)
            harness.net.stop(server)
    shown = subprocess.run([harness.UNSLOW, "why", "--json", str(recording)], stdout=subprocess.PIPE,
                           env={**os.environ, "UNSLOW_UNCALIBRATED": "1"}, timeout=60, check=True).stdout
    return said, json.loads(shown)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_the_slow_demo(tmp_path, database):
    said, answer = attached("slow", database, tmp_path / "a.rec")
    assert answer["basis"] == "thread" and answer["requests"] is None
    assert abs(sum(answer["ledger"].values()) - 1) < 0.001, answer["ledger"]
    first = answer["findings"][0]
    assert (first["cause"], first["confidence"], first["saving"]) == (
        "db-connection-per-request", "likely", None), said
    assert Path(first["where"][0]["file"]).name == "slow.py"
    assert first["where"][0]["line"] == cause_line("slow", first["cause"])
    assert "2 workers  2 threads" in said and "unslow run -- " in said
    assert "requests, statements and calls cannot be counted" in " ".join(said.split())
    assert "not watched" not in said
    recording = harness.Recording(tmp_path / "a.rec")
    accepted = recording.query("SELECT sum(ended) FROM v1_peer WHERE kind = 'client'")[0][0]
    assert accepted and accepted > 300, accepted


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_the_fixed_twin(tmp_path, database):
    said, answer = attached("fixed", database, tmp_path / "a.rec")
    # what other processes do on this machine is no fault of the app
    causes = [finding["cause"] for finding in answer["findings"] if finding["cause"] != "noisy-neighbour"]
    assert causes in ([], ["nothing-wrong"]), said
