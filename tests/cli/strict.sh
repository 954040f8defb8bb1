text-to-onnx > model.onnx << 'END'
<ir_version: 8, opset_import: ["" : 17, "acme" : 1]>
net (float[N,4] x) => (float[N,4] y) <float[4] mystery = {1, 2, 3, 4}> {
    y = acme.Mystery(x, mystery)
}
END
onnx-winit model.onnx -o out.onnx --strict || code=$?
ls
exit $code
