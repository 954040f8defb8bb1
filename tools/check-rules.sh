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

# plan FILE MODEL OPTION...: the plan without the names of the rules that decided, in FILE; and no plan
# is no agreement.
plan() {
    local file=$1
    shift
    "$program" plan "$@" --format json > "$work/raw" 2> "$work/messages" &&
        sed 's/"rule":"[^"]*"/"rule":null/' "$work/raw" > "$file" && grep -q '^{"name"' "$file"
}

failed=0
for model in "$@"; do
    if ! plan "$work/built-in" "$model" || ! plan "$work/loaded" "$model" --rules "$work/policy.yaml"; then
        echo "not ok - $model: no plan, or one without tensors"
        cat "$work/messages"
        failed=1
    elif ! grep -q '"rule":"[^"]*policy.yaml:' "$work/raw"; then
        echo "not ok - $model: no rule of the file decided anything"
        failed=1
    elif ! cmp -s "$work/built-in" "$work/loaded"; then
        echo "not ok - $model: printed rules plan something else"
        diff "$work/built-in" "$work/loaded" | head -4
        failed=1
    fi
done
[ $failed -eq 0 ] && echo "ok - printed rules plan the same for $# models"
exit $failed
