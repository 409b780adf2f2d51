"""Baskets of a shop: what is in one, and what it costs with the tax of a country."""

from flask import Flask, jsonify

app = Flask(__name__)
TAX = {"at": 20, "de": 19, "fr": 20, "nl": 21}
ARTICLES = [{"article": number, "name": f"article {number}", "cents": 199 + number * 53 % 4000} for number in range(500)]


class Basket:
    def __init__(self, customer):
        self.customer = customer
        self.lines = [{"article": number, "pieces": customer % 5 + 1, "cents": 199 + number * 53} for number in range(customer % 7, customer % 7 + 40)]

    def total(self, country):
        cents = sum(line["cents"] * line["pieces"] for line in self.lines)
        return cents + cents * TAX[country] // 100


def offers(customer):
    chosen = [article for article in ARTICLES if article["cents"] % 11 == customer % 11]
    return [article["name"] for article in sorted(chosen, key=lambda article: article["cents"])[:5]]


@app.get("/basket/<int:customer>")
def basket(customer):
    found = Basket(customer)
    return jsonify(lines=len(found.lines), total=found.total("de"), free=found.total("de") > 5000, offers=offers(customer))
