"""A server whose requests were none, or not recognised: said first, and nothing is made of its start."""

import sys

import harness


def about(server):
    answer = server.recording.why()
    assert answer["basis"] == "request" and answer["findings"] == []
    assert set(answer["ledger"].values()) == {0}
    return answer["notes"][0]


def test_a_known_server_without_a_request(watched):
    # its application opens a database when it is loaded, so that the process is seen
    server = watched(lambda port: harness.gunicorn(sys.executable, "idle_app:app", port))
    with server:
        pass
    # waiting for the port connects once, and sends nothing
    note = about(server)
    assert note.startswith("gunicorn was started, but no request was recognised in the 1 connection ")
    assert "none was sent, or" in note


def test_a_server_that_is_not_known(watched):
    def command(port):
        return [sys.executable, "unknown_server.py", str(port), str(harness.net.free_port())]

    server = watched(command)
    with server:
        assert server.load("/", 5) == [200] * 5
    note = about(server)
    assert note.startswith("a server was started, but no request was recognised in the ")
    assert "unslow does not know this server. It knows gunicorn" in note and "Flask" in note
    assert "Time of one" not in server.stderr() and "No known cause" not in server.stderr()


def test_a_server_that_listens_in_its_first_moments(watched):
    server = watched(lambda port: [sys.executable, "early_server.py", str(port)])
    with server:
        assert server.load("/", 5) == [200] * 5
    note = about(server)
    assert note.startswith("a server was started, but no request was recognised in the ")
    assert "nothing is known" not in server.stderr()
