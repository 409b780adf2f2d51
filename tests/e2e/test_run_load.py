"""`unslow run --load`: the app is loaded once it answers, and each request is known from both ends."""

import json
import os
import subprocess
import sys

import harness


def run(tmp_path, load, *command, **options):
    recording = harness.Recording(tmp_path / "run.rec")
    done = subprocess.run([harness.UNSLOW, "run", "-o", str(recording.path), "--load", load, "--", *command],
                          cwd=harness.APPS, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=90, text=True,
                          env={**os.environ, "APP_DSN": "unused"}, **options)
    return done, recording


def flask(port):
    return harness.gunicorn(sys.executable, "flask_app:app", port)


def test_each_request_is_known_from_both_ends(tmp_path):
    port = harness.net.free_port()
    done, recording = run(tmp_path, f"':{port}/nap' -R 50 -n 60", *flask(port))
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""  # the app's, which said nothing
    assert "60 answered" in " ".join(done.stderr.split())
    rows = recording.query("SELECT response_ns, late_ns, before_ns, server_ns, after_ns, unit_id, status "
                           "FROM v1_client_request ORDER BY intended_ns")
    assert len(rows) == 60
    for response, late, before, server, after, unit, status in rows:
        assert status == 200 and unit is not None
        assert server > 5_000_000  # it naps
        assert abs(late + before + server + after - response) < 1_000, rows
    # the one that was waited with is a request of the server's, and none of the client's
    assert recording.requests() >= 61
    trace = recording.query("SELECT trace FROM v1_client_request")[0][0]
    shown = subprocess.run([harness.UNSLOW, "show", "trace", "--json", "--request", trace,
                            str(recording.path)], stdout=subprocess.PIPE, check=True)
    kinds = [row[2] for row in json.loads(shown.stdout)["rows"]]
    assert kinds[0] == "client" and "request" in kinds and "sleep" in kinds and kinds[-1] == "client"


def test_an_app_that_ends_ends_the_load(tmp_path):
    port = harness.net.free_port()
    done, recording = run(tmp_path, f":{port}/ -d 60s", sys.executable, "-c",
                          "import sys, time; time.sleep(1); sys.exit(7)")
    assert done.returncode == 7, done.stderr
    assert "stopped while it waited" in done.stderr


def test_the_loads_gate_is_the_runs(tmp_path):
    port = harness.net.free_port()
    done, _ = run(tmp_path, f":{port}/nap -R 20 -n 10 --fail-on 'p50>1ms'", *flask(port))
    assert done.returncode == 1, done.stderr


def test_words_that_are_no_load_start_nothing(tmp_path):
    for load, said in ((":1/ --nonsense", "nonsense"), ("':1/", "quote"), ("-R 5", "takes one URL"),
                       ("http://user:secret@127.0.0.1/", "Authorization")):
        done, recording = run(tmp_path, load, sys.executable, "-c", "print('started')")
        assert done.returncode == 2 and said in done.stderr, done.stderr
        assert done.stdout == "" and not recording.path.exists()
