onnx-winit plan "$models/mlp_relu.train.onnx" --threads 100000
