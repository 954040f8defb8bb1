# The path from a tensor to its slot and on to its activation, the fans with their formula, and the
# rules that were asked.
explain() {
    onnx-winit explain "$@" | sed 's/row [0-9]*/row N/; s/([0-9]* rows/(N rows/'
}
explain "$models/unet.train.onnx" d1.3.weight
echo
explain "$models/lstm_tagger.train.onnx" rnn.weight_hh_l0 --freeze 'rnn.*'
echo
text-to-onnx > model.onnx << 'MODEL'
<ir_version: 8, opset_import: ["" : 17]>
net (int64[N,3] ids, float[N,4] x, bool c) => (float[N,3,6] y, float[N,4] z)
<float[6,4] words, float[4] half = {0.5, 0.5, 0.5, 0.5}, float[3,3] eye = {1,0,0, 0,1,0, 0,0,1}, int64[1] axis = {0}> {
  h = Gather(words, ids)
  g = MatMul(eye, h)
  a = Relu(g)
  t = Transpose<perm = [1, 0]>(words)
  y = MatMul(a, t)
  z = Mul(x, half)
}
MODEL
for tensor in words eye half; do
    explain model.onnx $tensor --rule '{role: weight, rank: 3, scheme: zeros}' --rule 'w.*=normal(0, 0.02)'
    echo
done
for tensor in word x axis y; do
    onnx-winit explain model.onnx $tensor || echo $?
done
onnx-winit explain model.onnx || echo $?
onnx-winit explain model.onnx words half || echo $?
onnx-winit explain model.onnx words --format json || echo $?
