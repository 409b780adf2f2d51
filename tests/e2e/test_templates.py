"""A fault inside a template is told at the line that renders it."""

import os
import sys

import harness

CAUSE = "n-plus-one-queries"


def test_queries_of_a_template_are_told_where_it_is_rendered(watched):
    command = lambda port: harness.gunicorn(sys.executable, "template_app:app", port)  # noqa: E731
    with watched(command) as server:
        assert server.load("/books", 40) == [200] * 40
    found = [each for each in server.recording.why()["findings"] if each["cause"] == CAUSE]
    assert len(found) == 1
    place = found[0]["where"][0]
    assert os.path.basename(place["file"]) == "template_app.py"
    assert place["line"] == harness.marked(harness.APPS / "template_app.py", CAUSE)
    sql = "SELECT DISTINCT kind FROM v1_frame WHERE file LIKE '%books.html'"
    assert [kind for (kind,) in server.recording.query(sql)] == ["generated"]
