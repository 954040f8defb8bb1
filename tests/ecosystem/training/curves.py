#!/usr/bin/env python3
"""Trains every net from every start, and writes the losses down.

usage: curves.py [--seeds N...] [--nets NET...] ONNX-WINIT CURVES.json

What is not trained this time stays in the file as it is.

AdamW at one rate for all. "ORT randomizer" is ONNX Runtime's own tool that makes models fit to be given
away: uniform between the least and the greatest old value. A file without weights is nothing to it (it
fails on the first tensor), so it gets the net as it is after the training from onnx-winit's start.
"""
import argparse
import json
import os
import platform
import re
import subprocess
import tempfile
import time

import numpy as np
import onnx
import onnxruntime
import sklearn

import nets
import runtime
import tasks

STEPS, STRIDE, LAST, RATE, SEEDS = 300, 5, 30, 1e-3, [0, 1, 2]


def curve(losses):
    """What is kept of a run: means over STRIDE steps, to four digits, up to where the loss is no number."""
    whole = len(losses) == STEPS and all(np.isfinite(losses))
    means = [np.mean(losses[i:i + STRIDE]) for i in range(0, len(losses), STRIDE)]
    return {"final": float(f"{np.mean(losses[-LAST:]):.4g}") if whole else None,
            "losses": [float(f"{mean:.4g}") for mean in means if np.isfinite(mean)]}


def run_net(binary, net, seed):
    """The curves of one net and seed, by start."""
    batches = tasks.batches(nets.NETS[net][0], seed, STEPS)
    found = {}
    for start in nets.STARTS:
        with tempfile.TemporaryDirectory() as folder:
            path, lists = nets.initialise(binary, net, start, seed, folder)
            losses, values = runtime.train(path, lists, batches, RATE, lists["requires_grad"])
            found[start] = curve(losses)
            if start == "onnx-winit":
                nets.randomise(path, values, seed)
                found[nets.RANDOMIZER] = curve(runtime.train(path, lists, batches, RATE)[0])
    return {start: found[start] for start in nets.ALL_STARTS}


def settings(binary):
    """What the curves depend on."""
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True)
    return {"versions": {"onnx-winit": version.stdout.split("\n")[0].split()[-1],
                         "onnxruntime-training": onnxruntime.__version__, "onnx": onnx.__version__,
                         "numpy": np.__version__, "scikit-learn": sklearn.__version__,
                         "python": platform.python_version()},
            "optimizer": "AdamW", "rate": RATE, "steps": STEPS, "batch": tasks.BATCH,
            "stride": STRIDE, "last": LAST,
            "meaning": "losses: means over stride steps; final: mean of the last steps, null if it became no number"}


def save(result, path):
    """Writes the file, one line for each curve."""
    text = json.dumps(result, indent=1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(r"\[[^][{}]*\]", lambda array: " ".join(array[0].split()), text) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("output")
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS)
    parser.add_argument("--nets", nargs="+", choices=nets.NETS, default=list(nets.NETS))
    options = parser.parse_args()
    old = {}
    if os.path.exists(options.output):
        with open(options.output, encoding="utf-8") as file:
            old = json.load(file)["nets"]
    result = {**settings(options.binary), "nets": old}
    for net in options.nets:
        known = old.setdefault(net, {"task": nets.NETS[net][0], "seeds": {}})["seeds"]
        for seed in options.seeds:
            began = time.time()
            known[str(seed)] = run_net(options.binary, net, seed)
            finals = ", ".join(f"{start} {run['final']}" for start, run in known[str(seed)].items())
            print(f"{net}, seed {seed}: {finals} ({time.time() - began:.0f} s)", flush=True)
            save(result, options.output)


main()
