# The same seed gives the same bytes, with any number of threads; another seed gives others.
model=$models/lstm_tagger.train.onnx
onnx-winit "$model" -o a.onnx --quiet
onnx-winit "$model" -o b.onnx --quiet --seed 0 --threads 1
onnx-winit "$model" -o c.onnx --quiet --seed 0 --threads 7
onnx-winit "$model" -o d.onnx --quiet --seed 1
cmp a.onnx b.onnx
cmp a.onnx c.onnx
if cmp -s a.onnx d.onnx; then echo "seed 1 gives the bytes of seed 0"; fi
test "$(wc -c < a.onnx)" -eq "$(wc -c < d.onnx)"
