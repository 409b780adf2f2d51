"""Figures of the corpus from results: what counts as a hit, a wrong line, a saving that held."""

import sys
from types import SimpleNamespace

import pytest
import runner

sys.path[:0] = [str(runner.ROOT / "corpus"), str(runner.ROOT / "demo")]
import case as cases  # noqa: E402
import score  # noqa: E402
import strain  # noqa: E402

MARK = ("app.py", 12)


def finding(cause, line=12, saving=None, file="/srv/app.py"):
    return {"cause": cause, "confidence": "likely", "where": [{"file": file, "line": line}], "saving": saving}


def result(named, wanted=("a",), twin=(), saving=None):
    causes = [cases.Cause(cause, "a", True) for cause in wanted]
    case = SimpleNamespace(name="x", causes=causes, requests=None)

    def seen(findings):
        return {"why": {"findings": findings, "ledger": {"unexplained": 0.01}}, "why_s": 0.2,
                "load": {"invalid": False}}

    apps = {"slow": seen(list(named)), "fixed": seen(list(twin))} if wanted else {"app": seen(list(named))}
    return score.judge(case, apps, {cause: MARK for cause in wanted}, saving)


def test_only_the_first_is_a_hit():
    assert score.well(result([finding("a"), finding("b")]))
    second = result([finding("b"), finding("a")])
    assert not score.hit(second) and score.hit(second, 3) and not score.well(second)


def test_two_causes_may_be_first_and_second_in_any_order():
    assert score.hit(result([finding("b"), finding("a")], wanted=("a", "b")))
    assert not score.hit(result([finding("c"), finding("a"), finding("b")], wanted=("a", "b")))
    assert not score.hit(result([finding("a")], wanted=("a", "b")))


def test_a_crowded_machine_is_no_fault_of_an_app_and_is_told():
    crowded = result([finding("noisy-neighbour"), finding("a")])
    assert score.well(crowded) and crowded["crowded"]
    assert "`noisy-neighbour` said so (left out above): x." in score.page([crowded])
    assert score.well(result([finding("noisy-neighbour"), finding("nothing-wrong")], wanted=()))
    wanted = result([finding("noisy-neighbour")], wanted=("noisy-neighbour",))
    assert score.hit(wanted) and "left out" not in score.page([wanted])


def test_what_cannot_be_run_here_is_on_the_page():
    page = score.page([result([finding("a")])], [("quota", "no control group can be made")])
    assert "## Not run here\n\n- quota: no control group can be made\n" in page


def test_without_control_groups_a_limit_is_impossible(tmp_path, monkeypatch):
    monkeypatch.setattr(strain, "ROOTS", (tmp_path / "none", tmp_path))
    with pytest.raises(strain.Impossible, match="No such file or directory.*no CPU controller"):
        strain.make_group(0.5)
    assert list(tmp_path.iterdir()) == []


def test_a_limit_in_the_words_of_both_versions(tmp_path):
    (tmp_path / "cpu.cfs_quota_us").touch()
    strain.limit(tmp_path, 0.25)
    assert (tmp_path / "cpu.cfs_quota_us").read_text() == "25000"
    (tmp_path / "cpu.max").touch()
    strain.limit(tmp_path, 1.5)
    assert (tmp_path / "cpu.max").read_text() == "150000 100000"


@pytest.mark.parametrize("found, away", [
    (finding("a"), 0), (finding("a", 15), 3), (finding("a", file="/srv/other.py"), None),
    ({**finding("a"), "where": []}, None)])
def test_lines(found, away):
    judged = result([found])
    assert judged["lines"] == {"a": away}
    assert score.well(judged) == (away == 0)


def test_a_cause_in_the_cured_twin_and_one_in_a_healthy_app_are_wrong():
    assert not score.well(result([finding("a")], twin=[finding("a")]))
    assert score.well(result([finding("a")], twin=[finding("b")]))
    assert score.well(result([finding("nothing-wrong")], wanted=()))
    assert not score.well(result([finding("b")], wanted=()))
    assert score.confusion([result([finding("b")], wanted=()), result([])]) == [
        ("a", "nothing-wrong", 1), ("nothing-wrong", "b", 1)]


def test_a_saving_is_compared_unless_it_is_a_bound():
    told = {"service_ms": 1.1, "low": 0.9, "high": 1.3, "at_least": False}
    held = result([finding("a", saving=told)], saving={"ms": 1.0, "low": 0.9, "high": 1.1})
    assert score.error(held) == pytest.approx(0.1) and score.inside(held)
    assert not score.inside(result([finding("a", saving=told)], saving={"ms": 1.4, "low": 1.3, "high": 1.5}))
    bound = result([finding("a", saving={**told, "at_least": True})], saving={"ms": 2, "low": 1, "high": 3})
    assert score.error(bound) is None
    rows = dict(score.summary([held, bound]))
    assert rows["saving: median error"] == "10% of 1" and rows["saving: a lower bound is one"].startswith("1 of 1")


def test_wilson():
    low, high = score.wilson(60, 60)
    assert (round(low, 2), round(high, 2)) == (0.94, 1.0)
    assert score.wilson(0, 0) == (0, 1)


def test_every_case_of_the_corpus_can_be_read():
    found = cases.read_all()
    assert found
    for case in found:
        assert all((folder / "app.py").exists() for folder in cases.apps(case).values()), case.name
