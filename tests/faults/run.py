#!/usr/bin/env python3
"""Makes the system fail under the program: run.py BUILD [--fast] [--table FILE] [WORD]

BUILD holds onnx-winit and faulty.so. After every fault the output is absent, old, or new and whole;
the input is as it was; the exit code is the documented one, and one line says why. --fast leaves out
what takes longer than seconds. --table puts the faults and their numbers between the marks in FILE.
Standard library only; strace where it is there.
"""

import pathlib
import signal
import sys
import time

TABLE = None
if "--table" in sys.argv:
    at = sys.argv.index("--table")
    TABLE = pathlib.Path(sys.argv[at + 1])
    del sys.argv[at : at + 2]

import box  # noqa: E402
import calls  # noqa: E402
import memory  # noqa: E402
import places  # noqa: E402
import world  # noqa: E402

MARKS = ("<!-- faults -->\n", "<!-- end of faults -->\n")


def write_table(rows):
    text = TABLE.read_text()
    head, rest = text.split(MARKS[0])
    _, tail = rest.split(MARKS[1])
    lines = ["| fault | what | how many |", "|---|---|---|",
             *(f"| `{name}` | {what} | {number} |" for name, what, number in rows)]
    TABLE.write_text(head + MARKS[0] + "\n".join(lines) + "\n" + MARKS[1] + tail)


def take_signals():
    """What whoever started this ignores (nohup, a job in the background) the program would ignore, too."""
    for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(kind) == signal.SIG_IGN:
            signal.signal(kind, signal.SIG_DFL)


def main():
    take_signals()
    word = box.ARGUMENTS[1] if len(box.ARGUMENTS) > 1 else ""
    failed, rows = 0, []
    for test in [t for m in (memory, calls, world, places) for t in m.TESTS]:
        if word not in test.__name__:
            continue
        start = time.monotonic()
        try:
            number = test()
            rows.append((test.__name__, test.__doc__, number))
            print(f"ok - faults/{test.__name__}: {number} ({time.monotonic() - start:.0f} s)",
                  flush=True)
        except box.Fault as fault:
            failed += 1
            print(f"# {fault}\nnot ok - faults/{test.__name__}", flush=True)
    if TABLE and not failed:
        write_table(rows)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
