"""Calls functions with arguments that are known: what is counted of them, test_calls_arguments.py says."""
import enum
import os
import random
import sys
import threading

SAME_VALUES = (
    "None", "True", "False", "0", "1", "-1", "2 ** 30 - 1", "2 ** 30", "-2 ** 30", "2 ** 200", "-2 ** 200",
    "0.0", "0.5", "1.0", "1j", "2j", "''", "'a'", "'b'", "'\\xe4'", "'\\u0436'", "'\\U0001d11e'", "'mustneverbeseen' * 300", "b''", "b'a'",
    "b'a' * 5000", "()", "(1,)", "((1,),)", "(1, 2)", "('a', None)", "frozenset()", "frozenset({1, 2})",
    "frozenset({(1, 'a'), 3})", "range(3)", "range(4)", "range(0, 3, 2)", "...", "len", "max", "sys", "os", "str", "Shop",
    "values", "others", "1 if sys else 2 ** 64", "ONE", "TWO",
)
OTHER_VALUES = ("lambda: 1", "[]", "{}", "set()", "bytearray()", "object()", "Shop(1)", "Colour.RED", "[].append", "Shop(1).price",
                "(lambda n: lambda: n)(1)", "'a' * 9000", "b'a' * 9000", "tuple(range(300))", "2 ** 100000",
                "(((((((1,),),),),),),)", "([],)", "Text('a')", "threading.Lock()", "frozenset(range(5000))")


class Text(str):
    pass


class Colour(enum.Enum):
    RED = 1


class Shop:
    def __init__(self, rate):
        self.rate = rate
        self.sold = 0

    def price(self, cents):
        return cents * self.rate

    def sell(self, cents):
        self.sold += cents
        return self.sold

    def inner_price(self, cents):
        return (lambda: cents * self.rate)()

    @classmethod
    def named(cls, name):
        return cls.__name__ + name


def values(value):
    return value


def others(value):
    return 1


def keywords(first, *rest, last=1, **more):
    return [first, rest, last, more]


def keywords_in_a_cell(**more):
    return sum(more[name] for name in more)


def captured(first, second):
    return (lambda: first + second)()


def make(number):
    def inner(value):
        return value + number
    return inner


def chance(number):
    return number + random.getrandbits(60)


def effect(number):
    EFFECTS.append(number)


def lists(number):
    return [{"number": number}, {number, 2}, (number,)]


def objects(number):
    return Shop(number)


def fails(number):
    raise ValueError(number)


def fib(number):
    return number if number < 2 else fib(number - 1) + fib(number - 2)


def many(number):
    return number


def burn(number):
    return sum(i % 7 for i in range(20000)) + number


def generates(number):
    yield number


async def awaits(number):
    return number


EFFECTS = []
ONE, TWO = lambda: 1, lambda: 2


def call_all():
    for text in SAME_VALUES:
        for _ in range(2):
            values(eval(text))  # made anew each time
    for text in OTHER_VALUES:
        for _ in range(2):
            others(eval(text))
    shop = Shop(2)
    for cents in (1, 2, 1, 2):
        shop.price(cents)
        shop.sell(cents)
        shop.inner_price(cents)
        Shop.named("x")
    for positional, named in ((1,), {}), ((1,), {"last": 1}), ((1, 2), {}), ((1, 2), {"last": 3}), ((1,), {"c": 2}), ((1,), {"c": 2}):
        keywords(*positional, **named)
    for pair in ((1, 2), (2, 1), (1, 2), (2, 1), (3, 0)):
        captured(*pair)
    for amount in (1, 2, 1):
        keywords_in_a_cell(a=amount)
    first, second = make(1), make(2)
    for inner in (first, second, first, second):
        inner(5)
    for number in (1, 2) * 5:
        chance(number)
        effect(number)
        lists(number)
        objects(number)
        list(generates(number))
        awaits(number).close()
        try:
            fails(number)
        except ValueError:
            pass
    fib(6)


def main(mode):
    if mode == "all":
        call_all()
    elif mode == "many":
        for number in range(30000):
            many(number)
        for number in range(500):
            many(number)
    elif mode == "time":
        for number in (1, 2, 3, 4) * 25:
            burn(number)
    elif mode == "threads":
        threads = [threading.Thread(target=lambda: [many(number) for number in range(50)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:
        many(1)
        child = os.fork()
        for number in range(3 if child else 5):
            many(number)
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)


main(sys.argv[1])
