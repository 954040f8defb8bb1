# The same bytes with the instructions of every CPU level and any number of threads, orthogonal
# blocks included.
model=$models/lstm_tagger.train.onnx
onnx-winit plan "$model" --format csv 2> /dev/null | grep -c orthogonal
onnx-winit "$model" -o best.onnx --quiet
for level in baseline avx2 avx512; do
    if ! onnx-winit "$model" -o probe.onnx --force --quiet --cpu $level 2> error.txt; then
        grep -q "cpu level $level: this machine does not have it" error.txt
        echo "SKIPPED: this machine has no $level; its bytes were not compared" >&2
        continue
    fi
    for threads in 1 2 3 7; do
        onnx-winit "$model" -o $level.$threads.onnx --quiet --cpu $level --threads $threads
        cmp best.onnx $level.$threads.onnx
    done
done
