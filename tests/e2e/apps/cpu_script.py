"""A script that computes: one loop is all of its time, less than a second on any machine of today."""


def compute(rounds):
    total = 0
    for number in range(rounds):
        total += number * number % 7  # CAUSE: hot-python-loop
    return total


def main():
    print(compute(8_000_000) > 0)


main()
