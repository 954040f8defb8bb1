#!/bin/bash
# cppcheck and clang-tidy on the sources: analyze.sh CPPFLAGS... Ends with 1 where one complains.
set -u
cd "$(dirname "$0")/.."
failed=0

cppcheck --quiet --error-exitcode=1 --enable=warning,portability --inline-suppr --std=c11 \
    -j "$(nproc)" --suppressions-list=tools/cppcheck.suppressions -Iinclude -Isrc src/*/*.c tests/fuzz/*.c \
    && echo "ok - cppcheck" || { echo "not ok - cppcheck"; failed=1; }

# Checks that are off: names of macro arguments, widening of small constants, and what is a matter of taste.
checks=-*,clang-analyzer-*,bugprone-*,concurrency-*,-bugprone-easily-swappable-parameters
checks=$checks,-bugprone-macro-parentheses,-bugprone-implicit-widening-of-multiplication-result
checks=$checks,-bugprone-narrowing-conversions,-bugprone-branch-clone,-concurrency-mt-unsafe
checks=$checks,-bugprone-assignment-in-if-condition,-bugprone-reserved-identifier
checks=$checks,-clang-analyzer-security.insecureAPI.*,-clang-analyzer-optin.performance.Padding
# Lists of pointers take the size of a pointer, and text on the wire has no mark at its end.
checks=$checks,-bugprone-sizeof-expression,-bugprone-not-null-terminated-result
printf '%s\n' src/*/*.c | xargs -P "$(nproc)" -I FILE \
    clang-tidy --quiet --checks="$checks" --warnings-as-errors='*' FILE -- -std=c11 -pthread '-DOWI_PRESETS="presets"' "$@" \
    2> build/clang-tidy.err \
    && echo "ok - clang-tidy" || { echo "not ok - clang-tidy"; failed=1; }
exit $failed
