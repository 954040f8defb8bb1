#!/bin/bash
# The tests over collections of models that are no part of the project:
#     run.sh BUILD PUBLIC
# What is not there is skipped, and said so.
set -u
here=$(dirname "$0") build=$1 public=$2 failed=0

if [ -d "$public" ]; then
    "$here/run.py" "$build/onnx-winit" "$public" "$here/public.tsv" || failed=1
else
    echo "SKIPPED: no models at $public (PUBLIC=FOLDER): the table of public models was not compared"
fi
exit $failed
