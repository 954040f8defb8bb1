#!/usr/bin/env python3
"""Breaks each row of the tables in turn and asks whether a case notices.

    check-tables.py BUILD [WORD]

An operator's row then does nothing (it ends the walk, is no view, has no shape and no number), a slot, an idiom or
a structure of values is not there. Only the one source that reads the table is compiled again. A row that no case
misses is listed, and fails. CFLAGS and the rest come from the environment that make sets.
"""

import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

TABLES = {  # table: the source that reads it
    "ops.def": "src/graph/ops.c",
    "slots.def": "src/graph/ops.c",
    "idioms.def": "src/infer/idiom.c",
    "structures.def": "src/infer/evidence.c",
}
ROW = re.compile(r"^(?:OP|SLOT|IDIOM|STRUCTURE)\((?:[^()\"]|\"[^\"]*\")*\)\n", re.M)
NOTHING = "STOP, NONE, UNKNOWN, NONE"
NEVER = "owi_never_there"  # a name that stands in no model


def broken(table, row):
    """The row that does nothing, or None where it does nothing anyway."""
    if table == "idioms.def":
        return re.sub(r"\"[^\"]*\"\)", f'"{NEVER}(x)")', row) if "PART" not in row.split(",")[0] else None
    if table != "ops.def":
        return ""
    head, does = re.match(r"(OP\(\w+, \"[^\"]*\", \"[^\"]*\",)\s*((?:.|\n)*)\)\n", row).groups()
    does = " ".join(does.split())
    nothing = does.startswith(("STOP, NONE", "SHAPE, NONE"))
    return None if nothing or '"onnx-winit"' in head else f"{head} {NOTHING})\n"


def mutants(word):
    for table in TABLES:
        text = (pathlib.Path("src/tables") / table).read_text()
        for match in ROW.finditer(text):
            row = broken(table, match[0])
            name = " ".join(match[0].split())
            if row is not None and word in name:
                yield table, name, text[: match.start()] + row + text[match.end():]


def survives(build, table, text, folder):
    """Whether the cases pass with the table in place of its own; True as well for what does not compile."""
    tables = folder / "tables"
    tables.mkdir(exist_ok=True)
    for old in tables.glob("*.def"):
        old.unlink()
    (tables / table).write_text(text)
    source, object_file, program = TABLES[table], folder / "mutant.o", folder / "test_cases"
    archive = folder / "mutant.a"
    flags = shlex.split(os.environ.get("MUTANT_FLAGS", ""))
    libraries = shlex.split(os.environ.get("MUTANT_LIBS", ""))
    subprocess.run(["cc", f"-I{folder}", *flags, "-O0", "-w", "-Itests", "-c", "-o", object_file, source], check=True)
    subprocess.run(["cp", f"{build}/libonnxwinit.a", archive], check=True)
    subprocess.run(["ar", "d", archive, pathlib.Path(source).stem + ".o"], check=True)
    objects = [f"{build}/obj/tests/unit/test_cases.o", *pathlib.Path(f"{build}/obj/tests/support").glob("*.o")]
    subprocess.run(["cc", "-o", program, *objects, object_file, archive, "-lcmocka", *libraries], check=True)
    return subprocess.run([program, "tests/cases"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def main():
    build, word = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    count = unmissed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for table, name, text in mutants(word):
            count += 1
            if survives(build, table, text, pathlib.Path(scratch)):
                unmissed += 1
                print(f"not ok - {table}: no case misses {name}", flush=True)
    print(f"tables: {count - unmissed} rows are missed by a case when they are broken, {unmissed} are not")
    return unmissed > 0 or count == 0


if __name__ == "__main__":
    sys.exit(main())
