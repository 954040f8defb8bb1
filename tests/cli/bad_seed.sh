onnx-winit plan "$models/mlp_relu.train.onnx" --seed -1
