#!/usr/bin/env python3
"""Trains an MLP and a ResNet for 50 steps: from onnx-winit's weights they learn, from zeros not.

usage: smoke.py ONNX-WINIT

The lists go from --trainable into generate_artifacts as they are; seeds, batches and threads are fixed.
"""
import sys
import tempfile

import numpy as np

import nets
import runtime
import tasks

STEPS, RATE, FEW = 50, 3e-3, 5
LEARNT, STILL = 0.25, 0.99  # what is left of the first loss: at most, at least


def left(binary, net, start):
    """How much of the loss of the first steps the last ones still have."""
    with tempfile.TemporaryDirectory() as folder:
        path, lists = nets.initialise(binary, net, start, 0, folder)
        losses, _ = runtime.train(path, lists, tasks.batches(nets.NETS[net][0], 0, STEPS), RATE)
    return np.mean(losses[-FEW:]) / np.mean(losses[:FEW]) if len(losses) == STEPS else np.inf


def main():
    failed = 0
    for net in ["mlp", "resnet"]:
        for start, holds in [("onnx-winit", lambda part: part <= LEARNT), ("zeros", lambda part: part >= STILL)]:
            part = left(sys.argv[1], net, start)
            failed += not holds(part)
            print(f"{'ok' if holds(part) else 'not ok'} - training/{net} from {start}: {part:.1%} of the loss is left")
    sys.exit(1 if failed else 0)


main()
