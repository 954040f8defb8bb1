cp "$models/mlp_relu.train.onnx" model.json
ln model.json twin.json
mkdir sub
for report in model.json ./twin.json sub/../out.json plan.txt; do
    onnx-winit model.json -o out.json --report $report || echo $?
done
onnx-winit model.json -o out.onnx --report a.csv --report ./a.csv || echo $?
cmp model.json "$models/mlp_relu.train.onnx"
ls
