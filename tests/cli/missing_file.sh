onnx-winit nowhere.onnx -o out.onnx
