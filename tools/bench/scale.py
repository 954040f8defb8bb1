#!/usr/bin/env python3
"""How long a model takes on so many machines, from what one machine was measured to do.

usage: scale.py BENCH.json [--bytes N] [--operations N] [--largest N] [--file-system BYTES/S]
                [--start S]

BENCH.json is what `make bench` left, with the case "large" or "vgg16", and "lstm". Bytes and
operations are those of the summary of "onnx-winit plan MODEL --format json". The model is

    time = start + bytes / min(machines * write, file system) + operations / (machines * compute)

where `write` is the rate of one whole process on one machine and `compute` its rate of floating-point
operations on orthogonal matrices. One such matrix is made by one process, so the last term is never
less than that of the largest one.
"""
import argparse
import json


def best(case, prefix="onnx-winit"):
    """The least time of a case."""
    return min(min(r["seconds"]) for name, r in case["contenders"].items() if name.startswith(prefix))


def calibrate(cases):
    """Bytes and operations that one machine does in a second."""
    large = cases.get("large") or cases["vgg16"]
    write = large["bytes"] / best(large)
    if "lstm" not in cases:
        return write, float("inf")
    units, blocks = 2048, 4  # of make_models.py: four square matrices, 4/3 n^3 operations each
    matrices = cases["lstm"]
    return write, blocks * 4 / 3 * units**3 / (best(matrices) - matrices["bytes"] / write)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n\n")[0])
    parser.add_argument("bench")
    parser.add_argument("--bytes", type=float, default=1e12)
    parser.add_argument("--operations", type=float, default=0)
    parser.add_argument("--largest", type=float, default=0)
    parser.add_argument("--file-system", type=float, default=50e9)
    parser.add_argument("--start", type=float, default=0.5)
    given = parser.parse_args()
    with open(given.bench, encoding="utf-8") as file:
        write, compute = calibrate(json.load(file)["cases"])
    print(f"one machine: {write / 1e9:.1f} GB/s, {compute / 1e9:.0f} GFLOP/s; "
          f"file system: {given.file_system / 1e9:g} GB/s from {given.file_system / write:.1f} machines on")
    print(f"{'machines':>9}{'seconds':>10}{'GB/s':>8}  bound by")
    for machines in [1, 2, 4, 8, 16, 32, 64, 128, 256]:
        writing = given.bytes / min(machines * write, given.file_system)
        computing = max(given.operations / machines, given.largest) / compute
        total = given.start + writing + computing
        bound = ("matrices" if computing > writing else
                 "the file system" if machines * write >= given.file_system else "machines")
        print(f"{machines:9}{total:10.1f}{given.bytes / total / 1e9:8.1f}  {bound}")


main()
