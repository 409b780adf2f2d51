"""Golden tests of the command line: cases/NAME.sh says what to type, files beside it what comes.

    NAME.sh              run by sh in an empty directory, `unslow` on PATH
    NAME.stdout          exactly this; none: nothing may come
    NAME.stdout.glob     the same, where * stands for any text and a line ... for any lines
    NAME.stderr[.glob]   likewise
    NAME.exit            exit status; none: 0
"""

import os
import re
import subprocess
import tempfile
from pathlib import Path

CASES = Path(__file__).resolve().parent / "cases"
ROOT = CASES.parent.parent.parent
TIMEOUT_S = 60
# What the caller's shell may carry that would change what is printed.
UNSET = ("NO_COLOR", "CLICOLOR_FORCE", "UNSLOW_CHANNEL", "UNSLOW_DISABLE", "LD_PRELOAD", "COLUMNS")


def names():
    return sorted(path.stem for path in CASES.glob("*.sh"))


def binary():
    path = Path(os.environ.get("UNSLOW_BINARY", ROOT / "build" / "unslow"))
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; build it with: make")
    return path.resolve()


def environment(home, tools):
    env = {key: value for key, value in os.environ.items() if key not in UNSET}
    env.update(HOME=str(home), XDG_STATE_HOME=str(home / "state"), TERM="dumb", LC_ALL="C.UTF-8",
               PATH=f"{tools}:{env.get('PATH', '/usr/bin:/bin')}", CASES=str(CASES),
               UNSLOW_UNCALIBRATED="1")
    return env


def run(name):
    """(exit status, stdout, stderr) of a case."""
    with tempfile.TemporaryDirectory(prefix="unslow-cli-") as folder:
        work, home, tools = (Path(folder) / part for part in ("work", "home", "tools"))
        for path in (work, home, tools):
            path.mkdir()
        (tools / "unslow").symlink_to(binary())
        done = subprocess.run(["sh", str(CASES / f"{name}.sh")], cwd=work, text=True,
                              env=environment(home, tools), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=TIMEOUT_S, errors="replace")
        return done.returncode, done.stdout, done.stderr


def pattern(glob):
    lines = []
    for line in glob.splitlines():
        if line == "...":
            lines.append(r"(?:.*\n)*?")
        else:
            lines.append(re.escape(line).replace(r"\*", ".*") + r"\n")
    return re.compile("".join(lines) + r"\Z")


def compare(name, stream, text):
    exact, glob = CASES / f"{name}.{stream}", CASES / f"{name}.{stream}.glob"
    if glob.exists():
        if not pattern(glob.read_text()).match(text):
            return f"{stream} does not match {glob.name}; it was:\n{text}"
        return None
    wanted = exact.read_text() if exact.exists() else ""
    if text != wanted:
        return f"{stream} is not as wanted.\n--- wanted\n{wanted}\n--- came\n{text}"
    return None


def check(name):
    """What is wrong, one text a fault."""
    status, out, err = run(name)
    exit_file = CASES / f"{name}.exit"
    wanted = int(exit_file.read_text()) if exit_file.exists() else 0
    faults = [] if status == wanted else [f"exit status is {status}, not {wanted}"]
    faults += [compare(name, stream, text) for stream, text in (("stdout", out), ("stderr", err))]
    return [fault for fault in faults if fault]


def update(name):
    """Writes what came as what is wanted; globs are left alone."""
    status, *texts = run(name)
    for stream, text in zip(("stdout", "stderr"), texts):
        if (CASES / f"{name}.{stream}.glob").exists():
            continue
        path = CASES / f"{name}.{stream}"
        path.write_text(text) if text else path.unlink(missing_ok=True)
    path = CASES / f"{name}.exit"
    path.write_text(f"{status}\n") if status else path.unlink(missing_ok=True)


def orphans():
    """Files beside no .sh: left behind, so never looked at."""
    known = set(names())
    return sorted(path.name for path in CASES.iterdir() if path.name.split(".")[0] not in known)
