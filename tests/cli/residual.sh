# --residual-scale and --zero-init-residual on an encoder with norms in front of its branches.
cp "$models/encoder_gelu.inputs.onnx" model.onnx
spreads() {
    onnx-winit plan model.onnx --format csv "$@" | python3 -c '
import collections, csv, sys
rows = [row for row in csv.DictReader(sys.stdin) if row["role"] == "linear.weight"]
counts = collections.Counter((row["scheme"], row["std"], row["shape"]) for row in rows)
for (scheme, std, shape), count in sorted(counts.items()):
    print(f"  {count} of {shape}: {scheme} {std}")'
}
for when in auto never always; do
    echo "$when"
    spreads --residual-scale $when
done
echo "zero-init"
spreads --zero-init-residual
onnx-winit plan model.onnx --residual-scale allways || echo $?
