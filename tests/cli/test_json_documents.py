"""What --json prints has the fields of docs/NAME.schema.json, all of them and no other."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import runner

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent.parent / "docs"
SCHEMAS = {schema["$id"]: schema for schema in (json.loads(path.read_text()) for path in DOCS.glob("*.schema.json"))}
TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict, "null": type(None)}
# What these recordings and this load have nothing of.
NOT_HERE = {"unslow.view/1": {"verdicts", "part", "arguments"}, "unslow.load/1": {"verdicts"},
            "unslow.knee/1": {"trials"}, "unslow.doctor/1": {"in_the_way"}, "unslow.export/1": {"losses", "answer"}}


def resolve(root, schema):
    """The schema, and what its references are looked up in."""
    name = schema.get("$ref")
    if not name:
        return root, schema
    if name.startswith("#"):
        return root, root["$defs"][name.rsplit("/", 1)[1]]
    return SCHEMAS[name], SCHEMAS[name]


def is_of(value, kind):
    return isinstance(value, TYPES[kind]) and not (isinstance(value, bool) and kind in ("integer", "number"))


def faults(root, schema, value, at, seen):
    """What is wrong; `seen` has each key that was there, by its object's schema."""
    root, schema = resolve(root, schema)
    if "oneOf" in schema:
        tried = [(list(faults(root, one, value, at, {})), one) for one in schema["oneOf"]]
        least, best = min(tried, key=lambda pair: len(pair[0]))
        yield from faults(root, best, value, at, seen)
        return
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(is_of(value, kind) for kind in kinds):
        yield f"{at}: {value!r} is no {kinds}"
    if "const" in schema and value != schema["const"] or "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema.get('enum', schema.get('const'))}"
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(root, schema.get("items", {}), item, f"{at}[{number}]", seen)
    if not isinstance(value, dict) or not ("properties" in schema or "patternProperties" in schema):
        return
    names = schema.get("properties", {})
    others = next(iter(schema.get("patternProperties", {}).values()), None)
    seen.setdefault(id(schema), set()).update(value)
    yield from (f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value)
    for name, item in value.items():
        if name not in names and others is None:
            yield f"{at}: {name} is in no document"
        else:
            yield from faults(root, names.get(name, others), item, f"{at}.{name}", seen)


def unseen(root, schema, seen, besides):
    """Fields that are in the document and in none of the answers."""
    root, schema = resolve(root, schema)
    for name, inner in schema.get("properties", {}).items():
        if name in besides:
            continue
        if name not in seen.get(id(schema), set()):
            yield name
        yield from unseen(root, inner, seen, besides)
    for inner in (schema.get("items", {}), *schema.get("oneOf", [])):
        if inner:
            yield from unseen(root, inner, seen, besides)


def said(folder, *words, status=0):
    done = subprocess.run([runner.binary(), *words], cwd=folder, env=dict(os.environ, UNSLOW_UNCALIBRATED="1"),
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == status, (words, done.returncode, done.stderr)
    return json.loads(done.stdout)


def check(name, answers):
    schemas, seen = SCHEMAS, {}
    wrong = [fault for answer in answers for fault in faults(schemas[name], schemas[name], answer, answer.get("view", name), seen)]
    assert not wrong, wrong[:10]
    missing = list(unseen(schemas[name], schemas[name], seen, NOT_HERE.get(name, set())))
    assert not missing, f"documented, and in no answer: {missing}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Recordings: nothing in it, samples, calls, memory, walks, collections."""
    path = tmp_path_factory.mktemp("json")
    for name, maker in (("none", None), ("samples", "samples.py"), ("calls", "calls.py"), ("memory", "memory.py"), ("walks", "walks.py"), ("gc", "gc_events.py")):
        subprocess.run([runner.binary(), "run", "--no-agent", "--no-answer", "-q", "-o", f"{name}.rec", "--", "true"], cwd=path, check=True)
        if maker:
            words = "walked" if name == "gc" else "/srv"
            subprocess.run([sys.executable, HERE / maker, path / f"{name}.rec", words], cwd=path, check=True, stdout=subprocess.DEVNULL)
    with closing(sqlite3.connect(path / "samples.rec")) as db, db:
        db.execute("INSERT INTO fact VALUES (7, 'server', 'gunicorn')")
    with closing(sqlite3.connect(path / "walks.rec")) as db, db:  # one that was not walked
        db.execute("INSERT INTO process VALUES (9, 4123, 4120, 0, NULL, '3.12.1', 'on', NULL, 0, 0)")
    return path


@pytest.fixture(scope="module")
def process():
    """A Python whose loop has a task that waits."""
    code = "import asyncio\nasync def main():\n t = asyncio.create_task(asyncio.sleep(60)); print('up', flush=True); await t\nasyncio.run(main())"
    started = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert started.stdout.readline()
    yield started.pid
    started.kill()
    started.wait()


@pytest.fixture(scope="module")
def port():
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_):
            pass
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.handle_error = lambda *_: None  # a client that was interrupted
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


def test_show(folder, process):
    samples = [said(folder, "show", view, "--json", "samples.rec") for view in ("funcs", "lines", "flame", "threads", "trace", "errors", "requests", "config")]
    samples.append(said(folder, "show", "requests", "--slowest", "3", "--json", "samples.rec"))
    calls = [said(folder, "show", view, "--json", "--all", "calls.rec") for view in ("funcs", "lines", "calls")]
    memory = [said(folder, "show", view, "--json", f"{name}.rec") for view, name in (("memory", "memory"), ("types", "walks"), ("holders", "walks"))]
    memory.append(said(folder, "show", "memory", "--by", "type", "--json", "walks.rec"))
    memory += [said(folder, "show", "gc", "--json", "gc.rec"), said(folder, "show", "gc", "--slowest", "3", "--json", "gc.rec")]
    nothing = [said(folder, "show", view, "--json", "none.rec", status=1) for view in ("funcs", "calls", "memory", "types", "sql", "io")]
    dumped = said(folder, "dump", "--json", str(process))
    assert dumped["processes"][0]["tasks"]
    check("unslow.view/1", [*samples, *calls, *memory, *nothing, dumped])


def test_columns_are_those_of_the_rows(folder):
    for view, name in (("threads", "samples"), ("funcs", "samples"), ("funcs", "calls"), ("memory", "memory"), ("types", "walks")):
        shown = said(folder, "show", view, "--json", f"{name}.rec", *(["--all"] if view == "funcs" else []))
        assert shown["rows"] and all(len(row) == len(shown["columns"]) for row in shown["rows"])
        for row in shown["rows"]:
            for value, column in zip(row, shown["columns"]):
                assert value is None or is_of(value, column["type"]), (view, column, value)


def test_load(folder, port, tmp_path):
    (tmp_path / "requests").write_text("GET /a\nGET /b\n")
    check("unslow.load/1", [said(folder, "load", f":{port}", "-n", "20", "-d", "1s", "--json"),
                            said(folder, "load", "--closed", "-c", "2", "-n", "20", "-d", "1s", "--json", f":{port}"),
                            said(folder, "load", "--requests", str(tmp_path / "requests"), "-n", "20", "-d", "1s", "--json", f":{port}")])


def catches(pid, number):
    caught = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("SigCgt:"))
    return int(caught.split()[1], 16) >> (number - 1) & 1


def test_knee(folder, port):
    """Ended at once: what it has then has all fields."""
    words = [runner.binary(), "load", "--knee", "--slo", "p99=50ms,errors<1%", "-d", "15s", "--json", f":{port}"]
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as knee:
        while not catches(knee.pid, signal.SIGINT):
            time.sleep(0.01)
        knee.send_signal(signal.SIGINT)
        check("unslow.knee/1", [json.loads(knee.communicate(timeout=60)[0])])


def test_doctor_and_plan(folder, process):
    check("unslow.doctor/1", [said(folder, "doctor", "--json"), said(folder, "doctor", "--json", str(process))])
    check("unslow.plan/1", [said(folder, "attach", "--dry-run", "--json", str(process)),
                            said(folder, "attach", "--dry-run", "--json", "-o", "none.rec", str(process), status=2)])


def test_export(folder):
    written = [said(folder, "export", "json", f"{name}.rec") for name in ("samples", "none")]
    check("unslow.export/1", written)
    findings = SCHEMAS["unslow.findings/1"]
    wrong = [fault for one in written for fault in faults(findings, findings, one["answer"], "answer", {})]
    assert not wrong, wrong[:10]


def test_a_field_too_many_or_too_few_is_a_fault(folder):
    shown = said(folder, "show", "requests", "--json", "samples.rec")
    check_only = lambda answer: list(faults(SCHEMAS["unslow.view/1"], SCHEMAS["unslow.view/1"], answer, "", {}))
    assert not check_only(shown)
    assert check_only({**shown, "new": 1})
    assert check_only({key: value for key, value in shown.items() if key != "rows"})
    assert check_only({**shown, "columns": [{"name": "route", "unit": None}]})
