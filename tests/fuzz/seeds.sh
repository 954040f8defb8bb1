#!/bin/sh
# Gathers what the targets that read models start from: seeds.sh BUILD FOLDER. The small exports,
# the cases, and the hostile files that are not made to be slow.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
cp "$here"/../models/*.onnx "$2"
for text in "$here"/../cases/*.case; do
    sed '/^---$/,$d; /^options:/d' "$text" | "$1/tools/text-to-onnx" \
        > "$2/$(basename "$text" .case).onnx" 2> /dev/null || true
done
python3 -B "$here/../hostile/generate.py" "$2" --small
find "$2" -size 0 -delete
