"""Paths that lead where they must not: outputs that are inputs, data outside of the folder."""

import os
import subprocess

from box import PROGRAM, Box, must
from models import model_with


def run(folder, *command):
    return subprocess.run([PROGRAM, *command], cwd=folder, capture_output=True, text=True)


def refused(box, code, what, *command):
    before = box.snapshot()
    done = run(box.folder, *command)
    must(done.returncode == code, f"{what}: exit code {done.returncode}: {done.stderr}")
    must(done.stderr.count("error: ") == 1 and done.stderr.count("\n") == 1, f"{what}: {done.stderr!r}")
    must(box.snapshot() == before, f"{what}: the folder has changed")


def output_is_input():
    """by path, spelling, hard link, symbolic link and linked folder; with and without --force"""
    box, total = Box(), 0
    run(box.folder, "in.onnx", "-o", "two.onnx", "--external", "always", "--quiet")
    os.link(box.folder / "in.onnx", box.folder / "hard.onnx")
    os.symlink("in.onnx", box.folder / "soft.onnx")
    os.symlink(".", box.folder / "folder")
    os.symlink("two.onnx.data", box.folder / "soft.data")
    for model, names in {"in.onnx": ["in.onnx", "./in.onnx", "folder/in.onnx", "hard.onnx",
                                     "soft.onnx", str(box.folder / "in.onnx")],
                         "soft.onnx": ["in.onnx", "soft.onnx"], "hard.onnx": ["in.onnx"],
                         "two.onnx": ["two.onnx.data", "soft.data", "folder/two.onnx.data"]}.items():
        for name in names:
            for force in ([], ["--force"]):
                refused(box, 2, f"{model} -o {name} {force}", model, "-o", name, *force)
                total += 1
    box.close()
    return total


def outputs_collide():
    """model, reports and lists of one run at the same place, or at an input's"""
    box, total = Box(), 0
    os.symlink("in.onnx", box.folder / "r.json")
    os.link(box.folder / "in.onnx", box.folder / "h.json")
    (box.folder / "rules.yaml").write_text("rules:\n- {name: '.*', scheme: 'zeros'}\n")
    for what in (["-o", "a.json", "--report", "a.json"], ["-o", "a.json", "--report", "./a.json"],
                 ["-o", "out.onnx", "--report", "a.json", "--report", "a.json"],
                 ["-o", "out.onnx", "--report", "r.json"], ["-o", "out.onnx", "--report", "h.json"],
                 ["-o", "rules.yaml", "--force", "--rules", "rules.yaml"]):
        refused(box, 2, " ".join(what), "in.onnx", *what)
        total += 1
    (box.folder / "r.json").unlink()
    (box.folder / "r.json").write_bytes(bytes(256))
    (box.folder / "in.onnx").write_bytes(model_with("r.json"))
    for what in (["--report", "r.json"], ["--trainable", "r.json"]):
        refused(box, 2, " ".join(what), "in.onnx", "-o", "out.onnx", *what)
        total += 1
    (box.folder / "plain.onnx").write_bytes(model_with("k.bin"))
    refused(box, 2, "--diff", "audit", "plain.onnx", "--diff", "in.onnx", "--report", "r.json")
    total += 1
    box.close()
    return total


def output_exists():
    """as a file, a folder, a link, a link to nowhere: refused without --force, links always"""
    box, total = Box(), 0
    (box.folder / "old").write_bytes(b"old")
    (box.folder / "folder").mkdir()
    os.symlink("old", box.folder / "link")
    os.symlink("nowhere", box.folder / "dangling")
    for name, force in (("old", []), ("folder", []), ("folder", ["--force"]), ("link", []),
                        ("link", ["--force"]), ("dangling", []), ("dangling", ["--force"])):
        refused(box, 2, f"{name} {force}", "in.onnx", "-o", name, *force)
        total += 1
    must(not (box.folder / "nowhere").exists(), "written through a dangling link")
    for code, name in ((5, "missing/out.onnx"), (5, "in.onnx/out.onnx"), (2, "folder/")):
        refused(box, code, name, "in.onnx", "-o", name)
        total += 1
    mode = os.stat("/dev/null").st_mode
    must(run(box.folder, "in.onnx", "-o", "/dev/null").returncode == 0, "/dev/null")
    must(os.stat("/dev/null").st_mode == mode, "the mode of /dev/null has changed")
    box.close()
    return total + 1


def external_escapes():
    """external data out of the folder: .., absolute, links of every kind, a pipe, a folder"""
    box, total = Box(), 0
    inside = box.folder / "m"
    inside.mkdir()
    (box.folder / "secret").write_bytes(b"s" * 256)
    (inside / "good").write_bytes(b"\0" * 256)
    (inside / "sub").mkdir()
    os.symlink("../secret", inside / "link")
    os.symlink("..", inside / "up")
    os.symlink(box.folder / "secret", inside / "absolute")
    os.symlink("good", inside / "loop")
    os.link(box.folder / "secret", inside / "hard")
    os.mkfifo(inside / "pipe")
    for location in ("../secret", "sub/../../secret", str(box.folder / "secret"), "link",
                     "up/secret", "absolute", "hard", "pipe", "sub", "up/m/../secret", "./../secret",
                     "/proc/self/environ", "/dev/zero", "", ".", "..", "good/", "//good"):
        (inside / "in.onnx").write_bytes(model_with(location))
        done = run(inside, "in.onnx", "-o", "out.onnx", "--external", "never")
        must(done.returncode in (3, 4, 5), f"{location!r}: exit code {done.returncode}")
        must(not (inside / "out.onnx").exists(), f"{location!r}: an output")
        total += 1
    for location in ("good", "./good"):
        (inside / "in.onnx").write_bytes(model_with(location))
        done = run(inside, "in.onnx", "-o", "out.onnx", "--external", "never")
        must(done.returncode == 0, f"{location!r}: {done.stderr}")
        (inside / "out.onnx").unlink()
        total += 1
    box_clean(inside)
    box.close()
    return total


def box_clean(folder):
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    folder.rmdir()


def hub_cache():
    """the layout of model hubs' caches: snapshot folders of links into a folder of blobs"""
    box = Box()
    blobs, snapshot = box.folder / "blobs", box.folder / "snapshots" / "1a2b"
    blobs.mkdir()
    snapshot.mkdir(parents=True)
    (blobs / "aaaa").write_bytes(model_with("m.onnx.data"))
    (blobs / "bbbb").write_bytes(b"\0" * 256)
    (box.folder / "secret").write_bytes(b"\0" * 256)
    os.symlink("../../blobs/aaaa", snapshot / "m.onnx")
    total = 0
    for target, code in (("../../blobs/bbbb", 0), ("../../secret", 3), ("/etc/hostname", 3),
                         (str(blobs / "bbbb"), 0)):
        os.symlink(target, snapshot / "m.onnx.data")
        done = run(snapshot, "m.onnx", "-o", "out.onnx", "--external", "never")
        must(done.returncode == code, f"{target}: exit code {done.returncode}: {done.stderr}")
        must((snapshot / "out.onnx").exists() == (code == 0), f"{target}: output")
        if code == 0:
            (snapshot / "out.onnx").unlink()
        (snapshot / "m.onnx.data").unlink()
        total += 1
    box_clean(box.folder / "snapshots")
    box_clean(blobs)
    box.close()
    return total


TESTS = [output_is_input, outputs_collide, output_exists, external_escapes, hub_cache]
