#!/usr/bin/env python3
"""Compares text-to-onnx with ONNX's own parser of model texts.

usage: check_text.py TEXT-TO-ONNX FILE...

A FILE is a test case (what stands before its line "---") or a model text.
"""
import re
import subprocess
import sys

import onnx
import onnx.parser


def model_text(path):
    """The model of a file, without what only test cases have."""
    text = open(path, encoding="utf-8").read()
    text = re.split(r"^---$", text, maxsplit=1, flags=re.M)[0]
    return re.sub(r"^options:.*$", "", text, flags=re.M)


def drop_empty(message):
    """ONNX's parser sets empty names and domains, ours leaves them out."""
    for field, value in list(message.ListFields()):
        if field.type == field.TYPE_MESSAGE:
            for item in value if field.is_repeated else [value]:
                drop_empty(item)
        elif field.type == field.TYPE_STRING and not field.is_repeated and value == "":
            if message.DESCRIPTOR.name != "OperatorSetIdProto":
                message.ClearField(field.name)


def settle(graph):
    """An entry without value that no node makes is an initializer for us, a value info for ONNX."""
    made = {name for node in graph.node for name in node.output}
    for info in [i for i in graph.value_info if i.name not in made]:
        kind = info.type.tensor_type
        graph.initializer.add(name=info.name, data_type=kind.elem_type,
                              dims=[d.dim_value for d in kind.shape.dim])
        graph.value_info.remove(info)
    for entries in graph.initializer, graph.value_info:
        entries.sort(key=lambda entry: entry.name)
    for node in graph.node:
        for attribute in node.attribute:
            for body in [attribute.g] if attribute.HasField("g") else attribute.graphs:
                settle(body)


def main():
    binary, files = sys.argv[1], sys.argv[2:]
    failed = 0
    for path in files:
        text = model_text(path)
        ours = subprocess.run([binary], input=text.encode(), capture_output=True, check=False)
        try:
            left, right = onnx.load_from_string(ours.stdout), onnx.parser.parse_model(text)
            for model in left, right:
                drop_empty(model)
                settle(model.graph)
            problem = "" if left == right else "the two parsers disagree"
        except Exception as error:  # whatever is wrong, it is wrong with this file
            problem = ours.stderr.decode().strip() or str(error)
        if problem:
            failed += 1
            print(f"{path}: {problem}")
    print(f"{len(files) - failed} of {len(files)} model texts read as ONNX reads them")
    sys.exit(1 if failed or not files else 0)


main()
