#!/bin/bash
# House rules that a compiler does not know. One line for each breach; exit 1 if there is any.
set -u
cd "$(dirname "$0")/.."
breaches=0

breach() {
    echo "$1"
    breaches=$((breaches + 1))
}

# Who may include whom: a folder knows itself and those behind its name.
declare -A may=(
    [cli]=""
    [report]="plan infer graph model fill base tables"
    [audit]="plan infer graph model fill base tables"
    [plan]="fill infer graph model base tables"
    [infer]="graph model base tables"
    [graph]="model base tables"
    [model]="base tables"
    [fill]="base tables"
    [base]="tables"
)
for file in src/*/*.[ch]; do
    folder=$(basename "$(dirname "$file")")
    for included in $(sed -n 's/^ *# *include "\([a-z]*\)\/.*/\1/p' "$file" | sort -u); do
        case " $folder ${may[$folder]-} " in
        *" $included "*) ;;
        *) [ "$folder $included" = "cli tables" ] || breach "$file: includes $included/, which $folder may not know" ;;
        esac
    done
done
# The program takes its options from tables/, and everything else from the public header.
for file in $(grep -l '"tables/' src/cli/*.[ch]); do
    grep '"tables/' "$file" | grep -qv 'tables/options.def' && breach "$file: includes a table of the library"
done

# find_words PATTERN ADVICE FILE...: lines that match, but for what stands in comments and strings.
find_words() {
    local pattern=$1 advice=$2 file line
    shift 2
    for file in "$@"; do
        while IFS= read -r line; do
            breach "$file:$line   [$advice]"
        done < <(sed 's/"\([^"\\]\|\\.\)*"/""/g; s,//.*,,' "$file" | grep -nE "$pattern")
    done
}

library=$(ls src/*/*.c | grep -v '^src/cli/')
# shellcheck disable=SC2086 # lists of words
{
    find_words '(^|[^a-z_])(printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|perror)\(' \
        "a library does not print" $library
    find_words '(^|[^a-z_])(exit|_exit|abort|quick_exit|assert)\(' "a library does not end the program" $library
    # The arena serves one thread and may not be used while something else is held; so threads (fill),
    # the file that is written (blocks, output), and the model that holds the
    # arena (open) have memory of their own.
    find_words '(^|[^a-z_])(malloc|calloc|realloc|strdup)\(' "memory comes from the arena" \
        $(ls $library | grep -vE '^src/(base|fill)/|^src/model/(blocks|output)|^src/graph/open.c')
    find_words 'strcmp\([^;]*op_type' "operators are told apart by ops.def alone" \
        $(ls $library | grep -v '^src/graph/ops.c')
    find_words '(^|[^a-z_])(log|logf|sin|sinf|cos|cosf|exp|expf|pow|powf)\(' \
        "libm differs between systems; the sampler may not use it" src/fill/*.[ch]
}
for file in src/*/*.c src/*/*.h include/*.h tests/*/*.c; do
    [ -e "$file" ] && lines=$(wc -l < "$file") && [ "$lines" -gt 400 ] &&
        echo "warning: $file has $lines lines; split it by noun, or argue for it in its first comment"
done
if [ $breaches -gt 0 ]; then
    echo "not ok - layers: $breaches breaches"
    exit 1
fi
echo "ok - layers"
