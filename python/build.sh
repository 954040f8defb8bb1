#!/bin/bash
# Builds the wheel that carries the library, into BUILD/wheel. Python packages go into a virtual
# environment under BUILD (needs the network once).
#
#     python/build.sh BUILD
set -eu
cd "$(dirname "$0")/.."
build=$1
tools=$build/python/tools
source=$build/python/source

if ! cmp -s python/requirements.txt "$tools/requirements.txt"; then
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install -q --disable-pip-version-check -r python/requirements.txt
    cp python/requirements.txt "$tools/"
fi

rm -rf "$source" "$build/wheel" "$build/python/plain"
mkdir -p "$source"
cp -r python/pyproject.toml python/setup.py python/README.md python/onnx_winit "$source/"
python3 python/make_abi.py include/onnx_winit.h > "$source/onnx_winit/_abi.py"
cp "$build/lib/libonnxwinit.so.0" "$source/onnx_winit/"
[ ! -d presets ] || cp -r presets "$source/onnx_winit/"
sed -n 's/^.define OWI_VERSION "\(.*\)"/\1/p' include/onnx_winit.h > "$source/VERSION"

"$tools/bin/pip" wheel -q --disable-pip-version-check --no-deps --no-build-isolation \
    -w "$build/python/plain" "$source"
# The libraries behind ours come along, so that it runs where they are not installed.
PATH=$(realpath "$tools/bin"):$PATH "$tools/bin/auditwheel" repair -w "$build/wheel" \
    "$build"/python/plain/*.whl > "$build/python/repair.log" 2>&1 || { cat "$build/python/repair.log"; exit 1; }
ls "$build"/wheel/*.whl
