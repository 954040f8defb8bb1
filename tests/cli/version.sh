onnx-winit --version
