"""A case: what is wrong with an app, where, and how it is served and asked."""

import re
import tomllib
from collections import namedtuple
from pathlib import Path

from strain import STRAINS

FOLDER = Path(__file__).resolve().parent
RULES = FOLDER.parent / "src" / "rules"
PYTHON = FOLDER.parent / ".venv-corpus" / "bin" / "python"

# Name → words of the command; {port} is filled in. Each listens on 127.0.0.1 and serves `app:app`.
GUNICORN = ["-m", "gunicorn", "--log-level", "warning", "-b", "127.0.0.1:{port}"]
SERVERS = {
    "gunicorn": [*GUNICORN, "app:app"],
    "gunicorn-2": [*GUNICORN, "-w", "2", "app:app"],
    "gunicorn-timeout": [*GUNICORN, "-w", "2", "--timeout", "2", "app:app"],
    "gunicorn-12": [*GUNICORN, "-w", "12", "app:app"],
    "gunicorn-threads": [*GUNICORN, "-k", "gthread", "--threads", "4", "app:app"],
    "gunicorn-gevent": [*GUNICORN, "-k", "gevent", "app:app"],
    "uvicorn": ["-m", "uvicorn", "--log-level", "warning", "--port", "{port}", "app:app"],
    "uvicorn-2": ["-m", "uvicorn", "--log-level", "warning", "--workers", "2", "--port", "{port}", "app:app"],
    "flask": ["-m", "flask", "--app", "app", "run", "--port", "{port}"],
    "script": ["app.py", "{port}"],
}
KEYS = {"server", "path", "requests", "ids", "rate", "seconds", "services", "source", "memory", "cause", "also", "strain", "run"}
WALK_S = 3  # between two walks of the heap: a run has two at least, the last when most has grown
Cause = namedtuple("Cause", "id mark saving holder kept", defaults=(None, None))
Case = namedtuple("Case", "name folder server path requests ids rate seconds services source memory causes also strain run")


class Malformed(Exception):
    """A case.toml that says what it must not."""


def read(folder):
    """The case of one folder of the corpus."""
    given = tomllib.loads((folder / "case.toml").read_text())
    if unknown := set(given) - KEYS:
        raise Malformed(f"{folder.name}: no such key: {', '.join(sorted(unknown))}")
    if given["server"] not in SERVERS:
        raise Malformed(f"{folder.name}: no server '{given['server']}'; one of {', '.join(SERVERS)}")
    strain = given.get("strain", {})
    if unknown := set(strain) - set(STRAINS):
        raise Malformed(f"{folder.name}: no such strain: {', '.join(sorted(unknown))}")
    memory = given.get("memory", False)
    path = given.get("path", "/")
    if ("ids" in given) != ("{id}" in path):
        raise Malformed(f"{folder.name}: `ids` goes with a `path` that has {{id}} in it")
    causes = [Cause(row["id"], row.get("mark"), row.get("saving", not memory), row.get("holder"), row.get("kept"))
              for row in given.get("cause", [])]
    case = Case(folder.name, folder, given["server"], path, given.get("requests"), given.get("ids"),
                given["rate"], given["seconds"], given.get("services", []), given.get("source"), memory, causes,
                given.get("also", []), strain, given.get("run", []))
    for cause in causes:
        if cause.mark:
            marked(folder / "slow", cause.mark)
    return case


def excludes():
    """Cause → ids that its rule excludes, from the rules' headers."""
    found = {}
    for path in RULES.glob("*/*.sql"):
        if not path.name.endswith(".test.sql"):
            words = re.search(r"^-- excludes:(.*(?:\n--  .*)*)", path.read_text(), re.M)[1]
            found[path.stem] = set(re.findall(r"[a-z][a-z0-9-]+", words)) - {"none"}
    return found


def read_all(names=()):
    """Every case, or those whose name begins with one of `names`."""
    folders = sorted(path.parent for path in FOLDER.glob("*/case.toml"))
    return [read(folder) for folder in folders
            if not names or any(folder.name.startswith(name) for name in names)]


def apps(case):
    """Folders of its apps by name: slow and fixed, or the healthy one. Under strain both are the same app."""
    if case.strain:
        return {name: case.folder / "app" for name in ("slow", "fixed")}
    return {name: case.folder / name for name in (("slow", "fixed") if case.causes else ("app",))}


def marked(folder, letter):
    """(file, line) of the comment `# mark: LETTER`; there must be exactly one."""
    found = [(path.name, number) for path in sorted(folder.rglob("*.py"))
             for number, line in enumerate(path.read_text().splitlines(), 1)
             if re.search(rf"# mark: {letter}\b", line)]
    if len(found) != 1:
        raise Malformed(f"{folder}: {len(found)} lines are marked '{letter}', it must be one")
    return found[0]


def recorded_with(case):
    """Further words of `unslow run`: the case's own; memory is sampled, every so many bytes if it says so, and walked."""
    if not case.memory:
        return case.run
    return [*case.run, "--memory" if case.memory is True else f"--memory={case.memory}", f"--walk={WALK_S}"]


def asked(case):
    """Lines for `unslow load --requests` of a path with an {id}, or None: one of so many at random each time."""
    return [f"GET {case.path.format(id=number)}" for number in range(case.ids)] if case.ids else None


def strained(case):
    """The case as it is asked under its strain."""
    return case._replace(server=case.strain.get("server", case.server), rate=case.strain.get("rate", case.rate))


def command(case, port):
    """The server's command line; it is run in the app's folder."""
    return [str(PYTHON), *(word.format(port=port) for word in SERVERS[case.server])]
