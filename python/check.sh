#!/bin/bash
# Installs the wheel into a new virtual environment that has pytest and nothing else, and tests it
# there; checks the types. BUILD/wheel and BUILD/python/tools are what python/build.sh left.
#
#     python/check.sh BUILD
set -u
cd "$(dirname "$0")/.."
build=$(realpath "$1")
clean=$build/python/clean
tools=$build/python/tools/bin
failed=0

check() {
    local name=$1
    shift
    if "$@" > "$build/python/log" 2>&1; then
        echo "ok - python: $name"
    else
        cat "$build/python/log"
        echo "not ok - python: $name"
        failed=1
    fi
}

rm -rf "$clean"
python3 -m venv "$clean" || exit 1
check "the wheel installs" "$clean/bin/pip" install -q --disable-pip-version-check \
    "$build"/wheel/*.whl "$(grep pytest python/requirements.txt)"
# From elsewhere, so that what is tested is what is installed.
in_clean() {
    (cd "$build/python" && ONNX_WINIT="$build/onnx-winit" MODELS="$OLDPWD/tests/models" PYTHONPATH= \
        "$clean/bin/python" -m pytest -q -p no:cacheprovider --import-mode=importlib "$OLDPWD/python/tests" \
        -o doctest_optionflags=ELLIPSIS --doctest-glob='README.md' "$OLDPWD/python/README.md")
}
check "tests" in_clean
typed() {
    "$tools/mypy" --strict --python-executable "$clean/bin/python" --cache-dir "$build/python/mypy" \
        python/tests/typed.py && "$tools/mypy" --strict --cache-dir "$build/python/mypy" \
        "$build/python/source/onnx_winit"
}
check "types" typed
carries() {
    local library
    library=$(echo "$clean"/lib/python3*/site-packages/onnx_winit/libonnxwinit.so.0)
    ldd "$library" && ! ldd "$library" | grep -E 'protobuf|jansson|smartcols|pcre2|yaml|xxhash' |
        grep -v "$clean"
}
check "the wheel carries its libraries" carries
exit $failed
