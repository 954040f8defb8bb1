#!/usr/bin/env python3
"""How long a model takes on so many machines, from what one machine was measured to do.

usage: scale.py BENCH.json [--bytes N] [--operations N] [--largest N] [--file-system BYTES/S]
                [--start S]

BENCH.json is what `make bench` left, with the cases "vgg16", "large" or "huge", and "lstm". Bytes and
operations are those of the summary of "onnx-winit plan MODEL --format json". The model is

    time = start + bytes / min(machines * write, file system) + operations / (machines * compute)

where `write` is the rate of one whole process on one machine and `compute` its rate of floating-point
operations on orthogonal matrices. One such matrix is made by one process, so the last term is never
less than that of the largest one.

There are two rates of writing, and a table for each: "memory", of case "vgg16", where the output stays
in the page cache and the disk gets it later; "disk", of "large" or "huge", which are too large for that.
A file of 2 GiB or more, each shard of it too, is written at the rate of the disk.
"""
import argparse
import json

RATES = [("memory", ["vgg16"]), ("disk", ["large", "huge"])]


def best(case, prefix="onnx-winit"):
    """The least time of a case."""
    return min(min(r["seconds"]) for name, r in case["contenders"].items() if name.startswith(prefix))


def calibrate(cases):
    """Bytes by kind of rate, and operations, that one machine does in a second."""
    write = {kind: cases[case]["bytes"] / best(cases[case])
             for kind, of in RATES for case in reversed(of) if case in cases}
    if "lstm" not in cases or not write:
        return write, float("inf")
    units, blocks = 2048, 4  # of make_models.py: four square matrices, 4/3 n^3 operations each
    matrices = cases["lstm"]
    rest = best(matrices) - matrices["bytes"] / next(iter(write.values()))
    return write, blocks * 4 / 3 * units**3 / rest


def print_table(given, write, compute):
    """Seconds by number of machines, up to where more of them gain nothing."""
    before = None
    print(f"{'machines':>9}{'seconds':>10}{'GB/s':>8}  bound by")
    for machines in [1, 2, 4, 8, 16, 32, 64, 128, 256]:
        writing = given.bytes / min(machines * write, given.file_system)
        computing = max(given.operations / machines, given.largest) / compute
        total = given.start + writing + computing
        if total == before:
            break
        before = total
        bound = ("matrices" if computing > writing else
                 "the file system" if machines * write >= given.file_system else "machines")
        print(f"{machines:9}{total:10.1f}{given.bytes / total / 1e9:8.1f}  {bound}")


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
        rates, compute = calibrate(json.load(file)["cases"])
    print(f"one machine: {compute / 1e9:.0f} GFLOP/s; file system: {given.file_system / 1e9:g} GB/s")
    for kind, of in RATES:
        if kind not in rates:
            print(f"\n{kind}: NOT MEASURED: the benchmark has no case {' or '.join(of)}")
            continue
        write = rates[kind]
        print(f"\n{kind}: {write / 1e9:.2f} GB/s a machine, {compute / write:.0f} operations a byte; "
              f"the file system's rate from {given.file_system / write:.1f} machines on")
        print_table(given, write, compute)


main()
