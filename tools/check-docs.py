#!/usr/bin/env python3
"""Runs the examples of README.md and docs/*.md, and checks what these pages point at.

    tools/check-docs.py BUILD [--bless] [PAGE...]

In a block that begins with ```console, a line "$ command" (and lines "> more of it" right after) runs
in a folder that the page has for itself and that holds the models of tests/models, beside the docs
and tools of the tree; it must print just what the page shows below it. A line "..." there stands for
any lines. onnx-winit is on the PATH.

Links must lead to files, `make TARGET` must be a target, and paths of this tree that are named in
`backticks` must exist. --bless writes what the commands print into the pages; look at the diff.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "tests" / "models"
FOLDERS = "|".join(sorted(p.name for p in ROOT.iterdir() if p.is_dir() and p.name != "build"))


class Example:
    """One command of a page, with the lines that are shown below it."""

    def __init__(self, line, first):
        self.line, self.command, self.shown = line, first, []

    def run(self, folder, path):
        environment = {"PATH": path, "HOME": folder, "LC_ALL": "C.UTF-8", "TERM": "dumb"}
        done = subprocess.run(["bash", "-c", self.command], cwd=folder, env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, errors="replace", timeout=120)
        return done.stdout.splitlines()

    def holds(self, printed):
        parts = ["(?:.*\n)*?" if line == "..." else re.escape(line + "\n") for line in self.shown]
        return re.fullmatch("".join(parts), "".join(line + "\n" for line in printed)) is not None


def examples(lines):
    """The examples of a page, each with the numbers of its first and last line of output."""
    inside, example = False, None
    for number, line in enumerate(lines):
        if line.lstrip().startswith("```"):
            inside, example = line.strip() == "```console", None
        elif inside and line.startswith("$ "):
            example = Example(number, line[2:])
            yield example
        elif inside and example and not example.shown and line.startswith("> "):
            example.command += "\n" + line[2:]
            example.line = number
        elif inside and example:
            example.shown.append(line)


def prose(lines):
    """The page without its console blocks."""
    inside = False
    for line in lines:
        if line.lstrip().startswith("```"):
            inside = line.strip() == "```console"
        elif not inside:
            yield line


def broken_pointers(page, lines, targets):
    text = "\n".join(prose(lines))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        file = link.split("#")[0]
        if file and "://" not in file and not (page.parent / file).exists():
            yield f"{page.name}: the link {link} leads nowhere"
    for target in re.findall(r"(?:^    |`)make ([a-z-]+)", text, re.MULTILINE):
        if target not in targets:
            yield f"{page.name}: make {target} is no target"
    for path in re.findall(rf"(?:^    |`)((?:{FOLDERS})/[\w./-]+)", text, re.MULTILINE):
        if not (ROOT / path).exists():
            yield f"{page.name}: {path} does not exist"


def check(page, path, targets, bless):
    lines = page.read_text().splitlines()
    wrong = list(broken_pointers(page, lines, targets))
    blessed = list(lines)
    with tempfile.TemporaryDirectory() as folder:
        for model in MODELS.glob("*.onnx"):
            shutil.copy(model, folder)
        for name in ("docs", "tools"):
            Path(folder, name).symlink_to(ROOT / name)
        done = [(example, example.run(folder, path)) for example in list(examples(lines))]
        for example, printed in reversed(done):  # from below, so that line numbers stay right
            if example.holds(printed):
                continue
            first = example.line + 1
            blessed[first:first + len(example.shown)] = printed
            wrong.append(f"{page.name}:{first}: $ {example.command}")
            wrong.extend(difflib.unified_diff(example.shown, printed, "shown", "printed", n=2,
                                              lineterm=""))
    if bless and blessed != lines:
        page.write_text("\n".join(blessed) + "\n")
    return wrong


def main():
    words = [word for word in sys.argv[1:] if word != "--bless"]
    if not words:
        sys.exit(__doc__)
    path = f"{Path(words[0]).resolve()}:{os.environ['PATH']}"
    pages = [Path(word).resolve() for word in words[1:]]
    pages = pages or [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    makefile = (ROOT / "Makefile").read_text() + (ROOT / "install.mk").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    failed = 0
    for page in pages:
        wrong = check(page, path, targets, len(words) + 1 < len(sys.argv))
        print("\n".join([*wrong, f"{'not ok' if wrong else 'ok'} - {os.path.relpath(page, ROOT)}"]))
        failed += bool(wrong)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
