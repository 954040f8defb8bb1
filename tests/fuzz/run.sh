#!/bin/bash
# Fuzzes targets, two at a time: run.sh BUILD SECONDS TARGET... Starts from the corpora, the cases,
# the small exports and the hostile files; new inputs and crashes stay in BUILD/corpus and
# BUILD/crashes.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$1
seconds=$2
shift 2
mkdir -p "$build/crashes"
"$here/seeds.sh" "$build" "$build/seeds"

fuzz() { # TARGET
    local corpus=("$here/corpus/model" "$build/seeds") runs
    [ -d "$here/corpus/$1" ] && corpus=("$here/corpus/$1")
    mkdir -p "$build/corpus/$1"
    if "$build/fuzzers/$1" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
        -max_len=16384 -dict="$here/onnx.dict" -artifact_prefix="$build/crashes/$1-" \
        -print_final_stats=1 "$build/corpus/$1" "${corpus[@]}" > "$build/$1.log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$build/$1.log")
        echo "ok - fuzz/$1: $runs runs in $seconds s"
    else
        tail -40 "$build/$1.log"
        echo "not ok - fuzz/$1"
        return 1
    fi
}

export -f fuzz
export here build seconds
printf '%s\n' "$@" | xargs -P 2 -I TARGET bash -c 'fuzz TARGET' | tee "$build/fuzz.out"
! grep -q '^not ok' "$build/fuzz.out"
