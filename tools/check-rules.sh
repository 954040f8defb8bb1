#!/bin/bash
# Does the policy, printed as a rules file and loaded again, plan what it plans by itself?
#
#     tools/check-rules.sh PROGRAM MODEL...
set -u
program=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$program" --print-rules > "$work/policy.yaml" || exit 1

# plan MODEL OPTION...: the plan without the names of the rules that decided.
plan() {
    "$program" plan "$@" --format json 2> "$work/warnings" | sed 's/"rule":"[^"]*"/"rule":null/'
}

failed=0
for model in "$@"; do
    plan "$model" > "$work/built-in"
    plan "$model" --rules "$work/policy.yaml" > "$work/loaded"
    if ! cmp -s "$work/built-in" "$work/loaded"; then
        echo "not ok - $model: printed rules plan something else"
        diff "$work/built-in" "$work/loaded" | head -4
        failed=1
    fi
done
[ $failed -eq 0 ] && echo "ok - printed rules plan the same for $# models"
exit $failed
