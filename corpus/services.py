"""Services that cases need: private ones on 127.0.0.1, for as long as they are used.

Each yields the environment variables by which an app finds it.
"""

import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import net
import world

FOLDER = Path(__file__).resolve().parent


@contextmanager
def sqlite():
    """A SQLite database in a file; WORLD_URL as the demo's, WORLD_PATH its path."""
    with world.database("sqlite") as url:
        yield {"WORLD_URL": url, "WORLD_PATH": url.removeprefix("sqlite:///")}


@contextmanager
def postgres():
    """A PostgreSQL cluster with the demo's table; WORLD_URL for SQLAlchemy, WORLD_DSN for drivers."""
    with world.database("postgres") as url:
        yield {"WORLD_URL": url, "WORLD_DSN": "postgresql://" + url.partition("://")[2]}


@contextmanager
def started(command, port):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        net.wait_for_port(port, process)
        yield
    finally:
        net.stop(process)


@contextmanager
def upstream():
    """Another HTTP service: GET UPSTREAM_URL/MS answers after MS milliseconds."""
    port = net.free_port()
    with started([sys.executable, str(FOLDER / "upstream.py"), str(port)], port):
        yield {"UPSTREAM_URL": f"http://127.0.0.1:{port}"}


@contextmanager
def upstream_tls():
    """The same over TLS: UPSTREAM_TLS_URL, and UPSTREAM_CA, the certificate to trust."""
    port = net.free_port()
    with tempfile.TemporaryDirectory(prefix="unslow-corpus-") as folder:
        certificate, key = f"{folder}/ca.pem", f"{folder}/key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                       check=True, stderr=subprocess.DEVNULL)
        with started([sys.executable, str(FOLDER / "upstream.py"), str(port), certificate, key], port):
            yield {"UPSTREAM_TLS_URL": f"https://127.0.0.1:{port}", "UPSTREAM_CA": certificate}


@contextmanager
def redis():
    """A Redis server without persistence; REDIS_URL."""
    port = net.free_port()
    with tempfile.TemporaryDirectory(prefix="unslow-corpus-") as folder, started(
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder,
             "--daemonize", "no"], port):
        yield {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}


SERVICES = {"sqlite": sqlite, "postgres": postgres, "upstream": upstream, "upstream-tls": upstream_tls, "redis": redis}


@contextmanager
def running(names):
    """All of `names`; yields their variables together."""
    environment = {}
    with ExitStack() as stack:
        for name in names:
            environment.update(stack.enter_context(SERVICES[name]()))
        yield environment
