# Gates are parts of one tensor; kept tensors are counted, and listed on demand.
cp "$models/lstm_tagger.train.onnx" model.onnx
onnx-winit plan model.onnx --keep 'embed.*'
onnx-winit plan model.onnx --keep 'embed.*' -v | grep embed
