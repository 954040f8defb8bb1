"""A folder to break things in, and what must hold in it afterwards. Standard library only."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MODELS = HERE.parent / "models"
STRACE = shutil.which("strace")
FAST = "--fast" in sys.argv
ARGUMENTS = [a for a in sys.argv[1:] if not a.startswith("--")]
BUILD = pathlib.Path(ARGUMENTS[0]).resolve()
PROGRAM = str(BUILD / "onnx-winit")
SHIM = str(BUILD / "faulty.so")
SMALL = "mlp_relu.train.onnx"


class Fault(Exception):
    """Something that must hold does not."""


def must(condition, what):
    if not condition:
        raise Fault(what)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Box:
    """A folder with in.onnx, and what a run makes of it when nothing fails.

    `arguments` follow "onnx-winit in.onnx"; `old` runs it once before, so that there is something
    to replace. Files are compared as snapshots: their names with their digests.
    """

    def __init__(self, arguments=("-o", "out.onnx"), model=SMALL, old=False, env=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="onnx-winit-faults-"))
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="onnx-winit-faults-"))
        self.arguments = [*arguments, "--quiet"]
        self.env = env or {}
        shutil.copy(MODELS / model, self.folder / "in.onnx")
        if old:
            done = self.run("--seed", "7")
            must(done.returncode == 0, f"the first run fails: {done.stderr}")
            self.arguments.append("--force")
        self.first = {p.name: p.read_bytes() for p in self.folder.iterdir()}
        self.before = self.snapshot()
        done = self.run()
        must(done.returncode == 0, f"the plain run fails: {done.stderr}")
        self.after = self.snapshot()
        self.reset()

    def snapshot(self):
        return {p.name: digest(p) for p in self.folder.iterdir() if p.is_file()}

    def reset(self):
        for path in self.folder.iterdir():
            if path.is_dir():  # where shards meet: it stays for the next try
                shutil.rmtree(path)
            elif path.name not in self.first or path.is_symlink():
                path.unlink()
        for name, content in self.first.items():
            (self.folder / name).write_bytes(content)

    def run(self, *more, env=None, prefix=(), command=None, **settings):
        return subprocess.run([*prefix, *(command or [PROGRAM, "in.onnx", *self.arguments, *more])],
                              cwd=self.folder, capture_output=True, text=True, errors="replace",
                              env={**os.environ, **self.env, **(env or {})}, timeout=60, **settings)

    def check(self, code, text, codes, late=False):
        """What must hold after a fault: a code of `codes`, and the folder as it was, or new and
        whole after success. `late`: it may be new and whole after a failure, too."""
        got = self.snapshot()
        must(code in codes, f"exit code {code}, expected {sorted(codes)}: {text.strip()}")
        if code == 0:
            must(got == self.after, f"success, but there are {sorted(got)}, not all whole")
            return
        without_report = {n: d for n, d in self.after.items() if not n.startswith("r.")}
        if not (late and got in (self.after, without_report)):
            must(got == self.before, f"exit code {code}, but the folder has changed: "
                 f"{sorted(set(got.items()) ^ set(self.before.items()))}")
        if code > 0:
            errors = [l for l in text.splitlines() if l.startswith("onnx-winit: error: ")]
            must(len(errors) == 1, f"expected one line of error: {text!r}")

    def close(self):
        shutil.rmtree(self.folder)
        shutil.rmtree(self.scratch)


# What a run may write, and how: all that the other tests break.
RUNS = {
    "a new file": {},
    "an old file replaced": {"old": True},
    "flushed": {"arguments": ("-o", "out.onnx", "--fsync")},
    "with a data file": {"arguments": ("-o", "out.onnx", "--external", "always")},
    "with a data file, replaced": {"arguments": ("-o", "out.onnx", "--external", "always"),
                                   "old": True},
    "a plain file system": {"env": {"LD_PRELOAD": SHIM, "FAULTY_PLAIN": "1"}},
    "a plain file system, replaced": {"env": {"LD_PRELOAD": SHIM, "FAULTY_PLAIN": "1"},
                                      "old": True},
    "with a report": {"arguments": ("-o", "out.onnx", "--report", "r.json")},
}
