#!/usr/bin/env python3
"""Initialises each model and has the result checked and run by others.

usage: run_outputs.py ONNX-WINIT FOLDER...

For each FOLDER/*.onnx: onnx-winit writes a model and a report; onnx.checker accepts the model; every
filled tensor has data of the right size, finite, and spread as the report says; every kept tensor is
what it was, byte for byte; ONNX Runtime loads the model, runs it on random inputs, and all outputs
are finite.
"""
import glob
import json
import math
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnx.numpy_helper
import onnxruntime

SIGMAS = 6  # a correct tensor falls outside once in 500 million


class Wrong(Exception):
    """What is wrong with an output, in one line."""


def tensors_in(nodes, path, found):
    """Adds the tensors of nodes and of the graphs in them, as (path of the graph, name)."""
    for node in nodes:
        for attribute in node.attribute:
            if attribute.HasField("t") and node.op_type == "Constant":
                found[path, node.output[0]] = attribute.t
            for body in [attribute.g] if attribute.HasField("g") else attribute.graphs:
                label = node.name or (list(node.output) + [""])[0] or node.op_type
                inner = f"{path}/{label}.{attribute.name}"
                found.update({(inner, tensor.name): tensor for tensor in body.initializer})
                tensors_in(body.node, inner, found)


def tensors_of(model):
    """Every tensor that a row of a report may be about."""
    found = {("main", tensor.name): tensor for tensor in model.graph.initializer}
    tensors_in(model.graph.node, "main", found)
    for function in model.functions:
        tensors_in(function.node, f"{function.domain}:{function.name}", found)
    return found


def check_spread(name, values, part):
    """Whether the values are drawn from what the row, or a part of it, plans."""
    if part["value"] is not None:
        if not np.allclose(values, part["value"], rtol=1e-3, atol=0):
            raise Wrong(f"{name}: not all values are {part['value']}")
        return
    if values.size < 64 or not part["std"]:
        return
    spread = math.sqrt(float(np.mean(np.square(values, dtype=np.float64))))
    error = SIGMAS / math.sqrt(2 * values.size) + 1e-3
    if abs(spread / part["std"] - 1) > error:
        raise Wrong(f"{name}: spread {spread:.6g}, planned {part['std']:.6g} +- {error:.2%}")


def check_filled(row, tensor):
    """Whether a filled tensor holds what its row says."""
    values = onnx.numpy_helper.to_array(tensor).astype(np.float64)
    if list(values.shape) != row["shape"]:
        raise Wrong(f"{row['name']}: shape {list(values.shape)}, planned {row['shape']}")
    if not np.isfinite(values).all():
        raise Wrong(f"{row['name']}: values that are not finite")
    if row["low"] is not None and (values.min() < row["low"] or values.max() > row["high"]):
        raise Wrong(f"{row['name']}: values outside {row['low']} .. {row['high']}")
    for part in row["blocks"]:
        box = tuple(slice(o, o + e) for o, e in zip(part["offset"], part["extent"]))
        check_spread(f"{row['name']} ({part['label']})", values[box], part)
    if not row["blocks"]:
        check_spread(row["name"], values, row)


def check_tensors(report, before, after):
    """Every row of the report against the tensors of input and output."""
    for row in report["tensors"]:
        key = row["graph"], row["name"]
        if row["action"] == "fill":
            if key not in after:
                raise Wrong(f"{row['name']}: filled, but not in the output")
            check_filled(row, after[key])
        elif key in before:
            if key not in after or (before[key].SerializeToString(deterministic=True)
                                    != after[key].SerializeToString(deterministic=True)):
                raise Wrong(f"{row['name']}: kept, but not what it was")


def random_input(described, rng, batch=2):
    """A tensor for an input: dynamic axes are 2, the first `batch`; integers are small enough to be indices."""
    shape = [d if isinstance(d, int) and d > 0 else (2 if k else batch) for k, d in enumerate(described.shape)]
    kind = described.type[len("tensor("):-1]
    if kind == "bool":
        return np.ones(shape, dtype=bool)
    if kind.startswith(("int", "uint")):
        return rng.integers(0, 2, shape).astype(kind)
    types = {"float": np.float32, "double": np.float64, "float16": np.float16}
    return rng.standard_normal(shape).astype(types[kind])


def run(path):
    """Runs a model once; all outputs must be finite."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    feed = {i.name: random_input(i, rng) for i in session.get_inputs()}
    for described, value in zip(session.get_outputs(), session.run(None, feed)):
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and not np.isfinite(value).all():
            raise Wrong(f"output {described.name} is not finite")


def check_model(binary, path, folder):
    """Everything about one model; returns how many tensors were filled."""
    output, report_path = os.path.join(folder, "out.onnx"), os.path.join(folder, "report.json")
    done = subprocess.run([binary, path, "-o", output, "--force", "--quiet", "--report", report_path],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise Wrong(f"exit {done.returncode}: {done.stderr.strip()}")
    with open(report_path, encoding="utf-8") as file:
        report = json.load(file)
    before, after = onnx.load(path), onnx.load(output)
    check_tensors(report, tensors_of(before), tensors_of(after))
    onnx.checker.check_model(after, full_check=True)
    run(output)
    return report["summary"]["filled"]


def main():
    binary = sys.argv[1]
    failed = passed = filled = 0
    for model_folder in sys.argv[2:]:
        for path in sorted(glob.glob(os.path.join(model_folder, "*.onnx"))):
            name = os.path.basename(path)
            with tempfile.TemporaryDirectory() as folder:
                try:
                    filled += check_model(binary, path, folder)
                    passed += 1
                    print(f"ok - outputs/{name}")
                except Exception as error:  # of whichever judge: it is about this model
                    failed += 1
                    print(f"not ok - outputs/{name}: {str(error).strip().splitlines()[0][:200]}")
    print(f"# {passed} of {passed + failed} models accepted and run, {filled} tensors filled")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
