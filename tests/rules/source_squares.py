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
