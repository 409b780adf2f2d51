"""A script that computes: one loop is all of its time, about a second."""


def compute(rounds):
    total = 0
    for number in range(rounds):
        total += number * number % 7  # CAUSE: hot-python-loop
    return total


def main():
    print(compute(25_000_000) > 0)


main()
