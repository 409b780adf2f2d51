"""What the demo says of its figures: a verdict a row, and when not to believe them."""

# p99 over p50, from which on a few slow requests make the mean; service time of the watched app over
# that of the unwatched, outside of which the machine had another pace for each: watching costs a
# tenth, and makes nothing quicker. Such a pace changes the prediction as much.
TAIL, PACE = 10, (0.9, 1.3)
BUSY = 0.2  # of request time waiting for a CPU: from there on unslow calls no cost proven, either


def predicted_text(saving):
    """The prediction as `unslow why` prints it: a lower bound is called one."""
    if saving["at_least"]:
        return f"at least {saving['low']:.2f} ms"
    return f"{saving['service_ms']:.2f} ms  ({saving['low']:.2f} … {saving['high']:.2f})"


def verdict(saving, measured_ms):
    """inside, outside, or for a lower bound: at least, as said."""
    if saving["at_least"]:
        return "at least, as said" if measured_ms >= saving["low"] else "outside"
    return "inside" if saving["low"] <= measured_ms <= saving["high"] else "outside"


def warnings(requests, watched_ms, alone_ms):
    """Why the figures may be off: `requests` of the findings, and what the client saw (p50) while
    unslow watched and without it."""
    found = []
    if requests["p99_ms"] > TAIL * requests["p50_ms"]:
        found.append(f"a few slow requests make the mean (p50 {requests['p50_ms']:.2f} ms, "
                     f"p99 {requests['p99_ms']:.0f} ms): this machine was busy")
    if not PACE[0] <= watched_ms / alone_ms <= PACE[1]:
        found.append(f"the client saw {watched_ms:.2f} ms while unslow watched, {alone_ms:.2f} ms "
                     "without it: this machine did not keep its pace, so neither does a saving")
    return found



def busy(answer):
    """What unslow says of a machine on which others had the CPUs; None: it was quiet enough."""
    outside = [finding["title"] for finding in answer["findings"] if finding["list"] == "outside"]
    waited = answer["ledger"]["runqueue"] + answer["ledger"]["throttled"]
    if outside:
        return outside[0].rstrip(".")
    return f"{waited:.0%} of request time was waiting for a CPU" if waited >= BUSY else None


def named_in_code(answer):
    """Causes that unslow named in the app itself, in its order."""
    return [finding["cause"] for finding in answer["findings"]
            if finding["list"] != "outside" and finding["cause"] != "nothing-wrong"]
