cp "$models/mlp_relu.train.onnx" model.onnx
onnx-winit plan model.onnx --format json > plan.json
python3 -m json.tool plan.json > /dev/null
grep -v '^{"name"' plan.json
grep '^{"name":"net.2.weight"' plan.json
