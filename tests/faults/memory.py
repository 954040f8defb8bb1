"""Every allocation of a run fails, once and from then on; nothing leaks."""

from box import FAST, MODELS, SHIM, SMALL, Box, Fault, must

WAYS = {
    "write": ["-o", "out.onnx", "--threads", "1"],
    "write by threads": ["-o", "out.onnx", "--threads", "3"],
    "write a data file": ["-o", "out.onnx", "--external", "always", "--threads", "1"],
    "report as JSON": ["-o", "out.onnx", "--report", "r.json", "--threads", "1"],
    "report as CSV": ["-o", "out.onnx", "--report", "r.csv", "--threads", "1"],
    "report as HTML": ["-o", "out.onnx", "--report", "r.html", "--threads", "1"],
    "rules and patterns": ["-o", "out.onnx", "--rule", ".*weight=normal(0, 0.1)", "--keep", "x.*",
                           "--profile", "vision", "--threads", "1"],
    "orthogonal": ["-o", "out.onnx", "--rule", "{role: weight, scheme: orthogonal}", "--threads",
                   "2"],
    "a shard": ["-o", "out.onnx", "--shard", "0/1", "--threads", "1"],
    "what to train": ["-o", "out.onnx", "--trainable", "r.json", "--threads", "1"],
}


def counted(box, env):
    """The run's end, its allocations, and those never freed."""
    counter = box.scratch / "count"
    done = box.run(env={"LD_PRELOAD": SHIM, "FAULTY_COUNT": str(counter), **env})
    made, live = map(int, counter.read_text().split()) if counter.exists() else (0, 0)
    counter.unlink(missing_ok=True)
    return done, made, live


def fail_each(box, forever, where):
    done, count, live = counted(box, {})
    must(done.returncode == 0 and count > 10, f"{where}: the shim counts nothing: {done.stderr}")
    for number in range(1, count + 1):
        box.reset()
        env = {"FAULTY_ALLOC": str(number), **({"FAULTY_FOREVER": "1"} if forever else {})}
        done, _, left = counted(box, env)
        try:
            # A report comes after the model is in its place. What a library can do without is
            # no failure.
            got = box.snapshot()
            if done.returncode == 5 and got.get("out.onnx") == box.after["out.onnx"]:
                must(not any(name.startswith("r.") for name in got), "half a report is left")
            else:
                box.check(done.returncode, done.stderr, {0, 5})
            must(left <= live, f"{left - live} allocations leak")
        except Fault as fault:
            raise Fault(f"{where}: allocation {number} of {count}: {fault}") from None
    return count


def fail_all(forever):
    """All ways with one model, and writing the others."""
    total = 0
    tried = [(SMALL, way) for way in list(WAYS)[:: 3 if FAST else 1]]
    if not FAST:
        tried += [(p.name, "write") for p in sorted(MODELS.glob("*.onnx")) if p.name != SMALL]
    for model, way in tried:
        box = Box(WAYS[way], model)
        total += fail_each(box, forever, f"{model}, {way}")
        box.close()
    return total


def allocations_once():
    """each allocation fails once"""
    return fail_all(False)


def allocations_forever():
    """each allocation fails, and all that follow"""
    return fail_all(True)


TESTS = [allocations_once, allocations_forever]
