#!/usr/bin/env python3
"""Compares proto/onnx.proto with the schema of the installed onnx package.

Every message, field, number, label, type, oneof and packing, every enum value and every reserved
number must agree. Exit 0: equal, 1: differences (printed), 77: no onnx package or no protoc.
"""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def compiler():
    """protoc, or protoc-c, which the build needs anyway and which writes descriptors as well."""
    return shutil.which("protoc") or shutil.which("protoc-c")


def ours(descriptor_pb2):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "onnx.desc")
        subprocess.run([compiler(), "--proto_path=" + os.path.join(ROOT, "proto"),
                        "--descriptor_set_out=" + out, "onnx.proto"], check=True)
        with open(out, "rb") as file:
            return descriptor_pb2.FileDescriptorSet.FromString(file.read()).file[0]


def enum_facts(enum, path):
    for value in enum.value:
        yield f"{path}{enum.name}.{value.name} = {value.number}"


def message_facts(message, path=""):
    """One line of text for each fact of a message and what is nested in it."""
    path += message.name
    yield path
    for field in message.field:
        label = {1: "optional", 2: "required", 3: "repeated"}[field.label]
        oneof = message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else ""
        yield (f"{path}.{field.name} = {field.number}: {label} type {field.type}"
               f" {field.type_name} packed={field.options.packed} oneof={oneof}")
    for span in message.reserved_range:
        for number in range(span.start, span.end):
            yield f"{path} reserved {number}"
    for name in message.reserved_name:
        yield f"{path} reserved {name}"
    for enum in message.enum_type:
        yield from enum_facts(enum, path + ".")
    for nested in message.nested_type:
        yield from message_facts(nested, path + ".")


def file_facts(file):
    facts = {f"package {file.package}"}
    for enum in file.enum_type:
        facts.update(enum_facts(enum, ""))
    for message in file.message_type:
        facts.update(message_facts(message))
    return facts


def main():
    try:
        from google.protobuf import descriptor_pb2
        import onnx
    except ImportError:
        print("skipped: no onnx package")
        return 77
    if not compiler():
        print("skipped: no protoc")
        return 77
    theirs = descriptor_pb2.FileDescriptorProto()
    onnx.onnx_ml_pb2.DESCRIPTOR.CopyToProto(theirs)
    mine, released = file_facts(ours(descriptor_pb2)), file_facts(theirs)
    for fact in sorted(released - mine):
        print("missing:", fact)
    for fact in sorted(mine - released):
        print("ours only:", fact)
    print(f"{len(mine)} facts of ours, {len(released)} of onnx {onnx.__version__},"
          f" {len(mine & released)} in common")
    return 0 if mine == released else 1


if __name__ == "__main__":
    sys.exit(main())
