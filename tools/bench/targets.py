"""What is promised of the speed, and rows that tell how it stands."""
import statistics

# Whole processes: number, case, whose time, against whom, and
#   at most   so many times the other's time; by CPU level where they differ
#   at least  so many times as fast
# "numpy" is each version that took part, at the faster of its runs with one and two threads.
PROGRAMS = [
    ("P1", "vgg16", "onnx-winit, 2 threads", "cp", "at most", {"avx512": 0.75, "avx2": 1.0}),
    ("P1", "vgg16", "onnx-winit --cpu avx2, 2 threads", "cp", "at most", 1.0),
    ("P2", "vgg16", "onnx-winit, 1 thread", "cp", "at most", 1.4),
    ("P3", "vgg16", "onnx-winit, 2 threads", "numpy", "at least", 30),
    ("P3", "vgg16", "onnx-winit, 2 threads", "torch", "at least", 45),
    ("P4", "large", "onnx-winit, 2 threads", "numpy", "at least", 6),
    ("P4", "large", "onnx-winit, 2 threads", "cp", "at most", 1.0),
    ("P8", "small", "onnx-winit, 2 threads", "numpy", "at least", 40),
]
# Most ms of a whole process.
MOST_TIME = {"small": ("P8", "onnx-winit, 2 threads", 3)}
# Most MB of the resident set; where tensors are orthogonal, twice the largest and 64.
MOST_MEMORY = {"vgg16": 16, "large": 16, "huge": 16, "lstm": 2 * 67.2 + 64}
# Tensors in memory: how many times as fast as torch at least.
TENSORS = {
    "normal float32 4096x4096": ("P6", 3.5),
    "truncated float32 4096x4096": ("P6", 50),
    "normal bfloat16 4096x4096": ("P6", 20),
    "normal float64 4096x4096": ("P6", 8),
    "uniform float32 4096x4096": ("P6", 7),
    "orthogonal float32 4096x4096": ("P7", 3.3),
    "orthogonal float32 4096x1024": ("P7", 3.3),
    "orthogonal float32 1024x1024": ("P7", 5),
}
SCALING = ("P10", 1.8)
MOST_DEFECT = 1e-6

HEAD = ("| | what | who | min (median) s | against | min (median) s | ratio | target | |\n"
        "|---|---|---|---|---|---|---|---|---|")


def row(number, what, who, value, sense, target):
    """One promise; `value` is None when it could not be measured."""
    held = value is not None and (value <= target if sense == "at most" else value >= target)
    return {"id": number, "what": what, "who": who, "value": value, "sense": sense, "target": target,
            "held": None if value is None else held}


def compare(promise, what, own, other):
    """A ratio of the least times of two, each (name, seconds or None)."""
    number, sense, target = promise
    value = None
    if own[1] and other[1]:
        value = min(own[1]) / min(other[1]) if sense == "at most" else min(other[1]) / min(own[1])
    found = row(number, what, own[0], value, sense, target) | {"against": other[0]}
    for side, (_, seconds) in ("own", own), ("other", other):
        if seconds:
            found[side] = {"min": min(seconds), "median": statistics.median(seconds)}
    return found


def versions(names, who):
    """The names that are `who`, or begin so, each once and without its threads; `who` if none is there."""
    return sorted({name.split(",")[0] for name in names if name.startswith(who)}) or [who]


def fastest(contenders, name):
    """Name and seconds of a contender, or of the fastest whose name begins so."""
    found = [(n, c["seconds"]) for n, c in contenders.items() if n == name or n.startswith(name + ",")]
    return min(found, key=lambda side: min(side[1]), default=(name, None))


def program_rows(case, result, level):
    """Promises about a case of whole processes."""
    contenders, what = result["contenders"], f"{case}, {result['bytes'] / 1e6:,.1f} MB"
    for number, of, who, other, sense, target in PROGRAMS:
        if of == case and who in contenders:
            target = target.get(level, max(target.values())) if isinstance(target, dict) else target
            for version in versions(contenders, other):
                yield compare((number, sense, target), what, fastest(contenders, who),
                              fastest(contenders, version))
    if case in MOST_TIME:
        number, who, most = MOST_TIME[case]
        yield row(number, what + ", ms", who, min(contenders[who]["seconds"]) * 1e3, "at most", most)
    if case in MOST_MEMORY:
        memory = max(c["memory"] for n, c in contenders.items() if n.startswith("onnx-winit")) / 1e6
        yield row("P5", what + ", MB of memory", "onnx-winit", memory, "at most", MOST_MEMORY[case])


def tensor_rows(case, result):
    """Promises about a case of tensors in memory."""
    tensors = result["tensors"]
    if case == "threads":
        sides = [(f"{t['threads']} threads"[:9 - (t["threads"] < 2)], t["seconds"]["onnx-winit"]) for t in tensors]
        yield compare((SCALING[0], "at least", SCALING[1]), tensors[0]["tensor"], *sides)
        return
    for tensor in tensors:
        number, least = TENSORS[tensor["tensor"]]
        what = f"{tensor['tensor']}, {tensor['threads']} thread" + "s" * (tensor["threads"] > 1)
        seconds = tensor["seconds"]
        for version in versions(seconds, "torch"):
            yield compare((number, "at least", least), what, ("onnx-winit", seconds["onnx-winit"]),
                          (version, seconds.get(version)))
        if "defect" in tensor:
            yield row(number, tensor["tensor"] + ", max \\|Q'Q - I\\|", "onnx-winit", tensor["defect"], "at most",
                      MOST_DEFECT)


def rows(cases, level):
    """All promises about the cases that were measured."""
    return [found for case, result in cases.items()
            for found in (tensor_rows(case, result) if "tensors" in result else program_rows(case, result, level))]


def line(found):
    """A row of the table."""
    times = [f"{found[side]['min']:.4f} ({found[side]['median']:.4f})" if side in found else ""
             for side in ("own", "other")]
    value = "" if found["value"] is None else f"{found['value']:.3g}"
    verdict = {True: "held", False: "**missed**", None: "not compared"}[found["held"]]
    cells = [found["id"], found["what"], found["who"], times[0], found.get("against", ""), times[1], value,
             f"{found['sense']} {found['target']:.3g}", verdict]
    return "| " + " | ".join(cells) + " |"
