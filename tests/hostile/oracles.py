#!/usr/bin/env python3
"""What onnx.checker and ONNX Runtime say about each hostile file, into expected.tsv: oracles.py BUILD.

Weights without values are our input and no fault, so where the program accepts a file, its output
is judged; else the file. Needs onnx and onnxruntime (tests/ecosystem/requirements.txt). Each is
judged in a process of its own with 20 seconds: A accepts, R refuses, C crashes, T takes longer.
"""

import pathlib
import subprocess
import sys
import tempfile

import generate
import run

CHECK = "import onnx, sys; onnx.checker.check_model(sys.argv[1])"
LOAD = """
import onnxruntime, sys
onnxruntime.set_default_logger_severity(4)
onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
"""


def verdict(code, path):
    try:
        done = subprocess.run([sys.executable, "-c", "import resource; resource.setrlimit("
                               "resource.RLIMIT_AS, (4 << 30, 4 << 30))\n" + code, path],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20)
    except subprocess.TimeoutExpired:
        return "T"
    return "A" if done.returncode == 0 else "R" if done.returncode == 1 else "C"


def main():
    program = str((pathlib.Path(sys.argv[1]) / "onnx-winit").resolve())
    rows = run.read_table()
    with tempfile.TemporaryDirectory() as folder:
        generate.main(folder)
        for name, row in rows.items():
            path = str(pathlib.Path(folder) / f"{name}.onnx")
            if run.run(program, pathlib.Path(folder), name)[0] == 0:
                path = str(pathlib.Path(folder) / "out.onnx")
            row["onnx"], row["ort"] = verdict(CHECK, path), verdict(LOAD, path)
            if row["exit"] == "0" and "A" != row["onnx"] + row["ort"] != "AA":
                print(f"{name}: we accept, onnx {row['onnx']}, ort {row['ort']}", flush=True)
    run.write_table(rows)


if __name__ == "__main__":
    main()
