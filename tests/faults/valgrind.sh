#!/bin/bash
# Whole runs under valgrind, without an error and without a leak: valgrind.sh BUILD.
set -u
build=$(cd "$1" && pwd)
models=$(cd "$(dirname "$0")/../models" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

check() {
    if valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \
        --errors-for-leak-kinds=definite,indirect "$build/onnx-winit" "$@" > out 2> err; then
        echo "ok - valgrind: onnx-winit $*"
    else
        cat err
        echo "not ok - valgrind: onnx-winit $*"
        failed=1
    fi
}

cp "$models"/*.onnx .
for model in *.onnx; do
    check "$model" -o "$model.new" --threads 2
    check "$model" -o "$model.two" --external always --threads 2 --report r.html
    check "$model.two" -o "$model.one" --external never --only-missing
    check plan "$model" --format json
    check audit "$model.new"
done
model=mlp_relu.train.onnx
check plan $model --rule '.*weight=orthogonal' --keep 'x.*' --profile vision --format csv
check $model -o orthogonal --rule '.*weight=orthogonal' --cpu baseline
check plan - < $model
check - -o piped < $model
check --help-all
check --list-ops
exit $failed
