"""Results of cases to figures: what was named, where, how much it would save; the page.

Pure: nothing is run here, so that each figure is tested (tests/cli/test_corpus_score.py).
"""

import re
from collections import Counter
from math import ceil
from pathlib import Path
from statistics import median

HEALTHY = "nothing-wrong"
PRECISION = 0.9  # a level that is right less often is lowered
ENOUGH = 20      # findings that it takes to say so of a level
NONE_LOWERED = {}  # causes that an earlier run lowered: see lowered_before()
CALIBRATION = """\
-- Written by `make corpus`: levels that were right too seldom there, in all (cause '', by whether all rivals
-- of the cause were excluded) or for one cause. Each is lowered by one; see docs/accuracy.md.
CREATE TEMP TABLE calibrated(cause, level, evidence, hits, times);
"""
# True of the machine that the corpus runs on and no fault of an app: counted apart where a case does not want it.
CONDITION = "noisy-neighbour"
# Part of a request's time, for a CPU, from which on a saving is not compared: what is measured is the machine's then.
BUSY = 0.10
# What a case of memory may be named, rightly or wrongly.
MEMORY = {"memory-leak", "native-memory-leak", "memory-fragmentation", "peak-allocation"}
UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20}


def judge(case, seen, marks, saving, excludes):
    """The result of one case. `seen`: app name → {why, why_s, load}; `marks`: cause → (file, line);
    `saving`: of the twins, or None; `excludes`: cause → its rivals. All of it goes through JSON. A saving is
    compared with what was said of the app that was watched beside the twins, if its cause was found there."""
    wanted = [cause.id for cause in case.causes]
    subject = seen["slow" if wanted else "app"]
    apart = {CONDITION} - set(wanted)
    found, twin = ([finding for finding in named_in(app["why"]) if finding["cause"] not in apart]
                   for app in (subject, seen.get("fixed", {"why": {"findings": []}})))
    named = [finding["cause"] for finding in found]
    first = {cause: next((finding for finding in found if finding["cause"] == cause), None) for cause in wanted}
    alone = (first[wanted[0]] or {}).get("saving") if wanted else None
    predicted = (saving_of(seen["beside"]["why"], wanted[0]) if wanted and "beside" in seen else None) or alone
    return {
        "case": case.name, "wanted": wanted, "also": list(case.also), "named": named,
        "levels": [finding["confidence"] for finding in found],
        "told": [told(finding, wanted + list(case.also), excludes) for finding in found]
                + [told(finding, case.also, excludes) for finding in twin],
        "ranks": {cause: named.index(cause) + 1 if cause in named else None for cause in wanted},
        "lines": {cause: distance(first[cause], marks[cause]) for cause in marks if first[cause]},
        "twin": sorted({finding["cause"] for finding in twin} & set(wanted)),
        "twin_named": [finding["cause"] for finding in twin],
        "twin_levels": [finding["confidence"] for finding in twin],
        "crowded": any(finding["cause"] == CONDITION for finding in subject["why"]["findings"]),
        "comparable": bool(wanted) and len(wanted) == 1 and case.causes[0].saving and not (case.requests or case.ids),
        "predicted": predicted, "alone": alone, "saving": saving,
        "busy": bool(saving) and "beside" in seen and waited(seen["beside"]["why"]) >= BUSY,
        "memory": bool(case.memory),
        "holders": {cause.id: any(holds(finding, cause.holder) for finding in found if finding["cause"] == cause.id)
                    for cause in case.causes if cause.holder},
        "kept": {cause.id: {"told": growth(first[cause.id]), "true": cause.kept} for cause in case.causes if cause.kept},
        "unexplained": subject["why"]["ledger"]["unexplained"],
        "cost": (subject["why"].get("probe") or {}).get("slowdown"),
        "why_s": subject["why_s"], "believed": not subject["load"]["invalid"],
    }


def named_in(why):
    return [finding for finding in why["findings"] if finding["cause"] != HEALTHY]


def waited(why):
    """Part of a request's time in which it waited for a CPU."""
    return (why["ledger"].get("runqueue") or 0) + (why["ledger"].get("throttled") or 0)


def saving_of(why, cause):
    return next((finding["saving"] for finding in named_in(why) if finding["cause"] == cause), None)


def told(finding, true, excludes):
    """What calibration needs of a finding: [cause, level by its evidence alone, rivals, is it right]."""
    rivals = excludes.get(finding["cause"], set()) - {row["cause"] for row in finding.get("excluded", [])}
    return [finding["cause"], finding.get("uncalibrated", finding["confidence"]),
            "open" if rivals else "excluded", finding["cause"] in true]


def distance(finding, mark):
    """Lines between the place that is named first and the marked one; None: another file, or none."""
    places = finding["where"]
    if not places or Path(places[0]["file"]).name != mark[0]:
        return None
    return abs(places[0]["line"] - mark[1])


def holds(finding, holder):
    """Does the finding say that this expression, or what is in it, keeps what is kept?"""
    said = [finding["title"], finding["because"], *(f"{row['text']} {row['unit']}" for row in finding["evidence"])]
    before = r"(?<![\w.])" if holder[0].isidentifier() else ""
    return any(re.search(rf"{before}{re.escape(holder)}(?!\w)", text) for text in said)


def growth(finding):
    """Bytes that a request keeps, with the interval, as the finding says; None: it says no such figure."""
    for row in finding["evidence"] if finding else []:
        unit = re.match(r"(B|KiB|MiB) a request(?: \(95 %: (\S+) … (\S+)\))?", row["unit"])
        if unit:
            size = UNITS[unit[1]]
            return {"bytes": row["value"] * size, "low": float(unit[2]) * size if unit[2] else None,
                    "high": float(unit[3]) * size if unit[3] else None}
    return None


def hit(result, within=1):
    """What saves most was named first (among the first so many), all else that is wrong among the first
    three, in the order of what it saves."""
    ranks = list(result["ranks"].values())
    return all(ranks) and ranks[0] <= within and max(ranks) <= 3 and (within > 1 or ranks == sorted(ranks))


def false_alarms(result):
    """What is named in an app where it is not so: a healthy one, or the cured twin."""
    named = result["twin_named"] if result["wanted"] else result["named"]
    return [cause for cause in named if cause not in result["also"]]


def well(result, of_memory=False):
    """Nothing fell short that can be told without a saving. `of_memory`: false alarms of memory alone count, as
    what else runs on the machine makes others."""
    alarms = [cause for cause in false_alarms(result) if not of_memory or cause in MEMORY]
    if not result["wanted"]:
        return not alarms
    return hit(result) and not alarms and all(line == 0 for line in result["lines"].values()) \
        and all(result["holders"].values())


def error(result):
    """Predicted saving beside the measured one, as a fraction of it; None: one is not known, or a bound, or
    the machine was busy."""
    predicted, actual = result["predicted"], result["saving"]
    if not result["comparable"] or result["busy"] or not predicted or not actual or predicted["at_least"] or actual["ms"] <= 0:
        return None
    return predicted["service_ms"] / actual["ms"] - 1


def inside(result):
    return result["predicted"]["low"] <= result["saving"]["ms"] <= result["predicted"]["high"]


def wilson(hits, of, z=1.96):
    """95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, square = hits / of, z * z / of
    middle = (share + square / 2) / (1 + square)
    half = z * (share * (1 - share) / of + square / (4 * of)) ** 0.5 / (1 + square)
    return middle - half, middle + half


def share_text(hits, of):
    if not of:
        return "–"
    low, high = wilson(hits, of)
    return f"{hits} of {of} ({low:.0%} … {high:.0%})"


def saving_text(result):
    predicted, actual = result["predicted"], result["saving"]
    text = "–"
    if predicted:
        text = (f"≥ {predicted['low']:.2f}" if predicted["at_least"]
                else f"{predicted['service_ms']:.2f} ({predicted['low']:.2f} … {predicted['high']:.2f})")
    seen = f"{actual['ms']:.2f} ({actual['low']:.2f} … {actual['high']:.2f})" if actual else "–"
    return text, seen


def kept_text(kept):
    """What is said to be kept, and what is."""
    told, text = kept["told"], "–"
    if told:
        text = f"{told['bytes']:.0f}"
        if told["low"] is not None:
            text += f" ({told['low']:.0f} … {told['high']:.0f})"
    return text, f"{kept['true']:.0f}"


def line(result):
    """One case in one line."""
    predicted, seen = saving_text(result)
    named = ", ".join(f"{cause} ({level})" for cause, level in zip(result["named"], result["levels"])) or "nothing"
    text = f"{'ok  ' if well(result) else 'MISS'} {result['case']}: named {named}"
    if result["wanted"] and not hit(result):
        text += f"; wanted {', '.join(result['wanted'])}"
    wrong = {cause: lines for cause, lines in result["lines"].items() if lines != 0}
    if wrong:
        text += f"; lines off {wrong}"
    missed = [cause for cause, named in result["holders"].items() if not named]
    if missed:
        text += f"; holder not named of {', '.join(missed)}"
    for cause, kept in result["kept"].items():
        text += "; {} keeps {}, really {} B a request".format(cause, *kept_text(kept))
    if result["wanted"] and false_alarms(result):
        text += f"; in the fixed twin: {', '.join(false_alarms(result))}"
    if result["comparable"]:
        text += f"; saves {predicted}, measured {seen} ms"
    return text


def percentile(values, part):
    """The smallest value that at least this part of them does not exceed."""
    return sorted(values)[max(0, ceil(part * len(values)) - 1)]


def mean_text(count, apps):
    return f"{count / len(apps):.2f} ({count} in {len(apps)} apps)" if apps else "–"


def saving_rows(slow):
    """Rows (what, figure) of predicted beside measured savings."""
    compared = [result for result in slow if error(result) is not None]
    errors = [error(result) for result in compared]
    sizes = [abs(value) for value in errors]
    widths = [(result["predicted"]["high"] - result["predicted"]["low"]) / 2 / result["predicted"]["service_ms"]
              for result in compared if result["predicted"]["service_ms"] > 0]
    bounds = [result for result in slow if result["comparable"] and result["predicted"]
              and result["predicted"]["at_least"] and result["saving"] and not result["busy"]]
    return [
        ("saving: median error", f"{median(sizes):.0%} of {len(sizes)}" if sizes else "–"),
        ("saving: 90 % of errors below", f"{percentile(sizes, 0.9):.0%}" if sizes else "–"),
        ("saving: more was promised than measured", share_text(sum(value > 0 for value in errors), len(errors))),
        ("saving: mean error, with its sign", f"{sum(errors) / len(errors):+.0%}" if errors else "–"),
        ("saving: the interval holds the measured", share_text(sum(map(inside, compared)), len(compared))),
        ("saving: half the interval's width, median", f"{median(widths):.0%}" if widths else "–"),
        ("saving: a lower bound is one", share_text(
            sum(result["saving"]["ms"] >= result["predicted"]["low"] for result in bounds), len(bounds))),
    ]


def summary(results):
    """Rows (what, figure) over all cases."""
    slow = [result for result in results if result["wanted"]]
    healthy = [result for result in results if not result["wanted"]]
    lines = [away for result in slow for away in result["lines"].values()]
    alarms = {id(result): len(false_alarms(result)) for result in results}
    left = [abs(result["unexplained"]) for result in results]
    costs = [result["cost"]["high"] for result in results if result["cost"] and not result["memory"]]
    return [
        ("the cause is named first", share_text(sum(map(hit, slow)), len(slow))),
        ("among the first three", share_text(sum(hit(result, 3) for result in slow), len(slow))),
        ("findings a healthy app that are not so", mean_text(sum(alarms[id(result)] for result in healthy), healthy)),
        ("proven findings in healthy apps", str(sum(result["levels"].count("proven") for result in healthy))),
        ("findings a fixed twin that are not so", mean_text(sum(alarms[id(result)] for result in slow), slow)),
        ("the cause is found in its fixed twin", share_text(sum(bool(result["twin"]) for result in slow), len(slow))),
        ("line exact", share_text(sum(away == 0 for away in lines), len(lines))),
        ("line within 3", share_text(sum(away is not None and away <= 3 for away in lines), len(lines))),
        *saving_rows(slow),
        ("ledger: not explained, median", f"{median(left):.1%}" if left else "–"),
        ("ledger: not explained, 90 % of apps below", f"{percentile(left, 0.9):.1%}" if left else "–"),
        ("recording: CPU a request by its own clock, at most, median", f"{median(costs):.1%}" if costs else "–"),
        ("a diagnosis takes at most", f"{max(result['why_s'] for result in results):.2f} s" if results else "–"),
    ]


def memory_summary(of_memory):
    """Rows (what, figure) over cases whose memory was sampled."""
    leaks = [result for result in of_memory if result["wanted"]]
    holders = [named for result in leaks for named in result["holders"].values()]
    lines = [away for result in leaks for cause, away in result["lines"].items() if cause in MEMORY]
    told = [(kept["told"], kept["true"]) for result in leaks for kept in result["kept"].values() if kept["told"]]
    errors = [said["bytes"] / true - 1 for said, true in told]
    sizes = [abs(value) for value in errors]
    intervals = [said["low"] <= true <= said["high"] for said, true in told if said["low"] is not None]
    silent = [not MEMORY & set(result["twin_named"] if result["wanted"] else result["named"]) for result in of_memory]
    return [
        ("the cause is named first", share_text(sum(map(hit, leaks)), len(leaks))),
        ("line exact", share_text(sum(away == 0 for away in lines), len(lines))),
        ("what holds it is named", share_text(sum(holders), len(holders))),
        ("growth a request: median error", f"{median(sizes):.0%} of {len(sizes)}" if sizes else "–"),
        ("growth a request: 90 % of errors below", f"{percentile(sizes, 0.9):.0%}" if sizes else "–"),
        ("growth a request: mean error, with its sign", f"{sum(errors) / len(errors):+.0%}" if errors else "–"),
        ("growth a request: the interval holds what is kept", share_text(sum(intervals), len(intervals))),
        ("nothing is said of memory in a cured twin or a healthy app", share_text(sum(silent), len(silent))),
    ]


def memory_page(results):
    """The part of the page on memory, as lines; none if there is no such case."""
    of_memory = [result for result in results if result["memory"]]
    if not of_memory:
        return []
    text = ["", "## Memory", "",
            "Cases that are recorded with `--memory --walk`; they are counted above, too. `kept` is what the case says of itself:",
            "by tracemalloc in the same server, without unslow. They have no saving: what a cure saves is the growth.", "",
            "| | |", "|---|---|", *(f"| {what} | {figure} |" for what, figure in memory_summary(of_memory)), "",
            "| case | line off | holder | bytes a request, told | kept |", "|---|---|---|---|---|"]
    for result in of_memory:
        for cause in MEMORY & set(result["wanted"]):
            told, true = kept_text(result["kept"][cause]) if cause in result["kept"] else ("", "")
            holder = {True: "named", False: "not named"}.get(result["holders"].get(cause), "")
            away = result["lines"].get(cause, "")
            text.append(f"| {result['case']} | {'other file' if away is None else away} | {holder} | {told} | {true} |")
    return text


def tally(rows):
    """key → (right, all) of pairs (key, is it right)."""
    found = Counter()
    for key, right in rows:
        found[key, True] += right
        found[key, False] += 1
    return {key: (found[key, True], times) for (key, is_right), times in found.items() if not is_right}


def counts(results, before=NONE_LOWERED):
    """(cause or '', level, evidence) → (right, all) of every finding, in all apps. In all (''): but for the
    causes that are lowered by themselves, which are no reason to lower others. `before`: as is_lowered has it;
    of a cause that no finding names now its counts are still what is known."""
    told_of = [row for result in results for row in result["told"]]
    causes = {**before, **tally(((cause, level, ""), right) for cause, level, _, right in told_of)}
    own = {key for key, (right, times) in causes.items() if is_lowered(key, right, times, before)}
    levels = tally((("", level, evidence), right) for cause, level, evidence, right in told_of
                   if (cause, level, "") not in own)
    return dict(sorted((levels | causes).items()))


def is_lowered(key, right, times, before=NONE_LOWERED):
    """In all: less than 90 % of at least 20. One cause has few findings: only what even the upper end of
    the interval denies, and what was lowered before (its key is in `before`) and is still less often right."""
    if key[1] == "possible":
        return False  # there is no level below
    if key[0]:
        return wilson(right, times)[1] < PRECISION or (key in before and right < PRECISION * times)
    return times >= ENOUGH and right < PRECISION * times


def lowered_before(sql):
    """(cause, level, '') → (right, all) of src/rules/calibration.sql, but for the rows of all causes."""
    return {(cause, level, evidence): (int(right), int(times)) for cause, level, evidence, right, times in
            re.findall(r"\('([a-z0-9-]+)', '(\w+)', '(\w*)', (\d+), (\d+)\)", sql)}


def calibration_sql(table, before=NONE_LOWERED):
    """src/rules/calibration.sql from counts(): the levels that are lowered."""
    rows = [f"('{cause}', '{level}', '{evidence}', {right}, {times})"
            for (cause, level, evidence), (right, times) in sorted(table.items())
            if is_lowered((cause, level, evidence), right, times, before)]
    insert = "INSERT INTO calibrated VALUES\n  " + ",\n  ".join(rows) + ";\n" if rows else ""
    return CALIBRATION + insert


def calibration_table(table, before=NONE_LOWERED):
    """Its rows on the page: levels in all, then causes that were wrong."""
    rows = []
    for (cause, level, evidence), (right, times) in sorted(table.items()):
        if not cause or right < times:
            lowered = is_lowered((cause, level, evidence), right, times, before)
            rows.append(f"| {cause or 'all'} | {level} | {evidence or '–'} | {share_text(right, times)} "
                        f"| {'lowered' if lowered else ''} |")
    return rows


def read_calibration(page_text):
    """counts() of what calibration_table() wrote, as far as it is shown."""
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (proven|likely|possible) \| (excluded|open|–) \| (\d+) of (\d+) \(",
                      page_text, re.M)
    return {("" if cause == "all" else cause, level, evidence.strip("–")): (int(right), int(times))
            for cause, level, evidence, right, times in rows}


def confusion(results):
    """Rows (what is so, what was named, how often): what came before the cause or stood in its place, and
    what was named where it is not so."""
    wrong = Counter()
    for result in results:
        if result["wanted"] and not hit(result):
            before = result["ranks"][result["wanted"][0]] != 1
            missed = next((cause for cause, rank in result["ranks"].items() if not rank or rank > 3), None)
            instead = (result["named"] or [HEALTHY])[0] if before else "it is not named" if missed else "other order"
            wrong[missed or result["wanted"][0], instead] += 1
        for cause in false_alarms(result):
            wrong[f"{result['wanted'][0]}, cured" if result["wanted"] else HEALTHY, cause] += 1
    return [(wanted, named, count) for (wanted, named), count in sorted(wrong.items())]


def by_cause(results):
    """Rows (cause, apps that have it, named first of what they have, among the first three, named where it
    is not so)."""
    rows = {}
    for result in results:
        for place, cause in enumerate(result["wanted"]):
            row = rows.setdefault(cause, [0, 0, 0, 0])
            rank = result["ranks"][cause]
            row[0] += 1
            row[1] += bool(rank) and rank <= place + 1
            row[2] += bool(rank) and rank <= 3
        for cause in false_alarms(result):
            rows.setdefault(cause, [0, 0, 0, 0])[3] += 1
    return [(cause, *row) for cause, row in sorted(rows.items())]


def page(results, not_here=(), before=NONE_LOWERED):
    """docs/accuracy.md. `not_here`: (case, why it cannot be run on this machine); `before`: as is_lowered has it."""
    text = ["# Is the diagnosis right?", "",
            "`make corpus`: pairs of small apps, slow and cured, and healthy ones, each run under `unslow run`;",
            "savings from twins that are asked by turns without unslow, beside the app that is recorded. Shares with their "
            "95 % interval (Wilson).", "",
            "| | |", "|---|---|"]
    text += [f"| {what} | {figure} |" for what, figure in summary(results)]
    table = counts(results, before)
    text += ["", "## Is a level what it says?", "",
             "All findings in slow, cured and healthy apps. `excluded`: all rivals of the cause were ruled out by name.",
             "Right is the cause itself, or what `case.toml` says is so besides. A level is lowered by one where, of all",
             f"causes' findings, at least {ENOUGH}, less than {PRECISION:.0%} were right; for one cause, which has few,",
             "where even the upper end of the interval is below that, and from then on until a run finds it right as often",
             "as that; such a cause is not in the rows of all. Counted is the level before it is lowered.", "",
             "| cause | level | rivals | right | |", "|---|---|---|---|---|", *calibration_table(table, before)]
    text += ["", "## What was named instead", ""]
    rows = confusion(results)
    text += ["| wrong | named | times |", "|---|---|---|", *(f"| {a} | {b} | {c} |" for a, b, c in rows)] if rows \
        else ["Nothing."]
    text += memory_page(results)
    text += ["", "## By cause", "",
             "| cause | apps | first | among three | named where it is not so |", "|---|---|---|---|---|",
             *(f"| {' | '.join(map(str, row))} |" for row in by_cause(results))]
    text += ["", "## Case by case", "",
             "| case | named | level | in the cured twin | line off | saving, predicted (ms) | measured (ms) |",
             "|---|---|---|---|---|---|---|"]
    for result in results:
        predicted, seen = saving_text(result) if result["comparable"] else ("", "")
        off = ", ".join("other file" if away is None else str(away) for away in result["lines"].values())
        text.append(f"| {result['case']} | {', '.join(result['named']) or 'nothing'} "
                    f"| {', '.join(result['levels'])} | {', '.join(result['twin_named'])} | {off} | {predicted} | {seen} |")
    crowded = [result["case"] for result in results if result["crowded"] and CONDITION not in result["wanted"]]
    if crowded:
        text += ["", "Other processes had the CPUs for a third of the time or more, and "
                 f"`{CONDITION}` said so (left out above): {', '.join(crowded)}."]
    if busy := [result["case"] for result in results if result["busy"] and result["comparable"]]:
        text += ["", f"Requests waited {BUSY:.0%} of their time or more for a CPU while savings were measured, which are not "
                 f"compared: {', '.join(busy)}."]
    if not_here:
        text += ["", "## Not run here", "", *(f"- {name}: {reason}" for name, reason in not_here)]
    return "\n".join(text) + "\n"
