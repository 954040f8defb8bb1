"""ONNX messages written by hand, so that wrong ones can be written too. Standard library only."""

import struct

FLOAT, UINT8, INT8, INT32, INT64, STRING, BOOL, FLOAT16, DOUBLE = 1, 2, 3, 6, 7, 8, 9, 10, 11


def varint(number):
    """A varint; negative numbers as protobuf's int64 has them."""
    number %= 1 << 64
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def tag(field, wire):
    return varint(field << 3 | wire)


def num(field, number):
    return tag(field, 0) + varint(number)


def block(field, *parts):
    """A field of bytes, text or a message."""
    content = b"".join(p.encode() if isinstance(p, str) else p for p in parts)
    return tag(field, 2) + varint(len(content)) + content


def fixed32(field, value):
    return tag(field, 5) + struct.pack("<f", value)


def floats(count, value=0.5):
    return struct.pack("<f", value) * count


def entry(key, value):
    """One entry of TensorProto.external_data."""
    return block(13, block(1, key), block(2, value))


def tensor(name="w", dims=(2, 3), dtype=FLOAT, *more):
    """The content of a TensorProto; without values unless `more` has them."""
    return (
        b"".join(num(1, d) for d in dims)
        + num(2, dtype)
        + (block(8, name) if name is not None else b"")
        + b"".join(more)
    )


def raw(content):
    return block(9, content)


def initializer(*args):
    return block(5, tensor(*args))


def attribute(name, kind, *fields):
    """A field of NodeProto: an attribute of a kind (FLOAT 1, INT 2, STRING 3, TENSOR 4, GRAPH 5,
    FLOATS 6, INTS 7, ..., SPARSE_TENSOR 11)."""
    return block(5, block(1, name), *fields, num(20, kind))


def ints(name, values):
    return attribute(name, 7, block(8, b"".join(varint(v) for v in values)))


def integer(name, value):
    return attribute(name, 2, num(3, value))


def body(name, content):
    return attribute(name, 5, block(6, content))


def node_content(op, inputs=(), outputs=(), *more):
    return (
        b"".join(block(1, i) for i in inputs)
        + b"".join(block(2, o) for o in outputs)
        + block(4, op)
        + b"".join(more)
    )


def node(op, inputs=(), outputs=(), *more):
    """A field of GraphProto."""
    return block(1, node_content(op, inputs, outputs, *more))


def value_info(name, dims=(1, 2), dtype=FLOAT):
    shape = b"".join(
        block(1, block(2, d)) if isinstance(d, str) else block(1, num(1, d)) for d in dims
    )
    return block(1, name) + block(2, block(1, num(1, dtype), block(2, shape)))


def inp(name="x", dims=(1, 2), dtype=FLOAT):
    return block(11, value_info(name, dims, dtype))


def out(name="y", dims=(1, 3), dtype=FLOAT):
    return block(12, value_info(name, dims, dtype))


def graph(*parts, name="g"):
    return b"".join(parts) + block(2, name)


def opset(version=17, domain=""):
    return block(8, block(1, domain), num(2, version))


def model(*parts, ir=8, opsets=None, more=b""):
    """A whole file of the parts of its graph."""
    return num(1, ir) + block(7, graph(*parts)) + (opset() if opsets is None else opsets) + more


def with_tensor(*args):
    """A model in which a tensor is the weight of a MatMul."""
    return model(inp(), out(), initializer(*args), node("MatMul", ["x", "w"], ["y"]))


def linear(*more):
    """The plain model of which the others are damaged versions."""
    return model(
        inp(), out(), initializer("w", (2, 3)), node("MatMul", ["x", "w"], ["y"]), *more
    )


def function(name, inputs, outputs, *nodes, domain="f", more=b""):
    """A field of ModelProto: a local function of these nodes (node_content)."""
    return block(
        25,
        block(1, name),
        b"".join(block(4, i) for i in inputs),
        b"".join(block(5, o) for o in outputs),
        b"".join(block(7, n) for n in nodes),
        block(9, num(2, 17)),
        block(10, domain),
        more,
    )


def call(name, inputs, outputs, *more):
    """A call of a local function, as node content."""
    return node_content(name, inputs, outputs, block(7, "f"), *more)
