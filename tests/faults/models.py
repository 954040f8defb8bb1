"""Models made for a fault. Standard library only."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "hostile"))
import wire  # noqa: E402


def model_with(location):
    """A weight to fill, and integers that are kept and whose values are in an external file."""
    kept = wire.tensor("k", (64,), wire.INT32, wire.num(14, 1), wire.entry("location", location),
                       wire.entry("offset", "0"), wire.entry("length", "256"))
    return wire.model(wire.inp("x", (1, 8)), wire.out("y", (1, 8)), wire.block(5, kept),
                      wire.initializer("w", (8, 8)), wire.node("MatMul", ["x", "w"], ["y"]),
                      wire.node("Identity", ["k"], ["unused"]))


def slow_model():
    """Much work for a processor, as orthogonal matrices of 2048 x 2048."""
    weights = b"".join(wire.initializer(f"w{i}", (2048, 2048)) for i in range(6))
    nodes = b"".join(wire.node("MatMul", [f"v{i}", f"w{i}"], [f"v{i + 1}"]) for i in range(6))
    return wire.model(wire.inp("v0", (1, 2048)), wire.out("v6", (1, 2048)), weights, nodes)
