#!/bin/bash
# Runs the examples of README.md: in each ```console block a line "$ command" runs in a folder of its
# own that holds the models of tests/models, and must print just what the README shows below it.
#
#     tools/check-readme.sh BUILD
set -u
cd "$(dirname "$0")/.."
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/cwd"
cp tests/models/*.onnx "$work/cwd/"

awk '/^```/ { inside = ($0 == "```console"); next } inside' README.md > "$work/shown"
(
    cd "$work/cwd" || exit 1
    export PATH="$build:$PATH" LC_ALL=C.UTF-8 TERM=dumb
    while IFS= read -r command; do
        printf '$ %s\n' "$command"
        bash -c "$command" 2>&1 < /dev/null
    done < <(sed -n 's/^\$ //p' "$work/shown")
) > "$work/got"
if ! [ -s "$work/shown" ]; then
    echo "not ok - README.md shows no example"
elif diff -u --label README.md --label "what the commands print" "$work/shown" "$work/got"; then
    echo "ok - README.md"
else
    echo "not ok - README.md"
    exit 1
fi
