#!/usr/bin/env python3
"""Writes the hostile files into a folder: generate.py FOLDER [--small].

With --small only those of a few kilobytes that are not made to cost much: seeds for the fuzzers.
Standard library only.
"""

import pathlib
import sys

import costs
import format
import graphs
import tensors

CASES = {}
for module in (format, tensors, graphs, costs):
    for name, made in module.CASES.items():
        if name in CASES:
            sys.exit(f"two cases are called {name}")
        CASES[name] = made


def main(folder, small=False):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in CASES.items():
        if small and name in costs.CASES:
            continue
        content = made()
        if not small or len(content) <= 4096:
            (folder / f"{name}.onnx").write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1], "--small" in sys.argv)
