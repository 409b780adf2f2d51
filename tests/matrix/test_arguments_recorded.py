"""`--arguments` from a process to the answer, on every CPython: repeats by unit of work, on a change while it runs, and
what `why` makes of them."""

import signal
import subprocess

import harness
import pytest
from test_calls_recorded import LOOP, attach, functions, record, wait_for

PRICES = """
import random

def price(product, pieces):
    total = 0
    for step in range(3000):
        total = (total * 31 + product * pieces + step) % 1000003
    return total

def drawn(product):
    total = 0
    for step in range(3000):
        total = (total * 31 + product + step) % 1000003
    return total + random.getrandbits(40)

sum(price(number % 7, 3) for number in range(400))
sum(drawn(number % 7) for number in range(400))
"""
APP = """
from flask import Flask

app = Flask(__name__)


def price(product):
    return product * 3


@app.get("/basket/<int:pieces>")
def basket(pieces):
    return str(sum(price(number % 4 + 10 * pieces) for number in range(8)))
"""


def counted(recording, function):
    columns = ("calls, comparable, distinct_arguments, repeated, repeated_in_unit, same_result, other_result, units, "
               "units_repeated")
    (row,) = recording.query(f"SELECT {columns} FROM v1_call_arguments WHERE function = '{function}'")
    return row


def test_a_script_that_computes_again(program, python, tmp_path):
    recording, said = record(tmp_path, python, PRICES, "--calls=__main__:price,__main__:drawn", "--arguments")
    assert counted(recording, "price") == (400, 400, 7, 393, 393, 393, 0, 1, 0)
    assert counted(recording, "drawn")[:5] == (400, 400, 7, 393, 393)
    rows = functions(recording)
    assert rows["price"]["distinct"] == pytest.approx(100 * 7 / 400) and rows["price"]["comparable"] == 400
    assert "arguments of 2 functions were compared" in " ".join(said.split())
    found = {finding["where"][0]["function"] for finding in recording.why()["findings"]
             if finding["cause"] == "repeated-pure-work"}
    assert found == {"price"}, "what draws a number is no pure function"


@pytest.mark.some_versions
def test_asked_of_a_process_that_runs(program, python, tmp_path):
    (tmp_path / "prog.py").write_text(LOOP)
    process = subprocess.Popen([harness.UNSLOW, "run", "--no-answer", "-o", "a.rec", "--", python, "prog.py"], cwd=tmp_path,
                               stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    path = tmp_path / "a.rec"
    try:
        wait_for(path, "SELECT count(*) FROM v1_process WHERE python IS NOT NULL")
        harness.net.wait_until(lambda: attach(process, "--calls=__main__:turn", "--arguments").check_returncode(),
                               subprocess.CalledProcessError)
        wait_for(path, "SELECT count(*) FROM v1_call_process WHERE engine <> 'none'")
        assert attach(process, "--calls=off").returncode == 0
        wait_for(path, "SELECT count(*) FROM v1_call_arguments")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    calls, comparable, distinct, repeated = counted(harness.Recording(path), "turn")[:4]
    assert calls == comparable > 0 == repeated and distinct == pytest.approx(calls, rel=0.02, abs=2)


@pytest.mark.some_versions
def test_repeats_by_request(watched, python, tmp_path):
    (tmp_path / "basket_app.py").write_text(APP)
    command = lambda port: harness.gunicorn(python, "basket_app:app", port, "--chdir", tmp_path)  # noqa: E731
    with watched(command, options=["--calls=basket_app:price", "--arguments"]) as server:
        assert server.load("/basket/1", 10) == [200] * 10
        assert server.load("/basket/2", 5) == [200] * 5
    # four of eight in each request are of that request; the first of each kind have all new ones
    assert counted(server.recording, "price") == (120, 120, 8, 112, 60, 112, 0, 15, 13)
