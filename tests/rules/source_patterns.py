"""Patterns that source.py imports."""

import re

TITLE = re.compile(r"(?:\w+ ?)+!")
