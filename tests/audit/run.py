#!/usr/bin/env python3
"""Spoils copies of freshly initialised models, one tensor at a time, and audits each: the tensor must be found, with the
right verdict and factor, and no other one. Then whole nets, too small or too large layer by layer.

    run.py PROGRAM MODEL...        models without weights, or whose weights do not matter
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import weights

MATRICES = {"linear.weight", "conv.weight", "conv_transpose.weight", "rnn.input_weight", "rnn.recurrent_weight"}
DRAWN = MATRICES | {"embedding.weight", "position.embedding", "parameter"}
LARGEST = 20_000_000  # bytes of a model that is spoiled
ENOUGH = 256  # values, for a change of law to show at the level of the audit
DEVIATION = 6


class Failed(Exception):
    pass


def demand(holds, *what):
    if not holds:
        raise Failed(" ".join(str(w) for w in what))


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)

    def run(self, *arguments):
        return subprocess.run([self.program, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True)

    def initialise(self, model):
        fresh = self.folder / "fresh.onnx"
        done = self.run(model, "-o", fresh, "--force", "--quiet", "--external", "never", "--seed", 1)
        demand(done.returncode == 0, "onnx-winit:", done.stderr.decode())
        return fresh

    def audit(self, model):
        done = self.run("audit", model, "--format", "json", "--check")
        demand(done.returncode in (0, DEVIATION), "audit:", done.stderr.decode())
        report = json.loads(done.stdout)
        deviations = report["audit"]["deviations"]
        demand(done.returncode == (DEVIATION if deviations else 0), "exit code", done.returncode)
        return report

    def audit_spoiled(self, spoiled):
        path = self.folder / "spoiled.onnx"
        spoiled.save(path)
        return self.audit(path)


def flagged(report):
    return {row["name"]: row for row in report["tensors"] if row["verdict"] not in ("ok", "kept", "unknown")}


def near(a, b, row):
    """Of a packed tensor, the factor is that of its worst part, not always the same one."""
    return a is not None and abs(a / b - 1) < (0.2 if row["blocks"] else 1e-3)


# ---- one tensor


def faults_of(row, fresh):
    """(name, how to spoil, verdicts, the factor it must report, a part of the detail) of this tensor."""
    factor = fresh["factor"]
    if row["role"] in MATRICES and row["std"]:
        grows, shrinks = ("deviates", "exploding"), ("deviates", "vanishing")
        yield "all zero", weights.zeroed, ("symmetric",), None, "all zeros"
        yield "times 10", weights.scaled(10), grows, 10 * factor, "times the planned"
        yield "times 0.01", weights.scaled(0.01), shrinks, 0.01 * factor, "times the planned"
        if len(row["shape"]) > 1 and row["shape"][0] > 1 and not row["blocks"]:
            yield "equal rows", weights.equal_rows, ("symmetric",), None, "rows are equal"
    if row["role"] in MATRICES and row["std"] and row["elements"] >= ENOUGH and not row["blocks"]:
        ratio = (row["fan_in"] / row["fan_out"]) ** 0.5
        if not 0.8 < ratio < 1.25:
            verdicts = ("deviates", "exploding" if ratio > 1 else "vanishing")
            yield "fans exchanged", weights.transposed_fans, verdicts, ratio * factor, "times the planned"
        if row["scheme"] != "orthogonal":
            yield "moved", weights.moved, ("deviates",), None, "mean"
            yield "of two values", weights.other_law, ("deviates",), None, "too close together"
    if row["scheme"] == "orthogonal" and min(row["shape"][-2:]) > 1:
        yield "not orthogonal", weights.same_spread, ("deviates",), None, "not orthogonal"
    if row["elements"] > 1 or row["role"] not in DRAWN:
        yield "a NaN", weights.one(float("nan")), ("nonfinite",), None, "1 of %d values" % row["elements"]
        yield "an infinity", weights.one(float("inf")), ("nonfinite",), None, "1 of %d values" % row["elements"]
    if row["scheme"] in ("zeros", "ones") and not row["blocks"]:
        yield "another constant", weights.filled_with(3.0), ("deviates",), None, "3 where"
        yield "one value off", weights.one(2.5), ("deviates",), None, "1 of " if row["elements"] > 1 else "2.5 where"


def pick(report, names):
    """A tensor of each role and scheme: the largest, for its law shows best, and the smallest."""
    groups = {}
    for row in report["tensors"]:
        if row["action"] == "fill" and row["name"] in names:
            groups.setdefault((row["role"], row["scheme"]), []).append(row)
    chosen = {}
    for rows in groups.values():
        for row in (max(rows, key=lambda r: r["elements"]), min(rows, key=lambda r: r["elements"])):
            chosen[row["name"]] = row
    return chosen.values()


def check_fault(bench, original, row, fault):
    name, spoil, verdicts, factor, detail = fault
    spoiled = weights.Weights(original)
    spoiled.put(row["name"], spoil(spoiled.get(row["name"]), row))
    report = bench.audit_spoiled(spoiled)
    found = flagged(report)
    demand(set(found) == {row["name"]}, row["name"], name, "flagged:", list(found))
    finding = found[row["name"]]
    said = finding["verdict"], finding["factor"], finding["detail"]
    demand(finding["verdict"] in verdicts, row["name"], name, *said)
    demand(factor is None or near(finding["factor"], factor, row), row["name"], name, *said, "expected", factor)
    demand(detail in finding["detail"] or "not distributed" in finding["detail"], row["name"], name, *said, "expected", detail)
    demand(report["audit"]["verdict"] == finding["verdict"], row["name"], name, "model:", report["audit"]["verdict"])
    demand(report["audit"]["deviations"] == 1, row["name"], name, "deviations:", report["audit"]["deviations"])


# ---- constants that are kept


def check_kept(bench, original, report, names):
    """Kept tensors are not judged, whatever they hold."""
    kept = [r for r in report["tensors"] if r["action"] == "keep" and r["name"] in names]
    for row in kept[:1]:
        demand(row["verdict"] in ("kept", "unknown"), row["name"], row["verdict"])
        spoiled = weights.Weights(original)
        spoiled.put(row["name"], [2 * v for v in spoiled.get(row["name"])])
        demand(not flagged(bench.audit_spoiled(spoiled)), row["name"], "is a constant, and flagged")
    return len(kept[:1])


# ---- all


def check_model(bench, model):
    original = bench.initialise(model)
    if original.stat().st_size > LARGEST:
        return 0
    report = bench.audit(original)
    demand(not flagged(report), "fresh, and flagged:", list(flagged(report)))
    demand(report["audit"]["verdict"] == "ok", "fresh, and", report["audit"]["verdict"])
    names = set(weights.Weights(original).places)
    count = check_kept(bench, original, report, names)
    for row in pick(report, names):
        for fault in faults_of(row, row):
            check_fault(bench, original, row, fault)
            count += 1
    return count


def check_deep(bench, model):
    """A net whose every layer is off by a little: the last ones vanish or explode."""
    original = bench.initialise(model)
    layers = [r for r in bench.audit(original)["tensors"] if r["role"] == "linear.weight"]
    demand(len(layers) > 10, "not deep")
    for factor, verdict in ((0.5, "vanishing"), (2.0, "exploding")):
        spoiled = weights.Weights(original)
        for row in layers:
            spoiled.put(row["name"], [factor * v for v in spoiled.get(row["name"])])
        report = bench.audit_spoiled(spoiled)
        found = flagged(report)
        demand(set(found) == {r["name"] for r in layers}, "flagged:", list(found))
        last = found[layers[-1]["name"]]
        demand(last["verdict"] == verdict, last["name"], last["verdict"], last["detail"])
        demand(found[layers[0]["name"]]["verdict"] == "deviates", "the first layer is not so far off")
        demand("signal behind it" in last["detail"], last["detail"])
        demand(report["audit"]["verdict"] == verdict, "model:", report["audit"]["verdict"])
    return 2


def report_line(name, check, *arguments):
    try:
        count = check(*arguments)
        if count:
            print(f"ok - spoiled copies of {name}: {count} faults found and named")
        return True
    except Failed as problem:
        print(f"not ok - spoiled copies of {name}: {problem}")
        return False


def main():
    program, deep, models = sys.argv[1], sys.argv[2], sys.argv[3:]
    passed = 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(program, folder)
        passed += report_line(pathlib.Path(deep).name, check_deep, bench, deep)
        for model in models:
            passed += report_line(pathlib.Path(model).name, check_model, bench, model)
    sys.exit(passed != 1 + len(models))


main()
