#!/bin/bash
# What the rest of the world says: schema and texts against onnx, outputs against onnx.checker and
# ONNX Runtime. Python packages go into a virtual environment under build/ (needs the network once).
#
#     tests/ecosystem/run.sh BUILD
set -u
cd "$(dirname "$0")/../.."
build=$1
venv=build/venv
corpus=../shared/corpus/exports
failed=0

if ! "$venv/bin/python" -c 'import numpy, onnx, onnxruntime' 2> /dev/null; then
    echo "== building $venv"
    if ! { python3 -m venv "$venv" &&
        "$venv/bin/pip" install -q --disable-pip-version-check -r tests/ecosystem/requirements.txt; }; then
        echo "SKIPPED: onnx and onnxruntime cannot be installed here (no network?);" \
            "no output was checked against them" >&2
        echo "ok - ecosystem # SKIP no onnx, no onnxruntime"
        exit 0
    fi
fi

check() {
    local name=$1
    shift
    if "$venv/bin/python" "$@"; then
        echo "ok - ecosystem/$name"
    else
        echo "not ok - ecosystem/$name"
        failed=1
    fi
}
[ -d "$corpus" ] || {
    echo "SKIPPED: $corpus is not there; only the models of tests/models are run" >&2
    corpus=
}
check schema tests/ecosystem/check_schema.py
check text tests/ecosystem/check_text.py "$build/tools/text-to-onnx" tests/cases/*.case
check escapes tests/ecosystem/check_escapes.py "$build/onnx-winit"
check external tests/ecosystem/check_external.py "$build/onnx-winit"
check outputs tests/ecosystem/run_outputs.py "$build/onnx-winit" tests/models \
    tests/ecosystem/training/nets ${corpus:+"$corpus"}
rm -rf "$build/accepted" && tests/fuzz/seeds.sh "$build" "$build/accepted"
check accepted tests/ecosystem/check_accepted.py "$build/onnx-winit" 8 "$build/accepted" tests/fuzz/corpus/model
check spread tests/ecosystem/run_spread.py "$build/onnx-winit" tests/models tests/ecosystem/training/nets \
    ${corpus:+"$corpus"}

# ONNX Runtime Training ended with 1.19.2: an environment of its own.
if tests/ecosystem/training/environment.sh; then
    venv=build/venv-training
    check smoke tests/ecosystem/training/smoke.py "$build/onnx-winit"
    check gradients tests/ecosystem/training/gradients.py "$build/onnx-winit"
fi
exit $failed
