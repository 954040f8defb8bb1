"""ONNX Runtime Training: what trains a model that onnx-winit wrote.

The package imports PyTorch for its ORTModule, which is not used here; entering its folder without its
__init__ leaves that out.
"""
import contextlib
import os
import tempfile
import types
import sys

import numpy as np
import onnx
import onnxruntime

_package = types.ModuleType("onnxruntime.training")
_package.__path__ = [os.path.join(os.path.dirname(onnxruntime.__file__), "training")]
sys.modules["onnxruntime.training"] = _package
from onnxruntime.training import artifacts  # noqa: E402 pylint: disable=wrong-import-position
from onnxruntime.training.api import CheckpointState, Module, Optimizer  # noqa: E402 pylint: disable=wrong-import-position

onnxruntime.set_default_logger_severity(4)


@contextlib.contextmanager
def quiet():
    """Without the thousands of lines that the gradient builder writes to stderr on its own."""
    saved = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def make_artifacts(model, lists, folder, loss):
    """Runs generate_artifacts on a model file with the lists of `onnx-winit --trainable`."""
    with quiet():  # the model itself: given a path, blocks of blocks lose the data between them
        artifacts.generate_artifacts(
            onnx.load(model), requires_grad=lists["requires_grad"], frozen_params=lists["frozen_params"],
            loss=loss, optimizer=artifacts.OptimType.AdamW, artifact_directory=folder)


def one_thread():
    """Options of a session that adds in one order."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return options


def train(model, lists, batches, rate, keep=(), loss=artifacts.LossType.CrossEntropyLoss):
    """Trains with AdamW on the batches; returns the loss of each step and the values of `keep` after.

    Training ends where the loss is no number any more.
    """
    losses = []
    with tempfile.TemporaryDirectory() as folder:
        make_artifacts(model, lists, folder, loss)
        state = CheckpointState.load_checkpoint(os.path.join(folder, "checkpoint"))
        module = Module(os.path.join(folder, "training_model.onnx"), state, session_options=one_thread())
        optimizer = Optimizer(os.path.join(folder, "optimizer_model.onnx"), module)
        optimizer.set_learning_rate(rate)
        module.train()
        for inputs, labels in batches:
            losses.append(float(module(*(inputs if isinstance(inputs, tuple) else [inputs]), labels)))
            if not np.isfinite(losses[-1]):
                break
            optimizer.step()
            module.lazy_reset_grad()
        values = {name: state.parameters[name].data for name in keep}
    return losses, values
