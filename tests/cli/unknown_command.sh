cp "$models/mlp_relu.train.onnx" m.onnx
onnx-winit pln m.onnx || echo "exit code $?"
onnx-winit audti m.onnx --quiet || echo "exit code $?"
onnx-winit completely m.onnx || echo "exit code $?"
