"""Programs that an app starts print the same, and end the same, with and without unslow."""

import os
import shutil
import subprocess
import sys

import harness
import pytest

# Runs each command of argv (separated by `--`) and shows all that a caller can see of it.
RUNNER = r"""
import subprocess, sys
command = []
for word in sys.argv[1:] + ["--"]:
    if word != "--":
        command.append(word)
        continue
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    print(command[0].rpartition("/")[2], done.returncode, done.stdout, done.stderr)
    command = []
"""

# Shows what a program notices of its surroundings: rights, secure mode, open descriptors.
PROGRAM = r"""
#include <fcntl.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <unistd.h>

int main(void)
{
	printf("%d %lu\n", getuid() == geteuid(), getauxval(AT_SECURE));
	for (int fd = 3; fd < 64; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("descriptor %d\n", fd);
	return 7;
}
"""


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """The same program twice: setuid (to another user, when root may give it away) and static."""
    folder = tmp_path_factory.mktemp("programs")
    folder.chmod(0o755)
    source = folder / "program.c"
    source.write_text(PROGRAM)
    for name, option in (("setuid", "-O1"), ("static", "-static")):
        subprocess.run(["cc", option, "-o", folder / name, source], check=True, timeout=60)
    if os.geteuid() == 0:
        os.chown(folder / "setuid", 65534, 65534)
    (folder / "setuid").chmod(0o4755)
    return folder


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository with one commit, so that git has something to print."""
    folder = tmp_path_factory.mktemp("repository")
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "first"], check=True)
    return folder


def both(command, tmp_path):
    """(status, stdout) without unslow and under `unslow run`."""
    plain = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)
    run = [harness.UNSLOW, "run", "-q", "-o", str(tmp_path / "run.rec"), "--"]
    watched = subprocess.run([*run, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             timeout=60)
    return (plain.returncode, plain.stdout), (watched.returncode, watched.stdout)


CHILDREN = {
    "sh": lambda programs, repository: ["sh", "-c", "echo out; echo err >&2; exit 3"],
    "git": lambda programs, repository: ["git", "-C", str(repository), "log", "--stat"],
    "node": lambda programs, repository: ["node", "-e", "console.log(1 + 1); process.exit(4)"],
    "setuid": lambda programs, repository: [str(programs / "setuid")],
    "static": lambda programs, repository: [str(programs / "static")],
}


@pytest.mark.parametrize("name", CHILDREN)
def test_child_of_python(programs, repository, tmp_path, name):
    if shutil.which(name) is None and name in ("git", "node"):
        pytest.skip(f"{name} is not here: scripts/setup test")
    child = CHILDREN[name](programs, repository)
    plain, watched = both([sys.executable, "-c", RUNNER, *child], tmp_path)
    assert name in plain[1].decode()
    assert watched == plain


@pytest.mark.parametrize("name", CHILDREN)
def test_command_itself(programs, repository, tmp_path, name):
    if shutil.which(name) is None and name in ("git", "node"):
        pytest.skip(f"{name} is not here: scripts/setup test")
    plain, watched = both(CHILDREN[name](programs, repository), tmp_path)
    assert watched == plain
