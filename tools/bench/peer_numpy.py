#!/usr/bin/env python3
"""What one would write by hand today: a He normal fill of a model with onnx and numpy.

usage: peer_numpy.py INPUT OUTPUT [--threads N]

Every float initializer of two or more axes gets numpy's fastest float32 normals (ziggurat on PCG64),
scaled in place; the others get zeros. Each tensor has a generator of its own, so N threads can make
them (numpy lets go of the interpreter's lock). External data is not read and stays external.
"""
import argparse
import math
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnx
from onnx import TensorProto
from onnx.external_data_helper import uses_external_data


def fans(graph):
    """Fan-in of each weight, by name."""
    dims = {tensor.name: tensor.dims for tensor in graph.initializer}
    found = {}
    for node in graph.node:
        for name in node.input[1:]:
            shape = dims.get(name, [])
            if len(shape) > 1:
                standing = node.op_type == "Conv" or any(a.name == "transB" and a.i for a in node.attribute)
                found[name] = math.prod(shape[1:]) if standing else shape[0]
    return found


def make(tensor, seed, fan_in):
    """The values of one tensor."""
    if len(tensor.dims) < 2:
        return np.zeros(tuple(tensor.dims), np.float32)
    values = np.random.default_rng(seed).standard_normal(tuple(tensor.dims), dtype=np.float32)
    values *= np.float32(math.sqrt(2 / fan_in))
    return values


def put_inside(tensor, values):
    """Into the model itself."""
    tensor.ClearField("float_data")
    tensor.raw_data = values.tobytes()


def put_outside(tensor, values, file):
    """Into the data file, without another copy."""
    entries = {"location": os.path.basename(file.name), "offset": file.tell(), "length": values.nbytes}
    file.write(values.data)
    del tensor.external_data[:]
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=str(value))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    model = onnx.load(given.input, load_external_data=False)  # the old values are not needed
    tensors = [t for t in model.graph.initializer if t.data_type == TensorProto.FLOAT]
    seeds = np.random.SeedSequence(0).spawn(len(tensors))
    fan_in = fans(model.graph)
    jobs = tensors, seeds, [fan_in.get(t.name, 1) for t in tensors]
    with ThreadPoolExecutor(given.threads) as pool:
        made = pool.map(make, *jobs) if given.threads > 1 else map(make, *jobs)
        if any(uses_external_data(t) for t in tensors):
            with open(given.output + ".data", "wb") as file:
                for tensor, values in zip(tensors, made):
                    put_outside(tensor, values, file)
        else:
            for tensor, values in zip(tensors, made):
                put_inside(tensor, values)
    with open(given.output, "wb") as file:
        file.write(model.SerializeToString())


main()
