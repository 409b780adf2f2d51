"""What the demo says of its figures: a verdict a row, and when not to believe them."""

# p99 over p50, from which on a few slow requests make the mean; unslow's mean over the client's
# service time, from which on the two did not see the same: the machine was busy.
TAIL, APART = 10, 1.5


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


def warnings(requests, client_ms):
    """Why the figures may be off: `requests` of the findings beside what the client saw."""
    found = []
    if requests["p99_ms"] > TAIL * requests["p50_ms"]:
        found.append(f"a few slow requests make the mean (p50 {requests['p50_ms']:.2f} ms, "
                     f"p99 {requests['p99_ms']:.0f} ms): this machine was busy")
    if requests["mean_ms"] > APART * client_ms:
        found.append(f"unslow's mean is {requests['mean_ms']:.2f} ms, the client saw "
                     f"{client_ms:.2f} ms without it: this machine was busy while it watched")
    return found
