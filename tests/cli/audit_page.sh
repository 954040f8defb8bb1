# The HTML report: whole, without scripts and links to elsewhere, of bounded size, safe whatever names say.
page() { echo "$1: $(python3 "$models/../audit/page.py" "$1")"; }
onnx-winit plan "$models/unet.train.onnx" --quiet --report plan.html
page plan.html
onnx-winit "$models/unet.train.onnx" -o unet.onnx --quiet --report run.html --report run.json --report run.md
page run.html
echo "== after a run, the page of what was written; scripts get the plan"
onnx-winit audit unet.onnx --quiet --report audit.html --report audit.md
cmp run.html audit.html
cmp run.md audit.md
grep -c '"measured"' run.json || true
onnx-winit "$models/lstm_tagger.train.onnx" -o lstm.onnx --quiet --external always --report external.html
page external.html
onnx-winit "$models/unet.train.onnx" -o - --report piped.html 2> /dev/null | wc -c
page piped.html
echo "== a file without weights, and one without tensors"
onnx-winit audit "$models/unet.train.onnx" --quiet --report empty.html
page empty.html
text-to-onnx > none.onnx << 'END'
<ir_version: 8, opset_import: ["" : 17]>
none (float[N] x) => (float[N] y)
{
    y = Relu(x)
}
END
onnx-winit audit none.onnx --check --report none.html --report none.md --report none.csv
page none.html
echo "== histograms with what is planned, the finding first, a link to it"
onnx-winit "$models/unet.train.onnx" -o off.onnx --quiet --rule 'mid.3.weight=normal(0,1)'
onnx-winit audit off.onnx --rule 'none=zeros' --quiet --report off.html
page off.html
grep -o 'class="curve"' off.html | wc -l
sed -n '/not as planned/,/<\/ul>/p' off.html | sed 's/<[^>]*>/ /g'
echo "== names that would be more than names"
python3 - << 'END' > names.txt
name = '</script><img src=x onerror=alert(1)>&amp;\\"\'`|*_[a](b)'
print('''<ir_version: 8, opset_import: ["" : 17]>
net (float[N,4] x) => (float[N,3] y)
<float[4,3] "%s">
{
    y = MatMul(x, "%s")
}''' % (name, name))
END
text-to-onnx < names.txt > names.onnx
onnx-winit names.onnx -o named.onnx --quiet --report names.html --report names.md
page names.html
head -n 3 names.md
echo "== 1,000 tensors"
python3 - << 'END' | text-to-onnx > large.onnx
layers = range(500)
print('<ir_version: 8, opset_import: ["" : 17]>')
print("large (float[N,32] h0) => (float[N,32] h500)")
print("<" + ", ".join(f"float[32,32] a_rather_long_name.of.layer.{i}.w, float[32] a_rather_long_name.of.layer.{i}.b"
                      for i in layers).replace("a_rather", '"a_rather').replace(".w,", '.w",').replace(".b,", '.b",') + '">')
print("{")
for i in layers:
    print(f'    g{i} = Gemm(h{i}, "a_rather_long_name.of.layer.{i}.w", "a_rather_long_name.of.layer.{i}.b")')
    print(f"    h{i + 1} = Relu(g{i})")
print("}")
END
onnx-winit large.onnx -o 1000.onnx --quiet --report 1000.html
page 1000.html
