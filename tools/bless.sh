#!/bin/sh
# Rewrites what the command line tests expect from what the program does now, and shows the change.
#
#     tools/bless.sh [WORD]     only tests with WORD in their name
set -eu
cd "$(dirname "$0")/.."
make -s all tools
tests/cli/run.sh "${BUILD:-build}" --bless "${1-}" > /dev/null
git --no-pager diff --stat -- tests/cli
git --no-pager diff -- tests/cli
git status --short -- tests/cli
