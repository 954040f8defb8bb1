#!/usr/bin/env python3
"""make_abi.py HEADER > _abi.py: the structs, enums and functions of onnx_winit.h for ctypes.

The header is the only place that says what a struct holds; whatever in it this script does not
understand is an error, so the two cannot drift apart.
"""
import re
import sys

NUMBERS = {"bool": "c_bool", "int": "c_int", "unsigned": "c_uint", "double": "c_double",
           "size_t": "c_size_t", "int64_t": "c_int64", "uint64_t": "c_uint64", "uint8_t": "c_uint8"}


class Header:
    def __init__(self, text):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL)
        text = re.sub(r"^#.*(?:\\\n.*)*$", "", text, flags=re.MULTILINE)
        text = re.sub(r'extern "C" \{', "", text)
        self.text = re.sub(r"\s+", " ", text)
        enums = re.findall(r"enum (?:owi_\w+ )?\{([^}]*)\} ?(owi_\w+)?;", self.text)
        self.enums = {name for _, name in enums}
        self.callbacks = set(re.findall(r"typedef bool \(\*(owi_\w+)\)", self.text)) | set(
            re.findall(r"typedef void (owi_\w+)\(", self.text))
        self.structs = re.findall(r"typedef struct owi_\w+ \{([^}]*)\} (owi_\w+);", self.text)
        self.known = {name for _, name in self.structs}
        self.constants = {name: number for body, _ in enums
                          for name, number in self.enumerators(body).items()}

    @staticmethod
    def enumerators(body):
        values, following = {}, 0
        for item in filter(None, (part.strip() for part in body.split(","))):
            name, _, number = (part.strip() for part in item.partition("="))
            following = int(number, 0) if number else following
            values[name] = following
            following += 1
        return values

    def number(self, text):
        return sum(self.constants[term] if term in self.constants else int(term) for term in text.split(" + "))

    def ctype(self, base, stars):
        base = base.replace("const", "").replace("struct", "").strip()
        if stars:
            if base == "char":
                return "c_char_p" if stars == 1 else "POINTER(c_char_p)"
            if base == "void" or base in self.callbacks or stars > 1 or base not in self.known:
                return "c_void_p"
            return f"POINTER({base})"
        if base in self.enums:
            return "c_int"
        if base in self.callbacks:
            return "c_void_p"
        if base in self.known:
            return base
        return NUMBERS[base]

    def fields(self, body):
        for declaration in filter(None, (part.strip() for part in body.split(";"))):
            first, *others = (part.strip() for part in declaration.split(","))
            base, name = re.fullmatch(r"((?:const )?\w+(?: \*?const)?[ *]+)(\w+(?:\[[^]]+\])?)",
                                      first).groups()
            for declarator in [name] + others:
                stars = base.count("*") + declarator.count("*")
                name, length = re.fullmatch(r"\**(\w+)(?:\[([^]]+)\])?", declarator).groups()
                kind = "c_char" if base.strip() == "char" else self.ctype(
                    base.replace("*", ""), stars)
                if length:
                    kind = f"{kind} * {self.number(length)}"
                yield name, kind

    def functions(self):
        for result, name, parameters in re.findall(
                r"OWI_API ([\w ]+?[ *]+)(owi_\w+)\(([^)]*)\)", self.text):
            kinds = [] if parameters.strip() == "void" else [
                self.ctype(re.sub(r"\w+$", "", p.strip()).replace("*", ""), p.count("*"))
                for p in parameters.split(",")]
            void = result.strip() == "void"
            yield name, "None" if void else self.ctype(result.replace("*", ""), result.count("*")), kinds


def main():
    header = Header(open(sys.argv[1], encoding="utf-8").read())
    print('"""Made from onnx_winit.h by make_abi.py: do not edit."""')
    print("# ruff: noqa\n# mypy: ignore-errors")
    print("from ctypes import *\n")
    for name, number in header.constants.items():
        print(f"{name} = {number}")
    for body, name in header.structs:
        print(f"\n\nclass {name}(Structure):\n    _fields_ = [")
        for field, kind in header.fields(body):
            print(f'        ("{field}", {kind}),')
        print("    ]")
    print("\n\nSTRUCTS = [" + ", ".join(name for _, name in header.structs) + "]")
    print("FUNCTIONS = {")
    for name, result, kinds in header.functions():
        print(f'    "{name}": ({result}, [{", ".join(kinds)}]),')
    print("}")


if __name__ == "__main__":
    main()
