"""Exports of a table, each kind with a library of its own, which few ask for."""

from flask import Flask, Response

app = Flask(__name__)
ROWS = [{"number": number, "name": f"name {number * 7 % 101}", "cents": number * 37 % 997} for number in range(60)]


def as_json():
    import json
    return json.dumps(ROWS)


def as_csv():
    import csv
    import io
    file = io.StringIO()
    writer = csv.DictWriter(file, ["number", "name", "cents"])
    writer.writerows(ROWS)
    return file.getvalue()


def as_xml():
    from xml.etree import ElementTree
    root = ElementTree.Element("rows")
    for row in ROWS[:20]:
        ElementTree.SubElement(root, "row", {key: str(value) for key, value in row.items()})
    return ElementTree.tostring(root)


def as_mail():
    from email.message import EmailMessage
    message = EmailMessage()
    message["Subject"] = "rows"
    message.set_content("\n".join(row["name"] for row in ROWS[:20]))
    return message.as_bytes()


def as_checked():
    from pydantic import TypeAdapter
    return TypeAdapter(list[dict]).dump_json(ROWS)


def as_archive():
    import io
    import zipfile
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("rows.txt", "\n".join(row["name"] for row in ROWS))
    return file.getvalue()


def as_query():
    import sqlalchemy
    table = sqlalchemy.table("rows", *(sqlalchemy.column(name) for name in ROWS[0]))
    return str(sqlalchemy.select(table))


def as_binary():
    import orjson
    return orjson.dumps(ROWS)


KINDS = {"json": as_json, "csv": as_csv, "xml": as_xml, "mail": as_mail, "checked": as_checked, "archive": as_archive,
         "query": as_query, "binary": as_binary}


@app.get("/rows/<kind>")
def rows(kind):
    return Response(KINDS[kind](), content_type="application/octet-stream")
