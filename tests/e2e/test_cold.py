"""Which requests are left out as cold: the first of a process, and those that load a module."""

import sys

import harness


def test_an_import_that_fails_loads_nothing(watched):
    with watched(lambda port: harness.gunicorn(sys.executable, "cold_app:application", port)) as server:
        assert server.load("/fails", 6) == [200] * 6
        assert server.load("/loads", 2) == [200] * 2
    cold = [row[0] for row in server.recording.query("SELECT cold FROM v1_unit WHERE kind = 'request' ORDER BY id")]
    assert cold == [1, 0, 0, 0, 0, 0, 1, 0]
