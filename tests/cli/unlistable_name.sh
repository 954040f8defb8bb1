# A name of two lines has no place in a list of lines: the error tells which name, not what the
# system said last.
printf '<ir_version: 8, opset_import: ["" : 17]>\n' > model.txt
printf 'net (float[N,2] x) => (float[N,2] y) <float[2,2] "w\r2"> { y = MatMul(x, "w\r2") }\n' >> model.txt
text-to-onnx < model.txt > model.onnx
onnx-winit plan model.onnx --quiet --trainable names.txt || echo "exit $?"
ls
