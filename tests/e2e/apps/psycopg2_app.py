"""psycopg2 writes bound values into the text that it sends: who wrote them, the app or the driver?"""

import os
from random import randint

import psycopg2
from flask import Flask
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine(os.environ["WORLD_URL"])
kept = psycopg2.connect(os.environ["WORLD_URL"].replace("+psycopg2", ""))
kept.autocommit = True


@app.get("/bare")
def bare():
    with kept.cursor() as cursor:
        cursor.execute("SELECT randomnumber FROM world WHERE id = %s", (randint(1, 10000),))
        return str(cursor.fetchone()[0])


@app.get("/bound")
def bound():
    with engine.connect() as connection:
        statement = text("SELECT randomnumber FROM world WHERE id = :id")
        return str(connection.execute(statement, {"id": randint(1, 10000)}).scalar())


@app.get("/literal")
def literal():
    with engine.connect() as connection:
        statement = text(f"SELECT randomnumber FROM world WHERE id = {randint(1, 10000)}")
        return str(connection.execute(statement).scalar())  # CAUSE: sql-literals-defeat-cache
