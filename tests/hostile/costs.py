"""Small files made to cost much: each must end within a second and 256 MB, one way or the other."""

from wire import *

CASES = {}
X, Y = inp("x", (4, 4)), out("y", (4, 4))


def case(function_):
    function_.__doc__ = (function_.__doc__ or "dear, not wrong").strip() + "; shapes are not checked"
    CASES[function_.__name__] = function_
    return function_


@case
def functions_of_functions():
    """2^60 nodes in a few kilobytes"""
    content = model(X, Y, block(1, call("F0", ["x"], ["y"])))
    for i in range(60):
        content += function(f"F{i}", ["a"], ["c"], call(f"F{i + 1}", ["a"], ["b"]),
                            call(f"F{i + 1}", ["b"], ["c"]))
    return content + function("F60", ["a"], ["b"], node_content("Relu", ["a"], ["b"]))


@case
def functions_of_arguments():
    """values without nodes: 20,000 calls of a function of 20,000 inputs"""
    return model(X, out("x"), *[block(1, call("F", [], []))] * 20000) + function(
        "F", [f"{i:x}" for i in range(20000)], [])


@case
def functions_of_opsets():
    """50,000 nodes, each looked up in 50,000 opsets"""
    return model(X, out("x"), *[node("R", ["x"], [])] * 50000, opsets=opset(1, "a") * 50000 +
                 opset())


@case
def functions_of_constants():
    """one constant of 1,000 numbers, read for each of 2^20 calls"""
    content = model(X, out("x"), block(1, call("F0", [], [])))
    for i in range(20):
        content += function(f"F{i}", [], [], call(f"F{i + 1}", [], []), call(f"F{i + 1}", [], []))
    return content + function("F20", [], [], node_content("Constant", [], ["c"], attribute(
        "value", 4, block(5, tensor("t", (1000,), INT64, block(7, b"\1" * 1000))))))


@case
def functions_of_results():
    """a function that nothing calls returns each of the 40,000 outputs of its node"""
    names = [f"{i:x}" for i in range(40000)]
    return model(X, out("x"), node("Relu", ["x"], ["y"])) + function(
        "F", [], names, node_content("R", [], names))


def diamonds(op, levels, width=2, *more):
    nodes = [node(op, [f"v{i}"] * width, [f"v{i + 1}"], *more) for i in range(levels)]
    return [initializer("v0", (4, 4)), *nodes]


@case
def views_that_meet_again():
    """2^60 ways from a tensor through Concat; none arrives"""
    return model(X, out("x"), *diamonds("Concat", 60, 2, integer("axis", 0)))


@case
def views_that_meet_in_a_weight():
    return model(X, *diamonds("Concat", 60, 2, integer("axis", 0)),
                 node("MatMul", ["x", "v60"], ["y"]), Y)


@case
def splits_that_meet_again():
    nodes = []
    for i in range(40):
        nodes.append(node("Split", [f"v{i}"], [f"a{i}", f"b{i}"]))
        nodes.append(node("Concat", [f"a{i}", f"b{i}"], [f"v{i + 1}"], integer("axis", 0)))
    return model(X, initializer("v0", (4, 4)), *nodes, node("MatMul", ["x", "v40"], ["y"]), Y)


@case
def modulation_that_meets_again():
    """1000^12 ways to a kernel"""
    nodes = [node("Mul", [f"v{i}"] * 1000, [f"v{i + 1}"]) for i in range(13)]
    return model(X, initializer("w", (4, 4)), node("Mul", ["w", "x"], ["v0"]), *nodes,
                 node("Relu", ["v13"], ["y"]), Y)


@case
def sums_that_meet_again():
    nodes = [node("Add", [f"v{i}"] * 2, [f"v{i + 1}"]) for i in range(2000)]
    return model(X, initializer("w", (4, 4)), node("MatMul", ["x", "w"], ["v0"]), *nodes,
                 node("Relu", ["v2000"], ["y"]), Y)


@case
def concat_of_one_tensor():
    """150,000 times the same tensor, joined"""
    return model(X, out("x"), initializer("w", (4, 4)), node("Concat", ["w"] * 150000, ["c"],
                                                             integer("axis", 0)))


@case
def sum_of_one_signal():
    """300,000 times the same value, added"""
    return model(X, Y, node("Sum", ["x"] * 300000, ["y"]))


@case
def sum_of_many_tensors():
    """40,000 tensors, each beside 40,000 others"""
    names = [f"{i:x}" for i in range(40000)]
    return model(X, Y, *[initializer(n, (1,)) for n in names], node("Sum", [*names, "x"], ["y"]))


@case
def tensors_times_arrivals():
    """10,000 tensors joined, and the result used 20,000 times"""
    names = [f"{i:x}" for i in range(10000)]
    return model(X, out("x"), *[initializer(n, (1, 4)) for n in names], node(
        "Concat", names, ["C"], integer("axis", 0)), *[node("M", ["x", "C"], [])] * 20000)


@case
def experts_times_arrivals():
    """4,096 matrices in one tensor, at 4,096 nodes"""
    return model(inp("x", (4096, 1, 1)), out("x"), initializer("w", (4096, 1, 1)),
                 *[node("MatMul", ["x", "w"], [f"{i:x}"]) for i in range(4096)])


@case
def heads_times_arrivals():
    """parts that are stripes, at 4,000 nodes"""
    return model(inp("x", (4, 2048)), out("x"), initializer("w", (2048, 2048)),
                 *[node("MatMul", ["x", "w"], [f"{i:x}"]) for i in range(4000)])


@case
def split_into_many():
    """one Split with 100,000 outputs and as many sizes"""
    return model(X, out("x"), initializer("w", (4, 4)), node(
        "Split", ["w"], [f"{i:x}" for i in range(100000)], ints("split", [1] * 100000)))


@case
def split_many_of_a_layer():
    return model(X, out("x"), initializer("w", (4, 4)), node("MatMul", ["x", "w"], ["m"]), *[node(
        "Split", ["m"], [f"{i:x}.{k}" for i in range(100)]) for k in range(500)])


@case
def slice_of_many_axes():
    """300,000 starts, ends and axes"""
    many = [0] * 100000
    return model(X, out("x"), initializer("w", (4, 4)), node("Slice", ["w"], ["s"], ints(
        "starts", many), ints("ends", many), ints("axes", many)))


@case
def attributes_of_one_node():
    """20,000 attributes, looked through for each of 20,000 outputs"""
    return model(X, out("x"), node("Split", ["x"], [f"{i:x}" for i in range(20000)], *[
        integer(f"a{i:x}", 1) for i in range(20000)]))


@case
def inputs_times_outputs():
    """what follows an input is asked of every output, for every input"""
    return model(X, out("x"), node("Split", ["x"] * 100000, [f"{i:x}" for i in range(100000)]))


@case
def identities_in_a_row():
    """a chain of 20,000 Identities, at whose end 20,000 patterns are tried"""
    nodes = [node("Identity", [f"v{i}" if i else "x"], [f"v{i + 1}"]) for i in range(20000)]
    return model(X, out("x"), *nodes, *[node("Mul", ["v20000"] * 2, [f"{i:x}"])
                                        for i in range(20000)])


@case
def uses_of_one_vector():
    """merged by accident, perhaps: 4,000 uses of a vector, each asked for its matrix"""
    nodes = []
    for i in range(4000):
        nodes.append(node("Add", ["x", "b"], [f"a{i:x}"]))
        nodes.append(node("Relu", [f"a{i:x}"], [f"r{i:x}"]))
    return model(X, out("x"), initializer("b", (4,)), *nodes)


@case
def uses_of_one_signal():
    """the same, and each of them is used by all"""
    nodes = [node("Add", ["x", "b"], [f"a{i:x}"]) for i in range(500)]
    join = node("Sum", [f"a{i:x}" for i in range(500)], ["j"])
    return model(X, out("x"), initializer("b", (4,)), *nodes, join,
                 *[node("Relu", ["j"], [])] * 50000)


@case
def inputs_struck_one_by_one():
    """3,000 inputs, each of which turns out to be no parameter only after the one before it"""
    names = [f"p{i:x}" for i in range(3000)]
    nodes = [node("MatMul", [names[i], names[i + 1]], [f"m{i:x}"]) for i in range(2999)]
    return model(*[inp(n, (4, 4)) for n in names], *nodes, out("m0", (4, 4)))


@case
def weights_without_data():
    """20,000 tensors to fill"""
    names = [f"{i:x}" for i in range(20000)]
    return model(X, out("x"), *[initializer(n, (4, 4)) for n in names], *[
        node("MatMul", ["x", n], []) for n in names])


@case
def names_alike():
    """20,000 names of 40 characters that differ at the end"""
    names = ["n" * 36 + f"{i:04x}" for i in range(10000)]
    return model(X, out("x"), *[initializer(n, (1,)) for n in names])


@case
def gathers_of_known_lists():
    """lists of 1,024 numbers, 3,000 times computed with"""
    many = b"".join(varint(i) for i in range(1024))
    nodes = [node("Add", ["k", "k" if i == 0 else f"s{i - 1:x}"], [f"s{i:x}"])
             for i in range(3000)]
    return model(X, out("x"), initializer("k", (1024,), INT64, block(7, many)), *nodes)


@case
def known_lists_in_functions():
    """the same in 2^20 calls"""
    content = model(X, out("x"), block(1, call("F0", [], [])))
    for i in range(20):
        content += function(f"F{i}", [], [], call(f"F{i + 1}", [], []), call(f"F{i + 1}", [], []))
    return content + function("F20", [], [], node_content("Constant", [], ["k"], attribute(
        "value_ints", 7, block(8, b"\1" * 1000))), *[node_content("Add", ["k", "k"], [f"s{i}"])
                                                   for i in range(50)])


@case
def magnitudes_in_a_circle():
    """each tensor is the magnitude of the other"""
    return model(X, initializer("a", (4, 1)), initializer("b", (4, 1)), node(
        "ReduceL2", ["a"], ["na"]), node("ReduceL2", ["b"], ["nb"]), node(
        "Div", ["a", "na"], ["da"]), node("Div", ["b", "nb"], ["db"]), node(
        "Mul", ["da", "b"], ["v"]), node("Mul", ["db", "a"], ["u"]), node(
        "Add", ["u", "v"], ["w"]), node("MatMul", ["x", "w"], ["y"]), Y)
