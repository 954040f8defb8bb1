#!/bin/bash
# Fuzzes targets, two at a time: run.sh BUILD SECONDS TARGET... Starts from the corpora, the cases,
# the small exports and the hostile files; new inputs and crashes stay in BUILD/corpus and
# BUILD/crashes. Patterns and reports, which the pipeline also makes, have half of the time and come
# last, so that both processors stay busy.
set -u
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
build=$(realpath "$1") # a target may change its folder
seconds=$2
shift 2
mkdir -p "$build/crashes"
"$here/seeds.sh" "$build" "$build/seeds"

fuzz() { # TARGET SECONDS
    local corpus=("$here/corpus/model" "$build/seeds") runs
    [ -d "$here/corpus/$1" ] && corpus=("$here/corpus/$1")
    mkdir -p "$build/corpus/$1"
    if "$build/fuzzers/$1" -max_total_time="$2" -timeout=5 -rss_limit_mb=1024 \
        -max_len=16384 -dict="$here/onnx.dict" -artifact_prefix="$build/crashes/$1-" \
        -print_final_stats=1 "$build/corpus/$1" "${corpus[@]}" > "$build/$1.log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$build/$1.log")
        echo "ok - fuzz/$1: $runs runs in $2 s"
    else
        tail -40 "$build/$1.log"
        echo "not ok - fuzz/$1 # the input is in $build/crashes; again: $build/fuzzers/$1 INPUT"
        return 1
    fi
}

export -f fuzz
export here build
{
    printf '%s\n' "$@" | grep -vxE 'patterns|report' | sed "s/\$/ $seconds/"
    printf '%s\n' "$@" | grep -xE 'patterns|report' | sed "s/\$/ $(((seconds + 1) / 2))/"
} | xargs -P 2 -L 1 bash -c 'fuzz "$@"' fuzz | tee "$build/fuzz.out"
[ "$(grep -c '^ok' "$build/fuzz.out")" -eq $# ]
