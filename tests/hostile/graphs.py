"""Graphs that mean nothing, and attributes that no operator takes."""

from wire import *

CASES = {}
LEFT = "what inputs and attributes an operator takes is left to the runtime; nothing depends on it"
W = initializer("w", (2, 3))


def add(name, content, note=LEFT):
    def made():
        return content

    made.__doc__ = note
    CASES[name] = made


add("undefined_input", model(inp(), out(), node("Relu", ["nowhere"], ["y"])))
add("used_before_defined", model(inp(), out(), node("Relu", ["a"], ["y"]),
                                 node("Relu", ["x"], ["a"])))
add("own_output", model(inp(), out(), node("Add", ["x", "y"], ["y"])), "a loop of one node")
add("output_undefined", model(inp(), out("nowhere"), node("Relu", ["x"], ["y"])))
add("value_twice", model(inp(), out(), node("Relu", ["x"], ["y"]), node("Tanh", ["x"], ["y"])))
add("output_twice_in_node", model(inp(), out(), node("Split", ["x"], ["y", "y"])))
add("input_twice", model(inp("x", (1,), INT64), inp("x", (1,), INT64), out(),
                         node("Relu", ["x"], ["y"])))
add("float_input_twice", model(inp(), inp(), out(), node("Relu", ["x"], ["y"])))
add("input_redefined", model(inp(), out("x"), node("Relu", ["x"], ["x"])))
add("initializer_redefined", model(inp(), out("w"), W, node("Relu", ["x"], ["w"])))
add("sparse_as_input", model(inp(), inp("s"), out(), block(15, block(1, tensor(
    "s", (1,), FLOAT, raw(floats(1)))), block(2, tensor("i", (1,), INT64, raw(bytes(8)))),
    num(3, 6)), node("Add", ["x", "s"], ["y"])))
add("no_nodes", model(), "an empty graph; nothing to fill")
add("no_outputs", model(inp(), out("x"), W, node("MatMul", ["x", "w"], [])))
add("empty_output_name", model(inp(), out("x"), W, node("MatMul", ["x", "w"], [""])))
add("no_inputs", model(inp(), out(), node("MatMul", [], ["y"])))
add("empty_input_names", model(inp(), out(), W, node("MatMul", ["", "w"], ["y"])))
add("idiom_without_output", model(inp(), out("x"), node("Sigmoid", ["x"], ["s"]),
                                  node("Mul", ["x", "s"], [""])))
add("magnitude_without_output", model(inp(), out("x"), W, node("ReduceL2", ["w"], ["n"]),
                                      node("Div", ["w", "n"], ["d"]), initializer("g", (2, 1)),
                                      node("Mul", ["d", "g"], [])))
add("empty_op", model(inp(), out(), node("", ["x"], ["y"])), "")
add("input_of_sequence", model(inp(), out(), node("Relu", ["x"], ["y"]), block(11, block(1, "s"), block(
    2, block(4, block(1, block(1, num(1, FLOAT))))))), "a type that is no tensor's: protobuf-c keeps all types in one union")
add("input_of_wrong_rank", model(inp(), out(), initializer("w", (2, 3, 4, 5)),
                                 node("Conv", ["x", "w"], ["y"])))
add("weight_is_scalar", model(inp(), out(), initializer("w", ()),
                              node("MatMul", ["x", "w"], ["y"])))
add("conv_of_vector", model(inp(), out(), initializer("w", (3,)), node("Conv", ["x", "w"], ["y"])))

# ---- attributes: name of the operator, rank of x, its attributes

BIG = (1 << 63) - 1
LOW = -(1 << 63)
for name, op, more in [
    ("conv_strides_zero", "Conv", [ints("strides", (0, 0))]),
    ("conv_strides_negative", "Conv", [ints("strides", (-1, LOW))]),
    ("conv_pads_huge", "Conv", [ints("pads", (BIG, BIG, BIG, BIG))]),
    ("conv_pads_odd", "Conv", [ints("pads", (1,))]),
    ("conv_dilations_huge", "Conv", [ints("dilations", (BIG, BIG))]),
    ("conv_kernel_negative", "MaxPool", [ints("kernel_shape", (-1, LOW))]),
    ("conv_group_zero", "Conv", [integer("group", 0)]),
    ("conv_group_low", "Conv", [integer("group", LOW)]),
    ("transpose_twice_the_same", "Transpose", [ints("perm", (0, 0, 0, 0))]),
    ("transpose_out_of_range", "Transpose", [ints("perm", (4, 5, 6, 7))]),
    ("transpose_low", "Transpose", [ints("perm", (LOW, LOW, LOW, LOW))]),
    ("transpose_short", "Transpose", [ints("perm", (0,))]),
    ("flatten_low", "Flatten", [integer("axis", LOW)]),
    ("concat_high", "Concat", [integer("axis", BIG)]),
    ("split_attribute_huge", "Split", [ints("split", (BIG, BIG))]),
    ("split_attribute_negative", "Split", [ints("split", (-1, -2))]),
    ("slice_attribute_huge", "Slice", [ints("starts", (LOW,)), ints("ends", (BIG,))]),
    ("slice_axes_out_of_range", "Slice", [ints("starts", (0,)), ints("ends", (1,)),
                                          ints("axes", (LOW,))]),
    ("slice_1000_axes", "Slice", [ints("starts", [0] * 1000), ints("ends", [1] * 1000)]),
    ("squeeze_low", "Squeeze", [ints("axes", (LOW, BIG))]),
    ("unsqueeze_twice", "Unsqueeze", [ints("axes", (0, 0))]),
    ("unsqueeze_40", "Unsqueeze", [ints("axes", range(40))]),
    ("reshape_attribute_huge", "Reshape", [ints("shape", (BIG, BIG))]),
    ("reshape_attribute_negative", "Reshape", [ints("shape", (-5, -7))]),
    ("shape_start_low", "Shape", [integer("start", LOW), integer("end", BIG)]),
    ("gather_axis_low", "Gather", [integer("axis", LOW)]),
    ("einsum_long", "Einsum", [attribute("equation", 3, block(4, "a" * 100000 + "->" +
                                                              "a" * 100000))]),
    ("einsum_arrows", "Einsum", [attribute("equation", 3, block(4, "->->->,,,,,,"))]),
    ("einsum_empty", "Einsum", [attribute("equation", 3, block(4, ""))]),
    ("random_shape_huge", "RandomNormal", [ints("shape", (BIG, BIG))]),
    ("random_shape_negative", "RandomNormal", [ints("shape", (-1, 4))]),
    ("random_type_99", "RandomNormal", [ints("shape", (2, 3)), integer("dtype", 99)]),
    ("attribute_twice", "Conv", [integer("group", 1), integer("group", 2)]),
    ("attribute_two_values", "Conv", [attribute("group", 2, num(3, 1), block(8, varint(1)))]),
    ("attribute_other_value", "Conv", [attribute("group", 2, block(4, "one"))]),
    ("attribute_untyped", "Conv", [attribute("group", 0, num(3, 1))]),
    ("attribute_type_34", "Conv", [attribute("group", 34, num(3, 1))]),
    ("attribute_type_negative", "Conv", [attribute("group", -1)]),
    ("attribute_type_wrong", "Conv", [attribute("group", 3, block(4, "one"))]),
    ("activation_long", "Conv", [attribute("activation", 3, block(4, "R" * 10000))]),
]:
    weight = initializer("w", (4, 4, 3, 3))
    content = model(inp("x", (1, 4, 8, 8)), weight, node(op, ["w"] if op in (
        "Transpose", "Flatten", "Concat", "Split", "Slice", "Squeeze", "Unsqueeze", "Reshape",
        "Shape", "Gather", "Einsum") else [] if op == "RandomNormal" else ["x", "w"], ["v"], *more),
        node("MatMul", ["x", "v"], ["y"]), out("y", (1, 4, 8, 8)))
    add(name, content)


def constant(name, values, dtype=INT64):
    return initializer(name, (len(values),), dtype, block(7, b"".join(varint(v) for v in values)))


for name, op, lists in [
    ("reshape_huge", "Reshape", [(BIG, BIG)]),
    ("reshape_two_unknown", "Reshape", [(-1, -1)]),
    ("reshape_zeros", "Reshape", [(0,) * 40]),
    ("slice_steps_zero", "Slice", [(0,), (1,), (0,), (0,)]),
    ("slice_steps_low", "Slice", [(BIG,), (LOW,), (0,), (LOW,)]),
    ("slice_backwards", "Slice", [(BIG,), (LOW,), (0,), (-BIG,)]),
    ("slice_huge", "Slice", [(LOW,), (BIG,), (-1,), (BIG,)]),
    ("expand_huge", "Expand", [(BIG, BIG, 4, 4, 3, 3)]),
    ("expand_negative", "Expand", [(-1, LOW)]),
    ("tile_huge", "Tile", [(BIG, BIG, BIG, BIG)]),
    ("pad_huge", "Pad", [(BIG,) * 8]),
    ("gather_out_of_range", "Gather", [(BIG, LOW)]),
    ("gather_steps_huge", "Gather", [(0, BIG, -2)]),
    ("split_huge", "Split", [(BIG, BIG)]),
    ("squeeze_all", "Squeeze", [(0, 1, 2, 3)]),
]:
    names = [f"k{i}" for i in range(len(lists))]
    add(name + "_input", model(
        inp("x", (1, 4, 8, 8)), initializer("w", (4, 4, 3, 3)),
        *[constant(n, values) for n, values in zip(names, lists)], node(op, ["w", *names], ["v"]),
        node("MatMul", ["x", "v"], ["y"]), out("y", (1, 4, 8, 8))))

add("range_of_infinity", model(inp(), constant("a", (BIG,)), constant("b", (LOW,)), constant(
    "c", (-1,)), node("Range", ["a", "b", "c"], ["r"]), node("Gather", ["x", "r"], ["y"]), out()))
add("constant_of_shape_huge", model(inp(), constant("s", (BIG, BIG)), node(
    "ConstantOfShape", ["s"], ["v"]), node("MatMul", ["x", "v"], ["y"]), out()))
add("constant_of_shape_zero", model(inp(), constant("s", (1 << 40, 1 << 40, 0)), node(
    "ConstantOfShape", ["s"], ["v"]), node("MatMul", ["x", "v"], ["y"]), out()))
add("arithmetic_overflows", model(inp(), constant("a", (BIG, LOW, LOW)), constant(
    "b", (2, -1, 1)), node("Mul", ["a", "b"], ["m"]), node("Div", ["a", "b"], ["d"]), node(
    "Add", ["a", "a"], ["s"]), node("Neg", ["a"], ["n"]), node("ConstantOfShape", ["m"], ["v"]),
    node("MatMul", ["x", "v"], ["y"]), out()))
add("shape_contradicted", model(
    inp(), W, node("Transpose", ["w"], ["t"]), block(13, value_info("t", (1 << 62, 1 << 62))),
    node("Reshape", ["t", "k"], ["r"]), constant("k", (1 << 62, -1)), node(
    "Slice", ["r", "k", "k"], ["v"]), node("MatMul", ["x", "v"], ["y"]), out()),
    "value_info that is not true")
add("shape_of_rank_40", model(inp(), block(13, value_info("t", (1,) * 40)), W, node(
    "Transpose", ["w"], ["t"]), node("MatMul", ["x", "t"], ["y"]), out()))
add("input_dims_huge", model(inp(), inp("v", (1 << 62, 1 << 62, 0)), node(
    "MatMul", ["x", "v"], ["y"]), out()), "an input that would be a parameter")
add("input_dims_wrap", model(inp(), inp("v", (1 << 31, 1 << 32)), node(
    "MatMul", ["x", "v"], ["y"]), out()))
add("lstm_directions_huge", model(inp("x", (5, 1, 2)), initializer("w", (1 << 40, 8, 2)),
    initializer("r", (1 << 40, 8, 2)), node("LSTM", ["x", "w", "r"], ["y"]), out()))
add("experts_many", model(inp("x", (1, 2)), initializer("w", (1 << 40, 2, 2)),
                          node("MatMul", ["x", "w"], ["y"]), out()))
add("qkv_sizes_negative", model(inp("x", (1, 4, 8)), initializer("w", (8, 24)), initializer(
    "b", (24,)), node("Attention", ["x", "w", "b"], ["y"], block(7, "com.microsoft"), ints(
        "qkv_hidden_sizes", (-8, 16, 16))), out()))

# ---- functions and bodies

RELU = node_content("Relu", ["a"], ["b"])
add("function_calls_itself", model(inp(), out(), block(1, call("F", ["x"], ["y"]))) +
    function("F", ["a"], ["b"], call("F", ["a"], ["b"])))
add("functions_call_each_other", model(inp(), out(), block(1, call("F", ["x"], ["y"]))) +
    function("F", ["a"], ["b"], call("G", ["a"], ["b"])) +
    function("G", ["a"], ["b"], call("F", ["a"], ["b"])))
add("function_body_calls_itself", model(inp(), out(), block(1, call("F", ["x"], ["y"]))) +
    function("F", ["a"], ["b"], node_content("If", ["a"], ["b"], body("then_branch", graph(
        block(1, call("F", ["a"], ["c"])), out("c"))))), "through the body of an If")
add("function_output_undefined", model(inp(), out(), block(1, call("F", ["x"], ["y"]))) +
    function("F", ["a"], ["nowhere"], RELU))
add("function_input_undefined", model(inp(), out(), block(1, call("F", ["x"], ["y"]))) +
    function("F", ["a"], ["b"], node_content("Relu", ["x"], ["b"])), "x is the caller's")
add("function_inputs_the_same", model(inp(), out(), block(1, call("F", ["x", "x"], ["y"]))) +
    function("F", ["a", "a"], ["b"], RELU))
add("function_defined_twice", model(inp(), out(), block(1, call("F", ["x"], ["y"]))) +
    function("F", ["a"], ["b"], RELU) + function("F", ["a"], ["b"], RELU))
add("function_more_arguments", model(inp(), out(), block(1, call("F", ["x", "x", "x"], ["y", "z"]
    ))) + function("F", ["a"], ["b"], RELU), "")
add("function_more_results", model(inp(), out(), block(1, call("F", ["x"], ["y", "z"]))) +
    function("F", ["a"], ["b"], RELU), "")
add("function_input_unnamed", model(inp(), out(), node("Relu", ["x"], ["y"])) +
    function("F", ["a", ""], ["b"], RELU), "nothing calls it")
add("function_output_unnamed", model(inp(), out(), node("Relu", ["x"], ["y"])) +
    function("F", ["a"], [""], RELU), "")
add("function_of_missing_values", model(inp(), out(), W, node("MatMul", ["x", "w"], ["y"])) +
    function("F", ["a"], ["b"], node_content("Add", ["a", "c"], ["b"]), node_content(
        "Constant", [], ["c"], attribute("value", 4, block(5, tensor("t"))))), "nothing calls it")
add("function_fewer_arguments", model(inp(), out(), block(1, call("F", [], ["y"]))) +
    function("F", ["a"], ["b"], RELU))
add("functions_10001", linear() + b"".join(function(f"F{i}", [], []) for i in range(10001)))
add("attribute_of_no_call", model(inp(), out(), node("Relu", ["x"], ["y"], block(5, block(
    1, "alpha"), block(21, "alpha"), num(20, 1)))), "refers to an attribute of a call; none")
add("body_captures_later", model(inp(), out(), initializer("c", (), BOOL, raw(b"\1")), node(
    "If", ["c"], ["y"], body("then_branch", graph(node("Relu", ["later"], ["t"]), out("t")))),
    node("Relu", ["x"], ["later"])))
add("body_output_undefined", model(inp(), out(), initializer("c", (), BOOL, raw(b"\1")), node(
    "If", ["c"], ["y"], body("then_branch", graph(out("nowhere"))))))
add("body_named_badly", model(inp(), out(), initializer("c", (), BOOL, raw(b"\1")), node(
    "If", ["c"], ["y"], body("then\nonnx-winit: done", graph(out("nowhere"))))),
    "a name that would make a line of its own")
add("function_named_badly", model(inp(), out(), block(1, call("F\x1b[2J", ["x"], ["y"]))) +
    function("F\x1b[2J", ["a"], ["nowhere"], RELU), "and one that would clear the screen")
add("vector_shared_with_a_function", model(inp(), out(), initializer("b", (2,)), node(
    "Add", ["x", "b"], ["p"]), node("Add", ["p", "b"], ["q"]), block(1, call(
        "F", ["q", "b"], ["y"]))) + function("F", ["a", "b"], ["c"], node_content(
            "Add", ["a", "b"], ["c"])), "an edit of the function would be one of all its calls")
add("vector_shared_with_a_body", model(inp(), out(), initializer("b", (2,)), initializer(
    "c", (), BOOL, raw(b"\1")), node("Add", ["x", "b"], ["p"]), node("Mul", ["p", "b"], ["q"]),
    node("If", ["c"], ["y"], body("then_branch", graph(node("Add", ["q", "b"], ["t"]), out("t"))))))
add("weight_at_both_inputs", model(inp("x", (2, 2)), initializer("w", (2, 2)), node(
    "MatMul", ["w", "w"], ["v"]), node("Gemm", ["x", "w", "w"], ["u"]), node(
        "Conv", ["u", "w", "w"], ["y"]), out()), "in two slots of one node")
add("body_redefines", model(inp(), out(), initializer("c", (), BOOL, raw(b"\1")), node(
    "If", ["c"], ["y"], body("then_branch", graph(node("Relu", ["x"], ["x"]), out("x"))))),
    "a name of the graph around it, shadowed")
add("constant_of_nothing", model(inp(), out(), node("Constant", [], ["c"]), node(
    "Add", ["x", "c"], ["y"])), "")
add("function_uncalled_undefined", model(inp(), out(), node("Relu", ["x"], ["y"])) +
    function("F", ["a"], ["nowhere"], RELU), "nothing calls it")
add("loop_condition_undefined", model(inp(), out(), node("Loop", ["", "", "x"], ["y"], body(
    "body", graph(inp("i", (), INT64), inp("c", (), BOOL), inp("h"), node("Relu", ["h"], ["o"]),
                  out("nowhere", (), BOOL), out("o", (1, 2)))))), "")
add("loop_without_body", model(inp(), out(), node("Loop", [], ["y"])))
add("loop_body_of_nothing", model(inp(), out(), node("Loop", ["", "", "x"], ["y"], body(
    "body", graph()))))
add("scan_many_outputs", model(inp(), out(), node("Scan", ["x"], ["y"], body("body", graph(
    inp("i"), node("Relu", ["i"], ["o"]), *[out("o") for _ in range(1000)])))))
