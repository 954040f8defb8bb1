#!/usr/bin/env python3
"""Makes the system fail under the program: run.py BUILD SHIM [--fast] [WORD]

SHIM is the library of faulty.c. After every fault the output is absent, old, or new and whole; the
input is as it was; the exit code is the documented one, and one line says why. --fast leaves out
what takes longer than seconds. Standard library only; strace where it is there.
"""

import hashlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MODELS = HERE.parent / "models"
ARGUMENTS = [a for a in sys.argv[1:] if not a.startswith("--")]
PROGRAM = str((pathlib.Path(ARGUMENTS[0]) / "onnx-winit").resolve())
SHIM = str(pathlib.Path(ARGUMENTS[1]).resolve())
FAST = "--fast" in sys.argv
WORD = ARGUMENTS[2] if len(ARGUMENTS) > 2 else ""
STRACE = shutil.which("strace")
TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Fault(Exception):
    pass


def must(condition, what):
    if not condition:
        raise Fault(what)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


class Box:
    """A folder with an input, and what the program makes of it when nothing fails."""

    def __init__(self, model="mlp_relu.train.onnx", old=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="onnx-winit-faults-"))
        self.input = self.folder / "in.onnx"
        self.output = self.folder / "out.onnx"
        shutil.copy(MODELS / model, self.input)
        self.old = None
        self.before = digest(self.input)
        done = self.run()
        must(done.returncode == 0, f"the plain run fails: {done.stderr}")
        self.whole = digest(self.output)
        self.old = None
        self.reset(old)

    def reset(self, old=False):
        for path in self.folder.iterdir():
            if path != self.input:
                path.unlink()
        self.old = None
        if old:
            self.output.write_bytes(b"what was there before\n")
            self.old = digest(self.output)

    def command(self, *more):
        force = ["--force"] if self.old else []
        return [PROGRAM, "in.onnx", "-o", "out.onnx", "--quiet", *force, *more]

    def run(self, *more, env=None, before=(), **settings):
        return subprocess.run([*before, *self.command(*more)] if not settings.pop("plain", None)
                              else list(before), cwd=self.folder, capture_output=True, text=True,
                              env={**os.environ, **(env or {})}, timeout=60, **settings)

    def check(self, code, expected, text, leftovers=0):
        must(code in expected, f"exit code {code}, expected {expected}: {text}")
        must(digest(self.input) == self.before, "the input was changed")
        got = digest(self.output)
        if code == 0:
            must(got == self.whole, "success, but the output is not whole")
        elif code in (2, 3, 4, 5):
            must(got == self.old, f"exit code {code}, but the output is not what it was")
            lines = [l for l in text.splitlines() if l.startswith("onnx-winit: error: ")]
            must(len(lines) == 1, f"expected one line of error: {text!r}")
        else:
            must(got in (self.old, self.whole), "the output is neither old nor new")
        left = [p.name for p in self.folder.iterdir() if p not in (self.input, self.output)]
        must(len(left) <= leftovers, f"left behind: {left}")

    def close(self):
        shutil.rmtree(self.folder)


# ---- memory


def fail_allocations(command_more, forever, models, expect_output):
    total = 0
    for model in models:
        box = Box(model)
        counter = box.folder.parent / (box.folder.name + ".count")
        box.reset()
        box.run(*command_more, env={"LD_PRELOAD": SHIM, "FAULTY_COUNT": str(counter)})
        count = int(counter.read_text())
        counter.unlink()
        must(count > 10, "the shim counts nothing")
        for number in range(1, count + 1):
            box.reset()
            env = {"LD_PRELOAD": SHIM, "FAULTY_ALLOC": str(number)}
            if forever:
                env["FAULTY_FOREVER"] = "1"
            done = box.run(*command_more, env=env)
            try:
                survives = done.returncode == 0
                if survives:  # a library, or the report, could do without
                    must(digest(box.output) == box.whole, "success, but the output is not whole")
                else:
                    reports = [p for p in box.folder.iterdir() if p.suffix in (".json", ".csv")]
                    must(not reports, f"a report was left: {reports}")
                    must(done.returncode == 5, f"exit code {done.returncode}: {done.stderr}")
                    must(done.stderr.count("onnx-winit: error: ") == 1, repr(done.stderr))
            except Fault as fault:
                raise Fault(f"{model}, allocation {number} of {count}: {fault}") from None
            total += 1
        box.close()
    return total


def small_models():
    return ["mlp_relu.train.onnx"] if FAST else [p.name for p in sorted(MODELS.glob("*.onnx"))]


@test
def allocations_once():
    """each allocation fails once"""
    return fail_allocations([], False, small_models(), True)


@test
def allocations_forever():
    """each allocation fails, and all that follow"""
    return fail_allocations([], True, small_models(), True)


@test
def allocations_of_reports():
    """the same while a report is made; a report that fails after the model is written is exit 5"""
    total = 0
    for forever in (False, True):
        for name in ("r.json", "r.csv"):
            box = Box()
            counter = box.folder.parent / (box.folder.name + ".count")
            plan = [PROGRAM, "plan", "in.onnx", "--quiet", "--report", name]
            env = {**os.environ, "LD_PRELOAD": SHIM}
            box.reset()
            subprocess.run(plan, cwd=box.folder, env={**env, "FAULTY_COUNT": str(counter)},
                           check=True)
            whole = digest(box.folder / name)
            count = int(counter.read_text())
            counter.unlink()
            for number in range(1, count + 1, 1 if not FAST else 7):
                box.reset()
                fault = {**env, "FAULTY_ALLOC": str(number)}
                if forever:
                    fault["FAULTY_FOREVER"] = "1"
                done = subprocess.run(plan, cwd=box.folder, env=fault, capture_output=True,
                                      text=True)
                got = digest(box.folder / name)
                must(done.returncode in (0, 5), f"{name}, allocation {number}: "
                     f"exit code {done.returncode}: {done.stderr}")
                must(got == (whole if done.returncode == 0 else None),
                     f"{name}, allocation {number}: exit code {done.returncode}, and the report is "
                     f"{'there' if got else 'not there'}")
                total += 1
            box.close()
    return total


# ---- system calls

CALLS = ("open", "openat", "fstat", "newfstatat", "pread64", "pwrite64", "fallocate", "fsync",
         "linkat", "renameat2", "renameat", "getrandom", "access", "close", "unlinkat", "write")
ERRORS = ("ENOSPC", "EIO", "EDQUOT", "EINTR", "EXDEV", "EMFILE", "EACCES", "ENOMEM")


def strace(box, call, inject, *more):
    trace = box.folder.parent / (box.folder.name + ".trace")
    done = box.run(*more, before=[STRACE, "-f", "-qq", "-o", str(trace), "-e", f"trace={call}", "-e",
                                  f"inject={call}:{inject}"])
    text = trace.read_text(errors="replace")
    trace.unlink()
    return done, text


def first_of_model(box):
    """How many calls of each kind there are before the model is opened: the loader's."""
    trace = box.folder.parent / (box.folder.name + ".trace")
    box.run(before=[STRACE, "-f", "-qq", "-o", str(trace)])
    counts, mine = {}, {}
    seen = False
    for line in trace.read_text(errors="replace").splitlines():
        call = line.split(None, 1)[1].split("(")[0]
        seen = seen or '"in.onnx"' in line
        counts[call] = counts.get(call, 0) + 1
        if seen:
            mine.setdefault(call, counts[call])
    trace.unlink()
    return mine, counts


@test
def system_calls():
    """each system call fails with each error that it may have, one at a time"""
    if not STRACE:
        return "SKIPPED: no strace"
    total = 0
    for old in (False, True):
        box = Box(old=old)
        box.reset(old)
        mine, counts = first_of_model(box)
        for call in CALLS:
            if call not in mine:
                continue
            for error in ERRORS if not FAST else ("EIO",):
                for number in range(mine[call], counts[call] + 1):
                    box.reset(old)
                    done, _ = strace(box, call, f"error={error}:when={number}")
                    try:
                        allowed = {0, 2, 3, 5}
                        if error == "EINTR" and call in ("pread64", "pwrite64", "fallocate",
                                                         "getrandom"):
                            allowed = {0}
                        if done.returncode == 5 and call == "close" or call == "unlinkat":
                            allowed |= {5}
                            continue
                        leftovers = 1 if call in ("renameat2", "unlinkat") else 0
                        committed = done.returncode == 5 and digest(box.output) == box.whole
                        if committed:  # in its place, but the folder could not be flushed
                            must(call in ("fsync", "close"), "an output in spite of exit 5")
                        else:
                            box.check(done.returncode, allowed, done.stderr, leftovers)
                    except Fault as fault:
                        raise Fault(f"{call} number {number}: {error}: {fault}") from None
                    total += 1
        box.close()
    return total


@test
def killed():
    """kill -9 at every system call, with and without an older output"""
    if not STRACE:
        return "SKIPPED: no strace"
    total = 0
    for old in (False, True):
        box = Box(old=old)
        box.reset(old)
        mine, counts = first_of_model(box)
        for call, first in sorted(mine.items()):
            if call.startswith("+") or call.startswith("exit"):
                continue
            numbers = range(first, counts[call] + 1)
            for number in list(numbers)[:: 1 if not FAST else 5]:
                box.reset(old)
                done, _ = strace(box, call, f"signal=KILL:when={number}")
                must(done.returncode in (0, -9, 137), f"{call} {number}: {done.returncode}")
                try:
                    box.check(-9, {-9}, "", leftovers=1)
                except Fault as fault:
                    raise Fault(f"{call} number {number}: {fault}") from None
                total += 1
        box.close()
    return total


@test
def short_transfers():
    """reads and writes of one byte, of seven, and of half"""
    total = 0
    for model in small_models():
        box = Box(model)
        for most in ("half", "7", "1"):
            for threads in ("1", "3"):
                box.reset()
                done = box.run("--threads", threads, env={"LD_PRELOAD": SHIM, "FAULTY_IO": most})
                box.check(done.returncode, {0}, done.stderr)
                total += 1
        box.close()
    return total


# ---- the world around


@test
def full_disk():
    """a file system of 1 MiB, and a limit of file size"""
    box = Box("encoder_gelu.inputs.onnx")
    box.reset()
    mount = box.folder.parent / (box.folder.name + ".mount")
    total = 0
    if os.geteuid() == 0:
        mount.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(mount)],
                                 capture_output=True).returncode == 0
        if mounted:
            try:
                done = subprocess.run([PROGRAM, "in.onnx", "-o", str(mount / "o.onnx"), "--quiet"],
                                      cwd=box.folder, capture_output=True, text=True)
                must(done.returncode == 5, f"full disk: exit code {done.returncode}")
                must("No space left" in done.stderr, done.stderr)
                must(not list(mount.iterdir()), "something was left on the full disk")
                total += 1
            finally:
                subprocess.run(["umount", str(mount)], check=False)
        mount.rmdir()
    limited = subprocess.run(["bash", "-c", f"ulimit -f 8; trap '' XFSZ; exec {PROGRAM} in.onnx "
                              "-o out.onnx --quiet"], cwd=box.folder, capture_output=True, text=True)
    box.check(limited.returncode, {5}, limited.stderr)
    box.close()
    return total + 1


@test
def changed_while_read():
    """the input is cut, grown, replaced or emptied while it is read"""
    box = Box("unet.train.onnx")
    whole = box.input.read_bytes()
    chance = random.Random(1)
    rounds = 100 if not FAST else 20
    codes = {}
    for number in range(rounds):
        box.reset()
        box.input.write_bytes(whole)
        process = subprocess.Popen(box.command(), cwd=box.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        time.sleep(chance.random() * 0.01)
        kind = number % 4
        if kind == 0:
            os.truncate(box.input, chance.randrange(len(whole)))
        elif kind == 1:
            box.input.write_bytes(whole + bytes(1000))
        elif kind == 2:
            other = box.folder / "other"
            other.write_bytes(bytes(len(whole)))
            other.rename(box.input)
        else:
            box.input.write_bytes(bytes(chance.randrange(256) for _ in range(100)))
        text = process.communicate()[1]
        code = process.returncode
        codes[code] = codes.get(code, 0) + 1
        must(code in (0, 3, 4, 5), f"round {number}: exit code {code}: {text}")
        must((code == 0) == box.output.exists(), f"round {number}: exit code {code}, output")
    box.close()
    return f"{rounds} rounds, exit codes {codes}"


@test
def interrupted():
    """SIGINT, SIGTERM and SIGHUP at random times"""
    box = Box("unet.train.onnx")
    chance = random.Random(2)
    rounds = 50 if not FAST else 12
    stopped = 0
    for number in range(rounds):
        kind = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[number % 3]
        box.reset(old=number % 2 == 1)
        process = subprocess.Popen(box.command(), cwd=box.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        time.sleep(chance.random() * 0.03)
        process.send_signal(kind)
        start = time.monotonic()
        text = process.communicate()[1]
        must(time.monotonic() - start < 1, "it takes more than a second to end")
        must(process.returncode in (0, -kind), f"{kind}: exit code {process.returncode}: {text}")
        box.check(process.returncode, {0, -kind}, text)
        stopped += process.returncode != 0
    box.close()
    return f"{rounds} rounds, {stopped} stopped in time"


@test
def output_is_input():
    """by path, by another spelling, through a hard link, a symbolic link, a linked folder"""
    box = Box()
    box.reset()
    os.link(box.input, box.folder / "hard.onnx")
    os.symlink("in.onnx", box.folder / "soft.onnx")
    os.symlink(".", box.folder / "folder")
    names = ["in.onnx", "./in.onnx", str(box.input), "hard.onnx", "soft.onnx", "folder/in.onnx"]
    for name in names:
        for force in ([], ["--force"]):
            done = subprocess.run([PROGRAM, "in.onnx", "-o", name, "--quiet", *force],
                                  cwd=box.folder, capture_output=True, text=True)
            must(done.returncode == 2, f"{name}: exit code {done.returncode}")
            must(digest(box.input) == box.before, f"{name}: the input was changed")
    box.close()
    return 2 * len(names)


@test
def closed_streams():
    """standard input, output and error closed, one by one and all"""
    box = Box()
    total = 0
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        box.reset()
        done = subprocess.run(["bash", "-c", f"exec {PROGRAM} in.onnx -o out.onnx --quiet {closed}"],
                              cwd=box.folder)
        must(done.returncode in (0, 5), f"{closed}: exit code {done.returncode}")
        must(digest(box.output) == box.whole, f"{closed}: the output is not whole")
        total += 1
    box.close()
    return total


def main():
    failed = 0
    for function in TESTS:
        if WORD not in function.__name__:
            continue
        start = time.monotonic()
        try:
            result = function()
            print(f"ok - faults/{function.__name__}: {result} ({time.monotonic() - start:.0f} s)",
                  flush=True)
        except Fault as fault:
            failed += 1
            print(f"# {fault}\nnot ok - faults/{function.__name__}", flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
