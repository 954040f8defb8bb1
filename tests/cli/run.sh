#!/bin/bash
# Runs the program as a user would. Each NAME.sh beside this script is a test: it runs in an empty
# folder of its own, and must print NAME.out and NAME.err and end with the code in NAME.exit; a
# sibling that is missing stands for silence, and for 0.
#
#     tests/cli/run.sh BUILD [--bless] [WORD]
#
# --bless rewrites the siblings from what the tests do now; WORD picks the tests with it in their
# name. In the tests, onnx-winit and text-to-onnx are on the PATH and $models is tests/models. A line
# on stderr that begins with SKIPPED: tells what this machine cannot test: shown, not compared.
set -u
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
shift
bless=
[ "${1-}" = --bless ] && bless=yes && shift
word=${1-}
passed=0
failed=0

# expect FILE GOT: FILE is the sibling, which may be missing; GOT is what the test did.
expect() {
    if [ -n "$bless" ]; then
        if [ -s "$2" ]; then cp "$2" "$1"; else rm -f "$1"; fi
    elif [ -e "$1" ]; then
        diff -u --label "$1" --label "what it did" "$1" "$2"
    else
        diff -u --label "silence" --label "what it did" /dev/null "$2"
    fi
}

run_test() {
    local name=$1 code right=0
    local work
    work=$(mktemp -d)
    mkdir "$work/cwd"
    (cd "$work/cwd" && exec env -i PATH="$build:$build/tools:$PATH" LC_ALL=C.UTF-8 TERM=dumb \
        models="$here/../models" ${ASAN_OPTIONS:+ASAN_OPTIONS="$ASAN_OPTIONS"} \
        bash -eu "$here/$name.sh") > "$work/out" 2> "$work/err" < /dev/null
    code=$?
    grep '^SKIPPED:' "$work/err"
    sed -i '/^SKIPPED:/d' "$work/err"
    : > "$work/exit"
    [ $code -eq 0 ] || echo $code > "$work/exit"
    for kind in out err exit; do
        expect "$here/$name.$kind" "$work/$kind" || right=1
    done
    rm -rf "$work"
    return $right
}

for script in "$here"/*"$word"*.sh; do
    name=$(basename "$script" .sh)
    [ "$name" = run ] && continue
    if run_test "$name"; then
        echo "ok - cli/$name"
        passed=$((passed + 1))
    else
        echo "not ok - cli/$name"
        failed=$((failed + 1))
    fi
done
echo "# $passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
