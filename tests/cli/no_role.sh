# An initializer without data that nothing is known about: exit 4, and no output.
text-to-onnx > model.onnx << 'END'
<ir_version: 8, opset_import: ["" : 17, "acme" : 1]>
net (float[N,4] x) => (float[N,4] y) <float[4] mystery> { y = acme.Mystery(x, mystery) }
END
onnx-winit model.onnx -o out.onnx || code=$?
ls
exit $code
