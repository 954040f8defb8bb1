#!/usr/bin/env python3
"""What the program shows on a terminal of 80x24: progress, colours, help that fits, summaries.

    tests/terminal/run.py BUILD [MODEL...]

Standard error (and, unless a test reads it, standard output) is a pseudo-terminal. With MODELs, the
summary of each must fit 15 lines.
"""
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

BUILD = Path(sys.argv[1]).resolve()
PROGRAM = BUILD / "onnx-winit"
MODELS = Path(__file__).resolve().parent.parent / "models"
MLP = str(MODELS / "mlp_relu.train.onnx")

# 16 MB: more than a pipe and the blocks that are made ahead can hold.
LARGE = """<ir_version: 8, opset_import: ["" : 17]>
g (float[N,2048] x) => (float[N,2048] y) <float[2048,2048] w> { y = MatMul(x, w) }"""


def on_terminal(words, slow=0.0, **environment):
    """Runs the program; returns its code and what the terminal got. `slow`: standard output is a pipe
    whose reader waits so many seconds before it reads."""
    terminal, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    child = subprocess.Popen([str(PROGRAM), *words], stdin=subprocess.DEVNULL, stderr=other,
                             stdout=subprocess.PIPE if slow else other, start_new_session=True,
                             env={"TERM": "xterm", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"],
                                  **environment})
    os.close(other)
    shown, start = b"", time.monotonic()
    pipes = [terminal] + ([child.stdout.fileno()] if slow else [])
    while pipes:
        waiting = time.monotonic() - start < slow
        ready = [terminal] if waiting and terminal in pipes else pipes
        for pipe in select.select(ready, [], [], 0.1)[0]:
            try:
                data = os.read(pipe, 1 << 16)
            except OSError:
                data = b""
            if not data:
                pipes.remove(pipe)
            elif pipe == terminal:
                shown += data
    os.close(terminal)
    return child.wait(), shown.decode()


def lines_of(text):
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


def test_help_fits_a_screen():
    code, shown = on_terminal(["--help"])
    assert code == 0 and len(lines_of(shown)) <= 23, f"{len(lines_of(shown))} lines and a prompt"
    for option in ["--help", "--help-all"]:
        for line in lines_of(on_terminal([option])[1]):
            assert len(line) <= 80, line


def test_colours():
    colour = "\x1b["
    plan = ["plan", MLP]
    assert colour in on_terminal(plan)[1]
    assert colour not in on_terminal(plan, NO_COLOR="1")[1]
    assert colour in on_terminal(plan, NO_COLOR="")[1]
    assert colour not in on_terminal(plan, TERM="dumb")[1]
    assert colour not in on_terminal(plan + ["--color", "never"])[1]
    assert colour in on_terminal(plan + ["--color", "always"], NO_COLOR="1")[1]


def test_progress(folder):
    large = folder / "large.onnx"
    large.write_bytes(subprocess.run([BUILD / "tools/text-to-onnx"], input=LARGE.encode(), check=True,
                                     stdout=subprocess.PIPE).stdout)
    write = [str(large), "-o", "-"]
    line = r"\r *\d+ %  \d+\.\d of 16\.8 MB  \d+\.\d\d MB/s  \d+ s left\x1b\[K"
    code, shown = on_terminal(write, slow=1.3)
    assert code == 0 and re.fullmatch(rf"(?:{line})+\r\x1b\[K", shown), repr(shown)
    for words, environment, slow in [(write, {}, 0.1), (write + ["--quiet"], {}, 1.3),
                                     (write, {"TERM": "dumb"}, 1.3)]:
        code, shown = on_terminal(words, slow, **environment)
        assert code == 0 and shown == "", (words, environment, shown)


def test_no_progress_without_a_terminal(folder):
    with open(folder / "err", "w") as err:
        reader = subprocess.Popen([PROGRAM, str(folder / "large.onnx"), "-o", "-"], stderr=err,
                                  stdout=subprocess.PIPE)
        time.sleep(1.3)
        assert len(reader.stdout.read()) > 16 << 20 and reader.wait() == 0
    assert (folder / "err").read_text() == ""


def test_no_model_on_a_terminal():
    code, shown = on_terminal([MLP, "-o", "-"])
    assert code == 2 and "not written to a terminal" in shown and len(lines_of(shown)) == 1


def test_summary_is_short_and_leads_on(folder):
    for model in [*sorted(MODELS.glob("*.onnx")), *sys.argv[2:]]:
        output = folder / "it's filled.onnx"
        code, shown = on_terminal([str(model), "-o", str(output), "--force"])
        lines = [line for line in lines_of(shown) if "warning: " not in line]
        if code == 4:  # without data and without a role
            continue
        assert code == 0 and len(lines) <= 15, (model, shown)
        assert lines[-1].startswith("next      onnx-winit "), lines[-1]
        following = lines[-1][10:].replace("onnx-winit", str(PROGRAM), 1)
        done = subprocess.run(following, shell=True, stdout=subprocess.PIPE, check=False)
        assert done.returncode == 0 and done.stdout, following


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        for test, call in list(globals().items()):
            if test.startswith("test_"):
                takes_folder = call.__code__.co_argcount
                try:
                    call(*[Path(name)] * takes_folder)
                    print(f"ok - terminal/{test[5:]}")
                except AssertionError as error:
                    failed = 1
                    print(f"{error}\nnot ok - terminal/{test[5:]}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
