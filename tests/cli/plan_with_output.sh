onnx-winit plan model.onnx -o out.onnx
