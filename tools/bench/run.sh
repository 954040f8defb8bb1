#!/bin/bash
# The benchmark, with numpy, onnx and torch in a virtual environment under build/ (needs the network
# once; torch brings some GB). PYTHON names another interpreter that has them.
#
#     tools/bench/run.sh BUILD [OPTION...]
set -u
build=$1
shift
python=${PYTHON:-build/bench-venv/bin/python}
wanted=tools/bench/requirements.txt

if [ -z "${PYTHON:-}" ] && ! cmp -s "$wanted" build/bench-venv/installed; then
    echo "== building build/bench-venv" >&2
    python3 -m venv build/bench-venv &&
        build/bench-venv/bin/pip install -q --disable-pip-version-check -r "$wanted" &&
        cp "$wanted" build/bench-venv/installed
fi
[ -x "$python" ] || python=python3
exec python3 tools/bench/run.py "$build/onnx-winit" --measure "$build/tools/measure" \
    --bench-fill "$build/tools/bench-fill" --python "$python" "$@"
