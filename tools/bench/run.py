#!/usr/bin/env python3
"""Whole processes against cp of the output, and against other ways to fill a model.

usage: run.py ONNX-WINIT [--models FOLDER] [--cases a,b] [--runs N] [--json FILE]
              [--peer NAME=COMMAND]... [--levels a,b]

Each case is a model of make_models.py. All contenders of a case take turns; outputs are removed
before each run, inputs are in the page cache, one round does not count. Times are of the whole
process, from start to end; memory is the largest resident set that wait4 tells of.

A peer is any command with {input}, {output} and {threads}, for example
    --peer "numpy=python3 fill.py {input} {output} --threads {threads}"
Python and its packages are looked up in the environment, so give full paths where it matters.
"""
import argparse
import json
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

# Ratios that a release must keep: contender, of whom, most it may be (less than 1: faster).
TARGETS = {
    "vgg16": [("winit t2", "cp", 0.75), ("winit t1", "cp", 1.4), ("winit avx2 t2", "cp", 1.0),
              ("winit t2", "numpy", 1 / 30), ("winit t2", "torch", 1 / 45)],
    "layers": [("winit t2", "cp", 1.0), ("winit t2", "numpy t2", 1 / 6)],
}
MOST_SECONDS = {"mlp-small": ("winit t2", 0.003)}
MOST_MEMORY = {"mlp-small": 16, "mlp": 16, "vgg16": 16, "layers": 16, "orthogonal": 2 * 67 + 64}  # MB


def run(arguments, command):
    """Seconds and bytes of one process, as measure.c tells them."""
    done = subprocess.run([arguments.measure, *command], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{shlex.join(command)}: failed")
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)


def clean(folder):
    """Removes all outputs."""
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))


def first_line(*command):
    """What a program says of its version."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")[0]
    except (OSError, subprocess.CalledProcessError):
        return ""


def machine(binary):
    """What the figures depend on."""
    info = {}
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            key, _, value = line.partition(":")
            info.setdefault(key.strip(), value.strip())
    flags = info.get("flags", "").split()
    level = "avx512" if "avx512f" in flags else "avx2" if "avx2" in flags else "baseline"
    return {"cpu": info.get("model name", platform.machine()), "level": level, "cpus": os.cpu_count(),
            "kernel": platform.release(), "onnx-winit": first_line(binary, "--version"),
            "cp": first_line("cp", "--version"), "load": os.getloadavg()[0]}


def contenders(arguments, model, folder):
    """Name and command of everyone who takes part."""
    out = os.path.join(folder, "out.onnx")
    found = {}
    for threads in arguments.threads:
        found[f"winit t{threads}"] = [arguments.binary, model, "-o", out, "--quiet", "--threads", str(threads)]
    for level in arguments.levels:
        found[f"winit {level} t2"] = [arguments.binary, model, "-o", out, "--quiet", "--threads", "2",
                                      "--cpu", level]
    for peer in arguments.peer:
        name, _, command = peer.partition("=")
        for threads in [1, 2] if "{threads}" in command else [None]:
            words = [w.format(input=model, output=out, threads=threads) for w in shlex.split(command)]
            found[name if threads is None else f"{name} t{threads}"] = words
    return found


def measure(arguments, model, scratch):
    """Seconds and memory of every contender and of cp, taking turns."""
    folder, kept = os.path.join(scratch, "out"), os.path.join(scratch, "kept")
    os.makedirs(folder), os.makedirs(kept)
    commands = contenders(arguments, model, folder)
    run(arguments, [arguments.binary, model, "-o", os.path.join(kept, "out.onnx"), "--quiet"])
    outputs = [os.path.join(kept, name) for name in os.listdir(kept)]
    size = sum(os.path.getsize(path) for path in outputs)
    commands["cp"] = ["cp", "--reflink=never", *outputs, folder]
    results = {name: {"seconds": [], "memory": 0} for name in commands}
    for turn in range(arguments.runs + 1):
        for name, command in commands.items():
            if turn > arguments.peer_runs and not name.startswith(("winit", "cp")):
                continue
            clean(folder)
            seconds, memory = run(arguments, command)
            if turn:
                results[name]["seconds"].append(seconds)
            results[name]["memory"] = max(results[name]["memory"], memory)
    clean(folder)
    shutil.rmtree(scratch)
    return size, results


def judge(case, results):
    """Lines about the targets of a case; a contender that took no part is no judge."""
    best = {name: min(r["seconds"]) for name, r in results.items()}
    for name in {n.rpartition(" t")[0] for n in best} - {""}:
        best.setdefault(name, min(t for n, t in best.items() if n.startswith(name + " t")))
    for one, other, most in TARGETS.get(case, []):
        if one in best and other in best:
            ratio = best[one] / best[other]
            yield ratio <= most, f"{one} / {other} = {ratio:.3f}, at most {most:.3f}"
    if case in MOST_SECONDS:
        name, most = MOST_SECONDS[case]
        yield best[name] <= most, f"{name}: {best[name] * 1e3:.1f} ms, at most {most * 1e3:.0f} ms"
    memory = max(r["memory"] for n, r in results.items() if n.startswith("winit")) / 1e6
    yield memory <= MOST_MEMORY[case], f"memory {memory:.1f} MB, at most {MOST_MEMORY[case]} MB"


def show(case, size, results):
    """The table of a case."""
    copy = min(results["cp"]["seconds"])
    print(f"\n{case}: {size / 1e6:,.1f} MB\n{'':18}{'min s':>9}{'median s':>10}{'GB/s':>8}{'x cp':>8}{'MB':>9}")
    for name, result in results.items():
        least = min(result["seconds"])
        print(f"{name:18}{least:9.4f}{statistics.median(result['seconds']):10.4f}{size / least / 1e9:8.2f}"
              f"{least / copy:8.3f}{result['memory'] / 1e6:9.1f}")


def parse():
    """The command line."""
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--models", default="build/bench")
    parser.add_argument("--cases", default="mlp-small,mlp,vgg16,orthogonal")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--peer-runs", type=int, default=3)
    parser.add_argument("--threads", default="2,1")
    parser.add_argument("--levels", default="")
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--json")
    parser.add_argument("--measure", default="build/tools/measure")
    arguments = parser.parse_args()
    arguments.threads = [int(t) for t in arguments.threads.split(",")]
    arguments.levels = [level for level in arguments.levels.split(",") if level]
    arguments.binary = os.path.abspath(arguments.binary)
    if not shutil.which(arguments.measure):
        parser.error(f"{arguments.measure} is missing; make bench builds it")
    return arguments


def main():
    arguments = parse()
    about, report, missed = machine(arguments.binary), {}, 0
    for key, value in about.items():
        print(f"{key:12}{value}")
    cases = arguments.cases.split(",")
    subprocess.run([sys.executable, os.path.join(HERE, "make_models.py"), arguments.models, *cases], check=True)
    for case in cases:
        model = os.path.join(arguments.models, case + ".onnx")
        scratch = tempfile.mkdtemp(dir=arguments.models)
        try:
            size, results = measure(arguments, model, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        show(case, size, results)
        for kept, line in judge(case, results):
            missed += not kept
            print(f"{'kept  ' if kept else 'MISSED'}  {line}")
        report[case] = {"bytes": size, "contenders": results}
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"machine": about, "cases": report}, file, indent=1)
    sys.exit(1 if missed else 0)


main()
