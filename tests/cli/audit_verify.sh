# Proof that a file is what its record says, and what it says when it is not.
verify() { onnx-winit audit "$@" --verify --quiet 2>&1 || echo "  exit code $?"; }
cat > rules.yaml << 'END'
rules:
  - name: 'net.4.*'
    scheme: uniform(-0.5, 0.5)
END
model=$models/mlp_relu.train.onnx
echo "== every kind of run verifies"
onnx-winit "$model" -o plain.onnx --quiet
onnx-winit "$model" -o seed.onnx --quiet --seed 18446744073709551615
onnx-winit "$model" -o rule.onnx --quiet --rule 'net.0.weight=orthogonal' --rules rules.yaml
onnx-winit "$model" -o preset.onnx --quiet --preset rules.yaml --seed 3
onnx-winit "$model" -o profile.onnx --quiet --profile vision
onnx-winit plain.onnx -o keep.onnx --quiet --keep 'net[.]0[.].*' --seed 9
onnx-winit plain.onnx -o only.onnx --quiet --only 'net[.]6[.].*' --seed 9
onnx-winit "$model" -o external.onnx --quiet --external always
for shard in 0 1 2; do onnx-winit "$model" -o shards.onnx --quiet --shard $shard/3; done
onnx-winit "$model" -o trainable.onnx --quiet --trainable lists.json --freeze 'net.0.*' --zero-init-residual
onnx-winit "$models/encoder_gelu.inputs.onnx" -o inputs.onnx --quiet --attention orthogonal
onnx-winit "$models/lstm_tagger.train.onnx" -o lstm.onnx --quiet --residual-scale never
for file in plain seed rule preset profile keep only external shards trainable inputs lstm; do
    verify $file.onnx
    onnx-winit audit $file.onnx --verify | grep -a '^bits' | sed "s/^bits/$file/"
done
echo "== with other threads and instructions"
verify lstm.onnx --threads 1
verify lstm.onnx --threads 7
echo "== the record is replaced, never repeated, and absent where nothing was filled"
onnx-winit plain.onnx -o again.onnx --quiet --seed 4
onnx-winit again.onnx -o nothing.onnx --quiet --keep '.*'
cmp again.onnx nothing.onnx
onnx-winit "$model" -o untouched.onnx --quiet --keep '.*'
for file in plain again nothing untouched; do
    echo "$file $(grep -a -o 'onnx-winit 0[.]' $file.onnx | wc -l)"
done
verify again.onnx
echo "== tampered with: values, a value, the seed, the digest, the list, all of the record"
onnx-winit "$model" -o b.onnx --quiet --seed 1
python3 - << 'END'
import re
plain = open("plain.onnx", "rb").read()
def save(name, data):
    open(name + ".onnx", "wb").write(data)
values = plain.rindex(b"\x4a\x80\x80\x01") + 4  # raw_data of 16384 bytes: net.4.weight
save("value", plain[:values] + bytes([plain[values] ^ 1]) + plain[values + 1:])
save("values", plain[:values] + bytes(16384) + plain[values + 16384:])
save("seed", plain.replace(b"\nseed 0\n", b"\nseed 7\n"))
digest = re.search(rb"\nplan ([0-9a-f]{32})\n", plain).group(1)
save("digest", plain.replace(digest, digest[::-1]))
save("list", plain.replace(b"\nfilled net.0.bias\n", b"\nfilled net.9.bias\n"))
save("version", plain.replace(b"onnx-winit 0.", b"onnx-winit 9."))
save("record", plain.replace(b"onnx_winit", b"onnx_winix"))
save("nonsense", plain.replace(b"\nseed 0\n", b"\nseed x\n"))
END
for file in value values seed digest list version record nonsense; do
    echo "$file"
    verify $file.onnx
done
onnx-winit audit value.onnx --verify 2>&1 | grep -a changed
onnx-winit audit list.onnx --verify 2> /dev/null | tail -n 1
onnx-winit audit value.onnx --verify --format json 2> /dev/null | grep -o '"name":"[^"]*"\|"bits":"changed"' | grep -B 1 changed
echo "== no run at all"
cp "$model" model.onnx
verify model.onnx
echo "== options that belong to audit alone"
for option in --check --verify '--against plan.json' '--diff b.onnx'; do
    onnx-winit "$model" -o x.onnx $option || echo "exit code $?"
    onnx-winit plan "$model" $option || echo "exit code $?"
done
