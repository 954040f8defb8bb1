cp "$models/mlp_relu.train.onnx" model.onnx
echo old > plan.json
onnx-winit model.onnx -o out.onnx --quiet --report plan.json --report plan.csv
python3 -c 'import json; print(len(json.load(open("plan.json"))["tensors"]))'
python3 -c 'import csv; print(len(list(csv.DictReader(open("plan.csv", newline="")))))'
ls -l | awk 'NR > 1 { print $1, $NF }'
