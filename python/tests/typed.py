"""For mypy: what a user may write, and what comes back."""
from pathlib import Path
from typing import Optional

import onnx_winit

report: onnx_winit.Report = onnx_winit.plan("m.onnx", seed=1, rules=["a=zeros", {"keep": True}])
std: Optional[float] = report[0].std
written: onnx_winit.Report = onnx_winit.initialize(b"", Path("o.onnx"), external="always")
filled: bytes = onnx_winit.initialize(Path("m.onnx"), preset="x", keep=["a"])
verdict: Optional[str] = onnx_winit.audit("o.onnx", verify=True).verdict
names: list[str] = onnx_winit.trainable("m.onnx")["requires_grad"]
try:
    onnx_winit.plan("m.onnx")
except onnx_winit.Error as error:
    status: onnx_winit.Status = error.status
