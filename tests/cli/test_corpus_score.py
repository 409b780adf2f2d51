"""Figures of the corpus from results: what counts as a hit, a wrong line, a saving that held."""

import re
import sys
from types import SimpleNamespace

import pytest
import runner

sys.path[:0] = [str(runner.ROOT / "corpus"), str(runner.ROOT / "demo")]
import case as cases  # noqa: E402
import score  # noqa: E402
import strain  # noqa: E402

MARK = ("app.py", 12)
EXCLUDES = {"a": {"b"}, "b": set()}


def finding(cause, line=12, saving=None, file="/srv/app.py"):
    return {"cause": cause, "confidence": "likely", "where": [{"file": file, "line": line}], "saving": saving,
            "title": f"{cause}.", "because": "seen", "evidence": []}


def result(named, wanted=("a",), twin=(), saving=None, also=(), cost=None, memory=False, holder=None, kept=None,
           beside=(), runqueue=0):
    causes = [cases.Cause(cause, "a", not memory, holder, kept) for cause in wanted]
    case = SimpleNamespace(name="x", causes=causes, requests=None, ids=None, also=also, memory=memory)

    def seen(findings):
        return {"why": {"findings": findings, "ledger": {"unexplained": 0.01, "runqueue": runqueue},
                        "probe": {"slowdown": cost}}, "why_s": 0.2, "load": {"invalid": False}}

    apps = {"slow": seen(list(named)), "fixed": seen(list(twin))} if wanted else {"app": seen(list(named))}
    apps |= {"beside": seen(list(beside))} if beside else {}
    return score.judge(case, apps, {cause: MARK for cause in wanted}, saving, EXCLUDES)


def test_only_the_first_is_a_hit():
    assert score.well(result([finding("a"), finding("b")]))
    second = result([finding("b"), finding("a")])
    assert not score.hit(second) and score.hit(second, 3) and not score.well(second)


def test_of_two_causes_the_one_that_saves_more_is_first_and_both_are_among_three():
    def hit(*named, within=1):
        return score.hit(result([finding(cause) for cause in named], wanted=("a", "b")), within)

    assert hit("a", "b") and hit("a", "c", "b")
    assert not hit("b", "a") and hit("b", "a", within=3)
    assert not hit("c", "a", "b") and hit("c", "a", "b", within=3)
    assert not hit("a", "c", "d", "b", within=3) and not hit("a", within=3)


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
    assert not score.well(result([finding("a")], twin=[finding("b")]))
    assert score.well(result([finding("a")], twin=[finding("b")], also=("b",)))
    assert score.well(result([finding("nothing-wrong")], wanted=()))
    assert not score.well(result([finding("b")], wanted=()))
    assert score.well(result([finding("b")], wanted=(), also=("b",)))


def test_what_was_named_instead():
    cured = result([finding("a")], twin=[finding("b"), finding("b")])
    both = result([finding("b"), finding("a")], wanted=("a", "b"))
    half = result([finding("a")], wanted=("a", "b"))
    found = [result([finding("b")], wanted=()), result([]), result([finding("b"), finding("a")]), cured, both, half]
    assert score.confusion(found) == [
        ("a", "b", 2), ("a", "nothing-wrong", 1), ("a, cured", "b", 2), ("b", "it is not named", 1),
        ("nothing-wrong", "b", 1)]
    assert score.by_cause(found) == [("a", 5, 2, 4, 0), ("b", 2, 1, 1, 3)]
    rows = dict(score.summary(found))
    assert rows["findings a healthy app that are not so"] == "1.00 (1 in 1 apps)"
    assert rows["findings a fixed twin that are not so"] == "0.40 (2 in 5 apps)"
    assert rows["the cause is named first"].startswith("1 of 5")
    assert rows["among the first three"].startswith("3 of 5")
    assert rows["the cause is found in its fixed twin"].startswith("0 of 5")


def test_a_saving_is_compared_with_what_was_said_beside_the_twins():
    def told(ms):
        return {"service_ms": ms, "low": ms, "high": ms, "at_least": False}

    actual, found = {"ms": 1.0, "low": 0.9, "high": 1.1}, finding("a", saving=told(2.0))
    assert score.error(result([found], saving=actual, beside=[finding("a", saving=told(1.25))])) == 0.25
    assert score.error(result([found], saving=actual, beside=[finding("b", saving=told(1.25))])) == 1
    assert score.error(result([found], saving=actual)) == 1
    busy = result([found], saving=actual, beside=[found], runqueue=0.2)
    assert score.error(busy) is None and "not compared: x." in score.page([busy])


def test_a_saving_is_compared_unless_it_is_a_bound():
    told = {"service_ms": 1.1, "low": 0.9, "high": 1.3, "at_least": False}
    held = result([finding("a", saving=told)], saving={"ms": 1.0, "low": 0.9, "high": 1.1})
    assert score.error(held) == pytest.approx(0.1) and score.inside(held)
    assert not score.inside(result([finding("a", saving=told)], saving={"ms": 1.4, "low": 1.3, "high": 1.5}))
    bound = result([finding("a", saving={**told, "at_least": True})], saving={"ms": 2, "low": 1, "high": 3})
    assert score.error(bound) is None
    rows = dict(score.summary([held, bound]))
    assert rows["saving: median error"] == "10% of 1" and rows["saving: a lower bound is one"].startswith("1 of 1")


def test_errors_have_a_sign_and_intervals_a_width():
    def judged(predicted, low, high, actual):
        told = {"service_ms": predicted, "low": low, "high": high, "at_least": False}
        return result([finding("a", saving=told)], saving={"ms": actual, "low": actual, "high": actual})

    rows = dict(score.summary([judged(1.2, 0.6, 1.8, 1.0), judged(0.9, 0.8, 1.0, 1.0), judged(1.5, 1.2, 1.8, 1.0)]))
    assert rows["saving: median error"] == "20% of 3"
    assert rows["saving: 90 % of errors below"] == "50%"
    assert rows["saving: more was promised than measured"].startswith("2 of 3")
    assert rows["saving: mean error, with its sign"] == "+20%"
    assert rows["saving: the interval holds the measured"].startswith("2 of 3")
    assert rows["saving: half the interval's width, median"] == "20%"


def test_percentiles():
    assert [score.percentile(range(1, 11), part) for part in (0.05, 0.5, 0.9, 0.91, 1)] == [1, 5, 9, 10, 10]
    assert score.percentile([3], 0.9) == 3


def test_what_recording_costs_and_leaves_unexplained():
    rows = dict(score.summary([result([], wanted=(), cost={"low": 0.01, "high": 0.02}),
                               result([], wanted=(), cost={"low": 0.02, "high": 0.04}), result([], wanted=())]))
    assert rows["recording: CPU a request by its own clock, at most, median"] == "3.0%"
    assert rows["ledger: not explained, median"] == rows["ledger: not explained, 90 % of apps below"] == "1.0%"
    assert rows["a diagnosis takes at most"] == "0.20 s"


def test_levels_count_what_is_right_in_all_apps():
    excluding = {**finding("a"), "excluded": [{"cause": "b", "because": "…"}]}
    lowered = {**finding("b"), "confidence": "possible", "uncalibrated": "likely"}
    table = score.counts([result([finding("a"), lowered], twin=[finding("b")]),
                          result([excluding], also=("b",), twin=[finding("b")]), result([finding("b")], wanted=())])
    assert table == {("", "likely", "open"): (1, 1), ("", "likely", "excluded"): (1, 1),
                     ("a", "likely", ""): (2, 2), ("b", "likely", ""): (1, 4)}


@pytest.mark.parametrize("key, right, times, lowered", [
    (("", "likely", "open"), 17, 20, True), (("", "likely", "open"), 18, 20, False),
    (("", "likely", "open"), 10, 19, False), (("a", "likely", ""), 0, 2, True), (("a", "likely", ""), 1, 2, False),
    (("a", "likely", ""), 8, 10, False), (("a", "possible", ""), 0, 9, False)])
def test_a_level_is_lowered_where_the_corpus_denies_it(key, right, times, lowered):
    assert score.is_lowered(key, right, times) == lowered
    assert (f"'{key[0]}', '{key[1]}', '{key[2]}', {right}, {times}" in score.calibration_sql({key: (right, times)})) \
        == lowered


def test_the_page_holds_what_the_rules_were_given():
    table = score.read_calibration((runner.ROOT / "docs" / "accuracy.md").read_text())
    given = (cases.RULES / "calibration.sql").read_text()
    assert given == score.calibration_sql(table, score.lowered_before(given))


def test_a_lowered_level_comes_back_when_it_is_right():
    key = ("b", "likely", "")
    before = score.lowered_before(score.calibration_sql({key: (0, 5), ("a", "likely", ""): (3, 3)}))
    assert before == {key: (0, 5)}
    assert not score.is_lowered(key, 1, 2) and score.is_lowered(key, 1, 2, before)
    assert not score.is_lowered(key, 2, 2, before)
    found = [result([finding("b"), finding("a")], also=("b",)), result([finding("a")], twin=[finding("b")])]
    kept, in_all = score.counts(found, before), ("", "likely", "excluded")
    assert in_all not in kept and score.counts(found)[in_all] == (1, 2)
    assert "('b', 'likely', '', 1, 2)" in score.calibration_sql(kept, before)


def test_a_lowered_level_that_nothing_was_told_of_stays_lowered():
    before = {("b", "likely", ""): (0, 5)}
    found = [result([finding("a")])]
    assert "('b', 'likely', '', 0, 5)" in score.calibration_sql(score.counts(found, before), before)
    assert "| b | likely | – | 0 of 5 (0% … 43%) | lowered |" in score.page(found, before=before)


def test_the_page_can_be_read_back():
    found = [result([finding("a"), finding("b")]) for _ in range(24)]
    table = score.counts(found)
    page = score.page(found)
    assert score.read_calibration(page) == {key: value for key, value in table.items() if not key[0] or key[0] == "b"}
    assert score.calibration_sql(score.read_calibration(page)) == score.calibration_sql(table)
    assert "| b | likely | – | 0 of 24 (0% … 14%) | lowered |" in page


def test_rivals_of_rules():
    rivals = cases.excludes()
    assert rivals["hot-python-loop"] == {"gc-pause", "monitoring-overhead"} and rivals["nothing-wrong"] == set()


def leak(because="app.KEPT['x'] holds it", value=2, unit="KiB a request (95 %: 1.5 … 2.5)", **where):
    return {**finding("memory-leak", **where), "because": because,
            "evidence": [{"text": "live at the end", "value": 9, "unit": "MiB"}, {"text": "growth", "value": value, "unit": unit}]}


def leaking(*named, holder="app.KEPT", kept=2000, twin=()):
    return result(list(named), wanted=("memory-leak",), memory="16K", holder=holder, kept=kept, twin=twin)


@pytest.mark.parametrize("holder, because, named", [
    ("app.KEPT", "app.KEPT['x'] holds it", True), ("app.KEPT", "held by app.KEPT", True), ("app.KEPT", "app.KEPT_TOO", False),
    ("app.KEPT", "shop.app.KEPT", False), (".queries_log", "x._storage.queries_log{…}", True),
    ("(a cycle, not yet collected)", "(a cycle, not yet collected)", True), ("app.KEPT", "seen", False)])
def test_a_leak_is_told_with_what_holds_it(holder, because, named):
    judged = leaking(leak(because), holder=holder)
    assert judged["holders"] == {"memory-leak": named} and score.well(judged) == named
    assert ("holder not named of memory-leak" in score.line(judged)) != named


def test_a_holder_may_stand_in_the_evidence_and_is_missed_where_nothing_is_named():
    row = {"text": "held by", "value": 900, "unit": "entries of app.KEPT"}
    assert leaking({**leak("seen"), "evidence": [row]})["holders"] == {"memory-leak": True}
    silent = leaking()
    assert silent["holders"] == {"memory-leak": False} and silent["kept"]["memory-leak"]["told"] is None


def test_growth_beside_what_is_kept():
    found = [leaking(leak(value=2200, unit="B a request (95 %: 2100 … 2300)")), leaking(leak()), leaking(leak(unit="KiB a request")),
             leaking(leak(line=15)), leaking(leak(), twin=[leak()]), result([], wanted=(), memory=True),
             result([finding("peak-allocation")], wanted=(), memory=True), result([finding("a")])]
    rows = dict(score.memory_summary([judged for judged in found if judged["memory"]]))
    assert rows["the cause is named first"].startswith("5 of 5") and rows["line exact"].startswith("4 of 5")
    assert rows["what holds it is named"].startswith("5 of 5")
    assert rows["growth a request: median error"] == "2% of 5" and rows["growth a request: 90 % of errors below"] == "10%"
    assert rows["growth a request: mean error, with its sign"] == "+4%"
    assert rows["growth a request: the interval holds what is kept"].startswith("3 of 4")
    assert rows["nothing is said of memory in a cured twin or a healthy app"].startswith("5 of 7")
    page = score.page(found)
    assert "| x | 0 | named | 2200 (2100 … 2300) | 2000 |" in page and "| x | 3 | named | 2048 (1536 … 2560) | 2000 |" in page
    assert "| x | 0 | named | 2048 | 2000 |" in page
    assert "## Memory" not in score.page([result([finding("a")])])
    assert dict(score.summary(found))["recording: CPU a request by its own clock, at most, median"] == "–"


def test_a_case_of_memory_is_recorded_with_it(tmp_path):
    def read(text):
        (tmp_path / "case.toml").write_text('server = "gunicorn"\nrate = 9\nseconds = 1\n' + text)
        return cases.read(tmp_path)

    assert cases.recorded_with(read("")) == [] and cases.asked(read("")) is None
    usual = read('memory = true\n[[cause]]\nid = "memory-leak"\nholder = "app.KEPT"\nkept = 200\n')
    assert cases.recorded_with(usual) == ["--memory", f"--walk={cases.WALK_S}"]
    assert usual.causes == [cases.Cause("memory-leak", None, False, "app.KEPT", 200)]
    numbered = read('memory = "16K"\npath = "/of/{id}"\nids = 3\n')
    assert cases.recorded_with(numbered)[0] == "--memory=16K"
    assert cases.asked(numbered) == ["GET /of/0", "GET /of/1", "GET /of/2"]
    for wrong in ('ids = 3\n', 'path = "/of/{id}"\n'):
        with pytest.raises(cases.Malformed, match="`ids` goes with a `path`"):
            read(wrong)


def test_wilson():
    low, high = score.wilson(60, 60)
    assert (round(low, 2), round(high, 2)) == (0.94, 1.0)
    assert score.wilson(0, 0) == (0, 1)


def test_every_case_of_the_corpus_can_be_read():
    found = cases.read_all()
    assert found
    for case in found:
        assert all((folder / "app.py").exists() for folder in cases.apps(case).values()), case.name


def test_what_is_so_besides_has_its_reason():
    for case in cases.read_all():
        text = (case.folder / "case.toml").read_text()
        assert all(re.search(rf'^ *"{cause}",? *# \w|^also = \["{cause}"\] *# \w', text, re.M) for cause in case.also), case.name
