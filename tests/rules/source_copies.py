# Lines that src/rules/cpu/deep-copy.test.sql looks at, by their numbers.
import json


def fresh(defaults):
    return json.loads(json.dumps(defaults))


def stored(text):
    return json.loads(text)
