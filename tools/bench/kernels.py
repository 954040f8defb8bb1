"""Tensors in memory: the sampler against torch.nn.init, and two of its threads against one.

Both sides are one process each that fills the same shapes, in turn; the first turn does not count.
"""
import os
import subprocess
import tempfile

SQUARE = (4096, 4096)
# scheme, type, shape, threads
CASES = {
    "kernels": [("normal", "float32", SQUARE, 1), ("truncated", "float32", SQUARE, 1),
                ("normal", "bfloat16", SQUARE, 1), ("normal", "float64", SQUARE, 1),
                ("uniform", "float32", SQUARE, 1)],
    "orthogonal": [("orthogonal", "float32", SQUARE, 2), ("orthogonal", "float32", (4096, 1024), 2),
                   ("orthogonal", "float32", (1024, 1024), 2)],
    "threads": [("normal", "float32", SQUARE, 2), ("normal", "float32", SQUARE, 1)],
}


def named(job):
    """A tensor's name in tables."""
    scheme, kind, (rows, columns), _ = job
    return f"{scheme} {kind} {rows}x{columns}"


class Worker:
    """A process that answers lines; it introduces itself with the first."""

    def __init__(self, *command):
        # torch takes its threads from torch.set_num_threads, its BLAS from the environment.
        env = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=env)
        self.name = self.process.stdout.readline().strip()

    def ask(self, *words):
        """The answer to one line."""
        print(*words, file=self.process.stdin, flush=True)
        return self.process.stdout.readline().strip()

    def time(self, job):
        """Seconds of one tensor."""
        scheme, kind, (rows, columns), threads = job
        return float(self.ask(scheme, kind, rows, columns, threads))

    def end(self):
        """Lets it go."""
        self.process.stdin.close()
        self.process.wait()


def take_turns(sides, jobs, runs):
    """Seconds of each job and side."""
    seconds = {job: {side: [] for side in sides} for job in jobs}
    for turn in range(runs + 1):
        for job in jobs:
            for side, worker in sides.items():
                time = worker.time(job)
                if turn:
                    seconds[job][side].append(time)
    return seconds


def defect(ours, torch, job):
    """The largest entry of |Q'Q - I|, of all, in float64."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "q")
        ours.time(job)
        assert ours.ask("save", path) == "saved", "no room for a matrix of 64 MiB"
        return float(torch.ask("defect", path, *job[2]))


def measure_case(given, case):
    """A list of tensors with seconds by side."""
    sides = {"onnx-winit": Worker(given.bench_fill, "--serve")}
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer_kernels.py")
    torches = {python.named("torch"): Worker(python.path, script)
               for python in given.pythons if "torch" in python.versions and case != "threads"}
    sides |= torches
    found = []
    for job, seconds in take_turns(sides, CASES[case], given.runs).items():
        found.append({"tensor": named(job), "threads": job[3], "seconds": seconds})
        if case == "orthogonal" and torches:
            found[-1]["defect"] = defect(sides["onnx-winit"], next(iter(torches.values())), job)
    for worker in sides.values():
        worker.end()
    return {"tensors": found}
