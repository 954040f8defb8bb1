# The model goes into a pipe, alone; a file is named, and no terminal wants a model.
cp "$models/mlp_relu.train.onnx" model.onnx
onnx-winit model.onnx -o file.onnx --quiet
onnx-winit model.onnx -o - | cmp - file.onnx
onnx-winit model.onnx -o /dev/stdout --quiet | cmp - file.onnx
onnx-winit model.onnx -o - --format json | cat
onnx-winit model.onnx -o - > other.onnx || echo $?
onnx-winit model.onnx -o /dev/null
ls -l /dev/null | cut -c1
