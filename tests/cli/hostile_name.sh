# Text of a model reaches the terminal and the report without its escape sequences.
printf '<ir_version: 8, opset_import: ["" : 17]>\n' > model.txt
printf 'net (float[N,2] x) => (float[N,2] y) <float[2,2] "=w\033[31m\a"> { y = MatMul(x, "=w\033[31m\a") }\n' >> model.txt
text-to-onnx < model.txt > model.onnx
onnx-winit plan model.onnx
onnx-winit plan model.onnx --format csv | tail -1 | cut -d, -f1
