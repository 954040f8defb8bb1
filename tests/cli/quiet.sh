onnx-winit "$models/unet.train.onnx" -o out.onnx --quiet
onnx-winit plan "$models/unet.train.onnx" --quiet
test -s out.onnx
