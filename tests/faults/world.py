"""What others do meanwhile: full disks, signals, files that change, streams that are closed."""

import os
import random
import resource
import signal
import subprocess
import time

from box import FAST, PROGRAM, Box, digest, must
from models import model_with, slow_model


def run(box, *command, **settings):
    return subprocess.run([PROGRAM, *command], cwd=box.folder, capture_output=True, text=True,
                          **settings)


def full_disk():
    """a file system of 64 KiB (needs the right to mount), /dev/full, and a limit of file size"""
    box = Box(model="encoder_gelu.inputs.onnx")
    mount, total, note = box.scratch / "mount", 2, ""
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(mount)],
                      capture_output=True).returncode == 0:
        try:
            for more in ([], ["--external", "always"]):
                done = run(box, "in.onnx", "-o", str(mount / "o.onnx"), *more)
                must(done.returncode == 5, f"full disk: exit code {done.returncode}")
                must("No space left" in done.stderr, done.stderr)
                must(not list(mount.iterdir()), f"left: {list(mount.iterdir())}")
                total += 1
            done = run(box, "plan", "in.onnx", "--report", str(mount / "r.json"), "--quiet")
            must(done.returncode == 0, done.stderr)
            (mount / "fill").write_bytes(bytes(4096 * (os.statvfs(mount).f_bavail)))
            (mount / "r.json").unlink()
            (mount / "fill2").write_bytes(bytes(4096 * (os.statvfs(mount).f_bavail)))
            before = sorted(mount.iterdir())
            done = run(box, "plan", "in.onnx", "--report", str(mount / "r.json"), "--quiet")
            must(done.returncode == 5 and sorted(mount.iterdir()) == before,
                 f"report on a full disk: {done.returncode} {done.stderr} {list(mount.iterdir())}")
            total += 1
        finally:
            subprocess.run(["umount", str(mount)], check=True)
    else:
        note = ", SKIPPED: mounting is not allowed"
    done = run(box, "in.onnx", "-o", "/dev/full")
    must(done.returncode == 5, f"/dev/full: exit code {done.returncode}: {done.stderr}")
    limited = subprocess.run(["bash", "-c", f"ulimit -f 8; exec {PROGRAM} in.onnx -o out.onnx"],
                             cwd=box.folder, capture_output=True, text=True)
    box.check(limited.returncode, limited.stderr, {5})
    box.close()
    return f"{total}{note}"


def changed_while_read():
    """the input is cut, grown, replaced or overwritten while it is read"""
    box = Box(model="unet.train.onnx")
    path, chance = box.folder / "in.onnx", random.Random(1)
    whole, rounds = path.read_bytes(), 20 if FAST else 200
    for number in range(rounds):
        box.reset()
        process = subprocess.Popen([PROGRAM, "in.onnx", *box.arguments], cwd=box.folder,
                                   stderr=subprocess.PIPE, text=True)
        time.sleep(chance.random() * 0.01)
        if number % 4 == 0:
            os.truncate(path, chance.randrange(len(whole)))
        elif number % 4 == 1:
            path.write_bytes(whole + bytes(1000))
        elif number % 4 == 2:
            (box.folder / "other").write_bytes(bytes(len(whole)))
            (box.folder / "other").rename(path)
        else:
            path.write_bytes(bytes(chance.randrange(256) for _ in range(100)))
        text = process.communicate()[1]
        code = process.returncode
        must(code in (0, 3, 4, 5), f"round {number}: exit code {code}: {text}")
        must((code == 0) == (box.folder / "out.onnx").exists(), f"round {number}: output, {code}")
    box.close()
    return rounds


def external_shrinks():
    """a data file whose kept values are copied ends early, or is cut meanwhile"""
    box, chance, rounds = Box(), random.Random(3), 10 if FAST else 100
    command = [PROGRAM, "two.onnx", "-o", "out.onnx", "--external", "never", "--quiet"]
    (box.folder / "two.onnx").write_bytes(model_with("data"))
    for length in range(0, 257, 16):
        (box.folder / "data").write_bytes(bytes(length))
        done = run(box, *command[1:])
        must(done.returncode == (0 if length == 256 else 3), f"cut at {length}: {done}")
        must((box.folder / "out.onnx").exists() == (length == 256), f"cut at {length}: output")
    for number in range(rounds):
        (box.folder / "out.onnx").unlink(missing_ok=True)
        (box.folder / "data").write_bytes(bytes(256))
        process = subprocess.Popen(command, cwd=box.folder, stderr=subprocess.PIPE, text=True)
        time.sleep(chance.random() * 0.008)
        os.truncate(box.folder / "data", 7)
        text, code = process.communicate()[1], process.returncode
        must(code in (0, 3), f"round {number}: exit code {code}: {text}")
        must((code == 0) == (box.folder / "out.onnx").exists(), f"round {number}: output, {code}")
    box.close()
    return 17 + rounds


def seconds_of(pid):
    """What a process has had of the processors: the machine may be busy with others."""
    fields = open(f"/proc/{pid}/stat", encoding="ascii").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def interrupted():
    """SIGINT, SIGTERM and SIGHUP at random times in seconds of work: it ends within one"""
    box = Box()
    (box.folder / "slow.onnx").write_bytes(slow_model())
    chance, rounds, stopped = random.Random(2), 6 if FAST else 51, 0
    for number in range(rounds):
        kind = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[number % 3]
        before = box.snapshot()
        all_spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        before_all = all_spent.ru_utime + all_spent.ru_stime
        process = subprocess.Popen([PROGRAM, "slow.onnx", "-o", "out.onnx", "--rule",
                                    ".*=orthogonal", "--external",
                                    ("always", "never")[number % 2]],
                                   cwd=box.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        time.sleep(chance.random() * 0.5)
        spent = seconds_of(process.pid)
        process.send_signal(kind)
        text = process.communicate()[1]
        all_spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        now = all_spent.ru_utime + all_spent.ru_stime
        must(now - before_all - spent < 1, "it works for more than a second before it ends")
        must(process.returncode in (0, -kind), f"{kind}: exit code {process.returncode}: {text}")
        if process.returncode:
            stopped += 1
            must(box.snapshot() == before, f"left: {sorted(set(box.snapshot()) - set(before))}")
        for path in box.folder.glob("out.onnx*"):
            path.unlink()
    must(stopped > rounds // 2, f"only {stopped} of {rounds} were stopped at work")
    box.close()
    return f"{rounds}, {stopped} of them at work"


def closed_streams():
    """standard input, output and error closed, one by one and all"""
    box, ways = Box(), ("<&-", ">&-", "2>&-", "<&- >&- 2>&-")
    for closed in ways:
        box.reset()
        done = subprocess.run(["bash", "-c", f"exec {PROGRAM} in.onnx -o out.onnx {closed}"],
                              cwd=box.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        must(done.returncode == (5 if ">&- " in closed + " " and closed != "2>&-" else 0),
             f"{closed}: exit code {done.returncode}")
        must(box.snapshot() == box.after, f"{closed}: the output is not whole")
    box.close()
    return len(ways)


def pipes():
    """the model through pipes, in and out, slow ones and ones that break"""
    box = Box()
    whole = (box.folder / "in.onnx").read_bytes()
    written = {}
    for command in (f"{PROGRAM} in.onnx -o -", f"cat in.onnx | {PROGRAM} - -o -",
                    f"{PROGRAM} - -o - < in.onnx", f"{PROGRAM} - -o out.onnx < in.onnx && cat out.onnx",
                    f"(head -c 100 in.onnx; sleep 0.1; tail -c +101 in.onnx) | {PROGRAM} - -o -"):
        done = subprocess.run(["bash", "-c", command + " | cat"], cwd=box.folder,
                              capture_output=True)
        written[command] = done.stdout
        must(len(done.stdout) > 0, f"{command}: {done.stderr}")
        box_digest = box.after["out.onnx"]
        (box.scratch / "got").write_bytes(done.stdout)
        must(digest(box.scratch / "got") == box_digest or b"out.onnx" in done.stdout,
             f"{command}: other bytes")
    for length in (0, 1, len(whole) // 2, len(whole) - 1):
        done = subprocess.run([PROGRAM, "-", "-o", "cut.onnx"], cwd=box.folder,
                              input=whole[:length], capture_output=True)
        must(done.returncode == 3 and not (box.folder / "cut.onnx").exists(),
             f"cut at {length}: {done.returncode} {done.stderr}")
    broken = subprocess.run(["bash", "-c", f"{PROGRAM} in.onnx -o - | true; echo ${{PIPESTATUS[0]}}"],
                            cwd=box.folder, capture_output=True, text=True)
    must(broken.stdout.strip() in ("0", "5"), f"a broken pipe: {broken.stdout} {broken.stderr}")
    box.close()
    return len(written) + 5


TESTS = [full_disk, changed_while_read, external_shrinks, interrupted, closed_streams, pipes]
