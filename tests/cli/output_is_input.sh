cp "$models/mlp_relu.train.onnx" model.onnx
ln -s model.onnx link.onnx
for output in model.onnx ./link.onnx; do
    onnx-winit model.onnx -o $output --force || echo $?
done
cmp model.onnx "$models/mlp_relu.train.onnx"
