#!/bin/bash
# Takes into the corpora what fuzzing found and what reaches code that neither they nor the seeds
# reach: merge.sh BUILD TARGET..., after `make fuzz`. Inputs of more than 4 KB stay out.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "$1")
shift
for target in "$@"; do
    corpus=$here/corpus/$target known=("$here/corpus/$target")
    [ -d "$corpus" ] || corpus=$here/corpus/model known=("$here/corpus/model" "$build/seeds")
    rm -rf "$build/merged" "$build/found"
    mkdir -p "$build/merged" "$build/found"
    cp "${known[@]/%//.}" -rt "$build/merged"
    find "$build/corpus/$target" -type f -size -9 -exec cp -t "$build/found" {} +
    (cd "$build/merged" && find . -type f | sort) > "$build/known.txt"
    "$build/fuzzers/$target" -merge=1 -use_counters=0 -timeout=5 -rss_limit_mb=1024 -max_len=65536 \
        "$build/merged" "$build/found" > "$build/merge.log" 2>&1
    (cd "$build/merged" && find . -type f | sort) | comm -13 "$build/known.txt" - \
        | (cd "$build/merged" && xargs -r cp -t "$corpus")
    echo "$target: $(find "$corpus" -type f | wc -l) files, $(du -sb "$corpus" | cut -f1) bytes"
done
