#!/usr/bin/env python3
"""Makes the models of the benchmark, with nothing but Python's own library.

usage: make_models.py FOLDER [NAME...]

  small  784-256-10                            0.8 MB
  vgg16  VGG-16                                553 MB
  lstm   an LSTM of 2048 units                 134 MB, recurrent weights orthogonal
  large  32 layers 8192x8192, external data    8.6 GB (a sparse file)
  huge   90 layers 8192x8192, external data    24 GB (a sparse file)

All weights are zero, as an exporter that knows no better leaves them. A model that exists is left.
"""
import os
import sys

FLOAT, EXTERNAL = 1, 1
INTS, INT = 7, 2  # AttributeProto.type


class Message:
    """Fields of a protobuf message. Long runs of zeros are kept as their length."""

    def __init__(self):
        self.parts, self.length = [], 0

    def add(self, part):
        """Adds bytes, or an int: so many zero bytes."""
        self.parts.append(part)
        self.length += part if isinstance(part, int) else len(part)

    def number(self, field, value):
        """A varint field."""
        self.add(varint(field << 3) + varint(value))
        return self

    def zeros(self, field, length):
        """A field of zero bytes."""
        self.add(varint(field << 3 | 2) + varint(length))
        self.add(length)
        return self

    def text(self, field, text):
        """A string field."""
        data = text.encode()
        self.add(varint(field << 3 | 2) + varint(len(data)) + data)
        return self

    def message(self, field, message):
        """A field that is a message."""
        self.add(varint(field << 3 | 2) + varint(message.length))
        for part in message.parts:
            self.add(part)
        return self

    def write(self, path):
        """Writes the message to a file, which appears when it is whole."""
        with open(path + ".part", "wb") as file:
            for part in self.parts:
                while isinstance(part, int) and part:
                    part -= file.write(bytes(min(part, 1 << 20)))
                if part:
                    file.write(part)
        os.rename(path + ".part", path)


def varint(value):
    """The shortest encoding."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def tensor(name, dims, location=None):
    """An initializer of zeros; location is (file, offset) of an external one."""
    size = 4
    out = Message()
    for dim in dims:
        out.number(1, dim)
        size *= dim
    out.number(2, FLOAT).text(8, name)
    if not location:
        return out.zeros(9, size)
    for key, value in ("location", location[0]), ("offset", str(location[1])), ("length", str(size)):
        out.message(13, Message().text(1, key).text(2, value))
    return out.number(14, EXTERNAL)


def node(op, inputs, output, **attributes):
    """A node of one output; attributes are integers or lists of them."""
    out = Message()
    for name in inputs:
        out.text(1, name)
    out.text(2, output).text(3, output + "_node").text(4, op)
    for name, value in attributes.items():
        attribute = Message().text(1, name)
        if isinstance(value, int):
            attribute.number(3, value).number(20, INT)
        else:
            for item in value:
                attribute.number(8, item)
            attribute.number(20, INTS)
        out.message(5, attribute)
    return out


def value_info(name, dims):
    """A float tensor of known shape."""
    shape = Message()
    for dim in dims:
        shape.message(1, Message().number(1, dim))
    return Message().text(1, name).message(2, Message().message(1, Message().number(1, FLOAT).message(2, shape)))


class Network:
    """A chain of layers from x on."""

    def __init__(self, shape):
        self.nodes, self.tensors, self.shape, self.last = [], [], shape, "x"

    def layer(self, op, *weights, **attributes):
        """Adds a node with weights (name, dims[, location]) behind the last one."""
        name = f"{op.lower()}{len(self.nodes)}"
        inputs = [self.last]
        for weight in weights:
            if weight:
                self.tensors.append(tensor(name + "." + weight[0], *weight[1:]))
            inputs.append(name + "." + weight[0] if weight else "")
        self.nodes.append(node(op, inputs, name, **attributes))
        self.last = name
        return self

    def model(self, out_shape):
        """The whole ModelProto."""
        graph = Message()
        for item in self.nodes:
            graph.message(1, item)
        graph.text(2, "benchmark")
        for item in self.tensors:
            graph.message(5, item)
        graph.message(11, value_info("x", self.shape)).message(12, value_info(self.last, out_shape))
        return Message().number(1, 8).message(7, graph).message(8, Message().text(1, "").number(2, 17))


def mlp(*sizes):
    """Fully connected layers with ReLU between them."""
    net = Network([1, sizes[0]])
    for i, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:])):
        net.layer("Gemm", ("weight", [fan_out, fan_in]), ("bias", [fan_out]), transB=1)
        if i + 2 < len(sizes):
            net.layer("Relu")
    return net.model([1, sizes[-1]])


def vgg16():
    """Simonyan and Zisserman 2014, configuration D."""
    net, channels = Network([1, 3, 224, 224]), 3
    for width in [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0]:
        if width:
            net.layer("Conv", ("weight", [width, channels, 3, 3]), ("bias", [width]),
                      kernel_shape=[3, 3], pads=[1, 1, 1, 1]).layer("Relu")
            channels = width
        else:
            net.layer("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
    net.layer("Flatten")
    for i, (fan_in, fan_out) in enumerate([(25088, 4096), (4096, 4096), (4096, 1000)]):
        net.layer("Gemm", ("weight", [fan_out, fan_in]), ("bias", [fan_out]), transB=1)
        if i < 2:
            net.layer("Relu")
    return net.model([1, 1000])


def layers(data, count, width=8192):
    """Large matrices with their values in a sparse file."""
    net, size = Network([1, width]), width * width * 4
    for i in range(count):
        net.layer("MatMul", ("weight", [width, width], (os.path.basename(data), i * size)))
    with open(data, "wb") as file:
        file.truncate(count * size)
    return net.model([1, width])


def lstm(units=2048):
    """A recurrent network: four square orthogonal blocks."""
    net = Network([8, 1, units])
    net.layer("LSTM", ("w", [1, 4 * units, units]), ("r", [1, 4 * units, units]), ("b", [1, 8 * units]),
              hidden_size=units)
    return net.model([8, 1, 1, units])


def main():
    folder, names = sys.argv[1], sys.argv[2:]
    models = {"small": lambda: mlp(784, 256, 10), "vgg16": vgg16, "lstm": lstm,
              "large": lambda: layers(os.path.join(folder, "large.bin"), 32),
              "huge": lambda: layers(os.path.join(folder, "huge.bin"), 90)}
    os.makedirs(folder, exist_ok=True)
    for name in names or models:
        path = os.path.join(folder, name + ".onnx")
        if not os.path.exists(path):
            models[name]().write(path)


main()
