#!/usr/bin/env python3
"""What we accept and write, onnx.checker and ONNX Runtime accept.

usage: check_accepted.py ONNX-WINIT MUTANTS FOLDER...

Every file of the folders, and MUTANTS damaged copies of each small one (the same in every run), goes
through onnx-winit. Where that ends with 0, both judge what it wrote. What they may refuse is listed
in refusals.tsv, and nothing else: that list is about operators and types, which we do not judge.
"""
import collections
import concurrent.futures
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SMALL = 4096  # bytes of a file that is worth damaging: in larger ones most damage hits weights
BATCH = 40

JUDGE = """
import os, sys
import onnx, onnxruntime
onnxruntime.set_default_logger_severity(4)
for path in sys.stdin.read().split("\\n"):
    for judge in ("onnx", "ort"):
        try:
            if judge == "onnx":
                onnx.checker.check_model(path)
            else:
                options = onnxruntime.SessionOptions()
                options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
                options.log_severity_level = 4
                onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            said = ""
        except Exception as error:
            said = " ".join(str(error).split())
        print(path, judge, said.replace(path, "FILE"), sep="\\t", flush=True)
"""


def read_causes():
    """(judge, expression, why) for each refusal that is none of our business."""
    lines = (HERE / "refusals.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(judge, re.compile(expression), why)
            for judge, expression, why in (line.split("\t") for line in lines)]


def damaged(data, rng):
    """One to three small changes of the kinds that a fuzzer makes."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(data))
        kind = rng.randrange(4)
        if kind == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at] = rng.choice((0, 1, 2, 127, 128, 255))
        elif kind == 2:
            other = rng.randrange(len(data))
            data[at:at + 8] = data[other:other + 8]
        else:
            data[at] = (data[at] + rng.choice((-1, 1))) % 256
    return bytes(data)


def judged(paths):
    """(path, judge, what it said) for each; one that brings the process down said 'crash'."""
    found = []
    while paths:
        try:
            text = subprocess.run([sys.executable, "-c", JUDGE], input="\n".join(map(str, paths)),
                                  capture_output=True, text=True, timeout=300, errors="replace",
                                  check=False).stdout
        except subprocess.TimeoutExpired as late:
            text = (late.stdout or b"").decode(errors="replace")
        lines = [line.split("\t", 2) for line in text.splitlines() if line.count("\t") >= 2]
        found += [tuple(line) for line in lines]
        if len(lines) >= 2 * len(paths):
            break
        done, part = divmod(len(lines), 2)
        if not part:
            found.append((str(paths[done]), "onnx", "crash"))
        found.append((str(paths[done]), "ort", "crash"))
        paths = paths[done + 1:]
    return found


def initialise(program, files, folder):
    """The outputs of what we accept."""
    outputs = []
    for name, data in files:
        given, output = folder / "in.onnx", folder / f"{len(outputs)}.onnx"
        given.write_bytes(data)
        done = subprocess.run([program, given, "-o", output, "--quiet", "--external", "never"],
                              capture_output=True, timeout=60, check=False, cwd=folder)
        if done.returncode == 0:
            outputs.append((name, output))
        elif done.returncode not in (3, 4):
            print(f"# {name}: exit {done.returncode}: {done.stderr[:200]}")
            outputs.append((name, given))
    return outputs


def main():
    program, mutants = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    keep = os.environ.get("KEEP")
    files = [(path.name, path.read_bytes()) for folder in sys.argv[3:]
             for path in sorted(pathlib.Path(folder).iterdir()) if path.is_file()]
    given = len(files)
    for name, data in files[:given]:
        rng = random.Random(name)
        if 0 < len(data) <= SMALL:
            files += [(f"{name}~{k}", damaged(data, rng)) for k in range(mutants)]
    causes, used, wrong = read_causes(), collections.Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        outputs = initialise(program, files, pathlib.Path(folder))
        names = {str(path): name for name, path in outputs}
        paths = [path for _, path in outputs]
        batches = [paths[i:i + BATCH] for i in range(0, len(paths), BATCH)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for path, judge, said in (row for rows in pool.map(judged, batches) for row in rows):
                if not said:
                    continue
                cause = next((c for c in causes if re.fullmatch(c[0], judge) and c[1].search(said)), None)
                if cause:
                    used[cause[2]] += 1
                    continue
                wrong.append((names[path], judge, said[:200]))
                if keep:
                    os.makedirs(keep, exist_ok=True)
                    pathlib.Path(keep, names[path] + ".onnx").write_bytes(pathlib.Path(path).read_bytes())
    for name, judge, said in wrong:
        print(f"not ok - accepted/{name}: {judge} refuses: {said}")
    for why, count in used.most_common():
        print(f"# refused {count} times: {why}")
    print(f"# {given} files and {len(files) - given} damaged copies: {len(outputs)} accepted, "
          f"{len(wrong)} refused by others for no listed cause")
    sys.exit(1 if wrong or not outputs else 0)


if __name__ == "__main__":
    main()
