#!/usr/bin/env python3
"""Runs the program on a corpus of public models and compares with a table read from the graphs.

    run.py PROGRAM FOLDER TABLE [WORD]

Columns of the table: a pattern of file names (the first that fits counts), the profile (* for single operators:
not judged), what is filled and what is kept, by role. A refused file gives the exit code and a part of the error.
Each file is planned and initialised; the plan of what was written must give the same roles. A file without a row,
and a row without a file, fail.
"""

import collections
import fnmatch
import json
import pathlib
import subprocess
import sys
import tempfile

TIMEOUT = 120


def read_table(path):
    lines = [line for line in path.read_text().splitlines()[1:] if line and line[0] != "#"]
    return [line.split("\t") for line in lines]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT)


def counts(report, action):
    """Of the kept, the roles as they are reported; "role=count" in the order of the names."""
    roles = collections.Counter(t["role"] for t in report["tensors"] if t["action"] == action)
    return " ".join(f"{role}={count}" for role, count in sorted(roles.items())) or "-"


def in_order(text):
    return " ".join(sorted(text.split()))


def refusal(program, path, row, output):
    code, words = row[2].split(" ", 1)
    for command in (["plan", path], [path, "-o", output]):
        ran = run(program, *command)
        if ran.returncode != int(code) or words not in ran.stderr:
            return [f"exit {ran.returncode}, {ran.stderr.strip()!r}, not {row[2]}"]
    return []


def roles_of(report):
    return {(t["graph"], t["name"]): t["role"] for t in report["tensors"] if t["action"] == "fill"}


def differences(program, path, row, output):
    if row[1] == "refused":
        return refusal(program, path, row, output)
    ran = run(program, "plan", "--format", "json", path)
    if ran.returncode:
        return [f"plan: exit {ran.returncode}: {ran.stderr.strip()}"]
    report, found = json.loads(ran.stdout), []
    for what, want, got in (("profile", row[1], report["profile"]["name"]),
                            ("filled", in_order(row[2]), counts(report, "fill")),
                            ("kept", in_order(row[3]), counts(report, "keep"))):
        if want not in ("*", got):
            found.append(f"{what}: {got}, not {want}")
    ran = run(program, "--quiet", "--external", "never", path, "-o", output)
    if ran.returncode:
        return found + [f"init: exit {ran.returncode}: {ran.stderr.strip()}"]
    ran = run(program, "plan", "--format", "json", output)
    if ran.returncode or roles_of(json.loads(ran.stdout)) != roles_of(report):
        found.append("the plan of the output gives other roles than the plan of the input")
    return found


def main():
    program, folder, table = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    word = sys.argv[4] if len(sys.argv) > 4 else ""
    rows, used, failed, passed = read_table(table), set(), 0, 0
    for path in sorted(folder.rglob("*.onnx")):
        name = str(path.relative_to(folder))
        row = next((row for row in rows if fnmatch.fnmatchcase(name, row[0])), None)
        used.add(row[0] if row else None)
        if word not in name:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            found = (differences(program, path, row, pathlib.Path(scratch) / "out.onnx") if row
                     else ["has no row in the table"])
        passed, failed = passed + (not found), failed + bool(found)
        for line in found:
            print(f"not ok - {name}: {line}")
    for row in rows:
        if row[0] not in used:
            failed += 1
            print(f"not ok - {table.name}: {row[0]} fits no file")
    print(f"corpus: {passed} files as the table says, {failed} failures")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
