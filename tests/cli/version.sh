onnx-winit --version | sed -E '2,$s/ [^ ]*[0-9]+\.[0-9][^ ]*/ N/g; s/^(compiler  ).*/\1 .../; s/(cpu        )[a-z0-9]+/\1X/'
