"""The report as data: what docs of the JSON report call tensors are rows here."""
from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, Literal, Optional


@dataclass(frozen=True)
class Measured:
    """What a tensor, or a part of it, holds. None where there is nothing to measure."""

    mean: Optional[float]
    std: Optional[float]
    min: Optional[float]
    max: Optional[float]
    zeros: int
    nonfinite: int
    skew: Optional[float]
    kurtosis: Optional[float]
    defect: Optional[float]


@dataclass(frozen=True)
class Block:
    """A part of a packed tensor (a gate, a direction, one of q, k, v) that has fans of its own."""

    label: str
    axis: int
    start: int
    length: int
    offset: tuple[int, ...]
    extent: tuple[int, ...]
    fan_in: Optional[float]
    fan_out: Optional[float]
    activation: str
    gain: Optional[float]
    scheme: Optional[str]
    std: Optional[float]
    value: Optional[float]
    measured: Optional[Measured] = None


@dataclass(frozen=True)
class Row:
    """The decision for one tensor, and in an audit what it holds. None where something does not
    apply."""

    name: str
    graph: str
    carrier: str
    shape: tuple[int, ...]
    dtype: str
    elements: int
    action: Literal["fill", "keep"]
    role: str
    op: Optional[str]
    node: Optional[str]
    slot: int
    path: tuple[str, ...]
    activation: Optional[str]
    activation_before: Optional[str]
    fan_in: Optional[float]
    fan_out: Optional[float]
    gain: Optional[float]
    scheme: Optional[str]
    std: Optional[float]
    low: Optional[float]
    high: Optional[float]
    value: Optional[float]
    blocks: tuple[Block, ...]
    trainable: bool
    tied_with: tuple[str, ...]
    reason: str
    rule: Optional[str]
    warnings: tuple[str, ...]
    measured: Optional[Measured] = None
    verdict: Optional[str] = None
    detail: Optional[str] = None
    factor: Optional[float] = None
    probability: Optional[float] = None
    fit: Optional[str] = None
    bits: Optional[str] = None
    fits: tuple[str, ...] = ()


def _make(kind: Any, data: dict[str, Any]) -> Any:
    """An instance from a JSON object; keys that a later library adds are left out."""
    values: dict[str, Any] = {}
    for field in fields(kind):
        value = data.get(field.name, field.default)
        if field.name == "measured":
            value = value and _make(Measured, value)
        elif field.name == "blocks":
            value = tuple(_make(Block, block) for block in value)
        elif isinstance(value, list):
            value = tuple(value)
        values[field.name] = value
    return kind(**values)


class Report(list[Row]):
    """The rows of a plan or an audit, with what is said of the model as a whole.

    data is the whole report (its fields are those of `onnx-winit plan --format json`), json its text.
    """

    def __init__(self, text: str) -> None:
        self.json = text
        self.data: dict[str, Any] = json.loads(text)
        super().__init__(_make(Row, tensor) for tensor in self.data["tensors"])

    @property
    def profile(self) -> str:
        """The kind of network."""
        return str(self.data["profile"]["name"])

    @property
    def summary(self) -> dict[str, Any]:
        """Totals: filled, kept, unknown, elements_filled, ..."""
        return dict(self.data["summary"])

    @property
    def warnings(self) -> list[str]:
        """Of the model as a whole; those of tensors stand in their rows."""
        return list(self.data["warnings"])

    @property
    def verdict(self) -> Optional[str]:
        """Of an audit: that of the model, the worst of its tensors."""
        audit = self.data.get("audit")
        return str(audit["verdict"]) if audit else None

    @property
    def deviations(self) -> int:
        """Of an audit: how many tensors are not as planned."""
        return int(self.data.get("audit", {}).get("deviations", 0))
