# A run that fills nothing writes the input again. (Weights without data would be refused.)
text-to-onnx > model.onnx << 'END'
<ir_version: 8, opset_import: ["" : 17]>
net (float[N,2] x) => (float[N,2] y) <float[2,2] w = {1, 2, 3, 4}, float[2] b = {5, 6}> {
    y = Gemm(x, w, b)
}
END
onnx-winit model.onnx -o out.onnx --keep '.*' --quiet
cmp model.onnx out.onnx
onnx-winit model.onnx -o filled.onnx --quiet
if cmp -s model.onnx filled.onnx; then echo "nothing was filled"; fi
