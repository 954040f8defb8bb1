# Which tensors differ between two files, and by how much; a type of half the width is no difference in itself.
onnx-winit "$models/mlp_relu.train.onnx" -o a.onnx --quiet
onnx-winit "$models/mlp_relu.train.onnx" -o b.onnx --quiet --rule 'net.2.weight=normal(0,0.5)' --rule 'net.4.bias=constant(0.25)'
onnx-winit audit a.onnx --diff b.onnx
echo "exit code $?"
echo "== nothing differs"
onnx-winit audit a.onnx --diff a.onnx | tail -n 1
onnx-winit audit a.onnx --diff a.onnx -v | head -n 3
echo "== other shapes, other names, no values"
text-to-onnx > c.onnx << 'END'
<ir_version: 8, opset_import: ["" : 17]>
net (float[N,20] x) => (float[N,5] y)
<float[64,20] "net.0.weight", float[32] "net.0.bias", float[64,5] extra>
{
    h = Gemm<transB = 1>(x, "net.0.weight")
    r = Relu(h)
    y = MatMul(r, extra)
}
END
onnx-winit audit a.onnx --diff c.onnx | grep -E 'net.0|differ '
echo "== for scripts"
onnx-winit audit a.onnx --diff b.onnx --format csv | tr -d '\r' | awk -F, '{ for (i = NF - 4; i < NF; i++) printf "%s ", $i; print $NF }' | head -n 3
onnx-winit audit a.onnx --diff b.onnx --format json | grep -o '"other":.*"absent":\[[^]]*\]'
onnx-winit audit a.onnx --diff b.onnx --format json | grep -o '"difference":{[^}]*}' | sed -n 3p
onnx-winit audit a.onnx --diff b.onnx --quiet --report d.html --report d.md
grep -c 'values differ from the other file' d.html
head -n 3 d.md
echo "== the other file must be a model"
onnx-winit audit a.onnx --diff d.md || echo "exit code $?"
onnx-winit audit a.onnx --diff missing.onnx || echo "exit code $?"
