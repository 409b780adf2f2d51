from flask import render_template_string


def shelf(rows):
    return render_template_string("{% for row in rows %}{{ row }}{% endfor %}", rows=rows)
