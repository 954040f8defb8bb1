echo "this is no model" > text.onnx
onnx-winit plan text.onnx
