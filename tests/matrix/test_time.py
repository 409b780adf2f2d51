"""`unslow time` on every CPython: the driver runs there, and says what Python says."""

import json
import os
import subprocess

import harness
import pytest


def time_it(python, *words, **environment):
    return subprocess.run([harness.UNSLOW, "time", "--python", python, *words],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, **environment}, text=True, timeout=60)


def answer(python, *words, seconds=1, **environment):
    done = time_it(python, "-d", f"{seconds}s", "--json", *words, **environment)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_a_longer_one_is_slower(python, python_version):
    for seconds in (1, 2, 4, 8):  # on a busy machine it may take longer to tell
        got = answer(python, "-s", "numbers = list(range(20))", "--setup-of", "B=numbers *= 200",
                     "sum(numbers)", "sum(numbers)", seconds=seconds)
        a, b = got["snippets"]
        if all(b["against_a"][metric]["verdict"] != "cannot-tell" for metric in ("wall", "cpu")):
            break
    assert got["version"] == python_version
    assert os.path.realpath(got["python"]) == os.path.realpath(python)
    assert a["against_a"] is None
    for metric in ("wall", "cpu"):
        assert b["against_a"][metric]["verdict"] == "slower"
    for snippet in got["snippets"]:
        assert 0 < snippet["wall_ns"]["low"] <= snippet["wall_ns"]["mid"] <= snippet["wall_ns"]["high"]
        assert 0 < snippet["least_ns"] <= snippet["wall_ns"]["mid"]
        assert len(snippet["processes_ns"]) == got["processes"]
    assert got["rounds"] >= got["processes"]
    assert 0 < got["empty_loop"]["wall_ns"]["mid"] < a["wall_ns"]["mid"]


def test_names_of_the_setup_are_local(python):
    """As in timeit; and each block begins with a setup of its own."""
    got = answer(python, "-s", "import sys", "-s", "count = 0", "-s", "text = '''a\n  b'''",
                 "count += 1\nassert text == 'a\\n  b' and 'count' not in globals()\n"
                 "assert count < 10 ** 9 and sys.stdout.fileno() == 1")
    assert got["snippets"][0]["setup"] == "import sys\ncount = 0\ntext = '''a\n  b'''"


@pytest.mark.some_versions
def test_each_process_has_a_hash_seed_of_its_own(python, tmp_path):
    seen = tmp_path / "seen"
    note = f"import os; open({str(seen)!r}, 'a').write(os.environ['PYTHONHASHSEED'] + '\\n')"
    got = answer(python, "-d", "3s", "-s", note, "len('')")
    assert len(set(seen.read_text().split())) == got["processes"] > 1
    seen.unlink()
    answer(python, "-s", note, "len('')", PYTHONHASHSEED="3")  # the user's own is kept
    assert set(seen.read_text().split()) == {"3"}


@pytest.mark.some_versions
def test_the_collector_is_off_unless_asked_for(python):
    for word, is_on in (([], False), (["--gc"], True)):
        answer(python, *word, "-s", "import gc", f"assert gc.isenabled() is {is_on}")
    # What a setup turns on, as timeit's manual has it, is for its own block.
    answer(python, "-s", "import gc", "--setup-of", "B=gc.enable()",
           "assert not gc.isenabled()", "assert gc.isenabled()")


def test_modules_of_this_folder_are_found(python, tmp_path):
    (tmp_path / "mine.py").write_text("def f():\n    return 1 / 0\n")
    done = subprocess.run([harness.UNSLOW, "time", "--python", python, "-s", "import mine",
                           "mine.f()"], cwd=tmp_path, stdin=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 1
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip(" ^~")]
    assert lines == ["Traceback (most recent call last):",
                     'File "<A>", line 1, in snippet', "mine.f()",
                     f'File "{tmp_path}/mine.py", line 2, in f', "return 1 / 0",
                     "ZeroDivisionError: division by zero",
                     "unslow time: A: failed, as Python shows above"]


def test_errors_are_as_python_shows_them(python):
    done = time_it(python, "-s", "def f():\n    try:\n        1 / 0\n    except Exception as error:\n"
                   "        raise KeyError('x') from error", "1", "\nf()")
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip(" ^~")]
    assert done.returncode == 1
    assert lines == ["Traceback (most recent call last):",
                     'File "<setup>", line 3, in f', "1 / 0",
                     "ZeroDivisionError: division by zero",
                     "The above exception was the direct cause of the following exception:",
                     "Traceback (most recent call last):",
                     'File "<B>", line 2, in snippet', "f()",
                     'File "<setup>", line 5, in f', "raise KeyError('x') from error",
                     "KeyError: 'x'", "unslow time: B: failed, as Python shows above"]
    for code, said in (("x = (", '  File "<A>", line 1'), ("return 1", "'return' outside function"),
                       ("a\nb c", '  File "<A>", line 2'), ("yield", "'yield' outside function")):
        done = time_it(python, code)
        assert done.returncode == 1 and said in done.stderr and "SyntaxError" in done.stderr
        assert "Traceback" not in done.stderr
    done = time_it(python, "-s", "1\n2 +", "1")
    assert '  File "<setup>", line 2' in done.stderr
