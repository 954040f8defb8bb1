onnx-winit --profle vision plan "$models/mlp_relu.train.onnx"
