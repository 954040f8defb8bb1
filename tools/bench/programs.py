"""Whole processes: seconds from start to end and the largest resident set, as measure.c tells them.

All contenders of a case take turns; what they wrote is removed before each turn, inputs are in the
page cache, and the first turn does not count.
"""
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = {"numpy": "peer_numpy.py", "torch": "peer_torch.py"}

# What is compared with: peers, and cp of the output.
CASES = {
    "small": ["numpy", "torch", "cp"],
    "vgg16": ["numpy", "torch", "cp"],
    "lstm": ["cp"],
    "large": ["numpy", "cp"],
    "huge": [],
}


def run(given, command):
    """Seconds and bytes of one process."""
    done = subprocess.run([given.measure, *command], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{shlex.join(command)}: failed")
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)


def paths(folder):
    """The files in a folder."""
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]


def clean(folder):
    """Removes all outputs."""
    for path in paths(folder):
        os.unlink(path)


def named(name, threads):
    """A contender's name."""
    return f"{name}, {threads} thread{'s' if threads > 1 else ''}"


def contenders(given, case, model, folder):
    """Name and command of everyone who takes part."""
    output = os.path.join(folder, "out.onnx")
    own = [given.binary, model, "-o", output, "--quiet", "--threads"]
    found = {named("onnx-winit", threads): [*own, str(threads)] for threads in (2, 1)}
    if case == "vgg16" and given.level == "avx512":
        found[named("onnx-winit --cpu avx2", 2)] = [*own, "2", "--cpu", "avx2"]
    for peer in CASES[case]:
        if peer == "cp":
            kept = os.path.join(folder, os.pardir, "kept")
            os.makedirs(kept)
            run(given, [given.binary, model, "-o", os.path.join(kept, "out.onnx"), "--quiet"])
            found["cp"] = ["cp", "--reflink=never", *paths(kept), folder]
            continue
        script = os.path.join(HERE, SCRIPTS[peer])
        for python in given.pythons:
            if {peer, "onnx"} <= set(python.versions):
                for threads in (2,) if case == "large" else (2, 1):  # a minute each
                    found[named(python.named(peer), threads)] = [python.path, script, model, output,
                                                                 "--threads", str(threads)]
    return found


def take_turns(given, commands, folder):
    """Seconds and memory of every contender, and the bytes of the output."""
    results = {name: {"seconds": [], "memory": 0} for name in commands}
    size = 0
    for turn in range(given.runs + 1):
        for name, command in commands.items():
            if turn > given.peer_runs and name.startswith(tuple(SCRIPTS)):
                continue
            clean(folder)
            seconds, memory = run(given, command)
            size = size or sum(map(os.path.getsize, paths(folder)))
            results[name]["memory"] = max(results[name]["memory"], memory)
            if turn:
                results[name]["seconds"].append(seconds)
    return {"bytes": size, "contenders": results}


def measure_case(given, case):
    """What everyone took, and the size of the output."""
    subprocess.run([sys.executable, os.path.join(HERE, "make_models.py"), given.models, case], check=True)
    scratch = tempfile.mkdtemp(dir=given.models)
    folder = os.path.join(scratch, "out")
    os.makedirs(folder)
    try:
        commands = contenders(given, case, os.path.join(given.models, case + ".onnx"), folder)
        return take_turns(given, commands, folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
