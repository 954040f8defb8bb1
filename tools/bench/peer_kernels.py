"""The peer of kernels.py: torch.nn.init on one tensor at a time.

Prints its version, then answers each line "SCHEME TYPE ROWS COLUMNS THREADS" on stdin with seconds,
and "defect FILE ROWS COLUMNS" with the largest entry of |Q'Q - I| of the float32 matrix there.
"""
import sys
import time

import torch
from torch.nn import init

TYPES = {"float32": torch.float32, "float64": torch.float64, "bfloat16": torch.bfloat16}
SCHEMES = {
    "normal": lambda w: init.normal_(w, std=0.02),
    "truncated": lambda w: init.trunc_normal_(w, std=0.02, a=-0.04, b=0.04),
    "uniform": lambda w: init.uniform_(w, -0.02, 0.02),
    "orthogonal": init.orthogonal_,
}


def defect(path, rows, columns):
    with open(path, "rb") as file:
        values = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
    q = values.reshape(rows, columns).double()
    return float((q.T @ q - torch.eye(columns, dtype=torch.float64)).abs().max())


def main():
    tensors = {}
    print(torch.__version__, flush=True)
    for line in sys.stdin:
        scheme, kind, rows, columns, *threads = line.split()
        if scheme == "defect":
            print(defect(kind, int(rows), int(columns)), flush=True)
            continue
        torch.set_num_threads(int(threads[0]))
        shape = (kind, int(rows), int(columns))
        if shape not in tensors:
            tensors[shape] = torch.zeros(shape[1:], dtype=TYPES[kind])
        start = time.perf_counter()
        SCHEMES[scheme](tensors[shape])
        print(time.perf_counter() - start, flush=True)


main()
