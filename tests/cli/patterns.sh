# A pattern that fits nothing is a warning, and with --strict an error: --keep, --only, --freeze and
# --promote like --rule.
cp "$models/mlp_relu.train.onnx" model.onnx
model=model.onnx
onnx-winit plan "$model" --keep 'net.0.wieght' --keep 'net.*' --freeze 'haed.*' --promote image --format csv > /dev/null
for option in --keep --only --freeze --promote; do
    onnx-winit plan "$model" $option 'net.9.*' --strict --quiet || echo "exit $?"
done
onnx-winit plan "$model" --keep 'net.0.*' --strict --quiet
