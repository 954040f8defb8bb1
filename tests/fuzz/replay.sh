#!/bin/sh
# Replays a fuzz target's corpus: replay.sh BUILD TARGET. Targets that read models share one, and
# what they start from.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -d "$here/corpus/$2" ]; then
    exec "$1/fuzz/$2" "$here/corpus/$2"
fi
[ -d "$1/fuzz/seeds" ] || "$here/seeds.sh" "$1" "$1/fuzz/seeds"
exec "$1/fuzz/$2" "$here/corpus/model" "$1/fuzz/seeds"
