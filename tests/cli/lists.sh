for list in ops activations schemes policy profiles roles; do
    onnx-winit --list-$list > $list.txt
    test "$(wc -l < $list.txt)" -gt 5
done
grep -c . roles.txt
