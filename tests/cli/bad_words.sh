# An empty variable of the shell, and names that would move the cursor.
model=$models/mlp_relu.train.onnx
onnx-winit "" -o out.onnx || echo "exit $?"
onnx-winit explain "" net.0.weight || echo "exit $?"
onnx-winit explain "$model" || echo "exit $?"
onnx-winit plan "$model" --quiet --report $'no\e[31m\n/plan.json' || echo "exit $?"
onnx-winit plan "$model" --profile $'\e]0;title\a' || echo "exit $?"
onnx-winit plan "$model" --rules /tmp || echo "exit $?"
