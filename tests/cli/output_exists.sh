echo precious > out.onnx
onnx-winit "$models/mlp_relu.train.onnx" -o out.onnx || code=$?
cat out.onnx
ls
exit $code
