"""Timetables of a line, as a page."""

from flask import Flask
from jinja2 import DictLoader

app = Flask(__name__)
app.jinja_loader = DictLoader({"line.html": """<!doctype html><title>{{ line }}</title><table>
{% for stop in stops %}<tr><td>{{ stop.name|title }}</td>{% for time in stop.times %}<td>{{ '%02d'|format(time // 60) }}:{{ '%02d'|format(time % 60) }}</td>
{% endfor %}</tr>{% endfor %}</table>"""})
STOPS = [{"name": f"stop {n}", "times": [(300 + n * 3 + k * 20) % 1440 for k in range(24)]} for n in range(220)]


def lines():
    found = {stop["name"][-1]: stop for stop in STOPS}
    return sorted(found)


@app.get("/line/<name>")
def line(name):
    page = app.jinja_env.get_template("line.html")
    return page.render(line=name, stops=STOPS, others=lines())
