#!/usr/bin/env python3
"""The same with torch.nn.init: a He normal fill of a model with onnx and torch.

usage: peer_torch.py INPUT OUTPUT [--threads N]

Every float initializer of two or more axes gets kaiming_normal_, seen as (out, in, ...); the others
get zeros.
"""
import argparse

import onnx
import torch
from onnx import TensorProto


def standing(graph):
    """Names of the weights whose first axis is that of the outputs."""
    found = set()
    for node in graph.node:
        if node.op_type == "Conv" or any(a.name == "transB" and a.i for a in node.attribute):
            found.update(node.input[1:2])
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(given.threads)
    torch.set_grad_enabled(False)
    model = onnx.load(given.input, load_external_data=False)
    by_row = standing(model.graph)
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = torch.empty(tuple(tensor.dims))
        if values.dim() < 2:
            values.zero_()
        else:
            seen = values if tensor.name in by_row else values.transpose(-1, -2)
            torch.nn.init.kaiming_normal_(seen, mode="fan_in", nonlinearity="relu")
        for field in "float_data", "external_data", "data_location":
            tensor.ClearField(field)
        tensor.raw_data = values.numpy().tobytes()
    onnx.save(model, given.output)


main()
