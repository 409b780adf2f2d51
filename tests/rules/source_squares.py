# Lines that src/rules/cpu/quadratic-work.test.sql looks at, by their numbers.


def once(rows):
    kept = []
    for row in rows:
        if row not in kept:
            kept.append(row)
    return kept


def each(rows):
    kept = set()
    for row in rows:
        if row not in kept:
            kept.add(row)
    return kept


def near(points):
    for a in points:
        for b in points:
            yield distance(a, b)


def distance(a, b):
    return abs(a - b)


def missing(wanted, stocked):
    return [item for item in wanted if item.id not in [known.id for known in stocked]]


def joined(orders, customers):
    for customer in customers:
        customer.orders = [order for order in orders if order.customer == customer.id]


class Zones:
    def __init__(self, codes):
        self.served = [code.strip() for code in codes]
        self.known = {code.strip() for code in codes}

    def has(self, code):
        return code in self.served

    def knows(self, code):
        return code in self.known


def inside(zones, parcels):
    found = []
    for parcel in parcels:
        if zones.has(parcel.code) or zones.knows(parcel.code):
            found.append(parcel)
    return found


def check(zones, code):
    return zones.has(code)


def filled(text, fields):
    for name, value in fields.items():
        text = text.replace("{" + name + "}", value)
    return text
