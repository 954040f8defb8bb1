head -c 700 "$models/mlp_relu.train.onnx" > short.onnx
onnx-winit short.onnx -o out.onnx || code=$?
ls
exit $code
