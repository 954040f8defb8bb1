#!/bin/sh
# Initialises a real export (a PyTorch model whose weights were stripped) and shows the result.
#
#     tools/demo.sh BUILD
set -eu
cd "$(dirname "$0")/.."
build=$1
model=tests/models/encoder_gelu.inputs.onnx
out=$build/demo
mkdir -p "$out"

show() {
    printf '\n$ %s\n' "$*"
    "$@"
}
show "$build/onnx-winit" plan tests/models/mlp_relu.train.onnx
show "$build/onnx-winit" "$model" -o "$out/init.onnx" --force --report "$out/report.json"
printf '\n'
ls -l "$model" "$out/init.onnx" "$out/report.json"
