"""Check a file against the rules of speedscope's published schema (file-format-schema.json, and
src/lib/file-format-spec.ts, which it is made from): speedscope.py FILE prints what it holds.
"""

import json
import math
import sys

UNITS = {"bytes", "microseconds", "milliseconds", "nanoseconds", "none", "seconds"}


def number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def check_profile(profile, frame_count):
    assert set(profile) == {"type", "name", "unit", "startValue", "endValue", "samples", "weights"}, set(profile)
    assert profile["type"] == "sampled" and isinstance(profile["name"], str) and profile["unit"] in UNITS
    assert number(profile["startValue"]) and number(profile["endValue"])
    assert len(profile["samples"]) == len(profile["weights"])
    for stack in profile["samples"]:
        assert stack and all(isinstance(frame, int) and 0 <= frame < frame_count for frame in stack)
    assert all(number(weight) and weight > 0 for weight in profile["weights"])
    # the importer sums the weights; the axis must hold them
    assert abs(profile["endValue"] - profile["startValue"] - sum(profile["weights"])) < 1


def main(path):
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    assert data["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    assert set(data) <= {"$schema", "shared", "profiles", "name", "activeProfileIndex", "exporter"}
    assert isinstance(data["name"], str) and isinstance(data["exporter"], str)
    assert set(data["shared"]) == {"frames"}
    frames = data["shared"]["frames"]
    for frame in frames:
        assert isinstance(frame["name"], str) and set(frame) <= {"name", "file", "line", "col"}
        assert isinstance(frame.get("file", ""), str) and number(frame.get("line", 1))
        assert all(ord(c) >= 32 for c in frame["name"] + frame.get("file", "")), frame
    assert 0 <= data["activeProfileIndex"] < len(data["profiles"])
    for profile in data["profiles"]:
        check_profile(profile, len(frames))
        print(profile["name"], profile["unit"], profile["endValue"])
        for stack, weight in zip(profile["samples"], profile["weights"]):
            print(" ", weight, " > ".join(frames[frame]["name"] for frame in stack))


main(*sys.argv[1:])
