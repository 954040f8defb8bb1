onnx-winit plan "$models/mlp_relu.train.onnx" --format jsn
