"""The World table of TechEmpower's benchmark, 10,000 rows, in SQLite or a private PostgreSQL."""

import os
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from random import Random

import net

ROWS = 10_000


def rows():
    """Always the same rows, so that every run measures the same work."""
    random = Random(1)
    return [(number, random.randint(1, ROWS)) for number in range(1, ROWS + 1)]


@contextmanager
def database(kind):
    """Yield the SQLAlchemy URL of a filled World table; `kind` is sqlite or postgres."""
    with {"sqlite": sqlite, "postgres": postgres}[kind]() as url:
        yield url


@contextmanager
def sqlite():
    with tempfile.TemporaryDirectory(prefix="unslow-demo-") as folder:
        path = Path(folder, "world.db")
        connection = sqlite3.connect(path)
        with connection:
            connection.execute("CREATE TABLE world (id INTEGER PRIMARY KEY, randomnumber INTEGER)")
            connection.executemany("INSERT INTO world VALUES (?, ?)", rows())
        connection.close()
        yield f"sqlite:///{path}"


@contextmanager
def postgres():
    """A cluster of our own on 127.0.0.1: made, started, filled, stopped by its pid, removed."""
    folder = tempfile.mkdtemp(prefix="unslow-demo-")
    user = unprivileged_user()
    password = secrets.token_hex(16)
    port = net.free_port()
    server = None
    try:
        if user:
            shutil.chown(folder, user, user)
        initialise(folder, user, password)
        server = subprocess.Popen(
            as_user(user, [tool("postgres"), "-D", f"{folder}/data"]
                    + [f"--{key}={value}" for key, value in {
                        "port": port,
                        "listen_addresses": "127.0.0.1",
                        "unix_socket_directories": folder,
                        "ssl": "off",
                        "fsync": "off",
                    }.items()]),
            cwd=folder, stdout=subprocess.DEVNULL, stderr=open(f"{folder}/log", "wb"),
        )
        fill(server, folder, port, password)
        yield f"postgresql+psycopg2://world:{password}@127.0.0.1:{port}/postgres?sslmode=disable"
    finally:
        if server:
            net.stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def initialise(folder, user, password):
    secret = Path(folder, "password")
    secret.write_text(password)
    secret.chmod(0o600)
    if user:
        shutil.chown(secret, user)
    subprocess.run(
        as_user(user, [tool("initdb"), "-D", f"{folder}/data", "-U", "world", "-A",
                       "scram-sha-256", f"--pwfile={secret}", "--no-sync", "-E", "UTF8",
                       "--locale=C"]),
        check=True, cwd=folder, stdout=subprocess.DEVNULL,
    )
    secret.unlink()


def fill(server, folder, port, password):
    import psycopg2

    def connect():
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at once: {Path(folder, 'log').read_text()}")
        return psycopg2.connect(host="127.0.0.1", port=port, user="world", dbname="postgres",
                                password=password, sslmode="disable")

    connection = net.wait_until(connect, psycopg2.OperationalError, seconds=20)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE world (id INTEGER PRIMARY KEY, randomnumber INTEGER)")
        values = ",".join("(%d,%d)" % row for row in rows())
        cursor.execute(f"INSERT INTO world VALUES {values}")
    connection.close()


def unprivileged_user():
    """initdb refuses root: the account Debian made for PostgreSQL then runs it."""
    return "postgres" if os.geteuid() == 0 else None


def as_user(user, command):
    if user is None:
        return command
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]


def tool(name):
    """Debian keeps PostgreSQL's server programs off PATH."""
    found = shutil.which(name)
    if found is None:
        folders = sorted(glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        found = next((f"{folder}/{name}" for folder in reversed(folders)), None)
    if found is None:
        raise SystemExit(f"no PostgreSQL here ({name} not found): scripts/setup postgres")
    return found
