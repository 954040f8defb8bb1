"""Tests and the README run in a folder of their own that holds the models."""
import os
import shutil
from pathlib import Path

import pytest

MODELS = Path(os.environ["MODELS"])


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for model in MODELS.glob("*.onnx"):
        shutil.copy(model, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path
