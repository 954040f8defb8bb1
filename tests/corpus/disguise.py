#!/usr/bin/env python3
"""Plans disguised copies of models, which must come out as the originals do.

    disguise.py BUILD FOLDER [WORD]

Renamed: every value is called t0, t1, ... Trained: every tensor that would be filled holds values of its own spread
and mean, scales near 1, so that neither a name nor missing data gives a weight away. Role, action, activations and
fans must stay. Names may decide where a file has lost the values of a constant (the row says "guessed"): such rows
are left out of the renamed copies, and counted.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

MOST_ELEMENTS = 20_000_000  # a test of judgement, not of size
KEYS = ("action", "role", "activation", "activation_before", "fan_in", "fan_out", "profile")


def plan(program, path):
    ran = subprocess.run([program, "plan", "--format", "json", path], capture_output=True, text=True)
    return json.loads(ran.stdout) if ran.returncode == 0 else None


def rows_of(report, names=None):
    """(graph does not matter) name to the judgement about it; copies take their names from nodes."""
    rows = {}
    for tensor in report["tensors"]:
        judged = [tensor[key] for key in KEYS if key in tensor] + [report["profile"]["name"]]
        name = tensor["name"] if names is None else names.get(tensor["name"], tensor["name"])
        rows.setdefault(name, []).append(judged)
    return {name: sorted(found, key=str) for name, found in rows.items()}


def compare(expected, found):
    lines = []
    for name in sorted(set(expected) | set(found)):
        if expected.get(name) != found.get(name):
            lines.append(f"{name}: {found.get(name)}, not {expected.get(name)}")
    return lines


def renamed(build, path, copy, report):
    ran = subprocess.run([build / "tools/disguise", "rename", path, copy], capture_output=True, text=True, check=True)
    names = dict(line.split("\t") for line in ran.stdout.split("\n") if line)
    guessed = {t["name"] for t in report["tensors"] if "guessed" in t["reason"]}
    other = plan(build / "onnx-winit", copy)
    if other is None:
        return [] if guessed else ["the renamed copy is refused"]
    back = {new: old for old, new in names.items()}
    expected, found = rows_of(report), rows_of(other, back)
    for tensor in report["tensors"]:  # a copy is called by its consumer
        if tensor["carrier"] == "copy" and tensor["name"] not in names:
            expected.pop(tensor["name"], None)
    found = {name: rows for name, rows in found.items() if "__" not in name or name in names}
    for name in guessed:
        expected.pop(name, None), found.pop(name, None)
    return compare(expected, found)


def trained(build, path, copy, report):
    wanted = "".join(f"{t['name']}\t{t['role']}\n" for t in report["tensors"]
                     if t["action"] == "fill" and t["carrier"] in ("initializer", "Constant"))
    subprocess.run([build / "tools/disguise", "train", path, copy], input=wanted, text=True, check=True)
    other = plan(build / "onnx-winit", copy)
    return ["the trained copy is refused"] if other is None else compare(rows_of(report), rows_of(other))


def main():
    build, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    word = sys.argv[3] if len(sys.argv) > 3 else ""
    files = failed = rows = 0
    for path in sorted(folder.rglob("*.onnx")):
        report = plan(build / "onnx-winit", path) if word in str(path) else None
        if report is None:
            continue
        files += 1
        rows += len(report["tensors"])
        with tempfile.TemporaryDirectory() as scratch:
            scratch = pathlib.Path(scratch)
            for data in path.parent.glob("*.bin"):
                shutil.copy(data, scratch)
            found = [("renamed", line) for line in renamed(build, path, scratch / "renamed.onnx", report)]
            if report["summary"]["elements_filled"] <= MOST_ELEMENTS:
                found += [("trained", line) for line in trained(build, path, scratch / "trained.onnx", report)]
        for kind, line in found[:6]:
            print(f"not ok - {path.name}, {kind}: {line}")
        failed += bool(found)
    print(f"disguises of {folder}: {files - failed} files ({rows} tensors) stay as they were, {failed} do not")
    return failed > 0 or rows == 0


if __name__ == "__main__":
    sys.exit(main())
