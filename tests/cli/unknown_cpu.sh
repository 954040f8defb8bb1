onnx-winit "$models/mlp_relu.train.onnx" -o out.onnx --cpu avx52 || code=$?
ls
exit $code
