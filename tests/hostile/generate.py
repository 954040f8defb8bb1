#!/usr/bin/env python3
"""Writes the hostile files into a folder: generate.py FOLDER. Standard library only."""

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


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in CASES.items():
        (folder / f"{name}.onnx").write_bytes(made())


if __name__ == "__main__":
    main(sys.argv[1])
