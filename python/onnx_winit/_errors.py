"""Statuses as exceptions."""
from __future__ import annotations

from enum import IntEnum

from . import _abi


class Status(IntEnum):
    """What went wrong; the program's exit codes."""

    INTERNAL = _abi.OWI_INTERNAL
    USAGE = _abi.OWI_USAGE
    INPUT = _abi.OWI_INPUT
    UNSUPPORTED = _abi.OWI_UNSUPPORTED
    SYSTEM = _abi.OWI_SYSTEM
    DEVIATION = _abi.OWI_DEVIATION


class Error(Exception):
    """Something went wrong. The message says what, where (file, tensor, field) and what was
    expected."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = Status(status)


class UsageError(Error, ValueError):
    """An option, a pattern or a rule that makes no sense."""


class InputError(Error, ValueError):
    """The model is damaged, hostile or not ONNX."""


class Unsupported(Error):
    """The model is valid, but not supported."""


class SystemFailure(Error, OSError):
    """Memory, disk, permission."""

    def __str__(self) -> str:
        return str(self.args[0])


class Deviation(Error):
    """Asked to judge, and found a deviation."""


_KINDS = {Status.USAGE: UsageError, Status.INPUT: InputError, Status.UNSUPPORTED: Unsupported,
          Status.SYSTEM: SystemFailure, Status.DEVIATION: Deviation}


def error_of(status: int, text: str) -> Error:
    return _KINDS.get(Status(status), Error)(status, text)
