#!/usr/bin/env python3
"""How fast it is: whole processes against cp, numpy and torch, and tensors in memory against torch.

usage: run.py ONNX-WINIT [--cases A,B] [--runs N] [--peer-runs N] [--python INTERPRETER]... [--json FILE]

  kernels, orthogonal, threads     tensors in memory against torch.nn.init; two threads against one
  small, vgg16, lstm, large        whole processes: 0.8 MB, 553 MB, 134 MB and 8.6 GB of output
  huge                             24 GB, for its memory; only when asked for

INTERPRETER is a Python with numpy, onnx and torch; what it lacks is left out. Each of several takes
part with its own versions. FILE keeps the results of cases that were measured before and are not
measured now. Exit code 1 when a target is missed.
"""
import argparse
import json
import os
import sys

import kernels
import machine
import programs
import targets

DEFAULT = [*kernels.CASES, "small", "vgg16", "lstm", "large"]


def parse():
    """The command line, and which peers there are."""
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--cases", default=",".join(DEFAULT))
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--peer-runs", type=int, default=3)
    parser.add_argument("--python", action="append")
    parser.add_argument("--json", default="build/bench/bench.json")
    parser.add_argument("--models", default="build/bench")
    parser.add_argument("--measure", default="build/tools/measure")
    parser.add_argument("--bench-fill", default="build/tools/bench-fill")
    given = parser.parse_args()
    given.cases = given.cases.split(",")
    unknown = set(given.cases) - set(kernels.CASES) - set(programs.CASES)
    if unknown or given.runs < 1:
        parser.error(f"unknown cases: {', '.join(unknown)}" if unknown else "at least one run")
    given.pythons = [machine.Python(path) for path in given.python or [sys.executable]]
    for python in given.pythons:
        for lacking in python.lacks:
            print(f"NOT COMPARED: {python.path} has no {lacking}; its rows are left out", file=sys.stderr)
    return given


def earlier(path, about):
    """Cases measured before, of the same machine and versions."""
    try:
        with open(path, encoding="utf-8") as file:
            before = json.load(file)
    except (OSError, ValueError):
        return {}
    return before["cases"] if before.get("machine") == about else {}


def main():
    given = parse()
    about = machine.about(given.binary, given.pythons)
    given.level = about["level"]
    cases = earlier(given.json, about)
    os.makedirs(given.models, exist_ok=True)
    for case in given.cases:
        print(f"{case} ...", file=sys.stderr, flush=True)
        of = kernels if case in kernels.CASES else programs
        when = machine.moment()
        cases[case] = {**when, "runs": given.runs, **of.measure_case(given, case)}
    rows = targets.rows(cases, about["level"])
    with open(given.json, "w", encoding="utf-8") as file:
        json.dump({"machine": about, "rows": rows, "cases": cases}, file, indent=1)
        file.write("\n")
    print("\n".join(f"{key:11} {value}" for key, value in about.items()), targets.HEAD, sep="\n\n")
    print("\n".join(map(targets.line, rows)))
    sys.exit(any(found["held"] is False for found in rows))


if __name__ == "__main__":
    main()
