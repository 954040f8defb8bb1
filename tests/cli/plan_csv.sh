cp "$models/mlp_relu.train.onnx" model.onnx
onnx-winit plan model.onnx --format csv | tr -d '\r'
