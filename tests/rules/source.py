"""Lines that cases of rules point to: what a line says is part of what some rules look at."""

import logging
import re

from elsewhere import OTHER

log = logging.getLogger(__name__)
WORDS = re.compile(r"(?:\w+[ -]?)+$")
WORD = re.compile(r"\w+(?:-\w+)*")


def matched(line):
    return WORDS.match(line)


def found(line):
    return WORD.search(line)


def imported(line):
    return OTHER.match(line)


def inline(line):
    return re.match(r"(a+)+b", line)


def told(row):
    log.debug(f"row {row!r} of {len(row)}")


def looked_up(catalog, key):
    return catalog.info(key)


LIST = re.compile(r"^(([A-Za-z0-9]+)[ ,.!?']?)*$")
PAIRS = re.compile(r"(?:(\w+)=(\w*);)+")


def listed(line):
    return LIST.fullmatch(line)


def paired(line):
    return PAIRS.match(line)


def number(text):
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    return value


def traced(row):
    log.debug(
        "row %s",
        [part for part in row],
    )


from source_patterns import TITLE  # noqa: E402


def titled(line):
    return TITLE.match(line)


def bare(text):
    try:
        return int(text)
    except:  # noqa: E722
        return None


def either(text):
    try:
        return int(text)
    except(ValueError, TypeError):
        return None
