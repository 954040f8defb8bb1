# The common options fit a screen of 24 lines and 80 columns.
onnx-winit --help > help.txt
cat help.txt
test "$(wc -l < help.txt)" -le 24
test -z "$(grep -E '.{81,}' help.txt)"
