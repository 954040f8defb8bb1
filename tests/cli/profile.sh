# A profile changes what the table of policies answers.
cp "$models/mlp_relu.train.onnx" model.onnx
onnx-winit plan model.onnx --profile language | grep -E "weight|profile"
