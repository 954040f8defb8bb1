onnx-winit
