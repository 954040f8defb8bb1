onnx-winit plan "$models/mlp_relu.train.onnx" > /dev/full
