"""Nothing secret is in the bytes of a recording, and nobody else can read it."""

import sys

import harness

PYTHON = sys.executable

SECRETS = [
    b"planted-local-7f3a", b"planted-sql-7f3a", b"planted-parameter-7f3a", b"planted-body-7f3a",
    b"planted-header-7f3a", b"planted-exception-7f3a", b"planted-environment-7f3a",
    b"planted-argument-7f3a", b"planted-query-7f3a", b"planted-cookie-7f3a",
    b"plantedpragma7f3a", b"plantedsavepoint7f3a", b"planted-quoted-7f3a", b"f00df00d7f3a",
    b"planted-name-7f3a",
]


def test_planted_secrets_are_nowhere(watched):
    def command(port):
        return harness.gunicorn(
            PYTHON, "flask_app:app", port,
            "--env", "DATABASE_URL=postgresql://app:planted-argument-7f3a@127.0.0.1/db",
            "-n", "planted-name-7f3a",
        )

    environment = {"APP_DSN": "postgresql://app:planted-environment-7f3a@127.0.0.1/db"}
    with watched(command, environment=environment) as server:
        for _ in range(20):
            status, _ = server.get(
                "/secret?token=planted-query-7f3a", body=b"planted-body-7f3a",
                headers=["X-Secret: planted-header-7f3a", "Cookie: session=planted-cookie-7f3a"],
            )
            assert status == 500
    assert server.recording.requests() == 20
    assert server.recording.statements("%?%") > 0, "the planted statements were not seen"
    assert server.recording.statements("PRAGMA planted_pragma …") > 0
    stored = server.recording.path.read_bytes()
    said = harness.subprocess.run(
        [harness.UNSLOW, "export", "json", str(server.recording.path), "-o", "-"],
        stdout=harness.subprocess.PIPE, check=True, timeout=60).stdout
    for secret in SECRETS:
        assert secret not in stored
        assert secret not in said


def test_recording_is_private(watched):
    command = lambda port: harness.gunicorn(PYTHON, "flask_app:app", port)  # noqa: E731
    with watched(command, environment={"APP_DSN": "unused"}) as server:
        assert server.load("/hello", 3) == [200] * 3
        while_running = server.recording.path.stat().st_mode & 0o777
    assert while_running == 0o600
    assert server.recording.path.stat().st_mode & 0o777 == 0o600
