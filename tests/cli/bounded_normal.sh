# A normal between bounds: it is written, its numbers are told from those of other bounds, the rules
# read back, and what cannot be drawn is refused.
model=$models/mlp_relu.train.onnx
onnx-winit "$model" -o fresh.onnx --rule '.*weight=bounded_normal(0, 0.02, -0.04, 0.05)' --quiet
onnx-winit audit fresh.onnx --verify --quiet && echo verified
for law in '0, 0.02, -0.04, 0.05' '0, 0.02, -0.04, 0.04' '0, 0.02, -inf, 0.05' '0.01, 0.02, -0.04, 0.05' '0, 0.03, -0.04, 0.05'; do
    onnx-winit audit fresh.onnx --rule ".*weight=bounded_normal($law)" | grep '^tensors'
done
onnx-winit explain "$model" net.2.weight --rule '.*weight=bounded_normal(0, 0.02, -0.04, inf)' | grep ^scheme
for law in '0, 0.02' '0, 0, -1, 1' '0, 1, 2, 1' '0, 1, 40, inf' '0, 1, -info, 1' '0, inf, 0, 1'; do
    onnx-winit plan "$model" --rule ".*=bounded_normal($law)" || echo "exit $?"
done
onnx-winit plan "$model" --rule '.*=uniform(-inf, 1)' || echo "exit $?"
