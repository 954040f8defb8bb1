cp "$models/mlp_relu.train.onnx" model.onnx
cat > rules.yaml <<'END'
rules:
  - name: 'net\.6\..*'
    role: weight
    scheme: normal(0, 0.01)
    why: a small head
  - role: bias
    op: Gemm
    freeze: true
  - name: nothing
    keep: true
END
onnx-winit plan model.onnx --rule 'net.0.weight=lecun_normal' --rules rules.yaml
onnx-winit plan model.onnx --rules rules.yaml --strict --quiet || echo "exit $?"
sed -i 's/Gemm/Gem/; s/role: bias/role: bais/' rules.yaml
onnx-winit plan model.onnx --rules rules.yaml || echo "exit $?"
onnx-winit plan model.onnx --rules nowhere.yaml || echo "exit $?"
