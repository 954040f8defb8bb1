#!/usr/bin/env python3
"""The sampler against torch.nn.init, tensor by tensor in memory.

usage: kernels.py BENCH-FILL [--python INTERPRETER] [--rounds N] [--json FILE]

Both sides are one process each that fills the same shapes, in turn; the first round does not count.
INTERPRETER is a Python that has torch (/usr/bin/python3, Debian's python3-torch). Exit code 1 when
a target is missed or torch is absent.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile

SQUARE = (4096, 4096)
# scheme, type, shape, threads, how many times as fast as torch at least
CASES = [
    ("normal", "float32", SQUARE, 1, 3.5),
    ("truncated", "float32", SQUARE, 1, 50),
    ("normal", "bfloat16", SQUARE, 1, 20),
    ("normal", "float64", SQUARE, 1, 8),
    ("uniform", "float32", SQUARE, 1, 7),
    ("orthogonal", "float32", SQUARE, 2, 3.3),
    ("orthogonal", "float32", (4096, 1024), 2, 3.3),
    ("orthogonal", "float32", (1024, 1024), 2, 5),
]
SCALED = ("normal", "float32", SQUARE, 2, None)
LEAST_SCALING = 1.8
MOST_DEFECT = 1e-6


class Worker:
    """A process that answers lines; it introduces itself with the first."""

    def __init__(self, command):
        # torch takes its threads from torch.set_num_threads, its BLAS from the environment.
        env = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=env)
        self.name = self.process.stdout.readline().strip()

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()

    def time(self, case):
        scheme, kind, (rows, columns), threads, _ = case
        return float(self.ask(scheme, kind, rows, columns, threads))


def measure(ours, torch, rounds):
    """Seconds of each round, by case and side."""
    seconds = {case: {"ours": [], "torch": []} for case in [*CASES, SCALED]}
    for number in range(rounds + 1):
        for case, sides in seconds.items():
            sides["ours"].append(ours.time(case))
            if torch and case != SCALED:
                sides["torch"].append(torch.time(case))
            if number == 0:
                sides["ours"].clear()
                sides["torch"].clear()
    return seconds


def defects(ours, torch):
    """The largest entry of |Q'Q - I| of each orthogonal case, all entries, in float64."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "q")
        for case in CASES:
            if case[0] == "orthogonal":
                ours.time(case)
                assert ours.ask("save", path) == "saved", "no room for a matrix of 64 MiB"
                found[case] = float(torch.ask("defect", path, *case[2]))
    return found


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return {"cpu": names[0] if names else platform.machine(), "processors": os.cpu_count(),
            "system": f"{platform.system()} {platform.release()}",
            "load": round(os.getloadavg()[0], 2)}


def make_rows(seconds, found):
    """One dictionary for each line of the table."""
    rows = []
    one_thread = seconds[CASES[0]]["ours"]
    for case, sides in seconds.items():
        scheme, kind, shape, threads, target = case
        peer, target = (one_thread, LEAST_SCALING) if case == SCALED else (sides["torch"], target)
        row = {"scheme": scheme, "type": kind, "shape": list(shape), "threads": threads,
               "peer": "1 thread" if case == SCALED else "torch",
               "min": min(sides["ours"]), "median": statistics.median(sides["ours"]),
               "target": target}
        if peer:
            row |= {"peer_min": min(peer), "peer_median": statistics.median(peer),
                    "ratio": min(peer) / min(sides["ours"])}
            row["held"] = row["ratio"] >= target
        if case in found:
            row["defect"] = found[case]
            row["held"] = row["held"] and found[case] <= MOST_DEFECT
        rows.append(row)
    return rows


def print_rows(rows):
    print("| tensor | threads | seconds, min (median) | peer | seconds, min (median) | ratio "
          "| target | |\n|---|---|---|---|---|---|---|---|")
    for row in rows:
        size = "x".join(map(str, row["shape"]))
        peer = f"{row['peer_min']:.4f} ({row['peer_median']:.4f})" if "ratio" in row else "-"
        ratio = f"{row['ratio']:.2f}" if "ratio" in row else "-"
        verdict = {True: "held", False: "MISSED", None: "not compared"}[row.get("held")]
        note = f", \\|Q'Q - I\\| <= {row['defect']:.1e}" if "defect" in row else ""
        print(f"| {row['scheme']} {row['type']} {size} | {row['threads']} "
              f"| {row['min']:.4f} ({row['median']:.4f}) | {row['peer']} | {peer} | {ratio} "
              f"| {row['target']} | {verdict}{note} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("bench_fill")
    parser.add_argument("--python", default="/usr/bin/python3")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    ours = Worker([arguments.bench_fill, "--serve"])
    peer = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_kernels.py")
    torch = Worker([arguments.python, peer])
    if not torch.name:
        print(f"NOTHING TO COMPARE WITH: {arguments.python} has no torch (Debian: python3-torch; "
              "or --python INTERPRETER)", file=sys.stderr)
        torch = None
    about = {**machine(), "level": ours.name, "torch": torch and torch.name,
             "python": arguments.python, "rounds": arguments.rounds}
    print(", ".join(f"{key} {value}" for key, value in about.items()) + "\n")
    seconds = measure(ours, torch, arguments.rounds)
    rows = make_rows(seconds, defects(ours, torch) if torch else {})
    print_rows(rows)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"machine": about, "rows": rows}, file, indent=1)
    return 0 if torch and all(row["held"] for row in rows) else 1


sys.exit(main())
