"""Files that are no well-formed message, or not one of ONNX's."""

from wire import *

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def bytes_case(name, content, note):
    def made():
        return content

    made.__doc__ = note
    CASES[name] = made


WHOLE = linear()
bytes_case("plain", WHOLE, "the model that most others are damaged versions of")
bytes_case("empty", b"", "protobuf-c makes a model without a graph of it")
bytes_case("text", b"this is no model\n", "")
bytes_case("zeros", bytes(100), "")
bytes_case("all_ones", b"\xff" * 100, "")
bytes_case("zip_archive", b"PK\x03\x04" + bytes(60), "CVE-2024-5187: archives are not unpacked")
bytes_case("trailing_byte", WHOLE + b"\0", "")
bytes_case("trailing_zeros", WHOLE + bytes(512), "")
bytes_case("two_models", WHOLE + WHOLE, "protobuf merges what is concatenated")
bytes_case("truncated_half", WHOLE[: len(WHOLE) // 2], "")
bytes_case("truncated_last_byte", WHOLE[:-1], "")
bytes_case("only_ir_version", num(1, 8), "")
bytes_case("no_graph", num(1, 8) + opset(), "")
bytes_case("no_ir_version", block(7, graph()) + opset(), "")
bytes_case("no_opset", num(1, 8) + block(7, graph()), "")
bytes_case("old_ir_without_opset", num(1, 2) + block(7, graph()), "opset_import came with IR 3; ORT wants it always")
bytes_case("old_ir_with_opset", model(ir=2), "")
bytes_case("old_ir_unlisted", model(inp(), out(), initializer("s", (2,), INT64, raw(bytes(16))), node(
    "Relu", ["x"], ["y"]), ir=3), "an initializer that is no input; ONNX Runtime takes it where a node does")
bytes_case("ir_version_zero", model(ir=0), "")
bytes_case("ir_version_negative", model(ir=-1), "")
bytes_case("ir_version_future", model(ir=99), "valid perhaps, but from the future")
bytes_case("ir_version_twice", num(1, 8) + linear(), "")
bytes_case("graph_twice", linear() + block(7, graph()), "the second would be merged in")
bytes_case("unknown_field", linear() + block(999, "hello"), "kept byte for byte")
bytes_case("unknown_field_in_node", model(inp(), out(), node("Relu", ["x"], ["y"],
           block(500, "hello"))), "")
bytes_case("field_zero", tag(0, 0) + b"\0" + WHOLE, "")
bytes_case("field_huge", varint(1 << 40) + b"\0", "")
bytes_case("wire_type_3", tag(7, 3) + WHOLE, "groups are not used by ONNX")
bytes_case("wire_type_4", tag(7, 4) + WHOLE, "")
bytes_case("wire_type_6", tag(7, 6) + WHOLE, "")
bytes_case("wire_type_7", tag(7, 7) + WHOLE, "")
bytes_case("graph_as_number", num(1, 8) + num(7, 1) + opset(), "CVE-2022-33070's neighbourhood")
bytes_case("ir_version_as_text", block(1, "8") + block(7, graph()) + opset(), "")
bytes_case("endless_varint", b"\x08" + b"\xff" * 20, "")
bytes_case("varint_of_65_bits", b"\x08" + b"\xff" * 9 + b"\x02" + WHOLE, "")
bytes_case("length_past_end", tag(7, 2) + varint(1000) + b"x", "")
bytes_case("length_negative", tag(7, 2) + varint(-1) + b"x", "")
bytes_case("length_2_to_63", tag(7, 2) + varint(1 << 63) + b"x", "OpenVINO 34070: sums that wrap")
bytes_case("length_past_parent", num(1, 8) + block(7, tag(1, 2) + varint(200)) + bytes(300), "")
bytes_case("padded_varints", b"\x88\x80\x00\x08" + WHOLE[2:], "not the shortest form, but valid")
bytes_case("fixed32_cut", num(1, 8) + block(7, block(1, block(4, "Relu"), block(5, block(1, "a"),
           tag(2, 5) + b"\0\0"))) + opset(), "")
bytes_case("packed_inside_number", model(inp(), out(), node("Relu", ["x"], ["y"],
           attribute("a", 7, block(8, b"\x80")))), "")
bytes_case("packed_floats_cut", model(inp(), out(), node("Relu", ["x"], ["y"],
           attribute("a", 6, block(7, b"\0\0\0")))), "")


def nested(levels):
    content = graph()
    for _ in range(levels):
        content = graph(node("If", ["c"], ["o"], body("then_branch", content)))
    return content


@case
def nested_30_levels():
    """as deep as protobuf's own limit allows: accepted"""
    content = graph(node("Relu", ["c"], ["o"]), out("o", ()))
    for _ in range(30):
        content = graph(node("If", ["c"], ["o"], body("then_branch", content),
                             body("else_branch", graph(node("Identity", ["c"], ["o"]),
                                                       out("o", ())))), out("o", ()))
    return model(inp("c", (), BOOL), content)


@case
def nested_40_levels():
    """onnx and ONNX Runtime stop at 100 messages too"""
    return num(1, 8) + block(7, nested(40)) + opset()


@case
def nested_3000_levels():
    """crashes protobuf-c 1.4.1 on a stack of 8 MiB"""
    return num(1, 8) + block(7, nested(3000)) + opset()


@case
def nested_types():
    """a sequence of sequences of ..."""
    content = block(1, num(1, 1))
    for _ in range(60):
        content = block(4, block(1, content))
    return model(inp(), block(11, block(1, "s"), block(2, content)), node("Relu", ["x"], ["y"]))


@case
def empty_messages():
    """protobuf-c makes 100 bytes of each: 400,000 nodes in 800 KB"""
    return num(1, 8) + block(7, block(1) * 400000) + opset()


@case
def empty_values():
    """the same with value infos"""
    return num(1, 8) + block(7, block(13) * 400000) + opset()


@case
def empty_metadata():
    """the same with metadata, which nothing but onnx asks to have keys of its own"""
    return model(inp(), out(), node("Relu", ["x"], ["y"]), more=block(14) * 400000)


@case
def empty_quantization():
    """the same with annotations"""
    return model(inp(), out(), node("Relu", ["x"], ["y"]), block(14) * 400000)


@case
def empty_attributes():
    return model(inp(), out(), node("Relu", ["x"], ["y"], block(5) * 100000))


@case
def empty_training_info():
    return linear() + block(20) * 100000


for place, content in {
    "node_without_op": model(inp(), out(), block(1, block(1, "x"), block(2, "y"))),
    "attribute_without_name": model(inp(), out(), node("Relu", ["x"], ["y"], block(5, num(3, 1)))),
    "value_without_name": model(block(11, b""), out(), node("Relu", ["x"], ["y"])),
    "output_without_name": model(inp(), block(12, b""), node("Relu", ["x"], ["y"])),
    "function_without_name": linear() + block(25, b""),
    "sparse_without_values": model(inp(), out(), node("Relu", ["x"], ["y"]), block(15, num(3, 4))),
    "sparse_without_indices": model(inp(), out(), node("Relu", ["x"], ["y"]),
                                    block(15, block(1, tensor("s", (1,), FLOAT)))),
    "graph_name_twice": num(1, 8) + block(7, graph(), block(2, "g")) + opset(),
    "op_type_twice": model(inp(), out(), node("Relu", ["x"], ["y"], block(4, "Relu"))),
    "tensor_name_twice": with_tensor("w", (2, 3), FLOAT, block(8, "v")),
    "data_type_twice": with_tensor("w", (2, 3), FLOAT, num(2, 1)),
    "raw_data_twice": with_tensor("w", (2, 3), FLOAT, raw(floats(3)), raw(floats(3))),
}.items():
    bytes_case(place, content, "")

for place, content in {
    "tensor": with_tensor("w\0a"),
    "node_input": model(inp(), out(), node("Relu", ["x\0"], ["y"])),
    "node_output": model(inp(), out(), node("Relu", ["x"], ["y\0"])),
    "op_type": model(inp(), out(), node("Re\0lu", ["x"], ["y"])),
    "domain": model(inp(), out(), node("Relu", ["x"], ["y"], block(7, "a\0"))),
    "value": model(inp("x\0"), out(), node("Relu", ["x"], ["y"])),
    "attribute": model(inp(), out(), node("Relu", ["x"], ["y"], integer("a\0b", 1))),
    "graph": num(1, 8) + block(7, block(2, "g\0")) + opset(),
    "opset": model(inp(), out(), node("Relu", ["x"], ["y"]), opsets=opset(17, "a\0")),
    "location": with_tensor("w", (2, 3), FLOAT, entry("loc\0ation", "w.bin"), num(14, 1)),
}.items():
    bytes_case("nul_in_" + place, content,
               "protobuf-c cuts names at a NUL: a\\0b and a\\0c would be one")

bytes_case("nul_in_text", model(inp(), out(), node("Relu", ["x"], ["y"],
           attribute("s", 3, block(4, "a\0b")))), "text of an attribute is no name; Relu takes none")
bytes_case("name_of_65536_bytes", model(inp("x" * 65536), out(),
           node("Relu", ["x" * 65536], ["y"])), "the longest allowed")
bytes_case("name_of_65537_bytes", model(inp("x" * 65537), out(),
           node("Relu", ["x" * 65537], ["y"])), "")
bytes_case("name_not_utf8", model(inp(), out(), block(5, tensor(b"\xff\xfe")),
           node("MatMul", ["x", b"\xff\xfe"], ["y"])), "accepted, shown escaped")
bytes_case("name_with_escapes", model(inp(), out(), block(5, tensor("\x1b[31mw\r\n\x07")),
           node("MatMul", ["x", "\x1b[31mw\r\n\x07", "q"], ["y"])), "one line, without colours")
bytes_case("name_reordered", model(inp(), out(), node("MatMul", ["x", "w\u202egnp.exe"], ["y"])),
           "a bidirectional mark")
bytes_case("name_of_formula", model(inp(), out(), block(5, tensor("=cmd|' /C calc'!A0")),
           node("MatMul", ["x", "=cmd|' /C calc'!A0"], ["y"])), "")
