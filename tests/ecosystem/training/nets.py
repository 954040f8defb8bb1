"""The nets of the training curves, and how each is started."""
import json
import os
import subprocess

import numpy as np
import onnx
import onnx.numpy_helper

FOLDER = os.path.dirname(os.path.abspath(__file__))
NETS = {  # file in nets/: task, what it is
    "mlp": ("digits", "MLP, 4 layers, ReLU"),
    "lenet": ("digits", "LeNet, 2 convolutions"),
    "resnet": ("digits", "ResNet, 4 blocks, batch norms"),
    "lstm": ("text", "LSTM"),
    "gru": ("text", "GRU"),
    "transformer": ("text", "transformer, 3 layers, pre-norm"),
    "deepfm": ("clicks", "DeepFM"),
    "tanh30": ("digits", "plain, 30 layers, tanh"),
    "relu30": ("digits", "plain, 30 layers, ReLU"),
    "gelu30": ("digits", "plain, 30 layers, GELU"),
}
STARTS = {  # name: options of onnx-winit
    "onnx-winit": [],
    "torch-default": ["--rules", os.path.join(FOLDER, "starts", "torch-default.yaml")],
    "N(0,1)": ["--rules", os.path.join(FOLDER, "starts", "noise.yaml")],
    "zeros": ["--rules", os.path.join(FOLDER, "starts", "zeros.yaml")],
}
RANDOMIZER = "ORT randomizer"
ALL_STARTS = ["onnx-winit", "torch-default", RANDOMIZER, "N(0,1)", "zeros"]


def net_file(net):
    """The weightless export of a net."""
    return os.path.join(FOLDER, "nets", f"{net}.onnx")


def initialise(binary, net, start, seed, folder):
    """Runs onnx-winit; returns the model's path and the lists for generate_artifacts."""
    path, lists = os.path.join(folder, f"{net}.onnx"), os.path.join(folder, f"{net}.json")
    subprocess.run([binary, net_file(net), "-o", path, "--force", "--quiet", "--seed", str(seed),
                    "--trainable", lists, *STARTS[start]], check=True)
    with open(lists, encoding="utf-8") as file:
        return path, json.load(file)


def randomise(path, values, seed):
    """Puts trained values into a model and has ONNX Runtime's own randomizer loose on it."""
    from onnxruntime.tools import onnx_randomizer  # pylint: disable=import-outside-toplevel
    model = onnx.load(path)
    for tensor in model.graph.initializer:
        if tensor.name in values:
            tensor.CopyFrom(onnx.numpy_helper.from_array(values[tensor.name], tensor.name))
    np.random.seed(seed)
    onnx_randomizer.graph_iterator(model, onnx_randomizer.randomize_graph_initializer)
    onnx.save(model, path)
