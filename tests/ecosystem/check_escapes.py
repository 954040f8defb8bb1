#!/usr/bin/env python3
"""Text of a model reaches no terminal and no report as anything but text.

usage: check_escapes.py ONNX-WINIT

Models carry hostile text in every field that has any: names of graph, nodes, tensors, axes, domains and
operators, doc strings, producer, metadata. Every output form of every command is read for control and
bidirectional characters, lines of their own, formulas in CSV, markup in HTML, and broken JSON.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

from onnx import TensorProto, helper, save

HOSTILE = ["\x1b[31mred", "a\nb", "\"q\",'x", "=1+1", "@x", "<script>alert(1)</script>", "\u202eevil", "\x07bell",
           "é|`*_", "\u2028line", "\x9b31m", "\x7f"]
FORMATS = ["table", "summary", "json", "csv", "md", "html"]
FLOAT = TensorProto.FLOAT


def model(text):
    """A weight, a bias, a constant at an unknown operator; `text` in every name."""
    weight = TensorProto(name=text + "_weight", dims=[8, 8], data_type=FLOAT, doc_string=text)
    bias = TensorProto(name=text + "b", dims=[8], data_type=FLOAT)
    odd = helper.make_tensor(text + "c", FLOAT, [3, 5], list(range(15)))
    nodes = [
        helper.make_node("Gemm", ["x", weight.name, bias.name], [text + "h"], name=text + "_node", doc_string=text),
        helper.make_node("Relu", [text + "h"], [text + "r"]),
        helper.make_node(text + "Op", [text + "r", odd.name], ["y"], name=text + "odd", domain=text + "domain"),
    ]
    graph = helper.make_graph(nodes, text + "graph", [helper.make_tensor_value_info("x", FLOAT, ["N" + text, 8])],
                              [helper.make_tensor_value_info("y", FLOAT, ["N", 8])], [weight, bias, odd], text)
    made = helper.make_model(graph, producer_name=text, producer_version=text, domain=text, doc_string=text,
                             opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(text + "domain", 1)])
    made.metadata_props.add(key=text + "key", value=text)
    return made


def runs(text):
    """Name and arguments of each run; init.onnx is made by the first."""
    yield "init", ["model.onnx", "-o", "init.onnx", "--force"]
    for command, path in ("plan", "model.onnx"), ("audit", "init.onnx"):
        for form in FORMATS:
            yield form, [command, path, "--format", form]
    yield "explain", ["explain", "model.onnx", text + "_weight"]
    yield "rules", ["plan", "model.onnx", "--print-rules"]
    yield "only", ["model.onnx", "-o", "none.onnx", "--force", "--only", text + "none"]
    yield "rule", ["plan", "model.onnx", "--rule", text + "=zeros"]
    yield "no rule", ["plan", "model.onnx", "--rule", text + "_weight=nothing(1)"]
    yield "verify", ["audit", "init.onnx", "--verify"]
    yield "diff", ["audit", "init.onnx", "--diff", "model.onnx"]
    yield "against", ["audit", "init.onnx", "--against", "init.onnx"]


def leaks(text, form, status, out, err):
    """What is wrong with an output."""
    shown = (out + err).decode("utf-8", "strict" if form != "rules" else "replace")
    for mark in map(chr, [*range(32), *range(0x7f, 0xa0), 0x202e, 0x2028]):
        if mark in shown and mark not in "\r\n":
            yield f"U+{ord(mark):04x} as it stands"
    if text == "a\nb" and "a\nb" in shown:
        yield "a line of its own"
    if form == "html" and "<script>alert" in shown:
        yield "markup"
    if form == "csv" and any(cell[:1] in "=@" for line in shown.splitlines() for cell in line.split(",") if cell):
        yield "a formula"
    if form == "json":
        json.loads(out)
    if status > 4:
        yield f"exit code {status}: {err.decode()}"


def main():
    binary, failed = str(pathlib.Path(sys.argv[1]).resolve()), 0
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for text in HOSTILE:
            save(model(text), folder + "/model.onnx")
            for form, arguments in runs(text):
                done = subprocess.run([binary, *arguments], cwd=folder, capture_output=True, check=False)
                count += 1
                for leak in leaks(text, form, done.returncode, done.stdout, done.stderr):
                    print(f"{text!r}, {' '.join(arguments)!r}: {leak}")
                    failed += 1
    print(f"{count} outputs of {len(HOSTILE)} hostile models, {failed} leaks")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
