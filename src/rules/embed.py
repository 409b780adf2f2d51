#!/usr/bin/env python3
"""Make a C table of text files: embed.py OUTPUT NAME ROOT PATTERN...

Each file found under ROOT by a PATTERN (pathlib glob) becomes a row (path from ROOT, text) of
`const struct embedded_file NAME[]`, which ends with an empty row. A .csv becomes the script that makes
a temporary table of it: named as the file, columns as its first line, all values text. Nothing is registered by hand: what
lies in the folder is in the program. The output is only rewritten when it changes.
"""
import csv
import io
import pathlib
import sys


def literal(text):
    lines = []
    for line in text.splitlines(keepends=True):
        escaped = "".join(
            c if " " <= c <= "~" and c not in '"\\?' else "".join(f"\\{b:03o}" for b in c.encode())
            for c in line
        )
        lines.append(f'\t"{escaped}"')
    return "\n".join(lines) or '\t""'


def value(text):
    return "'" + text.replace("'", "''") + "'"


def text_of(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".csv":
        return text
    first, *rows = (row for row in csv.reader(io.StringIO(text)) if row)
    if wrong := [row[0] for row in rows if len(row) != len(first)]:
        sys.exit(f"{path}: {len(first)} columns, but not in the rows of {', '.join(wrong)}")
    columns = ", ".join(f"column{i} AS {name}" for i, name in enumerate(first, 1))
    values = ",\n".join(f"({', '.join(map(value, row))})" for row in rows)
    return f"CREATE TEMP TABLE {path.stem} AS SELECT {columns} FROM (VALUES\n{values});\n"


def main():
    output, name, root, *patterns = sys.argv[1:]
    root = pathlib.Path(root)
    paths = sorted({p for pattern in patterns for p in root.glob(pattern) if p.is_file()})
    paths = [p for p in paths if not p.name.endswith(".test.sql")]
    rows = "".join(
        f'\t{{"{p.relative_to(root).as_posix()}",\n{literal(text_of(p))}}},\n'
        for p in paths
    )
    text = (
        f"/* Made by src/rules/embed.py; do not edit. */\n"
        '#include "base/embedded.h"\n\n'
        f"const struct embedded_file {name}[] = {{\n{rows}\t{{NULL, NULL}},\n}};\n"
    )
    target = pathlib.Path(output)
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
