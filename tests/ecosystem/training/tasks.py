"""What the nets learn. Each task is a stream of batches (inputs, labels) that a seed decides.

digits  real: 1,797 handwritten digits of 8x8 grey values (UCI, as scikit-learn ships them), 10 classes
text    real: the next letter of the licence of this project, 32 letters of context
clicks  synthetic: a click is drawn with a probability that a hidden factorisation machine gives for
        8 fields of 20 values each
"""
import os

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
BATCH = {"digits": 64, "text": 16, "clicks": 256}
LENGTH, FIELDS, VALUES, FACTORS = 32, 8, 20, 4


def digits(rng):
    """All digits, brought to mean 0 and standard deviation 1 as one whole."""
    from sklearn.datasets import load_digits  # pylint: disable=import-outside-toplevel
    data = load_digits()
    images = (data.data - data.data.mean()) / data.data.std()
    while True:
        rows = rng.integers(0, len(images), BATCH["digits"])
        yield images[rows].astype(np.float32), data.target[rows].astype(np.int64)


def text(rng):
    """Lines of LENGTH letters; the labels are the letters one further."""
    with open(os.path.join(ROOT, "LICENSE"), "rb") as file:
        letters = np.frombuffer(file.read(), np.uint8).astype(np.int64) & 127
    while True:
        starts = rng.integers(0, len(letters) - LENGTH - 1, BATCH["text"])
        lines = letters[starts[:, None] + np.arange(LENGTH + 1)]
        yield np.ascontiguousarray(lines[:, :-1]), lines[:, 1:].reshape(-1).copy()


def clicks(rng):
    """Fields whose hidden weights and pairwise products decide how likely a click is."""
    hidden = np.random.default_rng(7)
    weights = hidden.standard_normal((FIELDS, VALUES))
    factors = hidden.standard_normal((FIELDS, VALUES, FACTORS))
    places = np.arange(FIELDS)
    while True:
        values = rng.integers(0, VALUES, (BATCH["clicks"], FIELDS))
        chosen = factors[places, values]
        pairs = 0.5 * ((chosen.sum(1) ** 2).sum(1) - (chosen ** 2).sum((1, 2)))
        score = weights[places, values].sum(1) / np.sqrt(FIELDS) + pairs / np.sqrt(FIELDS * FACTORS)
        labels = rng.random(len(score)) < 1 / (1 + np.exp(-2 * score))
        yield (values + places * VALUES).astype(np.int64), labels.astype(np.int64)


TASKS = {"digits": digits, "text": text, "clicks": clicks}


def batches(task, seed, steps):
    """The first batches of a task's stream; the same for every start."""
    stream = TASKS[task](np.random.default_rng([seed, 1]))
    return [next(stream) for _ in range(steps)]
