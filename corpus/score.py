"""Results of cases to figures: what was named, where, how much it would save; the page.

Pure: nothing is run here, so that each figure is tested (tests/cli/test_corpus_score.py).
"""

from collections import Counter
from pathlib import Path
from statistics import median

HEALTHY = "nothing-wrong"
# True of the machine that the corpus runs on and no fault of an app: counted apart where a case does not want it.
CONDITION = "noisy-neighbour"


def judge(case, seen, marks, saving):
    """The result of one case. `seen`: app name → {why, why_s, load}; `marks`: cause → (file, line);
    `saving`: of the twins, or None. All of it goes through JSON."""
    wanted = [cause.id for cause in case.causes]
    subject = seen["slow" if wanted else "app"]
    apart = {HEALTHY, CONDITION} - set(wanted)
    found = [finding for finding in subject["why"]["findings"] if finding["cause"] not in apart]
    named = [finding["cause"] for finding in found]
    first = {cause: next((finding for finding in found if finding["cause"] == cause), None) for cause in wanted}
    twin = seen.get("fixed", {"why": {"findings": []}})["why"]["findings"]
    predicted = (first[wanted[0]] or {}).get("saving") if wanted else None
    return {
        "case": case.name, "wanted": wanted, "named": named,
        "levels": [finding["confidence"] for finding in found],
        "ranks": {cause: named.index(cause) + 1 if cause in named else None for cause in wanted},
        "lines": {cause: distance(first[cause], marks[cause]) for cause in marks if first[cause]},
        "twin": sorted({finding["cause"] for finding in twin} & set(wanted)),
        "twin_named": [finding["cause"] for finding in twin if finding["cause"] not in apart],
        "crowded": any(finding["cause"] == CONDITION for finding in subject["why"]["findings"]),
        "comparable": bool(wanted) and len(wanted) == 1 and case.causes[0].saving and not case.requests,
        "predicted": predicted, "saving": saving,
        "unexplained": subject["why"]["ledger"]["unexplained"],
        "why_s": subject["why_s"], "believed": not subject["load"]["invalid"],
    }


def distance(finding, mark):
    """Lines between the place that is named first and the marked one; None: another file, or none."""
    places = finding["where"]
    if not places or Path(places[0]["file"]).name != mark[0]:
        return None
    return abs(places[0]["line"] - mark[1])


def hit(result, within=1):
    """All that is wrong was named among the first so many beyond what else was wanted."""
    most = len(result["wanted"]) - 1 + within
    return all(rank and rank <= most for rank in result["ranks"].values())


def well(result):
    """Nothing fell short that can be told without a saving."""
    if not result["wanted"]:
        return not result["named"]
    return hit(result) and not result["twin"] and all(line == 0 for line in result["lines"].values())


def error(result):
    """Predicted saving beside the measured one, as a fraction of it; None: one is not known, or a bound."""
    predicted, actual = result["predicted"], result["saving"]
    if not result["comparable"] or not predicted or not actual or predicted["at_least"] or actual["ms"] <= 0:
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
    told = "–"
    if predicted:
        told = (f"≥ {predicted['low']:.2f}" if predicted["at_least"]
                else f"{predicted['service_ms']:.2f} ({predicted['low']:.2f} … {predicted['high']:.2f})")
    seen = f"{actual['ms']:.2f} ({actual['low']:.2f} … {actual['high']:.2f})" if actual else "–"
    return told, seen


def line(result):
    """One case in one line."""
    told, seen = saving_text(result)
    named = ", ".join(f"{cause} ({level})" for cause, level in zip(result["named"], result["levels"])) or "nothing"
    text = f"{'ok  ' if well(result) else 'MISS'} {result['case']}: named {named}"
    if result["wanted"] and not hit(result):
        text += f"; wanted {', '.join(result['wanted'])}"
    wrong = {cause: lines for cause, lines in result["lines"].items() if lines != 0}
    if wrong:
        text += f"; lines off {wrong}"
    if result["twin"]:
        text += f"; in the fixed twin, too: {', '.join(result['twin'])}"
    if result["comparable"]:
        text += f"; saves {told}, measured {seen} ms"
    return text


def summary(results):
    """Rows (what, figure) over all cases."""
    slow = [result for result in results if result["wanted"]]
    healthy = [result for result in results if not result["wanted"]]
    lines = [away for result in slow for away in result["lines"].values()]
    errors = [abs(error(result)) for result in slow if error(result) is not None]
    compared = [result for result in slow if error(result) is not None]
    bounds = [result for result in slow if result["comparable"] and result["predicted"]
              and result["predicted"]["at_least"] and result["saving"]]
    levels = Counter((level, cause in result["wanted"]) for result in results
                     for cause, level in zip(result["named"], result["levels"]))
    rows = [
        ("the cause is named first", share_text(sum(map(hit, slow)), len(slow))),
        ("among the first three", share_text(sum(hit(result, 3) for result in slow), len(slow))),
        ("findings a healthy app", f"{sum(len(result['named']) for result in healthy) / len(healthy):.2f} "
         f"({len(healthy)} apps)" if healthy else "–"),
        ("proven findings in healthy apps", str(sum(result["levels"].count("proven") for result in healthy))),
        ("the cause is found in its fixed twin", share_text(sum(bool(result["twin"]) for result in slow), len(slow))),
        ("line exact", share_text(sum(away == 0 for away in lines), len(lines))),
        ("line within 3", share_text(sum(away is not None and away <= 3 for away in lines), len(lines))),
        ("saving: median error", f"{median(errors):.0%} of {len(errors)}" if errors else "–"),
        ("saving: 90 % of errors below", f"{sorted(errors)[int(0.9 * (len(errors) - 1))]:.0%}" if errors else "–"),
        ("saving: the interval holds the measured", share_text(sum(map(inside, compared)), len(compared))),
        ("saving: a lower bound is one", share_text(
            sum(result["saving"]["ms"] >= result["predicted"]["low"] for result in bounds), len(bounds))),
        ("ledger: not explained, median", f"{median(abs(result['unexplained']) for result in results):.1%}"
         if results else "–"),
        ("a diagnosis takes at most", f"{max(result['why_s'] for result in results):.2f} s" if results else "–"),
    ]
    for level in ("proven", "likely", "possible"):
        right, wrong = levels[level, True], levels[level, False]
        rows.append((f"right where it says {level}", share_text(right, right + wrong)))
    return rows


def confusion(results):
    """Rows (wanted, what was named first instead, how often) of what went wrong."""
    wrong = Counter()
    for result in results:
        if result["wanted"] and not hit(result):
            wrong[result["wanted"][0], (result["named"] or [HEALTHY])[0]] += 1
        elif not result["wanted"]:
            for cause in result["named"]:
                wrong[HEALTHY, cause] += 1
    return [(wanted, named, count) for (wanted, named), count in sorted(wrong.items())]


def page(results, not_here=()):
    """docs/accuracy.md. `not_here`: (case, why it cannot be run on this machine)."""
    text = ["# Is the diagnosis right?", "",
            "`make corpus`: pairs of small apps, slow and cured, and healthy ones, each run under `unslow run`;",
            "savings from twins that are asked by turns without unslow. Shares with their 95 % interval (Wilson).", "",
            "| | |", "|---|---|"]
    text += [f"| {what} | {figure} |" for what, figure in summary(results)]
    text += ["", "## What was named instead", ""]
    rows = confusion(results)
    text += ["| wrong | named | times |", "|---|---|---|", *(f"| {a} | {b} | {c} |" for a, b, c in rows)] if rows \
        else ["Nothing."]
    text += ["", "## Case by case", "",
             "| case | named | level | line off | saving, predicted (ms) | measured (ms) |", "|---|---|---|---|---|---|"]
    for result in results:
        told, seen = saving_text(result) if result["comparable"] else ("", "")
        off = ", ".join("other file" if away is None else str(away) for away in result["lines"].values())
        text.append(f"| {result['case']} | {', '.join(result['named']) or 'nothing'} "
                    f"| {', '.join(result['levels'])} | {off} | {told} | {seen} |")
    crowded = [result["case"] for result in results if result["crowded"] and CONDITION not in result["wanted"]]
    if crowded:
        text += ["", "Other processes had the CPUs for a third of the time or more, and "
                 f"`{CONDITION}` said so (left out above): {', '.join(crowded)}."]
    if not_here:
        text += ["", "## Not run here", "", *(f"- {name}: {reason}" for name, reason in not_here)]
    return "\n".join(text) + "\n"
