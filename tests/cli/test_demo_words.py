"""What the demo's last table says of a prediction, and when it warns."""

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

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


def answer(*found, runqueue=0.0):
    return {"findings": [{"cause": cause, "list": where, "title": f"{cause}."} for cause, where in found],
            "ledger": {"runqueue": runqueue, "throttled": 0.0}}


def test_neighbours_are_no_cause_in_the_code():
    healthy, crowded = answer(("nothing-wrong", "slow")), answer(("noisy-neighbour", "outside"), runqueue=0.5)
    assert words.named_in_code(healthy) == words.named_in_code(crowded) == []
    assert words.named_in_code(answer(("noisy-neighbour", "outside"), ("a", "slow"), ("b", "will-fail"))) == ["a", "b"]
    assert words.busy(healthy) is None
    assert words.busy(crowded) == "noisy-neighbour"
    assert words.busy(answer(("a", "slow"), runqueue=0.25)) == "25% of request time was waiting for a CPU"


@pytest.fixture
def demo_run():
    loader = SourceFileLoader("demo_run", str(runner.ROOT / "demo" / "run"))
    module = module_from_spec(spec_from_loader("demo_run", loader))
    loader.exec_module(module)
    return module


def test_a_busy_machine_is_not_called_a_wrong_answer(demo_run):
    demo_run.check_fixed(answer(("noisy-neighbour", "outside"), runqueue=0.5))
    with pytest.raises(demo_run.Busy, match="noisy-neighbour"):
        demo_run.check_fixed(answer(("noisy-neighbour", "outside"), ("a", "slow"), runqueue=0.5))
    with pytest.raises(demo_run.Wrong):
        demo_run.check_fixed(answer(("a", "slow")))
    with pytest.raises(demo_run.Busy):
        demo_run.check_slow(answer(("noisy-neighbour", "outside"), ("a", "slow"), runqueue=0.5), {}, "sqlite")
    with pytest.raises(demo_run.Wrong):
        demo_run.check_slow(answer(("a", "slow")), {}, "sqlite")


@pytest.mark.parametrize("said, status", [("Busy", 75), ("Wrong", 1), (None, 0)])
def test_status(demo_run, monkeypatch, said, status):
    def once(options, run):
        if said:
            raise getattr(demo_run, said)("said so")

    monkeypatch.setattr(demo_run, "once", once)
    monkeypatch.setattr(sys, "argv", ["run"])
    assert demo_run.main() == status
