"""Lines of what Python code sees, the same in each run."""

import re


def show(what, look, brief=False):
    """`brief`: of a TypeError only that it is one (Python names the real type in some)."""
    try:
        value = repr(look())
    except TypeError as error:
        value = "TypeError" if brief else f"TypeError: {error}"
    except Exception as error:
        value = f"{type(error).__name__}: {error}"
    print(what, "→", re.sub("0x[0-9a-f]+", "0x…", value), flush=True)
