# Judging by a plan that was saved, whatever the file says of itself; and by rules.
judge() { onnx-winit audit "$@" --quiet 2>&1 || echo "  exit code $?"; }
model=$models/mlp_relu.train.onnx
onnx-winit plan "$model" --quiet --report plan.json
onnx-winit "$model" -o fresh.onnx --quiet --seed 3
onnx-winit "$model" -o other.onnx --quiet --seed 3 --rule 'net.2.weight=normal(0,0.02)' --rule 'net.4.bias=constant(2)'
echo "== by the plan"
judge fresh.onnx --against plan.json
judge other.onnx --against plan.json
onnx-winit audit other.onnx --against plan.json 2> /dev/null | grep -a '^net.*: '
echo "== by its own record, it is what it should be"
judge other.onnx --check
echo "== by rules"
printf 'rules:\n  - name: net.2.weight\n    scheme: normal(0, 0.02)\n' > rules.yaml
judge other.onnx --check --rules rules.yaml
judge other.onnx --check --rules rules.yaml --rule 'net.4.bias=constant(2)'
judge fresh.onnx --check --rule 'net.2.weight=normal(0,0.02)'
judge fresh.onnx --check --profile gan-generator
echo "== a saved audit and a run's report are plans, too; packed tensors by their parts"
onnx-winit audit fresh.onnx --quiet --report audit.json
judge other.onnx --against audit.json
onnx-winit "$models/lstm_tagger.train.onnx" -o lstm.onnx --quiet --report lstm.json
judge lstm.onnx --against lstm.json
onnx-winit "$models/lstm_tagger.train.onnx" -o xavier.onnx --quiet --rule '.*weight_hh.*=xavier_uniform'
onnx-winit audit xavier.onnx --against lstm.json 2>&1 | grep -a 'not orthogonal' || true
judge xavier.onnx --against lstm.json
echo "== another model: shapes, names"
sed 's/"net.0.bias"/"net.9.bias"/; s/"shape":\[64,20\]/"shape":[20,64]/' plan.json > edited.json
onnx-winit audit fresh.onnx --against edited.json 2>&1 | grep -a '^net.*: \|error'
echo "== a plan that keeps is not judged"
onnx-winit plan "$model" --quiet --report keep.json --keep 'net.4.*'
judge other.onnx --against keep.json
onnx-winit audit other.onnx --against keep.json -v 2> /dev/null | grep -a '^net.4.bias.*kept'
echo "== no plans"
echo '{"format":"onnx-winit-report","version":1,"tensors":[{"name":"net.0.weight","graph":"main","shape":[64,20],"action":"fill","scheme":"he_normal","std":-1}]}' > odd.json
judge fresh.onnx --against odd.json
echo '{"format":"onnx-winit-report","version":1,"tensors":[{"name":7},[],"x",null,{"name":"net.0.bias","graph":"main","shape":[64],"action":"fill","scheme":"zeros","value":"0"}]}' > odder.json
judge fresh.onnx --against odder.json
echo '{"tensors":[]}' > none.json
judge fresh.onnx --against none.json
echo '{"format":' > broken.json
judge fresh.onnx --against broken.json
printf '\033[31mred' > escape.json
judge fresh.onnx --against escape.json
judge fresh.onnx --against missing.json
judge fresh.onnx --against .
