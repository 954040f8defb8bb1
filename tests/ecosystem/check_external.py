#!/usr/bin/env python3
"""External data there and back, judged by onnx.checker and ONNX Runtime.

usage: check_external.py ONNX-WINIT

One model is saved in three forms: values inside, in one data file, in a file for each tensor. From
each, onnx-winit writes every form into another folder. The input's data files then go away, and
every output must pass the checker, load, run, and hold the same values.
"""
import itertools
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnx.checker
import onnx.external_data_helper as external
import onnx.numpy_helper
import onnx.parser
import onnxruntime

TEXT = """
<ir_version: 8, opset_import: ["" : 17]>
agraph (float[2,300,64] x) => (float[2,300,32] y)
<float[400,64] table, int64[300] ids, float[64,96] w0, float[96] b0, float[96,32] w1, float[32] b1>
{
    rows = Gather(table, ids)
    placed = Add(x, rows)
    h0 = MatMul(placed, w0)
    h1 = Add(h0, b0)
    h2 = Relu(h1)
    h3 = MatMul(h2, w1)
    y = Add(h3, b1)
}
"""


def build():
    """The model with values: zeros, and ids that must be kept."""
    model = onnx.parser.parse_model(TEXT)
    for info in [i for i in model.graph.value_info if i.name in ("table", "ids", "w0", "b0", "w1", "b1")]:
        shape = [d.dim_value for d in info.type.tensor_type.shape.dim]
        values = np.arange(300)[::-1] if info.name == "ids" else np.zeros(shape, np.float32)
        model.graph.initializer.append(onnx.numpy_helper.from_array(np.ascontiguousarray(values), info.name))
        model.graph.value_info.remove(info)
    return model


def save(model, folder, form):
    """Writes the model in one form; returns its path."""
    path = os.path.join(folder, f"{form}.onnx")
    if form == "inside":
        onnx.save(model, path)
    else:
        onnx.save_model(model, path, save_as_external_data=True, size_threshold=1024,
                        all_tensors_to_one_file=form == "one", location="one.bin" if form == "one" else None)
    return path


def check_places(path, expected):
    """Which tensors are external, and that they stand in the output's own data file, on pages."""
    model = onnx.load(path, load_external_data=False)
    outside = set()
    for tensor in external._get_all_tensors(model):  # pylint: disable=protected-access
        if external.uses_external_data(tensor):
            info = external.ExternalDataInfo(tensor)
            assert info.location == os.path.basename(path) + ".data", f"{tensor.name}: in {info.location}"
            assert info.offset % 4096 == 0, f"{tensor.name}: at {info.offset}"
            outside.add(tensor.name)
    assert outside == expected, f"{path}: outside are {sorted(outside)}"


def run(path):
    """What ONNX Runtime makes of the model."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    x = np.random.default_rng(0).standard_normal((2, 300, 64)).astype(np.float32)
    return session.run(None, {"x": x})[0]


def check(binary, source, source_form, form, folder):
    """One output; returns its values."""
    path = os.path.join(folder, f"{source_form}-{form}.onnx")
    subprocess.run([binary, source, "-o", path, "--external", form, "--quiet", "--seed", "3"], check=True)
    large = {"table", "ids", "w0", "w1"}
    outside = form == "always" or (form == "auto" and source_form != "inside")
    check_places(path, large if outside else set())
    return path


def main():
    binary = sys.argv[1]
    values, results = [], []
    with tempfile.TemporaryDirectory() as old, tempfile.TemporaryDirectory() as new:
        forms = ["inside", "one", "many"]
        sources = {form: save(build(), old, form) for form in forms}
        paths = [check(binary, sources[a], a, b, new)
                 for a, b in itertools.product(forms, ["auto", "always", "never"])]
        for name in os.listdir(old):
            os.unlink(os.path.join(old, name))
        for path in paths:
            onnx.checker.check_model(path, full_check=True)
            model = onnx.load(path)
            values.append({t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer})
            results.append(run(path))
    assert np.array_equal(values[0]["ids"], np.arange(300)[::-1])
    assert np.isfinite(results[0]).all() and results[0].std() > 0.01, results[0].std()
    for other, result in zip(values[1:], results[1:]):
        assert all(np.array_equal(values[0][name], other[name]) for name in values[0])
        assert np.array_equal(results[0], result)
    print(f"{len(paths)} outputs accepted and run, all with the same values")


main()
