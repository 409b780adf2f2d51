"""What `unslow load` can be pointed at and told to send, and what can go wrong: a clear line each
time, never a hang, and every request accounted for."""

import signal
import socket
import subprocess
import sys
import time

import harness
import load_world
import pytest
from load_world import Server, adds_up, load, run, verdicts


@pytest.mark.parametrize("manner, kind, says", [
    ("garbage", "parse", "errors"),
    ("cut", "closed", "errors"),
    ("nothing", "timeout", "no-answers"),
    ("slow-loris", "timeout", "no-answers"),
    ("endless", "timeout", "no-answers"),
    ("error", "status", "errors"),
])
def test_a_server_without_manners(manner, kind, says):
    with Server("--manner", manner) as server:
        result = load("-R", 40, "-d", "2s", "--timeout", "300ms", f":{server.port}")
    assert result["errors"][kind] >= 60
    assert adds_up(result)
    assert says in verdicts(result) or "no-answers" in verdicts(result)


def test_a_connection_a_request():
    with Server("--manner", "close") as server:
        result = load("-R", 100, "-d", "1s", f":{server.port}")
    assert result["requests"]["answered"] == 100
    assert result["connections"]["opened"] == 100


def test_a_keep_alive_that_is_none_costs_no_request():
    with Server("--manner", "drop") as server:
        result = load("--closed", "-c", 2, "-n", 50, f":{server.port}")
    assert result["requests"]["answered"] == 50
    assert result["errors"]["all"] == 0


def test_a_server_that_dies_and_comes_back():
    port = harness.net.free_port()
    with Server(port=port):
        process = load_world.start("--json", "-R", 200, "-d", "4s", f":{port}")
        time.sleep(1)
    time.sleep(1)
    with Server(port=port):
        result = harness.json.loads(process.communicate(timeout=60)[0])
    assert result["errors"]["connect"] > 50
    assert result["errors"]["first"]
    assert result["seconds"][0]["errors"] < 100
    assert result["requests"]["answered"] > 300
    assert adds_up(result)


def test_no_descriptors_are_left():
    limited = ["bash", "-c", 'ulimit -n 40; exec "$0" "$@"', harness.UNSLOW]
    with Server("--manner", "nothing") as server:
        done = harness.subprocess.run(
            [*limited, "load", "--json", "--open", "-R", "100", "-d", "1s", f":{server.port}"],
            stdout=harness.subprocess.PIPE, timeout=60, check=True)
    result = harness.json.loads(done.stdout)
    assert "fd-limit" in verdicts(result)
    assert 10 < result["connections"]["limit_reached_at"] < 40
    assert adds_up(result)


def test_open_needs_no_free_connection():
    with Server("--manner", "nothing") as server:
        result = load("--open", "-R", 200, "-d", "1s", f":{server.port}")
    assert result["requests"]["unsent"] == 0
    assert result["connections"]["most_at_once"] == 200


def test_nobody_is_there():
    port = harness.net.free_port()
    _, err = run(f":{port}", status=3)
    assert f"no server at 127.0.0.1:{port}: Connection refused; start it first" in err


def test_somebody_is_there_and_says_nothing():
    """A backlog that is full: the kernel does not answer."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = []
        for _ in range(3):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
            fillers.append(filler)
        _, err = run("--timeout", "300ms", f":{port}", status=3)
        for filler in fillers:
            filler.close()
    assert "does not answer within 0.3 s" in err


def test_tls(tmp_path):
    certificate = load_world.make_certificate(tmp_path)
    with load_world.echo(certificate=certificate) as server:
        port = server.server_address[1]
        words = ["-R", 50, "-n", 25]
        _, err = run(*words, f"https://127.0.0.1:{port}/", status=3)
        assert "certificate: self-signed certificate" in err
        assert "--insecure" in err
        assert not server.seen
        trusting = {"env": {**harness.os.environ, "SSL_CERT_FILE": str(certificate)}}
        for url in (f"https://127.0.0.1:{port}/", f"https://localhost:{port}/"):
            assert load(*words, url, **trusting)["requests"]["answered"] == 25
        assert load(*words, "--insecure", f"https://127.0.0.1:{port}/")["errors"]["all"] == 0


def test_tls_for_another_name(tmp_path):
    certificate = load_world.make_certificate(tmp_path)
    trusting = {"env": {**harness.os.environ, "SSL_CERT_FILE": str(certificate)}}
    with load_world.echo(("127.0.0.2", 0), certificate=certificate) as server:
        _, err = run(f"https://127.0.0.2:{server.server_address[1]}/", status=3, **trusting)
    assert "mismatch" in err


def test_tls_where_there_is_none():
    with Server() as server:
        _, err = run("--timeout", "2s", f"https://127.0.0.1:{server.port}/", status=3)
    assert "TLS with 127.0.0.1" in err or "does not answer" in err


def test_a_unix_socket(tmp_path):
    path = str(tmp_path / "app.sock")
    with load_world.echo(path, load_world.UnixServer) as server:
        result = load("-R", 50, "-n", 20, f"unix:{path}:/here?x=1")
        assert {request[1] for request in server.seen} == {"/here?x=1"}
    assert result["requests"]["answered"] == 20
    assert result["clock"] == {"kernel": 0, "thread": 20}
    _, err = run(f"unix:{tmp_path}/none.sock:/", status=3)
    assert "No such file or directory" in err


def test_ipv6():
    with load_world.echo(("::1", 0), load_world.Ipv6Server) as server:
        result = load("-R", 50, "-n", 20, f"http://[::1]:{server.server_address[1]}/")
    assert result["requests"]["answered"] == 20


def test_method_headers_and_body(tmp_path):
    body = tmp_path / "body"
    body.write_bytes(b"x" * 500000)
    with load_world.echo() as server:
        result = load("-X", "PUT", "-H", "X-One: 1", "-H", "Host: shop", "--body", f"@{body}",
                      "-R", 20, "-n", 10, f":{server.server_address[1]}/p")
        assert result["requests"]["answered"] == 10
        method, path, headers, sent = server.seen[0]
    assert (method, path, headers["X-One"], headers["Host"]) == ("PUT", "/p", "1", "shop")
    assert all(request[3] == sent == body.read_bytes() for request in server.seen)


def test_requests_from_a_file(tmp_path):
    file = tmp_path / "requests"
    log = tmp_path / "log"
    file.write_text("# three\n3 GET /often?key=1\nPOST /rarely --body 'a b'\nHEAD /head\n")
    with load_world.echo() as server:
        result = load("--requests", file, "-R", 200, "-n", 200, "--log", log,
                      f":{server.server_address[1]}/")
        seen = [request[:2] for request in server.seen]
    assert result["requests"]["answered"] == 200
    assert set(seen) == {("GET", "/often?key=1"), ("POST", "/rarely"), ("HEAD", "/head")}
    assert 90 < seen.count(("GET", "/often?key=1")) < 150  # 3 of 5
    lines = {row["line"]: row for row in result["lines"]}
    assert [lines[i]["request"] for i in (2, 3, 4)] == ["GET /often?***", "POST /rarely", "HEAD /head"]
    assert lines[2]["requests"] == seen.count(("GET", "/often?key=1"))
    assert sum(row["requests"] for row in lines.values()) == 200
    assert all(0 < row["p50_ms"] <= row["p99_ms"] <= row["max_ms"] for row in lines.values())
    logged = [row.rpartition(",")[2] for row in log.read_text().splitlines()[1:]]
    assert {i: logged.count(str(i)) for i in lines} == {i: lines[i]["requests"] for i in lines}


def test_requests_to_two_servers_are_refused(tmp_path):
    file = tmp_path / "requests"
    file.write_text("GET http://127.0.0.1:1/\nGET http://127.0.0.1:2/\n")
    _, err = run("--requests", file, ":3/", status=2)
    assert "one run loads one" in err


def test_cookies_are_a_user_s_own():
    with load_world.echo() as server:
        load("--cookies", "--closed", "-c", 1, "-n", 5, f":{server.server_address[1]}/")
        cookies = [request[2].get("Cookie") for request in server.seen]
    assert cookies == [None, "number=1", "number=2", "number=3", "number=4"]


def test_each_request_has_a_trace_of_its_own():
    with load_world.echo() as server:
        load("--trace", "-t", 2, "-R", 50, "-n", 40, f":{server.server_address[1]}/")
        traces = [request[2]["traceparent"] for request in server.seen]
    assert len(set(traces)) == len(traces) == 40
    assert len({trace[3:19] for trace in traces}) == 1  # the run's half of the id
    assert all(len(trace) == 55 and trace.endswith("-01") for trace in traces)


def test_a_client_that_is_stopped_itself_is_invalid():
    with Server() as server:
        process = load_world.start("--json", "-R", 100, "-d", "2s", f":{server.port}")
        time.sleep(0.8)
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.5)
        process.send_signal(signal.SIGCONT)
        result = harness.json.loads(process.communicate(timeout=60)[0])
    assert result["invalid"]
    assert "late" in verdicts(result)
    assert result["lateness_us"]["max"] > 300e3


DIES_AT_THE_FOURTH = """
import socket, sys, threading, time
listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
def serve(connection):
    for number in range(4):
        if not connection.recv(65536):
            break
        if number == 3:
            time.sleep(0.1)  # works on it, then is gone without an answer
        else:
            connection.send(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
    connection.close()
while True:
    connection, _ = listening.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
"""


def test_a_server_that_dies_over_a_request_has_failed_it():
    """It is no idle connection that the server closed: it is not sent again."""
    port = harness.net.free_port()
    server = subprocess.Popen([sys.executable, "-c", DIES_AT_THE_FOURTH, str(port)])
    try:
        harness.net.wait_for_port(port, server, 10)
        result = load("--closed", "-c", 1, "-n", 20, f":{port}/")
    finally:
        harness.net.stop(server)
    assert result["errors"]["closed"] == 5, result["errors"]
    assert result["requests"]["retried"] == 0, result["requests"]
