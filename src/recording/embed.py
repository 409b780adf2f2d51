"""Turn SQL files into one C file of string constants, so that the binary carries them.

usage: embed.py OUT.c FILE.sql…   (src/recording/a_b.sql becomes `const char sql_a_b[]`)
"""

import pathlib
import sys


def main() -> None:
    out, *files = map(pathlib.Path, sys.argv[1:])
    parts = ['/* Made by embed.py from the .sql files of src/recording/. */\n#include "recording/sql.h"\n']
    for file in files:
        # Characters, not one literal: longer than 4095 is more than C17 promises.
        values = [f"'\\x{byte:02x}'" for byte in file.read_bytes()] + ["0"]
        rows = [", ".join(values[i : i + 12]) for i in range(0, len(values), 12)]
        parts.append(f"const char sql_{file.stem}[] = {{\n" + ",\n".join(rows) + "\n};\n")
    out.write_text("\n".join(parts))


main()
