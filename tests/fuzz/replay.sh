#!/bin/sh
# Replays a fuzz target's corpus: replay.sh BUILD TARGET. Targets that read models share one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
corpus=model
[ -d "$here/corpus/$2" ] && corpus=$2
exec "$1/fuzz/$2" "$here/corpus/$corpus"
