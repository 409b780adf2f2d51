"""Memory sampled in real servers: the leak is named by its line, what only looks like one is not; compared, exported."""

import itertools
import json
import os
import subprocess
import sys

import harness

APP = "growing_app.py"
SNAPSHOTS = 16  # enough for a verdict
KEPT = 2000 * 4  # bytes of a request to /leak, of numbers of four digits
ROUNDS = 2000  # of requests, at most: a state that does not come is a failure


def unslow(*words):
    done = subprocess.run([harness.UNSLOW, *map(str, words)], stdout=subprocess.PIPE, timeout=60, check=True)
    return done.stdout


def rows(recording, *options):
    shown = json.loads(unslow("show", "memory", "--json", "-n", "1000", *options, recording.path))
    names = [column["name"] for column in shown["columns"]]
    return shown, [dict(zip(names, row)) for row in shown["rows"]]


def leak_until_judged(server, workers=1):
    """Requests until every worker has been looked at so often that growth can be judged, and has leaked more than the table."""
    numbers = itertools.count(1000)
    server.load("/table", 2 * workers)
    for rounds in range(1, ROUNDS + 1):
        for _ in range(60):
            number = next(numbers) % 9000 + 1000
            assert server.get(f"/leak/{number}")[0] == server.get(f"/cache/{number}")[0] == 200
        assert server.get("/work")[0] == 200
        looked = server.recording.query(
            "SELECT count(*) FROM v1_heap_snapshot WHERE units > 0 GROUP BY process_id")
        if len(looked) >= workers and min(looked)[0] >= SNAPSHOTS and 60 * rounds * KEPT >= 10e6 * workers:
            return
    raise AssertionError(f"snapshots: {looked}; {server.stderr()}")


def until(server, sql, path, count):
    """Rows of the query, once it has any; requests to `path` meanwhile. What is seen is written once a second."""
    for _ in range(ROUNDS):
        found = server.recording.query(sql)
        if found:
            return found
        server.load(path, count)
    raise AssertionError(f"never: {sql}; {server.stderr()}")


def assert_leak_named(recording):
    shown, found = rows(recording, "--sort", "growth")
    grows = [row for row in found if row["verdict"] == "grows"]
    line = harness.marked(harness.APPS / APP, "memory-leak")
    assert grows, found[:5]
    assert (os.path.basename(grows[0]["file"]), grows[0]["line"]) == (APP, line), grows
    assert all(os.path.basename(row["file"] or "") != APP or row["line"] == line for row in grows), grows
    return shown, found, grows[0]


def test_a_leak_is_named_by_its_line(watched):
    with watched(lambda port: harness.gunicorn(sys.executable, "growing_app:app", port),
                 options=["--memory=16K", "--no-answer"]) as server:
        leak_until_judged(server)
    recording = server.recording
    shown, found, leak = assert_leak_named(recording)
    # a third of the requests, and some more, leak
    requests = dict(recording.query("SELECT route, count(*) FROM v1_unit WHERE kind = 'request' GROUP BY 1"))
    share = requests["/leak/<int:number>"] / sum(requests.values())
    kept = KEPT * requests["/leak/<int:number>"]
    assert abs(leak["live"] - kept) < 4 * leak["error"] + 0.05 * kept, (leak, kept)
    assert leak["growth_low"] <= KEPT * share * 1.1 and leak["growth_high"] >= KEPT * share, (leak, share)
    assert shown["growth"]["day_bytes"] > 0 and shown["resident"]["rss_bytes"] > leak["live"]
    assert not recording.query("SELECT 1 FROM v1_loss WHERE kind = 'heap_rows'")
    causes = [found for found in recording.why()["findings"] if found["cause"] == "memory-leak"]
    places = [(os.path.basename(found["where"][0]["file"]), found["where"][0]["line"]) for found in causes if found["where"]]
    assert places == [(APP, harness.marked(harness.APPS / APP, "memory-leak"))], causes


def test_by_route_at_a_time_and_compared(watched):
    with watched(lambda port: harness.gunicorn(sys.executable, "growing_app:app", port),
                 options=["--memory=16K", "--no-answer"]) as server:
        leak_until_judged(server)
    recording = server.recording
    line = harness.marked(harness.APPS / APP, "memory-leak")
    routes = {row["route"]: row for row in rows(recording, "--by", "route")[1]}
    assert routes["/leak/<int:number>"]["live"] > routes["/cache/<int:number>"]["live"] > 0
    # when the table is there, which is made once
    start, early = recording.query(
        "SELECT (SELECT value FROM v1_meta WHERE key = 'started_ns'), max(0.7 * min(at_ns) + 0.3 * max(at_ns), "
        "(SELECT min(s.at_ns) FROM v1_heap_snapshot s JOIN v1_unit u ON u.process_id = s.process_id "
        "WHERE u.route = '/table' AND s.at_ns > u.end_ns + 500000000)) FROM v1_heap_snapshot")[0]
    moment = f"{(early - start) / 1e6:.0f}ms"
    changed = json.loads(unslow("diff", recording.path, recording.path, "--memory", "--at", moment, "--json"))
    most = changed["lines"][0]
    assert (os.path.basename(most["file"]), most["line"], most["sure"]) == (APP, line, True), most
    assert most["change_bytes"] > 0
    text = unslow("diff", recording.path, "--memory", "--at", moment).decode()
    assert f"{APP}:{line}" in text.splitlines()[3], text
    profile = unslow("export", "pprof", recording.path)
    assert profile[:2] == b"\x1f\x8b"
    folded = unslow("export", "collapsed", "--memory=live", "--app", recording.path).decode()
    own = [row for row in folded.splitlines() if not row.startswith("(no application code)")]  # what a server imports
    leaf = max((row.rpartition(" ") for row in own), key=lambda row: int(row[2]))[0].split(";")[-1]
    assert leaf.startswith("leak (") and APP in leaf, folded


def test_workers_of_a_preloaded_app(watched):
    with watched(lambda port: harness.gunicorn(sys.executable, "growing_app:app", port, "--preload", "-w", "2"),
                 options=["--memory=16K", "--no-answer"]) as server:
        leak_until_judged(server, workers=2)
    assert_leak_named(server.recording)


def test_switched_on_and_off_in_a_process_that_runs(watched):
    with watched(lambda port: harness.gunicorn(sys.executable, "growing_app:app", port),
                 options=["--no-answer"]) as server:
        server.load("/work", 50)
        assert not server.recording.query("SELECT 1 FROM v1_heap_process")
        pid = until(server, "SELECT pid FROM v1_process WHERE units_ended > 0", "/work", 5)[0][0]
        unslow("attach", pid, "--memory=16K", "-q")
        until(server, "SELECT 1 FROM v1_heap_snapshot WHERE live_bytes > 100000", "/leak/1234", 50)
        unslow("attach", pid, "--memory=off", "-q")
        until(server, "SELECT 1 FROM v1_heap_process WHERE ended_ns IS NOT NULL", "/work", 5)
    found = rows(server.recording, "--app")[1]
    assert (os.path.basename(found[0]["file"]), found[0]["line"]) == (
        APP, harness.marked(harness.APPS / APP, "memory-leak")), found[:3]


def line_with(text):
    lines = (harness.APPS / APP).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def assert_table_is_named(row, least, most):
    """5,000 blocks of 1,000 bytes, made by one request, stay; the line that made them has nearly all."""
    assert least < row["unit most"] < most, row
    assert os.path.basename(row["unit_mostly_at"]) == f"{APP}:{line_with('TABLE.extend')}", row


def test_what_a_request_needs(watched):
    with watched(lambda port: harness.gunicorn(sys.executable, "growing_app:app", port),
                 options=["--memory=16K", "--no-answer"]) as server:
        server.load("/table", 5)
        server.load("/work", 60)
    routes = {row["route"]: row for row in rows(server.recording, "--by", "route")[1]}
    table, work = routes["/table"], routes["/work"]
    assert 0 < table["unit error"] < 2e6, table
    assert_table_is_named(table, 5.3e6 - 4 * table["unit error"], 5.4e6 + 4 * table["unit error"])
    assert table["unit p50"] < 1e6, table  # one request of five
    # lists of 2,000 strings of some 130 bytes, given back when it ends
    assert 100e3 < work["unit p50"] < 600e3 and work["live"] < work["unit p50"] / 2, work


def test_what_a_request_needs_exactly(watched):
    with watched(lambda port: harness.gunicorn(sys.executable, "growing_app:app", port),
                 options=["--no-answer"]) as server:
        server.load("/leak/1", 5)
        pid = until(server, "SELECT pid FROM v1_process WHERE units_ended > 0", "/leak/1", 1)[0][0]
        unslow("attach", pid, "--memory=exact:60s", "-q")
        until(server, "SELECT 1 FROM v1_heap_process WHERE began_ns IS NOT NULL", "/leak/1", 1)
        assert server.get("/table")[0] == 200
    routes = {row["route"]: row for row in rows(server.recording, "--by", "route")[1]}
    assert routes["/table"]["unit error"] == 0, routes["/table"]
    assert_table_is_named(routes["/table"], 5.2e6, 5.6e6)
