onnx-winit plan "$models/mlp_relu.train.onnx" --profile visoin || echo $?
onnx-winit plan "$models/mlp_relu.train.onnx" --profile painting
