"""Letters to readers of a magazine."""

from flask import Flask

app = Flask(__name__)
ISSUES = [{"issue": number, "title": f"on {number * 7 % 31} things"} for number in range(12)]
ready = {}
LETTER = """<p>Dear reader {{ name }},</p>
<ul>{% for issue in issues %}<li>{{ issue.issue }}: {{ issue.title }}</li>{% endfor %}</ul>
{% if issues|length > 5 %}<p>These are many.</p>{% else %}<p>These are all.</p>{% endif %}
"""


def text_of(name):
    return LETTER.replace("{{ name }}", name)


def letter_of(name):
    text = text_of(name)
    if text not in ready:
        ready[text] = app.jinja_env.from_string(text)  # mark: a
    return ready[text].render(issues=ISSUES, name=name)


def chosen(reader):
    return sum((reader * number) % 13 for number in range(400)) % 12


@app.get("/letter/<int:reader>")
def letter(reader):
    return letter_of(f"number {reader}") + f"<p>{ISSUES[chosen(reader)]['title']}</p>"
