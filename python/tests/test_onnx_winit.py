"""The package does what the program does, and says it in Python's words."""
import dataclasses
import json
import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

import onnx_winit

PROGRAM = os.environ["ONNX_WINIT"]
NAMES = sorted(path.name for path in Path(os.environ["MODELS"]).glob("*.onnx"))


def program(*words):
    return subprocess.run([PROGRAM, *words], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", NAMES)
def test_plan_says_what_the_program_says(name):
    report = onnx_winit.plan(name, seed=3)
    assert report.json == program("plan", name, "--seed", "3", "--format", "json")
    assert [row.name for row in report] == [t["name"] for t in report.data["tensors"]]
    for row, tensor in zip(report, report.data["tensors"]):
        assert json.loads(json.dumps(dataclasses.asdict(row)))["blocks"] == [
            {**block, "measured": None} for block in tensor["blocks"]]
        assert set(tensor) <= {field.name for field in dataclasses.fields(row)}


@pytest.mark.parametrize("name", NAMES)
def test_path_and_bytes_give_the_same_bytes(name):
    onnx_winit.initialize(name, "a.onnx", seed=7)
    program(name, "-o", "b.onnx", "--seed", "7", "--quiet")
    written = Path("a.onnx").read_bytes()
    assert written == Path("b.onnx").read_bytes()
    data = Path(name).read_bytes()
    for model in (data, bytearray(data), memoryview(data), name, Path(name)):
        assert onnx_winit.initialize(model, seed=7) == written
    assert onnx_winit.initialize(data, seed=8) != written
    assert onnx_winit.initialize(data, seed=7, threads=3) == written


def test_audit_reports_what_is_there():
    name = "mlp_relu.train.onnx"
    filled = onnx_winit.initialize(name, seed=5)
    report = onnx_winit.audit(filled, verify=True)
    assert report.verdict == "ok" and report.deviations == 0
    assert {row.bits for row in report} == {"same"}
    assert all(set(t) <= {f.name for f in dataclasses.fields(onnx_winit.Row)}
               for t in report.data["tensors"])
    weight = report[0]
    assert weight.measured.std == pytest.approx(weight.std, rel=0.1)
    assert weight.fit == "he_normal" and "he_normal" in weight.fits

    zeros = onnx_winit.initialize(name, rules="net.2.weight=zeros")
    judged = onnx_winit.audit(zeros, profile="generic")  # by the plan, not by what the run recorded
    assert judged.verdict == "symmetric" and judged.deviations == 1
    Path("plan.json").write_text(onnx_winit.plan(name).json)
    assert onnx_winit.audit(zeros, against="plan.json").deviations == 1


def test_packed_tensors_have_blocks():
    rows = onnx_winit.plan("lstm_tagger.train.onnx")
    packed = [row for row in rows if row.role == "rnn.recurrent_weight"]
    assert packed and all(len(row.blocks) % 4 == 0 for row in packed)
    block = packed[0].blocks[0]
    assert block.scheme == "orthogonal" and isinstance(block.extent, tuple)
    audited = onnx_winit.audit(onnx_winit.initialize("lstm_tagger.train.onnx"))
    measured = next(row for row in audited if row.role == "rnn.recurrent_weight").blocks[0].measured
    assert measured.defect < 1e-5


def test_rules_of_every_kind(folder):
    name = "mlp_relu.train.onnx"
    (folder / "r.yaml").write_text("rules:\n  - {role: bias, scheme: constant(0.5)}\n")
    one = "net.0.weight=orthogonal"
    for rules in (one, [one], (one,)):
        assert onnx_winit.plan(name, rules=rules)[0].scheme == "orthogonal"
    for rules in ("r.yaml", folder / "r.yaml", [folder / "r.yaml"], {"role": "bias",
                                                                     "scheme": "constant(0.5)"}):
        assert onnx_winit.plan(name, rules=rules)[1].value == 0.5
    both = onnx_winit.plan(name, rules=[one, {"name": "net.4.*", "keep": True}, "r.yaml"])
    assert (both[0].scheme, both[1].value, both[4].action) == ("orthogonal", 0.5, "keep")


def test_trainable_lists_parameters():
    lists = onnx_winit.trainable("unet.train.onnx", freeze=[".*bias"])
    assert lists["requires_grad"] and lists["frozen_params"]
    assert not set(lists["requires_grad"]) & set(lists["frozen_params"])


@pytest.mark.parametrize("call, kind, status, text", [
    (lambda: onnx_winit.plan("nowhere.onnx"), onnx_winit.SystemFailure, 5, "nowhere.onnx: "),
    (lambda: onnx_winit.plan(b"no model"), onnx_winit.InputError, 3, "memory: "),
    (lambda: onnx_winit.plan(b""), onnx_winit.InputError, 3, "memory: "),
    (lambda: onnx_winit.plan("unet.train.onnx", profile="visoin"), onnx_winit.UsageError, 2,
     "vision"),
    (lambda: onnx_winit.plan("unet.train.onnx", keep=["("]), onnx_winit.UsageError, 2, "("),
    (lambda: onnx_winit.plan("unet.train.onnx", seed=-1), onnx_winit.UsageError, 2, "seed"),
    (lambda: onnx_winit.plan("unet.train.onnx", rules="x=he_norml"), onnx_winit.UsageError, 2,
     "he_normal"),
    (lambda: onnx_winit.initialize("unet.train.onnx", "unet.train.onnx"), onnx_winit.UsageError, 2,
     "input"),
    (lambda: onnx_winit.initialize("unet.train.onnx", "no/where.onnx"), onnx_winit.SystemFailure, 5,
     "no/where.onnx"),
])
def test_errors_have_status_and_place(call, kind, status, text):
    with pytest.raises(kind) as caught:
        call()
    assert isinstance(caught.value, onnx_winit.Error)
    assert caught.value.status == status
    assert text in str(caught.value)


def test_an_unknown_option_is_a_type_error():
    with pytest.raises(TypeError, match="sead"):
        onnx_winit.plan("unet.train.onnx", sead=1)


def test_outputs_are_replaced_only_when_asked():
    onnx_winit.initialize("unet.train.onnx", "out.onnx")
    with pytest.raises(onnx_winit.UsageError, match="exists"):
        onnx_winit.initialize("unet.train.onnx", "out.onnx")
    onnx_winit.initialize("unet.train.onnx", "out.onnx", replace=True, external="always", sync=True)
    assert list(Path().glob("out.onnx*.data"))


def test_presets_come_along():
    for preset in sorted(path.stem for path in Path(onnx_winit.__file__).parent.glob("presets/*.yaml")):
        assert len(onnx_winit.plan("unet.train.onnx", preset=preset)) > 0
    with pytest.raises(onnx_winit.UsageError):
        onnx_winit.plan("unet.train.onnx", preset="no-such-preset")


def test_other_threads_run_meanwhile():
    """One thread writes a model; a second one keeps counting, and several may work at once."""
    ticks, done = [], threading.Event()

    def count():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.0005)

    counter = threading.Thread(target=count)
    counter.start()
    start = time.monotonic()
    for _ in range(20):
        onnx_winit.initialize("unet.train.onnx", threads=1)
    end = time.monotonic()
    done.set()
    counter.join()
    within = [tick for tick in ticks if start < tick < end]
    longest = max(b - a for a, b in zip(within, within[1:]))
    assert longest < (end - start) / 2

    expected, got = onnx_winit.initialize("unet.train.onnx"), [None] * 4

    def work(i):
        got[i] = onnx_winit.initialize("unet.train.onnx")

    workers = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert got == [expected] * 4


def test_versions_agree():
    from importlib.metadata import version
    assert onnx_winit.version() == version("onnx-winit")
    assert program("--version").startswith(f"onnx-winit {onnx_winit.version()}\n")
