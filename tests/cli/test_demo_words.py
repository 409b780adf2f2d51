"""What the demo's last table says of a prediction, and when it warns."""

import sys

import pytest
import runner

sys.path.insert(0, str(runner.ROOT / "demo"))
import words  # noqa: E402

RANGE = {"service_ms": 0.40, "low": 0.30, "high": 0.50, "at_least": False}
BOUND = {"service_ms": 0.20, "low": 0.18, "high": 0.22, "at_least": True}


def test_a_lower_bound_is_printed_as_one():
    assert words.predicted_text(BOUND) == "at least 0.18 ms"
    assert words.predicted_text(RANGE) == "0.40 ms  (0.30 … 0.50)"


@pytest.mark.parametrize("saving, measured, verdict", [
    (RANGE, 0.45, "inside"), (RANGE, 0.55, "outside"), (RANGE, 0.25, "outside"),
    (BOUND, 0.90, "at least, as said"), (BOUND, 0.10, "outside"),
])
def test_verdict(saving, measured, verdict):
    assert words.verdict(saving, measured) == verdict


def test_a_busy_machine_is_warned_of():
    quiet = {"mean_ms": 2.1, "p50_ms": 2.0, "p99_ms": 5.0}
    assert words.warnings(quiet, 2.4, 2.2) == []
    assert "a few slow requests" in words.warnings({**quiet, "p99_ms": 300.0}, 2.4, 2.2)[0]


@pytest.mark.parametrize("watched, alone", [(1.4, 1.0), (0.8, 1.0)])
def test_a_machine_of_two_paces_is_warned_of(watched, alone):
    told, = words.warnings({"mean_ms": 2.1, "p50_ms": 2.0, "p99_ms": 5.0}, watched, alone)
    assert f"{watched:.2f} ms while unslow watched, {alone:.2f} ms without" in told
