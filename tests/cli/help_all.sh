onnx-winit --help-all
