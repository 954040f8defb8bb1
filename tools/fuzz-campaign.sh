#!/bin/bash
# Fuzzes for as long as it takes: fuzz-campaign.sh EXECUTIONS TARGET... Works on the targets in
# turns of 50 seconds until the log counts so many executions in all, or a turn finds something; a
# target that is named more often has more turns. Most turns run a plain build, for the number; the
# first of every eight rounds has ASan and UBSan.
#
# The log, a line for each turn, is build/campaign/log.tsv; inputs and findings stay beside it.
# $RUN is put in front of each turn, for example RUN="nice -n 19".
set -u
cd "$(dirname "$0")/.."
here=build/campaign
log=$here/log.tsv
goal=$1
shift
mkdir -p $here/findings
[ -e $log ] || printf 'target\tbuild\tseconds\texecutions\tfindings\n' > $log

coverage=-fsanitize-coverage=inline-8bit-counters,pc-table
address="-fsanitize=address,undefined -fno-sanitize-recover=all -fsanitize=fuzzer-no-link"
for target in "$@"; do
    ${RUN:-} make -s CC=clang BUILD=$here/plain CFLAGS="-O2 -g $coverage" \
        $here/plain/fuzzers/"$target" || exit 2
    ${RUN:-} make -s CC=clang BUILD=$here/asan CFLAGS="-O1 -g $address" \
        $here/asan/fuzzers/"$target" $here/asan/tools/text-to-onnx || exit 2
done
tests/fuzz/seeds.sh $here/asan $here/seeds

count() {
    awk -F'\t' 'NR > 1 { n += $4 } END { printf "%d\n", n }' $log
}

turn() { # TARGET BUILD
    local start=$SECONDS output=$here/$1-$2.txt found=0 runs
    local seeds=$here/seeds
    [ -d "tests/fuzz/corpus/$1" ] && seeds=tests/fuzz/corpus/$1
    mkdir -p "$here/corpus/$1"
    ${RUN:-} $here/"$2"/fuzzers/"$1" -max_total_time=50 -timeout=5 -rss_limit_mb=1024 -max_len=1024 \
        -dict=tests/fuzz/onnx.dict -artifact_prefix="$here/findings/$1-" -print_final_stats=1 \
        "$here/corpus/$1" "$seeds" tests/fuzz/corpus/model > "$output" 2>&1 || found=1
    runs=$(sed -n 's/^stat::number_of_executed_units: //p' "$output")
    printf '%s\t%s\t%d\t%d\t%d\n' "$1" "$2" $((SECONDS - start)) "${runs:-0}" $found >> $log
    return $found
}

for ((round = 0; $(count) < goal; round++)); do
    for target in "$@"; do
        if ! turn "$target" "$([ $((round % ${SANITIZED:-8})) -eq 0 ] && echo asan || echo plain)"; then
            tail -40 $here/"$target"-*.txt
            echo "not ok - fuzz campaign: $target, $(count) executions; see $here/findings"
            exit 1
        fi
    done
done
echo "ok - fuzz campaign: $(count) executions"
