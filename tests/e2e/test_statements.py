"""Executions of statements are counted as the program makes them."""

import sys

import harness


def test_a_statement_that_sqlite_prepares_again_in_a_step_runs_once(watched):
    with watched(lambda port: harness.gunicorn(sys.executable, "like_app:app", port)) as server:
        assert server.load("/find", 30) == [200] * 30
    sql = "SELECT count(*), min(rows) > 0 FROM v1_statement WHERE fingerprint LIKE '% LIKE ?'"
    assert server.recording.query(sql) == [(30, 1)]
