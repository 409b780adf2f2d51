"""The interpreters: versions.txt is the one list; scripts/setup made a .venv-X.Y for each found.

A version that is not on this machine is named in the output, and fails under `make test-all`.
UNSLOW_PYTHONS="3.8 3.12" narrows the list.

What is marked `some_versions` asks how servers, frameworks and drivers are seen, or what the kernel does at a
limit, which hangs on them more than on the interpreter: each case runs on every other version, so that each version has half of the cases.
UNSLOW_TEST_ALL (`make test-all`), UNSLOW_PYTHONS and a test's own name run all. Tests of the agent's engines, of layouts, and the
core scenario of each kind of server run on every version.
"""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def versions():
    lines = Path(__file__).with_name("versions.txt").read_text().splitlines()
    listed = [line.strip() for line in lines if line[:1].isdigit()]
    wanted = os.environ.get("UNSLOW_PYTHONS", "").split()
    return [version for version in listed if not wanted or version in wanted]


def pytest_generate_tests(metafunc):
    if "python" in metafunc.fixturenames:
        metafunc.parametrize("python", versions(), indirect=True, scope="session")


def every_other(items):
    """Those of marked tests that run: a case on every other version, the next case on those between."""
    cases, all_versions = {}, versions()
    for item in items:
        if not item.get_closest_marker("some_versions"):
            yield item
            continue
        case = item.originalname, item.name.replace(item.callspec.params["python"], "")
        number = cases.setdefault(case, len(cases))
        if (number + all_versions.index(item.callspec.params["python"])) % 2 == 0:
            yield item


def pytest_collection_modifyitems(config, items):
    if os.environ.get("UNSLOW_TEST_ALL") or os.environ.get("UNSLOW_PYTHONS") or any("::" in arg for arg in config.args):
        return
    kept = list(every_other(items))
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.fixture(scope="session")
def python(request):
    """Path of the interpreter of a .venv-X.Y."""
    path = ROOT / f".venv-{request.param}" / "bin" / "python"
    if path.exists():
        return str(path)
    missing = f"python{request.param} is not on this machine: install it, then scripts/setup test"
    if os.environ.get("UNSLOW_TEST_ALL"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def python_version(python):
    """Its full version, as the recording should have it."""
    printed = subprocess.run([python, "-c", "import platform; print(platform.python_version())"],
                             stdout=subprocess.PIPE, text=True, check=True)
    return printed.stdout.strip()
