# A model comes through a pipe; nothing but its bytes tells the output from that of a file.
cp "$models/mlp_relu.train.onnx" model.onnx
onnx-winit model.onnx -o file.onnx --quiet
cat model.onnx | onnx-winit - -o piped.onnx --quiet
cmp piped.onnx file.onnx
cat model.onnx | onnx-winit plan - | head -n 1
head -c 100 model.onnx | onnx-winit plan - || echo $?
onnx-winit - -o model.onnx --force < model.onnx || echo $?
onnx-winit model.onnx -o outside.onnx --external always --quiet
onnx-winit - -o again.onnx --quiet --only 'net.0.*' --external never < outside.onnx || echo $?
onnx-winit plan - <&- || echo $?
ls
