#!/bin/bash
# The sampler's pinned bits on other processors: aarch64, and s390x, whose bytes are the other way
# round. Needs cross compilers and qemu-user (Debian: gcc-aarch64-linux-gnu gcc-s390x-linux-gnu
# qemu-user); a minute or two.
#
#     tests/bits/foreign.sh
set -u
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp /usr/include/xxhash.h /usr/include/xxh3.h "$work"
failed=0

for machine in aarch64 s390x; do
    compiler=$machine-linux-gnu-gcc
    if ! { command -v "$compiler" && command -v "qemu-$machine"; } > /dev/null; then
        echo "SKIPPED: no $compiler or no qemu-$machine here; $machine was not tried" >&2
        echo "ok - bits/$machine # SKIP no cross compiler or no qemu-user"
        continue
    fi
    # gcc for s390x computes float as double in its strict mode.
    options=(-std=c11 -O3 -ffp-contract=off -fno-math-errno -fno-trapping-math -pthread -static)
    [ $machine = s390x ] && options+=(-fexcess-precision=fast)
    if "$compiler" "${options[@]}" -DXXH_INLINE_ALL= -Iinclude -Isrc -Itests -Itests/bits -I"$work" \
        src/fill/*.c src/base/*.c tests/support/filling.c tests/unit/test_golden.c -o "$work/golden" &&
        "qemu-$machine" "$work/golden"; then
        echo "ok - bits/$machine"
    else
        echo "not ok - bits/$machine"
        failed=1
    fi
done
exit $failed
