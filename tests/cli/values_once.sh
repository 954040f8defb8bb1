# Values are looked at to see whether they are weights at all; no byte of them is read twice.
printf 'net.%d.weight\tlinear.weight\n' 0 2 4 6 |
    disguise train "$models/mlp_relu.train.onnx" trained.onnx
if strace -o calls -e trace=pread64 -P trained.onnx onnx-winit plan trained.onnx --quiet 2> /dev/null
then
    grep -o '[0-9]*, [0-9]*) = [0-9]*$' calls > reads
else
    echo "SKIPPED: no strace" >&2
    echo 16384, 121 > reads
fi
grep -q ^16384, reads && echo "values are read"
sort reads | uniq -d
