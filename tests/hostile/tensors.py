"""Tensors that contradict themselves, and places of values outside of the file."""

from wire import *

CASES = {}


def add(name, content, note=""):
    def made():
        return content

    made.__doc__ = note
    CASES[name] = made


for name, dims, dtype, note in [
    ("dim_negative", (-2, 3), FLOAT, ""),
    ("dims_both_negative", (-2, -3), FLOAT, "their product is 6"),
    ("dim_int64_min", (-(1 << 63), 1), FLOAT, "ORT 27721: a negative dim cast to size_t"),
    ("dims_product_2_to_64", (1 << 32, 1 << 32), FLOAT, "onnx 8277"),
    ("dims_product_wraps_to_4", (1 << 62, 4), FLOAT, "2^62 * 4 wraps to 0"),
    ("dims_bytes_wrap", (1 << 62,), FLOAT, "times 4 bytes wraps to 0"),
    ("dims_2_to_48", (1 << 48,), FLOAT, "the most that is taken; no file can hold it"),
    ("dims_2_to_48_and_1", ((1 << 48) + 1,), FLOAT, ""),
    ("dims_zero_and_huge", (1 << 62, 1 << 62, 0), FLOAT, "no elements, but strides that overflow"),
    ("dims_33", (1,) * 33, FLOAT, "ONNX sets no limit; 32 is ours"),
    ("dims_32", (1,) * 31 + (3,), FLOAT, "ORT does not multiply it"),
    ("dims_1000", (1,) * 1000, FLOAT, ""),
    ("petabytes", (1 << 24, 1 << 24), FLOAT, "onnx 8260: a size that only the header asks for"),
    ("output_past_2_gib", (2, 1 << 29), FLOAT, "more than one protobuf message can hold"),
    ("type_0", (2, 3), 0, ""),
    ("type_99", (2, 3), 99, ""),
    ("type_negative", (2, 3), -1, ""),
    ("type_2_to_32_and_1", (2, 3), (1 << 32) + 1, "is FLOAT when cut to 32 bits"),
    ("type_string", (2, 3), STRING, "a weight of strings, which nothing makes"),
]:
    add(name, with_tensor("w", dims, dtype), note)

add("dims_packed", with_tensor("w", (), FLOAT, block(1, varint(2), varint(3))))
add("dims_packed_cut", with_tensor("w", (), FLOAT, block(1, b"\x80")))
add("dims_packed_1000", with_tensor("w", (), FLOAT, block(1, b"\x01" * 1000)))
add("raw_short", with_tensor("w", (2, 3), FLOAT, raw(floats(5))), "CVE-2026-7482: a shape larger "
    "than its data")
add("raw_long", with_tensor("w", (2, 3), FLOAT, raw(floats(7))))
add("raw_one_byte", with_tensor("w", (2, 3), FLOAT, raw(b"x")))
add("raw_empty", with_tensor("w", (2, 3), FLOAT, raw(b"")), "no values: that is what we fill")
add("no_values", with_tensor("w", (2, 3), FLOAT), "no values: that is what we fill")
add("values_of_empty_tensor", with_tensor("w", (0, 3), FLOAT, raw(floats(1))))
add("float_data_short", with_tensor("w", (2, 3), FLOAT, block(4, floats(5))))
add("float_data_long", with_tensor("w", (2, 3), FLOAT, block(4, floats(7))))
add("float_data_mixed", with_tensor("w", (2, 3), FLOAT, block(4, floats(5)), fixed32(4, 1.0)),
    "packed and not: allowed by protobuf, written by nobody")
add("float_data_unpacked", with_tensor("w", (2, 3), FLOAT, fixed32(4, 1.0) * 6))
add("float_data_cut", with_tensor("w", (2, 3), FLOAT, block(4, floats(6)[:-1])))
add("raw_and_float_data", with_tensor("w", (2, 3), FLOAT, raw(floats(6)), block(4, floats(6))))
add("float_and_int32_data", with_tensor("w", (2, 3), FLOAT, block(4, floats(6)),
    block(5, b"\x01" * 6)))
add("int64_data_of_float", with_tensor("w", (2, 3), FLOAT, block(7, b"\x01" * 6)))
add("int64_data_endless", model(inp(), out(), initializer("s", (2,), INT64, block(7, b"\x01\x80")),
    node("Relu", ["x"], ["y"])))
add("double_data_cut", model(inp(), out(), initializer("s", (2,), DOUBLE, block(10, bytes(15))),
    node("Relu", ["x"], ["y"])))
add("string_in_raw", model(inp(), out(), initializer("s", (2,), STRING, raw(b"ab")),
    node("Relu", ["x"], ["y"])))
add("string_data_short", model(inp(), out(), initializer("s", (2,), STRING, block(6, b"ab")),
    node("Relu", ["x"], ["y"])))
add("string_with_nul", model(inp(), out(), initializer("s", (1,), STRING, block(6, b"a\0b")),
    node("Relu", ["x"], ["y"])), "a value, not a name")
add("segment", with_tensor("w", (2, 3), FLOAT, block(3, num(1, 0), num(2, 3))))
add("location_2", with_tensor("w", (2, 3), FLOAT, num(14, 2)))
add("location_negative", with_tensor("w", (2, 3), FLOAT, num(14, -1)))
add("name_missing", with_tensor(None))
add("name_empty", with_tensor(""))
add("name_twice", model(inp(), out(), initializer("w"), initializer("w"),
    node("MatMul", ["x", "w"], ["y"])), "ONNX Runtime takes the last one")
add("sparse_and_dense_name", model(inp(), out(), initializer("w"), block(15, block(1, tensor(
    "w", (1,), FLOAT, raw(floats(1)))), block(2, tensor("i", (1,), INT64, raw(bytes(8)))),
    num(3, 6)), node("MatMul", ["x", "w"], ["y"])))


def sparse(dims, values_dims=(1,), name="s"):
    return block(15, block(1, tensor(name, values_dims, FLOAT, raw(floats(values_dims[0])))),
                 block(2, tensor("i", (1,), INT64, raw(bytes(8)))),
                 b"".join(num(3, d) for d in dims))


for name, dims in {"negative": (-4,), "33": (1,) * 33, "huge": (1 << 40, 1 << 40),
                   "past_2_gib": (1 << 29, 2), "huge_and_zero": (1 << 40, 1 << 40, 0)}.items():
    add("sparse_dims_" + name, model(inp(), out(), sparse(dims), node("Relu", ["x"], ["y"])))
add("values_missing_of_integers", model(inp(), out(), initializer("w"), initializer("i", (2,), INT64), node(
    "MatMul", ["x", "w"], ["p"]), node("Reshape", ["p", "i"], ["y"])),
    "weights without values are our input, but what shape would this be?")
add("values_missing_of_attribute", model(inp(), out(), initializer("w"), node("MatMul", ["x", "w"], ["y"]), node(
    "Unheard", ["x"], ["z"], attribute("value", 4, block(5, tensor("t"))))), "")
add("sparse_name_empty", model(inp(), out(), sparse((4,), name=""), node("Relu", ["x"], ["y"])))
add("sparse_values_short", model(inp(), out(), block(15, block(1, tensor("s", (9,), FLOAT, raw(
    floats(1)))), block(2, tensor("i", (1,), INT64, raw(bytes(8)))), num(3, 6)),
    node("Relu", ["x"], ["y"])))
add("tensor_of_attribute_short", model(inp(), out(), node("Constant", [], ["c"], attribute(
    "value", 4, block(5, tensor("t", (9,), FLOAT, raw(floats(1)))))), node("Relu", ["x"], ["y"])))
add("tensors_of_attribute_short", model(inp(), out(), node("Foo", ["x"], ["y"], attribute(
    "values", 9, block(10, tensor("t", (9,), FLOAT, raw(floats(1))))))))
add("sparse_of_attribute_short", model(inp(), out(), node("Constant", [], ["c"], attribute(
    "sparse_value", 11, block(22, block(1, tensor("s", (9,), FLOAT, raw(floats(1)))), block(
        2, tensor("i", (1,), INT64, raw(bytes(8)))), num(3, 6)))), node("Relu", ["x"], ["y"])))
add("tensor_of_body_short", model(inp(), out(), initializer("c", (), BOOL, raw(b"\1")), node(
    "If", ["c"], ["y"], body("then_branch", graph(initializer("t", (9,), FLOAT, raw(floats(1))),
                                                  out("t"))))))
add("tensor_of_function_short", linear() + function("F", ["a"], ["b"], node_content(
    "Constant", [], ["b"], attribute("value", 4, block(5, tensor("t", (9,), FLOAT,
                                                                raw(floats(1))))))))
add("tensor_of_training_short", linear() + block(20, block(1, graph(initializer(
    "t", (9,), FLOAT, raw(floats(1)))))))

# ---- external data

UNREAD = "data of a tensor that is filled is never opened"


def external(name, *entries, note=UNREAD, more=b""):
    add("external_" + name, with_tensor("w", (2, 3), FLOAT, *entries, num(14, 1), more), note)


external("parent", entry("location", "../secret"), note="CVE-2022-25882; " + UNREAD)
external("hidden_parent", entry("location", "a/../../secret"), note="CVE-2024-27318; " + UNREAD)
external("absolute", entry("location", "/etc/passwd"), note=UNREAD)
external("windows_absolute", entry("location", "C:\\secret"))
external("device", entry("location", "/dev/zero"))
external("missing", entry("location", "nowhere.bin"), note="a model without its weights")
external("no_location", entry("offset", "0"))
external("location_twice", entry("location", "a.bin"), entry("location", "b.bin"))
external("location_empty", entry("location", ""))
external("memory_address", entry("location", "*/_ORT_MEM_ADDR_/*"), entry("offset", "4096"),
         entry("length", "24"), note="ORT 26776: an address in this process; " + UNREAD)
external("offset_past_end", entry("location", "w.bin"), entry("offset", "4096"))
external("offset_wraps", entry("location", "w.bin"), entry("offset", "18446744073709547520"),
         entry("length", "24"), note="OpenVINO 34070: 2^64 - 4096; " + UNREAD)
external("offset_negative", entry("location", "w.bin"), entry("offset", "-1"),
         note="CVE-2026-34445; " + UNREAD)
external("offset_hex", entry("location", "w.bin"), entry("offset", "0x10"))
external("offset_junk", entry("location", "w.bin"), entry("offset", "0 junk"))
external("length_short", entry("location", "w.bin"), entry("length", "4"))
external("length_huge", entry("location", "w.bin"), entry("length", "1000000000000000"))
external("unknown_key", entry("location", "w.bin"), entry("__class__", "x"))
external("and_raw", entry("location", "w.bin"), more=raw(floats(6)), note="")
external("in_sparse", entry("location", "../secret"))
CASES["external_in_sparse"] = lambda: model(inp(), out(), block(15, block(1, tensor(
    "s", (1,), FLOAT, entry("location", "../secret"), num(14, 1))), block(2, tensor(
        "i", (1,), INT64, raw(bytes(8)))), num(3, 6)), node("Relu", ["x"], ["y"]))
CASES["external_in_sparse"].__doc__ = "ORT's bypass: sparse tensors are kept, their data not read"
add("external_in_attribute", model(inp(), out(), node("Constant", [], ["c"], attribute(
    "value", 4, block(5, tensor("t", (9,), INT64, entry("location", "../secret"), num(14, 1))))),
    node("Relu", ["x"], ["y"])), "a constant that is kept: its data is not read")
add("external_many", model(inp(), out(), *[initializer(f"t{i}", (1,), FLOAT, entry(
    "location", f"f{i}.bin"), num(14, 1)) for i in range(5000)], node("Relu", ["x"], ["y"])),
    "5,000 files that do not exist")
