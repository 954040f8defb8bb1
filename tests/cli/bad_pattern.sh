onnx-winit plan "$models/mlp_relu.train.onnx" --keep "net.(0"
