"""Finds articles by several columns."""

import os
from zlib import crc32

from flask import Flask, jsonify, request
from sqlalchemy import Integer, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

app = Flask(__name__)
engine = create_engine(os.environ["WORLD_URL"])


class Cents(TypeDecorator):
    impl = Integer
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value

    def process_result_value(self, value, dialect):
        return value


class Base(DeclarativeBase):
    pass


class Article(Base):
    __tablename__ = "world"
    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[int] = mapped_column("randomnumber", Cents)


def found(low):
    pairs = [Article.price + number > low for number in range(12)]
    question = (select(Article.id, Article.price, func.abs(Article.price - low).label("away"))
                .where(Article.id.between(low, low + 40), *pairs).order_by(Article.price).limit(5))
    with Session(engine) as session:
        return session.execute(question).all()


def label(number):
    code = 0
    for step in range(40):
        code = crc32(b"%d" % (number + step), code)
    return f"{code:08x}"


@app.get("/find")
def find():
    low = int(request.args.get("low", 30))
    return jsonify([{"article": number, "price": price, "away": away, "label": label(number)}
                    for number, price, away in found(low)])
