# What was meant for a closed standard output ends up in no file.
onnx-winit "$models/mlp_relu.train.onnx" -o out.onnx --quiet
onnx-winit "$models/mlp_relu.train.onnx" -o closed.onnx >&- || code=$?
onnx-winit "$models/mlp_relu.train.onnx" -o both.onnx >&- 2>&- || echo $?
cmp out.onnx closed.onnx
cmp out.onnx both.onnx
exit $code
