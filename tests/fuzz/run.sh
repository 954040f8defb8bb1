#!/bin/bash
# Fuzzes targets one after the other: run.sh BUILD SECONDS TARGET... Starts from the corpora, the
# cases and the small exports; new inputs and crashes stay in BUILD/corpus and BUILD/crashes.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$1
seconds=$2
shift 2
failed=0
seeds=$build/seeds
mkdir -p "$seeds" "$build/crashes"
cp "$here"/../models/*.onnx "$seeds"
for text in "$here"/../cases/*.case; do
    sed '/^---$/,$d; /^options:/d' "$text" | "$build/tools/text-to-onnx" \
        > "$seeds/$(basename "$text" .case).onnx" 2> /dev/null
done
find "$seeds" -size 0 -delete
for target in "$@"; do
    corpus=$here/corpus/model
    [ -d "$here/corpus/$target" ] && corpus=$here/corpus/$target
    mkdir -p "$build/corpus/$target"
    if "$build/fuzzers/$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
        -max_len=16384 -dict="$here/onnx.dict" -artifact_prefix="$build/crashes/$target-" \
        -print_final_stats=1 "$build/corpus/$target" "$corpus" "$seeds" \
        > "$build/$target.log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$build/$target.log")
        echo "ok - fuzz/$target: $runs runs"
    else
        tail -40 "$build/$target.log"
        echo "not ok - fuzz/$target"
        failed=1
    fi
done
exit $failed
