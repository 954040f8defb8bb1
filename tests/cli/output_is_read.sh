# No output takes the place of a file that the run reads.
cp "$models/mlp_relu.train.onnx" model.onnx
echo 'rules: [{name: ".*", scheme: "normal(0, 0.02)"}]' > rules.json
onnx-winit model.onnx -o rules.json --rules rules.json --force || echo $?
onnx-winit plan model.onnx --rules rules.json --report ./rules.json || echo $?
onnx-winit model.onnx -o out.onnx --preset ./rules.json --trainable rules.json || echo $?
ls
