# Some bytes of model whose weights take 2.4 GB. What the output takes is known before its first byte,
# and --external auto moves the values to a data file, here where none so large may be written.
text-to-onnx > model.onnx << 'END'
<ir_version: 8, opset_import: ["" : 17]>
g (float[1,20000] x) => (float[1,30000] y)
<float[20000,30000] w>
{
    y = MatMul(x, w)
}
END
test "$(wc -c < model.onnx)" -lt 200
onnx-winit model.onnx -o out.onnx --external never || echo "exit code $?"
trap '' XFSZ
ulimit -f 1000000
onnx-winit model.onnx -o out.onnx --external auto || echo "exit code $?"
ls
