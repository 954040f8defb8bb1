: > empty.onnx
onnx-winit plan empty.onnx
