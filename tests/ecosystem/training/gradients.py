#!/usr/bin/env python3
"""Whether onnx-winit warns of exactly those operators that ONNX Runtime Training cannot train through.

usage: gradients.py ONNX-WINIT [WORD]       WORD: only lines that contain it

Each line of OPERATORS is put behind a trained matrix product (`h`, 4x16; `o` is as large, an input); onnx-winit fills the model
and writes the lists, generate_artifacts makes the gradient, two steps are trained, and the gradient
must have changed the matrix. What fails must have been warned of, and the other way round. (If is not
among them: asked for its gradient, the runtime falls over.)
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnx.parser

import runtime

SHAPES = {"h3": [4, 4, 4], "h4": [4, 1, 4, 4], "hs": [4, 4, 2, 2]}
WEIGHTS = {  # name: shape; filled by onnx-winit
    "w": [32, 16], "k": [3, 1, 3, 3], "kd": [2, 4, 2, 2], "kt": [1, 3, 2, 2], "m": [16, 5], "b5": [5], "b16": [16],
    "e3": [4, 4, 3], "s1": [1], "t1": [1], "u1": [1], "v1": [1], "s4": [4], "t4": [4], "u4": [4], "v4": [4],
    "s16": [16], "t16": [16], "s2": [2], "t2": [2], "p1": [1], "W4": [1, 16, 4], "R4": [1, 16, 4], "W3": [1, 12, 4],
    "R3": [1, 12, 4], "B4": [1, 32], "B3": [1, 24], "W1": [1, 4, 4], "R1": [1, 4, 4], "W42": [2, 16, 4], "R42": [2, 16, 4],
    "W32": [2, 12, 4], "B32": [2, 24], "B42": [2, 32], "P4": [1, 12], "R32": [2, 12, 4],
}
OPERATORS = """
z = Identity(h)
z = Add(h, b16)
one = Constant<value_float = 1.0>()  z = Sub(one, h)
z = Mul(h, h)
e = Exp(h)  z = Div(h, e)
z = Neg(h)
two = Constant<value_float = 2.0>()  z = Pow(h, two)
a = Abs(h)  z = Sqrt(a)
e = Exp(h)  z = Log(e)
e = Exp(h)  z = Reciprocal(e)
z = Sin(h)
z = Cos(h)
z = Tan(h)
z = Atan(h)
z = Sinh(h)
z = Erf(h)
z = Floor(h)
z = Ceil(h)
z = Round(h)
z = Sign(h)
z = Sum(h, h)
z = Mean(h, h)
z = Max(h, o)
z = Min(h, o)
z = Relu(h)
z = LeakyRelu<alpha = 0.1>(h)
z = ThresholdedRelu(h)
z = PRelu(h, p1)
z = Elu(h)
z = Celu(h)
z = Selu(h)
z = Gelu(h)
z = com.microsoft.Gelu(h)
z = com.microsoft.FastGelu(h)
z = com.microsoft.QuickGelu(h)
z = com.microsoft.BiasGelu(h, b16)
z = Sigmoid(h)
z = Tanh(h)
z = HardSigmoid(h)
z = HardSwish(h)
z = Mish(h)
z = Softplus(h)
z = Softsign(h)
z = Softmax(h)
z = LogSoftmax(h)
z = Hardmax(h)
low = Constant<value_float = 0.0>()  high = Constant<value_float = 6.0>()  z = Clip(h, low, high)
d = Cast<to = 11>(h)  z = Cast<to = 1>(d)
z = Dropout(h)
r = Constant<value_float = 0.1>()  t = Constant<value = bool {1}>()  z = Dropout(h, r, t)
r = Constant<value_float = 0.1>()  t = Constant<value = bool {1}>()  z, mask = Dropout(h, r, t)
r = Constant<value_float = 0.1>()  z = Dropout(h, r)
c = Greater(h, o)  z = Where(c, h, o)
z = Transpose<perm = [1, 0]>(h)
z = Flatten<axis = 0>(h)
a = Constant<value_ints = [0]>()  z = Unsqueeze(h, a)
a = Constant<value_ints = [1]>()  z = Squeeze(h4, a)
a = Constant<value_ints = [0]>()  b = Constant<value_ints = [2]>()  z = Slice(h, a, b)
z, other = Split<axis = 1>(h, eight)
z = Concat<axis = 1>(h, o)
s = Constant<value_ints = [3, 4, 16]>()  z = Expand(h, s)
s = Constant<value_ints = [2, 1]>()  z = Tile(h, s)
s = Constant<value = int64[4] {0, 1, 0, 1}>()  z = Pad(h, s)
z = Gather<axis = 1>(h, ids)
i = Constant<value = int64[2, 1] {0, 2}>()  z = GatherND(h, i)
i = Constant<value = int64[1, 2] {0, 2}>()  z = GatherElements(h, i)
i = Constant<value = int64[1, 2] {0, 2}>()  z = ScatterElements(o, i, part)
i = Constant<value = int64[1, 1] {2}>()  r = Constant<value_ints = [0]>()  g = Gather(h, r)  z = ScatterND(o, i, g)
n = Constant<value = int64[1] {3}>()  z, i = TopK(h, n)
z = Trilu(h)
z = CumSum(h, axis)
z = Einsum<equation = "ij,jk->ik">(h, m)
z = DepthToSpace<blocksize = 2>(hs)
z = SpaceToDepth<blocksize = 2>(h4)
s = Constant<value_floats = [1.0, 1.0, 2.0, 2.0]>()  z = Resize<mode = "nearest">(h4, , s)
s = Constant<value_floats = [1.0, 1.0, 2.0, 2.0]>()  z = Resize<mode = "linear">(h4, , s)
z = ReduceMean(h)
z = ReduceSum(h)
z = ReduceL1(h)
z = ReduceL2(h)
z = ReduceMax(h)
z = ReduceMin(h)
z = ReduceProd(h)
z = ReduceLogSumExp(h)
z = ReduceSumSquare(h)
z = Gemm(h, m, b5)
z = MatMul(h, m)
z = MatMul(h3, e3)
z = Conv(h4, k)
z = Conv<group = 1>(hs, kd)
z = ConvTranspose<strides = [2, 2]>(h4, kt)
z = MaxPool<kernel_shape = [2, 2]>(h4)
z = AveragePool<kernel_shape = [2, 2]>(h4)
z = GlobalAveragePool(hs)
z = GlobalMaxPool(hs)
z = LpPool<kernel_shape = [2, 2]>(h4)
z = LRN<size = 3>(hs)
z, mean, variance = BatchNormalization<training_mode = 1>(hs, s4, t4, u4, v4)
z = BatchNormalization(hs, s4, t4, u4, v4)
z = LayerNormalization(h, s16, t16)
z, mean, deviation = LayerNormalization(h, s16, t16)
z = InstanceNormalization(hs, s4, t4)
z = GroupNormalization<num_groups = 2>(hs, s2, t2)
z = LpNormalization(h)
z = MeanVarianceNormalization(hs)
ZERO  z, state, cell = LSTM<hidden_size = 4>(h3, W4, R4, B4, , s_0, s_0)
ZERO  z, state, cell = LSTM<hidden_size = 4>(h3, W4, R4, , , s_0, s_0, P4)
ZERO  z, state, cell = LSTM<hidden_size = 4>(h3, W4, R4, B4, , s_0)
ZERO  n = Constant<value = int32[4] {4, 4, 4, 4}>()  z, state, cell = LSTM<hidden_size = 4>(h3, W4, R4, B4, n, s_0, s_0)
z, state, cell = LSTM<hidden_size = 4>(h3, W4, R4, B4)
ZEROS  z, state, cell = LSTM<hidden_size = 4, direction = "bidirectional">(h3, W42, R42, B42, , s_00, s_00)
ZERO  z, state, cell = LSTM<hidden_size = 4, direction = "reverse">(h3, W4, R4, B4, , s_0, s_0)
ZERO  z, state = GRU<hidden_size = 4>(h3, W3, R3, B3, , s_0)
ZERO  z, state = GRU<hidden_size = 4, linear_before_reset = 1, direction = "forward">(h3, W3, R3, , , s_0)
z, state = GRU<hidden_size = 4>(h3, W3, R3, B3)
ZEROS  z, state = GRU<hidden_size = 4, direction = "bidirectional">(h3, W32, R32, B32, , s_00)
ZERO  n = Constant<value = int32[4] {4, 4, 4, 4}>()  z, state = GRU<hidden_size = 4>(h3, W3, R3, B3, n, s_0)
z, state = RNN<hidden_size = 4>(h3, W1, R1)
"""
STATES = {"ZEROS": "s_n = Constant<value_ints = [2, 4, 4]>() s_00 = ConstantOfShape(s_n)",
          "ZERO": "s_n = Constant<value_ints = [1, 4, 4]>() s_0 = ConstantOfShape(s_n)"}
CONSTANTS = {"eight": np.array([8, 8]), "ids": np.array([0, 3]), "axis": np.array(1)}


def words(line):
    """The names in a line."""
    return set("".join(c if c.isalnum() else " " for c in line).split())


def build(line):
    """The model that has the line between a matrix and its loss."""
    used, opset = words(line), 20 if " Gelu(" in line and "." not in line else 18
    body = "".join(f"s_{n} = Constant<value_ints = {SHAPES[n]}>() {n} = Reshape(h, s_{n})\n" for n in SHAPES if n in used)
    part = "a_ = Constant<value_ints = [0]>() b_ = Constant<value_ints = [1]>() q_ = Slice(h, a_, b_) " \
           "c_ = Constant<value_ints = [2]>() part = Slice(q_, a_, c_, b_)\n"
    for word, states in STATES.items():
        line = line.replace(word, states)
    text = f"""<ir_version: 9, opset_import: ["" : {opset}, "com.microsoft" : 1]>
    net (float[4,32] x, float[4,16] o) => (float[1] y) {{
    h = MatMul(x, w)
    {body}{part if "part" in used else ""}{line}
    flat = Constant<value_ints = [-1]>() v = Reshape(z, flat)
    bent = Sigmoid(v) zero = Constant<value_ints = [0]>() y = ReduceSum(bent, zero) }}"""
    model = onnx.parser.parse_model(text)
    for name in ["w"] + [name for name in WEIGHTS if name in used and name != "w"]:
        model.graph.initializer.add(name=name, data_type=onnx.TensorProto.FLOAT, dims=WEIGHTS[name])
    for name in [name for name in CONSTANTS if name in used]:
        model.graph.initializer.append(onnx.numpy_helper.from_array(CONSTANTS[name], name))
    return model


def trains(path, lists):
    """Whether the matrix changes in two steps; why not."""
    x = np.random.default_rng(0).standard_normal((4, 48)).astype(np.float32)
    inputs = np.ascontiguousarray(x[:, :32]), np.ascontiguousarray(x[:, 32:])
    try:
        _, values = runtime.train(path, lists, [(inputs, np.zeros(1, np.float32))] * 2, 0.1, ["w"],
                                  runtime.artifacts.LossType.MSELoss)
    except Exception as error:  # of whichever kind: it does not train
        return False, str(error).strip().replace("\n", " ")
    start = onnx.numpy_helper.to_array(next(t for t in onnx.load(path).graph.initializer if t.name == "w"))
    moved = np.abs(values["w"] - start * (1 - 0.1 * 0.01) ** 2).max() > 0.01
    return bool(moved), "" if moved else "no gradient arrives"


def judge(binary, line):
    """What onnx-winit says of a line, and what comes of it."""
    with tempfile.TemporaryDirectory() as folder:
        source, path, lists = (os.path.join(folder, name) for name in ("source.onnx", "model.onnx", "lists.json"))
        onnx.save(build(line), source)
        done = subprocess.run([binary, source, "-o", path, "--trainable", lists, "--format", "json"],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            return None, False, done.stderr.strip()
        with open(lists, encoding="utf-8") as file:
            works, why = trains(path, json.load(file))
        return any("no gradient" in warning for warning in json.loads(done.stdout)["warnings"]), works, why


def main():
    binary, word = sys.argv[1], (sys.argv[2:] + [""])[0]
    failed = 0
    lines = [line for line in OPERATORS.strip().split("\n") if word in line]
    for line in lines:
        warned, works, why = judge(binary, line)
        if warned is None or warned == works:
            failed += 1
            print(f"not ok - gradient: {line}: {'trains' if works else 'does not train'},"
                  f" {'warned of' if warned else 'not warned of'} {why[-250:]}")
        elif word:
            print(f"ok - gradient: {line}: {'trains' if works else why[:200]}")
    print(f"{len(lines) - failed} of {len(lines)} operators train, or do not, as onnx-winit says")
    sys.exit(1 if failed or not lines else 0)


main()
