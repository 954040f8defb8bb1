text-to-onnx > model.onnx << 'END'
<ir_version: 8, opset_import: ["" : 17]>
net (float[N,4] x) => (float[N,4] y) { y = Add(x, nowhere) }
END
onnx-winit plan model.onnx
