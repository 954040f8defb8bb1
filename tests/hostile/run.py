#!/usr/bin/env python3
"""Runs the program on each hostile file and compares with expected.tsv.

    run.py BUILD [--bless] [WORD]

Each run has a second of the processor and 256 MB, must end with the code and the one line of the table, and leaves
an output only where it succeeds. Under sanitizers (SANITIZED=1) neither time nor memory is judged.
--bless rewrites the table from what the program does now; its columns onnx and ort (what
onnx.checker and ONNX Runtime say, see oracles.py) stay, its notes come from the generator.
"""

import os
import pathlib
import resource
import subprocess
import sys
import tempfile

import generate

HERE = pathlib.Path(__file__).parent
TABLE = HERE / "expected.tsv"
SECONDS = 1.0
MEGABYTES = 256
SANITIZED = os.environ.get("SANITIZED") == "1"
COLUMNS = ["name", "exit", "onnx", "ort", "error", "note"]


def read_table():
    lines = TABLE.read_text().splitlines()[1:] if TABLE.exists() else []
    return {line.split("\t")[0]: dict(zip(COLUMNS, line.split("\t"))) for line in lines}


def write_table(rows):
    lines = ["\t".join(COLUMNS)] + ["\t".join(row[c] for c in COLUMNS) for row in rows.values()]
    TABLE.write_text("\n".join(lines) + "\n")


def run(program, folder, name):
    """Exit code, standard error, seconds of the processor, megabytes."""
    output = folder / "out.onnx"
    output.unlink(missing_ok=True)
    process = subprocess.Popen([program, f"{name}.onnx", "-o", "out.onnx", "--quiet",
                                "--external", "never"], cwd=folder,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    timer = None
    if not SANITIZED:
        import threading

        timer = threading.Timer(10 * SECONDS, process.kill)
        timer.start()
    text = process.stderr.read().decode(errors="backslashreplace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if timer:
        timer.cancel()
    return (process.returncode, text, usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024)


def check_notes(rows):
    """Where an oracle refuses what we accept, a note says why."""
    return [name for name, row in rows.items()
            if row["exit"] == "0" and "R" in row["onnx"] + row["ort"] and not row["note"]]


def judge(name, row, code, text, seconds, megabytes, folder):
    """What is wrong, as a list of sentences."""
    lines = [line for line in text.splitlines() if not line.startswith("onnx-winit: warning:")]
    wrong = []
    left = sorted(p.name for p in folder.iterdir() if p.suffix != ".onnx" or p.name == "out.onnx")
    if row is None:
        return ["it is not in expected.tsv"]
    if str(code) != row["exit"]:
        wrong.append(f"exit code {code}, expected {row['exit']}: {text.strip()}")
    if lines != ([row["error"]] if row["error"] else []):
        wrong.append(f"it says {lines}, expected [{row['error']!r}]")
    if left != (["out.onnx"] if code == 0 else []):
        wrong.append(f"it leaves {left}")
    if not SANITIZED and seconds > SECONDS:
        wrong.append(f"{seconds:.2f} s")
    if not SANITIZED and megabytes > MEGABYTES:
        wrong.append(f"{megabytes:.0f} MB")
    return wrong


def main():
    arguments = [a for a in sys.argv[1:] if a != "--bless"]
    bless = "--bless" in sys.argv
    program = str((pathlib.Path(arguments[0]) / "onnx-winit").resolve())
    word = arguments[1] if len(arguments) > 1 else ""
    rows, failed, slowest, largest = read_table(), 0, (0, ""), (0, "")
    names = [name for name in generate.CASES if word in name]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        generate.main(folder)
        for name in names:
            before = (folder / f"{name}.onnx").read_bytes()
            code, text, seconds, megabytes = run(program, folder, name)
            if bless:
                old = rows.get(name, {})
                error = [l for l in text.splitlines() if not l.startswith("onnx-winit: warning:")]
                rows[name] = {"name": name, "exit": str(code), "onnx": old.get("onnx", "?"),
                              "ort": old.get("ort", "?"), "error": " / ".join(error),
                              "note": (generate.CASES[name].__doc__ or "").strip()}
            wrong = judge(name, rows.get(name), code, text, seconds, megabytes, folder)
            if (folder / f"{name}.onnx").read_bytes() != before:
                wrong.append("the input was changed")
            slowest = max(slowest, (seconds, name))
            largest = max(largest, (megabytes, name))
            failed += bool(wrong)
            for sentence in wrong:
                print(f"# {name}: {sentence}")
            if wrong:
                print(f"not ok - hostile/{name}")
    if bless:
        write_table({name: rows[name] for name in generate.CASES if name in rows})
    if not word and not bless:
        for name in sorted(set(rows) - set(names)):
            failed += 1
            print(f"not ok - hostile/{name} # in expected.tsv, but nothing makes it")
    for name in check_notes(rows):
        failed += 1
        print(f"not ok - hostile/{name} # accepted where an oracle refuses, and no note says why")
    print(f"# {len(names)} hostile files, {failed} failed; slowest {slowest[0]:.2f} s "
          f"({slowest[1]}), largest {largest[0]:.0f} MB ({largest[1]})")
    if not failed:
        print(f"ok - hostile files ({len(names)})")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
