#!/usr/bin/env python3
"""Exports the nets of the training curves, without weights, as PyTorch writes them.

usage: export_nets.py FOLDER        (needs PyTorch; Debian's python3-torch 1.13 made those in nets/)

`export_params=False` makes every parameter a graph input without data, so what is written is the
architecture alone. The mode is training, as ONNX Runtime Training asks: norms keep their statistics.
"""
import os
import sys

import torch
from torch import nn

CLASSES, LETTERS, LENGTH, FIELDS, VALUES = 10, 128, 32, 8, 20


def plain(depth, width, activation):
    """A multilayer perceptron without norms and without shortcuts."""
    layers = [nn.Linear(64, width), activation()]
    for _ in range(depth - 2):
        layers += [nn.Linear(width, width), activation()]
    return nn.Sequential(*layers, nn.Linear(width, CLASSES))


class LeNet(nn.Module):
    """Two convolutions with pooling, two dense layers, on images of 8x8."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                      nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.head = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, CLASSES))

    def forward(self, x):
        return self.head(self.features(x.view(-1, 1, 8, 8)).flatten(1))


class Block(nn.Module):
    """Two convolutions with batch norms, and a shortcut around them."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = nn.Sequential() if stride == 1 else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return torch.relu(self.branch(x) + self.shortcut(x))


class ResNet(nn.Module):
    """A stem, four residual blocks, an average over space, a dense layer."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
            Block(8, 8, 1), Block(8, 16, 2), Block(16, 16, 1), Block(16, 32, 2))
        self.head = nn.Linear(32, CLASSES)

    def forward(self, x):
        return self.head(self.body(x.view(-1, 1, 8, 8)).mean((2, 3)))


class Recurrent(nn.Module):
    """Letters, an LSTM or GRU over them, and the next letter at each place."""

    def __init__(self, kind):
        super().__init__()
        self.embedding = nn.Embedding(LETTERS, 32)
        self.recurrent = kind(32, 64, batch_first=True)
        self.head = nn.Linear(64, LETTERS)

    def forward(self, letters):
        states, _ = self.recurrent(self.embedding(letters))
        return self.head(states.reshape(-1, 64))


class Transformer(nn.Module):
    """A causal transformer: letters and learned places, pre-norm layers, the next letter."""

    def __init__(self, width=32, layers=3):
        super().__init__()
        self.letters = nn.Embedding(LETTERS, width)
        self.places = nn.Parameter(torch.zeros(1, LENGTH, width))
        layer = nn.TransformerEncoderLayer(width, 4, 4 * width, 0.0, "gelu", batch_first=True,
                                           norm_first=True)
        self.body = nn.TransformerEncoder(layer, layers, nn.LayerNorm(width))
        self.head = nn.Linear(width, LETTERS, bias=False)
        mask = torch.full((LENGTH, LENGTH), float("-inf")).triu(1)
        self.register_buffer("mask", mask, persistent=False)
        self.width = width

    def forward(self, letters):
        states = self.body(self.letters(letters) + self.places, self.mask)
        return self.head(states.reshape(-1, self.width))


class DeepFM(nn.Module):
    """A factorisation machine and a dense net over the same embedded fields."""

    def __init__(self, width=8):
        super().__init__()
        self.linear = nn.Embedding(FIELDS * VALUES, 1)
        self.factors = nn.Embedding(FIELDS * VALUES, width)
        self.dense = nn.Sequential(nn.Linear(FIELDS * width, 64), nn.ReLU(), nn.Linear(64, 32),
                                   nn.ReLU(), nn.Linear(32, 1))

    def forward(self, fields):
        factors = self.factors(fields)
        pairs = 0.5 * (factors.sum(1) ** 2 - (factors ** 2).sum(1)).sum(1, keepdim=True)
        half = 0.5 * (self.linear(fields).sum(1) + pairs + self.dense(factors.flatten(1)))
        return torch.cat([-half, half], 1)  # as two classes: the runtime's own binary loss overflows


IMAGES = torch.rand(4, 64)
LINES = torch.zeros(4, LENGTH, dtype=torch.int64)
CLICKS = torch.zeros(4, FIELDS, dtype=torch.int64)
NETS = {
    "mlp": (plain(4, 64, nn.ReLU), IMAGES),
    "lenet": (LeNet(), IMAGES),
    "resnet": (ResNet(), IMAGES),
    "lstm": (Recurrent(nn.LSTM), LINES),
    "gru": (Recurrent(nn.GRU), LINES),
    "transformer": (Transformer(), LINES),
    "deepfm": (DeepFM(), CLICKS),
    "tanh30": (plain(30, 64, nn.Tanh), IMAGES),
    "relu30": (plain(30, 64, nn.ReLU), IMAGES),
    "gelu30": (plain(30, 64, nn.GELU), IMAGES),
}


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name, (net, example) in NETS.items():
        torch.onnx.export(net.train(), example, os.path.join(folder, f"{name}.onnx"),
                          export_params=False, training=torch.onnx.TrainingMode.TRAINING,
                          do_constant_folding=False, opset_version=15, input_names=["input"],
                          output_names=["scores"], dynamic_axes={"input": {0: "batch"}})
        print(name)


main()
