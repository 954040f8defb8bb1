onnx-winit nowhere.onnx -o out.onnx --report plan.json || code=$?
ls
exit $code
