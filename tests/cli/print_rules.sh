# What --print-rules writes plans what the built-in policy plans.
"$models/../../tools/check-rules.sh" "$(command -v onnx-winit)" "$models"/*.onnx
