#!/bin/bash
# The same bits everywhere: SHA-256 of whole outputs of programs that gcc and clang made without and
# with optimisation, on each CPU level, with 1, 2, 3 and 7 threads, in one file and (with 3 threads) in
# two, for each float type and every kind of scheme. And the pinned bits of the sampler with each.
#
#     tests/bits/run.sh BUILD PROGRAM-FOLDER...
#
# Each folder holds onnx-winit and tests/test_golden. SIZE=large makes orthogonal matrices of 2048
# instead of 256 and vectors to match: minutes with -O3, an hour with -O0, which LEVELS="avx2 avx512" and
# THREADS="1 7" cut into pieces.
set -u
build=$(cd "$1" && pwd)
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
units=256 rows=2500
if [ "${SIZE:-small}" = large ]; then
    units=2048 rows=25000
fi

result() { # CODE NAME
    [ "$1" -eq 0 ] && echo "ok - bits/$2" || { echo "not ok - bits/$2"; failed=1; }
}

# Tensors longer than a block of the writer and odd lengths, so that threads cut them anywhere.
model() { # TYPE
    cat << END
<ir_version: 8, opset_import: ["" : 17]>
g ($1[1,16,32,32] x, $1[4,1,200] s, int64[4] i) => ($1[1,96,32,32] y, $1[4,1,1,$units] h, $1[4,31] z)
<$1[64,16,3,3] he, $1[96,64,3,3] delta, $1[1,$((4 * units)),200] w, $1[1,$((4 * units)),$units] r,
 $1[1,$((8 * units))] b, $1[$rows,333] embedding, $1[333,150] lying, $1[150,301] standing,
 $1[301,401] truncated, $1[401,311] bounded, $1[311,31] flat>
{
    a = Conv<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(x, he)
    c = Relu(a)
    y = Conv<kernel_shape = [3, 3], pads = [1, 1, 1, 1]>(c, delta)
    h = LSTM<hidden_size = $units>(s, w, r, b)
    e = Gather(embedding, i)
    f = MatMul(e, lying)
    g0 = Relu(f)
    j = MatMul(g0, standing)
    k = Relu(j)
    l = MatMul(k, truncated)
    m = Relu(l)
    n = MatMul(m, bounded)
    o = Relu(n)
    z = MatMul(o, flat)
}
END
}
rules=(--rule delta=delta_orthogonal --rule 'lying|standing=orthogonal'
    --rule 'truncated=truncated_normal(0,0.02)' --rule 'bounded=bounded_normal(0,0.02,-0.03,inf)'
    --rule 'flat=uniform(-0.1,0.3)')
types="float double float16 bfloat16"
for type in $types; do
    model $type | "$build/tools/text-to-onnx" > "$work/$type.onnx" || exit 1
done

levels=
for level in ${LEVELS:-baseline avx2 avx512}; do
    if "$build/onnx-winit" "$work/float.onnx" -o "$work/probe.onnx" --force --quiet --cpu $level 2> /dev/null; then
        levels="$levels $level"
    else
        echo "SKIPPED: this machine has no $level; its bits were not compared" >&2
        echo "ok - bits/$level # SKIP this machine has no $level"
    fi
done

# sums PROGRAM FORM OPTION...: SHA-256 of what it writes of each model.
sums() {
    local program=$1 form=$2 out=$work/out
    shift 2
    for type in $types; do
        rm -rf "$out" && mkdir "$out"
        "$program" "$work/$type.onnx" -o "$out/model.onnx" --quiet --seed 11 --external "$form" \
            "${rules[@]}" "$@" || return 1
        (cd "$out" && sha256sum ./*) || return 1
    done
}

for form in never always; do
    sums "$build/onnx-winit" $form --threads 1 > "$work/$form" || exit 1
done
for folder in "$@"; do
    for level in $levels; do
        for threads in ${THREADS:-1 2 3 7}; do
            form=never
            [ $threads -eq 3 ] && form=always
            sums "$folder/onnx-winit" $form --cpu "$level" --threads $threads > "$work/found" &&
                cmp -s "$work/$form" "$work/found"
            result $? "${folder##*/}, $level, $threads threads"
        done
    done
    "$folder/tests/test_golden" > "$work/golden" 2>&1
    result $? "${folder##*/}, pinned bits"
done
exit $failed
