#!/bin/bash
# Spoiled copies of freshly initialised models: each fault is found and named, and nothing else.
#
#     tests/audit/run.sh BUILD [MODEL...]       without models: tests/models, and $CORPUS when there
set -eu
cd "$(dirname "$0")/../.."
build=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 20 layers: matrix, ReLU, and no norm.
deep_net() {
    local layers=20 i
    echo '<ir_version: 8, opset_import: ["" : 17]>'
    echo 'deep (float[N,32] r0) => (float[N,32] r20)'
    echo "<float[32,32] w0$(for ((i = 1; i < layers; i++)); do printf ', float[32,32] w%d' $i; done)>"
    echo '{'
    for ((i = 0; i < layers; i++)); do
        echo "    h$i = MatMul(r$i, w$i)"
        echo "    r$((i + 1)) = Relu(h$i)"
    done
    echo '}'
}
deep_net | "$build/tools/text-to-onnx" > "$work/deep.onnx"

corpus=${CORPUS:-../shared/corpus/exports}
if [ $# -gt 0 ]; then
    models=("$@")
elif [ -d "$corpus" ]; then
    models=(tests/models/*.onnx "$corpus"/*.train.onnx)
else
    models=(tests/models/*.onnx)
    echo "SKIPPED: no corpus at $corpus; spoiled copies of tests/models only"
fi
python3 tests/audit/run.py "$build/onnx-winit" "$work/deep.onnx" "${models[@]}"
