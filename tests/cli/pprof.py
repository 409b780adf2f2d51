"""Print a profile of pprof as text: pprof.py FILE. Reads the wire format itself, as no reader of it is installed."""

import gzip
import sys


def fields(data):
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
        else:
            assert tag & 7 == 2, tag
            length = varint()
            yield tag >> 3, data[at:at + length]
            at += length
            assert at <= len(data)


def packed(data):
    values, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            values.append(value)
            value = shift = 0
    return values


def main(path):
    data = gzip.open(path).read()
    every = list(fields(data))
    strings = [value.decode() for field, value in every if field == 6]
    assert strings[0] == "" and len(set(strings)) == len(strings)
    functions = {d[1]: d for d in (dict(fields(value)) for field, value in every if field == 5)}
    # pprof takes a name that equals the system name for one of C++, and makes "<unknown>" of "<lambda>"
    assert all(d[2] and not d.get(3) for d in functions.values())
    locations = {}
    for field, value in every:
        if field == 4:
            location = dict(fields(value))
            line = dict(fields(location[4]))
            function = functions[line[1]]
            locations[location[1]] = f"{strings[function[2]]} {strings[function[4]]}:{line[2]}"
    types = [dict(fields(value)) for field, value in every if field == 1]
    print(*(f"{strings[t[1]]}/{strings[t[2]]}" for t in types))
    numbers = {field: value for field, value in every if field in (10, 12, 14)}
    print(f"{numbers[10] >= 0}, one in {numbers[12]} bytes, by {strings[numbers[14]]}")
    for field, value in every:
        if field == 2:
            sample = list(fields(value))
            stack = packed(dict(sample)[1])
            labels = [dict(fields(label)) for number, label in sample if number == 3]
            print(*packed(dict(sample)[2]), *(f"{strings[l[1]]}={strings[l[2]] if 2 in l else l[3]}" for l in labels),
                  " < ".join(locations[location] for location in stack))


main(sys.argv[1])
