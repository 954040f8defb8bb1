"""The shared library through ctypes; its header is the contract, _abi.py is made from it."""
from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ctypes import byref
from pathlib import Path
from typing import Any, Optional

from . import _abi
from ._errors import error_of

_HERE = Path(__file__).resolve().parent
_PRESETS = _HERE / "presets"
_SINK = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_EXTERNAL = {"auto": _abi.OWI_EXTERNAL_AUTO, "always": _abi.OWI_EXTERNAL_ALWAYS,
             "never": _abi.OWI_EXTERNAL_NEVER}


def _load() -> ctypes.CDLL:
    carried = _HERE / "libonnxwinit.so.0"
    name = str(carried) if carried.exists() else ctypes.util.find_library("onnxwinit")
    if not name:
        raise ImportError("libonnxwinit is neither in the package nor installed")
    library = ctypes.CDLL(name)
    for function, (result, parameters) in _abi.FUNCTIONS.items():
        getattr(library, function).restype = result
        getattr(library, function).argtypes = parameters
    return library


_lib = _load()


def version() -> str:
    return str(_lib.owi_version().decode())


class _Collector:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.bytes = bytearray()
        self._callback = _SINK(self._take)
        self.pointer = ctypes.cast(self._callback, ctypes.c_void_p)

    def _take(self, _context: object, data: int, length: int) -> bool:
        self.bytes += ctypes.string_at(data, length)
        return True


def _call(name: str, *arguments: object) -> None:
    """Calls a function whose last parameter is the error."""
    error = _abi.owi_error()
    status = getattr(_lib, name)(*arguments, byref(error))
    if status:
        raise error_of(status, error.text.decode(errors="replace"))


# ---- options ----

def _texts(options: Any, name: str, values: list[str]) -> None:
    array = (ctypes.c_char_p * len(values))(*(os.fsencode(value) for value in values))
    setattr(options, name, array)
    setattr(options, f"{name}_count", len(values))


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, (str, os.PathLike, Mapping)) else list(value)


def _is_file(rule: Any) -> bool:
    return isinstance(rule, os.PathLike) or (isinstance(rule, str) and
                                             rule.endswith((".yaml", ".yml", ".json")))


def _set_rules(options: Any, rules: list[Any]) -> None:
    _texts(options, "rules", [os.fspath(rule) for rule in rules if _is_file(rule)])
    _texts(options, "rule", [json.dumps(rule) if isinstance(rule, Mapping) else rule
                             for rule in rules if not _is_file(rule)])


def _options_of(given: Mapping[str, Any]) -> Any:
    options = _abi.owi_options()
    kinds: dict[str, Any] = {field[0]: field[1] for field in _abi.owi_options._fields_}
    if _PRESETS.is_dir():
        options.preset_folder = os.fsencode(_PRESETS)
    for name, value in given.items():
        if name == "rules":
            _set_rules(options, _listed(value))
        elif f"{name}_count" in kinds:
            _texts(options, name, _listed(value))
        elif name not in kinds or name.endswith("_count") or name == "preset_folder":
            raise TypeError(f"{name!r} is not an option")
        elif value is not None:
            text = kinds[name] is ctypes.c_char_p
            if name == "seed" and not 0 <= value < 1 << 64:
                raise error_of(_abi.OWI_USAGE, f"seed {value}: not a whole number of 64 bits")
            setattr(options, name, os.fsencode(value) if text else value)
    return options


# ---- models and plans ----

class Plan:
    def __init__(self, plan: Any) -> None:
        self._plan = plan

    def _reported(self, form: int, audit: Optional[Any] = None) -> str:
        options = _abi.owi_report_options(format=form, audit=audit)
        sink = _Collector()
        _call("owi_report", self._plan, byref(options), sink.pointer, None)
        return sink.bytes.decode()

    def report(self) -> str:
        return self._reported(_abi.OWI_JSON)

    def trainable(self) -> Any:
        return json.loads(self._reported(_abi.OWI_TRAINABLE))

    def audit(self, against: Optional[bytes], verify: bool, threads: int) -> str:
        options = _abi.owi_audit_options(against=against, verify=verify, threads=threads)
        audit = ctypes.c_void_p()
        _call("owi_audit_make", self._plan, byref(options), byref(audit))
        return self._reported(_abi.OWI_JSON, audit)

    def apply(self, path: bytes, replace: bool, external: str, sync: bool, threads: int) -> None:
        if external not in _EXTERNAL:
            raise error_of(_abi.OWI_USAGE, f"external {external}: expected auto, always or never")
        options = _abi.owi_write_options(
            flags=(_abi.OWI_REPLACE if replace else 0) | (_abi.OWI_SYNC if sync else 0),
            threads=threads, external=_EXTERNAL[external])
        _call("owi_plan_apply", self._plan, path, byref(options))

    def write(self, threads: int) -> bytes:
        options = _abi.owi_write_options(threads=threads)
        sink = _Collector()
        _call("owi_plan_write", self._plan, sink.pointer, None, byref(options))
        return bytes(sink.bytes)


class Model:
    def __init__(self, model: Any) -> None:
        self._model = model

    def _planned(self, options: Any) -> Plan:
        plan = ctypes.c_void_p()
        _call("owi_plan_make", self._model, byref(options), byref(plan))
        return Plan(plan)

    def plan(self, options: Mapping[str, Any]) -> Plan:
        return self._planned(_options_of(options))

    def plan_as_written(self) -> Plan:
        """As the run did that wrote the file, if it tells of one."""
        run = _abi.owi_provenance_info()
        told = _lib.owi_model_provenance(self._model, byref(run))
        return self._planned(run.options if told else _options_of({}))


@contextmanager
def opened(model: Any) -> Iterator[Model]:
    handle = ctypes.c_void_p()
    if isinstance(model, (bytes, bytearray, memoryview)):
        data = bytes(model)  # stays where it is until the model is closed
        _call("owi_model_open_memory", data, len(data), byref(handle))
    else:
        _call("owi_model_open", os.fsencode(model), byref(handle))
    try:
        yield Model(handle)
    finally:
        _lib.owi_model_close(handle)
