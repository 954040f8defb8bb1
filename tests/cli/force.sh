cp "$models/mlp_relu.train.onnx" model.onnx
echo old > out.onnx
onnx-winit model.onnx -o out.onnx --force
test "$(wc -c < out.onnx)" -gt 41256 # 10,314 parameters of 4 bytes
cmp model.onnx "$models/mlp_relu.train.onnx"
ls
