#!/bin/bash
# The benchmark, with numpy, onnx and torch in a virtual environment under build/ (needs the network
# once; torch brings some GB), and once more with Debian's python3-numpy, python3-onnx and
# python3-torch where they are installed. PYTHON names another interpreter to take instead of both.
#
#     tools/bench/run.sh BUILD [OPTION...]
set -u
build=$1
shift
wanted=tools/bench/requirements.txt
venv=build/bench-venv
debian=/usr/bin/python3
pythons=()

if [ -z "${PYTHON:-}" ] && ! cmp -s "$wanted" $venv/installed; then
    echo "== building $venv" >&2
    python3 -m venv $venv &&
        $venv/bin/pip install -q --disable-pip-version-check -r "$wanted" &&
        cp "$wanted" $venv/installed
fi
if [ -n "${PYTHON:-}" ]; then
    pythons=(--python "$PYTHON")
else
    [ -x $venv/bin/python ] && pythons=(--python "$venv/bin/python")
    if $debian -c 'import numpy, onnx, torch' 2> /dev/null; then
        pythons+=(--python "$debian")
    else
        echo "NOT COMPARED: Debian's versions, which the targets were set against" \
            "(apt-get install python3-numpy python3-onnx python3-torch)" >&2
    fi
fi
exec python3 tools/bench/run.py "$build/onnx-winit" --measure "$build/tools/measure" \
    --bench-fill "$build/tools/bench-fill" "${pythons[@]}" "$@"
