# The first of two shards tells that the model is not there yet.
onnx-winit "$models/mlp_relu.train.onnx" -o out.onnx --shard 0/2 | grep -A1 ^output
test -e out.onnx || echo "not there"
onnx-winit "$models/mlp_relu.train.onnx" -o out.onnx --shard 1/2
test -e out.onnx && echo there
# A job of one shard is done at once.
onnx-winit "$models/mlp_relu.train.onnx" -o one.onnx --shard 0/1 | grep -A1 ^output
