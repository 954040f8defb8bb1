"""The initializer that ONNX lacks, from Python.

    import onnx_winit

    for row in onnx_winit.plan("model.onnx"):
        print(row.name, row.role, row.scheme, row.std, row.reason)
    onnx_winit.initialize("model.onnx", "init.onnx", seed=7)
    onnx_winit.audit("init.onnx").verdict

A model is a path, or the bytes of one (`onnx.ModelProto.SerializeToString()`). Whatever goes wrong is
an `Error` with a `status`, and a message that says what, where and what was expected. Other threads
run on while the library works.
"""
from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypedDict, Union, overload

from . import _library
from ._errors import Deviation, Error, InputError, Status, SystemFailure, Unsupported, UsageError
from ._report import Block, Measured, Report, Row

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["Block", "Deviation", "Error", "InputError", "Measured", "Parameters", "Report", "Row",
           "Status", "SystemFailure", "Unsupported", "UsageError", "audit", "initialize", "plan",
           "trainable", "version"]

Path = Union[str, "os.PathLike[str]"]
Model = Union[Path, bytes, bytearray, memoryview]
Rule = Union[str, "Mapping[str, object]", "os.PathLike[str]"]
Rules = Union[Rule, "Sequence[Rule]"]
When = Literal["auto", "always", "never"]


class Options(TypedDict, total=False):
    """How to plan; what the program's options of these names do.

    rules: a rule such as 'head.*=normal(0,0.02)', one as a mapping ({"role": "bias", "scheme":
    "zeros"}), a rules file (a path object, or a name that ends in .yaml or .json), or a list of
    these. Patterns are PCRE2 expressions that must match the whole name of a tensor.
    """

    seed: int
    rules: Rules
    preset: Path
    profile: str
    attention: Literal["xavier", "orthogonal"]
    keep: Sequence[str]
    only: Sequence[str]
    only_missing: bool
    promote: Sequence[str]
    freeze: Sequence[str]
    residual_scale: When
    zero_init_residual: bool


class Parameters(TypedDict):
    """The arguments of the same names of onnxruntime.training.artifacts.generate_artifacts."""

    requires_grad: list[str]
    frozen_params: list[str]


def version() -> str:
    """The version of the library."""
    return _library.version()


def plan(model: Model, **options: "Unpack[Options]") -> Report:
    """What `initialize` would do: one row for each float tensor, in the order of the file."""
    with _library.opened(model) as handle:
        return Report(handle.plan(options).report())


def trainable(model: Model, **options: "Unpack[Options]") -> Parameters:
    """The tensors that a training runtime shall train, and those that it shall not."""
    with _library.opened(model) as handle:
        parameters: Parameters = handle.plan(options).trainable()
        return parameters


@overload
def initialize(src: Model, dst: Path, *, replace: bool = ..., external: When = ...,
               sync: bool = ..., threads: int = ..., **options: "Unpack[Options]") -> Report: ...


@overload
def initialize(src: Model, dst: None = ..., *, threads: int = ...,
               **options: "Unpack[Options]") -> bytes: ...


def initialize(src: Model, dst: Path | None = None, *, replace: bool = False,
               external: When = "auto", sync: bool = False, threads: int = 0,
               **options: "Unpack[Options]") -> Report | bytes:
    """Fills the weights of a model and writes it to `dst`; without one, returns its bytes.

    The output is absent, old, or new and whole at every moment, and the input is never modified. An
    existing output is an error unless `replace`. `external` puts the values in a data file beside
    the model; `sync` flushes it to the disk before the call returns; `threads` of 0 is one for each
    processor, and the bytes do not depend on it.
    """
    with _library.opened(src) as handle:
        planned = handle.plan(options)
        if dst is None:
            return planned.write(threads)
        planned.apply(os.fsencode(dst), replace, external, sync, threads)
        return Report(planned.report())


def audit(model: Model, *, against: Path | None = None, verify: bool = False, threads: int = 0,
          **options: "Unpack[Options]") -> Report:
    """What is in a model, judged: rows with `measured` and `verdict`.

    It is judged by a plan: that of a saved report (`against`), that of the options, or without any
    that of the run that wrote the file. `verify` compares every bit with what that run wrote.
    """
    with _library.opened(model) as handle:
        planned = handle.plan(options) if options else handle.plan_as_written()
        return Report(planned.audit(os.fsencode(against) if against else None, verify, threads))
