onnx-winit model.onnx
