"""Servers for the tests of `unslow load`, and the load itself as a call."""

import contextlib
import json
import signal
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import harness

LOAD_SERVER = Path(harness.UNSLOW).resolve().parents[1] / "tests" / "unit" / "load-server"


class Server:
    """tests/load/server.c as a context; it ends with its standard input."""

    def __init__(self, *options, port=0):
        self.command = [LOAD_SERVER, "--port", str(port), *map(str, options)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


def start(*words, **options):
    return subprocess.Popen([harness.UNSLOW, "load", *map(str, words)], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def run(*words, status=0, **options):
    """stdout and stderr."""
    process = start(*words, **options)
    out, err = process.communicate(timeout=60)
    assert process.returncode == status, f"status {process.returncode}\n{out}{err}"
    return out, err


def load(*words, **options):
    """The result, unslow.load/1."""
    return json.loads(run("--json", *words, **options)[0])


def verdicts(result):
    return [verdict["id"] for verdict in result["verdicts"]]


def adds_up(result):
    """Every request that was due has become something, and only one thing."""
    requests, errors = result["requests"], result["errors"]
    lost = errors["all"] - errors["status"]
    return requests["due"] == (requests["answered"] + lost + requests["unanswered"] +
                               requests["unsent"])


class Echo(BaseHTTPRequestHandler):
    """Answers 200 and keeps what was asked in server.seen."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        self.send_response(200)
        self.send_header("Set-Cookie", f"number={len(self.server.seen)}")
        self.send_header("Content-Length", "2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"ok")

    do_GET = do_POST = do_HEAD = do_PUT = answer

    def log_message(self, *_):
        pass


class UnixServer(ThreadingHTTPServer):
    address_family = socket.AF_UNIX

    def server_bind(self):
        self.socket.bind(self.server_address)

    def get_request(self):
        return self.socket.accept()[0], ("unix", 0)


class Ipv6Server(ThreadingHTTPServer):
    address_family = socket.AF_INET6


@contextlib.contextmanager
def echo(address=("127.0.0.1", 0), kind=ThreadingHTTPServer, certificate=None):
    server = kind(address, Echo)
    server.seen = []
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        # The handshake is each connection's own thread's, not the one's that accepts.
        server.socket = context.wrap_socket(server.socket, server_side=True,
                                            do_handshake_on_connect=False)
        server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def make_certificate(folder):
    """Key and self-signed certificate for 127.0.0.1 and localhost in one file."""
    path = Path(folder, "server.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", path, "-out",
                    f"{path}.crt"], check=True, stderr=subprocess.DEVNULL)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path
