# Presets: listed, found beside the program wherever it was installed, and true to their formulas,
# which are computed here from shapes alone.
onnx-winit --list-presets
mkdir -p usr/bin usr/share/onnx-winit own
cp "$(command -v onnx-winit)" usr/bin
cp -r "$models/../../presets" usr/share/onnx-winit
usr/bin/onnx-winit plan "$models/mlp_relu.train.onnx" --preset bert --format csv | cut -d, -f1,18,19 | head -3
printf 'rules: [{role: weight, scheme: ones}]\n' > own/flat.yaml
onnx-winit plan "$models/mlp_relu.train.onnx" --preset-dir own --preset flat --format csv --quiet
onnx-winit plan "$models/mlp_relu.train.onnx" --preset own/flat.yaml --quiet
onnx-winit plan "$models/mlp_relu.train.onnx" --preset gpt-2 || echo $?
onnx-winit plan "$models/mlp_relu.train.onnx" --preset gpt2 --preset-dir nowhere || echo $?
cat > check.py << 'PYTHON'
import json, math, subprocess, sys

def plan(model, preset, *options):
    command = ["onnx-winit", "plan", model, "--preset", preset, "--format", "json", *options]
    rows = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["tensors"]
    return {row["name"]: row for row in rows}

def expect(name, row, key, value):
    got = row[key]
    if got is None or abs(got - value) > 1e-6 * abs(value) + 1e-12:
        print(f"{name} {key}: expected {value}, got {got}")

models = sys.argv[1]
mlp, lstm, unet = (f"{models}/{name}.train.onnx" for name in ("mlp_relu", "lstm_tagger", "unet"))
encoder = f"{models}/encoder_gelu.inputs.onnx"

rows = plan(mlp, "torch-default")
for layer in (0, 2, 4, 6):
    weight, bias = rows[f"net.{layer}.weight"], rows[f"net.{layer}.bias"]
    bound = 1 / math.sqrt(weight["shape"][1])
    for row in (weight, bias):
        expect("torch Linear", row, "high", bound)
        expect("torch Linear", row, "low", -bound)
rows = plan(unet, "torch-default")
for name, fan in (("d1.0.weight", 27), ("d1.0.bias", 27), ("u2.weight", 16 * 4), ("u2.bias", 16 * 4)):
    expect("torch " + name, rows[name], "high", 1 / math.sqrt(fan))
rows = plan(lstm, "torch-default")
for name in ("rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0"):
    for block in rows[name]["blocks"]:
        expect("torch LSTM", block, "std", 1 / math.sqrt(3 * 48))
expect("torch Embedding", rows["embed.weight"], "std", 1)

rows = plan(lstm, "keras-default")
expect("keras Embedding", rows["embed.weight"], "high", 0.05)
assert {block["scheme"] for block in rows["rnn.weight_hh_l0"]["blocks"]} == {"orthogonal"}

rows = plan(encoder, "gpt2")
last = [name for name, row in rows.items() if row["std"] and row["std"] < 0.02]
sums = 2 * len({name.split(".")[2] for name in last})
print("gpt2: residual projections", len(last), "of", sums, "sums")
for name in last:
    expect("gpt2 " + name, rows[name], "std", 0.02 / math.sqrt(sums))
rows = plan(encoder, "gpt2", "--residual-scale", "never")
print("gpt2, never:", sum(1 for row in rows.values() if row["std"] and row["std"] < 0.02))

rows = plan(unet, "dcgan")
assert all(row["scheme"] == "normal" and (row["std"], row["role"]) for row in rows.values()
           if row["role"] == "norm.scale")
expect("dcgan", rows["d1.0.weight"], "std", 0.02)

rows = plan(lstm, "dlrm")
expect("dlrm table", rows["embed.weight"], "high", math.sqrt(1 / 1000))
matrix = next(row for row in rows.values() if row["role"] == "linear.weight")
expect("dlrm matrix", matrix, "std", math.sqrt(2 / (matrix["fan_in"] + matrix["fan_out"])))
bias = next(row for row in rows.values() if row["role"] == "bias")
expect("dlrm bias", bias, "std", math.sqrt(1 / bias["shape"][0]))
expect("bert", plan(encoder, "bert")[last[0]], "std", 0.0175925)
rows = plan(encoder, "vit-jax")
print("vit-jax:", sorted({row["scheme"] for row in rows.values() if row["role"] == "linear.weight"}))
PYTHON
python3 check.py "$models"
