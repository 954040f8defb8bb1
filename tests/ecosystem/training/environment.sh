#!/bin/bash
# Builds build/venv-training, where it is missing; says so, and fails, where that cannot be.
cd "$(dirname "$0")/../../.." || exit
venv=build/venv-training
"$venv/bin/python" -c 'import numpy, onnx, onnxruntime, sklearn' 2> /dev/null && exit
echo "== building $venv"
python=python3 # Debian's, where there is one: its version has a wheel
[ -x /usr/bin/python3 ] && python=/usr/bin/python3
"$python" -m venv "$venv" &&
    "$venv/bin/pip" install -q --disable-pip-version-check -r tests/ecosystem/requirements-training.txt && exit
rm -rf "$venv"
echo "SKIPPED: onnxruntime-training-cpu 1.19.2 cannot be installed here (no network, or no wheel for this" \
    "Python); nothing was trained" >&2
exit 1
