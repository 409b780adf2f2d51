"""The article's Flask app: TechEmpower's "single query", with the faults it was published with.

Every request opens and closes a connection (NullPool keeps none), writes the id into the
statement's text, and keeps the connection open when the query raises. A `CAUSE:` comment marks
the line that unslow must name; demo/run reads them.
"""

import os
from random import randint

from flask import Flask, jsonify
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

app = Flask(__name__)
engine = create_engine(os.environ["WORLD_URL"], poolclass=NullPool)


@app.get("/db")
def single_query():
    connection = engine.connect()  # CAUSE: db-connection-per-request
    statement = text(f"SELECT id, randomnumber FROM world WHERE id = {randint(1, 10000)}")
    row = connection.execute(statement).one()  # CAUSE: sql-literals-defeat-cache
    connection.close()
    return jsonify(id=row.id, randomNumber=row.randomnumber)
