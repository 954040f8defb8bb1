#!/bin/bash
# Draws docs/audit.png: the page of an audit, as a browser shows it. Needs chromium.
#
#     tools/screenshot.sh BUILD
set -eu
cd "$(dirname "$0")/.."
build=$(cd "$1" && pwd)
picture=$PWD/docs/audit.png
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp tests/models/unet.train.onnx "$work/"
cd "$work"
PATH="$build:$PATH"
onnx-winit plan unet.train.onnx --quiet --report plan.json
onnx-winit unet.train.onnx -o unet.onnx --quiet --rule 'mid.0.weight=zeros' --rule 'mid.3.weight=normal(0,0.83)'
onnx-winit audit unet.onnx --against plan.json --quiet --report page.html 2> /dev/null || [ $? -eq 6 ]
chromium --headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update \
    --disable-sync --no-first-run --user-data-dir="$work/browser" --hide-scrollbars --window-size=1000,900 \
    --screenshot="$picture" "file://$work/page.html" > /dev/null 2>&1
