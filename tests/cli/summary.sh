cp "$models/unet.train.onnx" model.onnx
onnx-winit model.onnx -o out.onnx > summary.txt
cat summary.txt
test "$(wc -l < summary.txt)" -le 15
