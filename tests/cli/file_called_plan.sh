cp "$models/mlp_relu.train.onnx" plan
onnx-winit ./plan -o out.onnx | tail -2
onnx-winit plan plan | tail -1
