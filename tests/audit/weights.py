"""The float32 initializers of a written model, to be read and spoiled in place. Standard library only."""

import array
import math
import random

GRAPH, INITIALIZER = 7, 5  # fields of ModelProto and GraphProto
DIMS, DATA_TYPE, NAME, RAW_DATA = 1, 2, 8, 9  # of TensorProto
FLOAT = 1


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data, at, end):
    """(field, value or None, start, end) of each field of a message."""
    while at < end:
        tag, at = varint(data, at)
        wire = tag & 7
        value, start = None, at
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 2:
            length, start = varint(data, at)
            at = start + length
        else:
            at += {1: 8, 5: 4}[wire]
        yield tag >> 3, value, start, at


class Weights:
    """A file in memory; tensors are arrays of numbers that can be put back."""

    def __init__(self, path):
        self.data = bytearray(open(path, "rb").read())
        self.places = {}
        for graph in self.messages(0, len(self.data), GRAPH):
            for tensor in self.messages(*graph, INITIALIZER):
                self.note(*tensor)

    def messages(self, at, end, field):
        return [(f[2], f[3]) for f in fields(self.data, at, end) if f[0] == field]

    def note(self, at, end):
        dims, kind, name, raw = [], None, "", None
        for field, value, start, stop in fields(self.data, at, end):
            if field == DIMS:
                dims.append(value)
            elif field == DATA_TYPE:
                kind = value
            elif field == NAME:
                name = self.data[start:stop].decode()
            elif field == RAW_DATA:
                raw = (start, stop)
        if kind == FLOAT and raw:
            self.places[name] = raw

    def get(self, name):
        start, stop = self.places[name]
        return array.array("f", bytes(self.data[start:stop]))

    def put(self, name, values):
        start, stop = self.places[name]
        self.data[start:stop] = array.array("f", values).tobytes()

    def save(self, path):
        open(path, "wb").write(self.data)


# ---- what can go wrong: functions of the values and of the tensor's row in the report


def zeroed(values, row):
    return [0.0] * len(values)


def scaled(factor):
    return lambda values, row: [factor * v for v in values]


def transposed_fans(values, row):
    """As He and LeCun would have it with fan_in and fan_out exchanged."""
    factor = math.sqrt(row["fan_in"] / row["fan_out"])
    return [factor * v for v in values]


def one(value):
    def spoil(values, row):
        values[len(values) // 2] = value
        return values

    return spoil


def equal_rows(values, row):
    columns = len(values) // row["shape"][0]
    return list(values[:columns]) * row["shape"][0]


def moved(values, row):
    return [v + row["std"] for v in values]


def other_law(values, row):
    """Two values, with the planned mean and spread."""
    rng = random.Random(1)
    return [rng.choice((-1, 1)) * row["std"] for _ in values]


def same_spread(values, row):
    """Independent numbers where orthogonal ones are planned."""
    rng = random.Random(1)
    return [rng.gauss(0, row["std"]) for _ in values]


def filled_with(value):
    return lambda values, row: [value] * len(values)
