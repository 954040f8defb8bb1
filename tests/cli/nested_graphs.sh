# 30 KB of subgraphs in subgraphs, which overflow the stack of a parser that trusts its input.
python3 - > nested.onnx << 'END'
import sys

def field(number, content):
    length, tag = len(content), bytes([number << 3 | 2])
    size = b""
    while length > 127:
        size += bytes([length & 127 | 128])
        length >>= 7
    return tag + size + bytes([length]) + content

graph = b""
for _ in range(3000):
    graph = field(1, field(5, field(6, graph)))  # node, attribute, g
sys.stdout.buffer.write(b"\x08\x08" + field(7, graph))
END
test "$(wc -c < nested.onnx)" -gt 30000
onnx-winit plan nested.onnx
