#!/bin/bash
# The tests over collections of models, the project's small one and those that are no part of it:
#     run.sh BUILD PUBLIC EXPORTS
# What is not there is skipped, and said so.
set -u
here=$(dirname "$0") build=$1 public=$2 exports=$3 failed=0

"$here/disguise.py" "$build" "$here/../models" || failed=1
if [ -d "$exports" ]; then
    "$here/disguise.py" "$build" "$exports" || failed=1
else
    echo "SKIPPED: no models at $exports (EXPORTS=FOLDER): their disguises were not compared"
fi
if [ -d "$public" ]; then
    "$here/disguise.py" "$build" "$public" || failed=1
    "$here/run.py" "$build/onnx-winit" "$public" "$here/public.tsv" || failed=1
else
    echo "SKIPPED: no models at $public (PUBLIC=FOLDER): their disguises and the table were not compared"
fi
exit $failed
