# Values in a data file beside the model; a model is replaced together with it, never half.
model=$models/mlp_relu.train.onnx
onnx-winit "$model" -o inside.onnx --quiet --external never
onnx-winit "$model" -o out.onnx --quiet --external always
ls
test "$(wc -c < out.onnx)" -lt "$(wc -c < inside.onnx)"
code=0
onnx-winit "$model" -o out.onnx --quiet --external always || code=$?
test $code -eq 2
onnx-winit "$model" -o out.onnx --quiet --external always --force
ls
cmp out.onnx.data out.onnx.2.data
onnx-winit out.onnx -o back.onnx --quiet --external never
cmp inside.onnx back.onnx && echo "the same as ever"
