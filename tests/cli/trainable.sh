# The lists for ONNX Runtime's generate_artifacts: disjoint, statistics of norms frozen, names as in
# the output, constants and what only a body uses in neither.
cp "$models/unet.train.onnx" unet.onnx
onnx-winit unet.onnx -o out.onnx --quiet --trainable lists.json --freeze 'd1.0.*'
python3 - << 'PYTHON'
import json
lists = json.load(open("lists.json"))
gradient, frozen = lists["requires_grad"], lists["frozen_params"]
print(len(gradient), len(frozen), len(set(gradient) & set(frozen)), list(lists))
print(sorted({name.rsplit(".", 1)[1] for name in frozen if not name.startswith("d1.0")}))
print([name for name in frozen if name.startswith("d1.0")])
PYTHON
text-to-onnx > model.onnx << 'MODEL'
<ir_version: 8, opset_import: ["" : 17]>
g (float[N,4] x, bool c) => (float[N,4] y)
<float[4,4] w, float[4] inner, float[4] unused = {1, 2, 3, 4}, float half = {0.5}> {
  k = Constant<value = float[4,4] {0.3,-0.2,0.5,0.1,0.7,-0.6,0.2,0.9,-0.4,0.8,0.15,-0.35,0.6,-0.1,0.25,0.45}>()
  h = MatMul(x, w)
  m = MatMul(h, k)
  s = Mul(m, half)
  y = If(c)<then_branch = t () => (float[N,4] a) { a = Add(s, inner) },
            else_branch = e () => (float[N,4] b) { b = Identity(s) }>
}
MODEL
onnx-winit plan model.onnx --quiet --trainable lists.json
cat lists.json
onnx-winit plan unet.onnx --quiet --trainable names.txt --only 'u2.*' --freeze 'd.*'
head -3 names.txt
onnx-winit plan model.onnx --quiet --trainable lists || echo $?
onnx-winit plan model.onnx --quiet --trainable model.onnx || echo $?
onnx-winit plan model.onnx --quiet --report a.json --trainable ./a.json || echo $?
ls
