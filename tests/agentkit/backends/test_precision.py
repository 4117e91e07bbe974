from __future__ import annotations

import re
import sys

import pytest

from agentkit.backends.weights import pick_dtype, quantization, what_fits
from agentkit.errors import MissingPackage
from agentkit.installation.distribution import install_command


@pytest.mark.parametrize(
    ("stored", "fast", "picked"),
    [
        pytest.param("bfloat16", {"bfloat16": True}, "bfloat16", id="as stored"),
        pytest.param("float16", {"bfloat16": True}, "bfloat16", id="the other half"),
        pytest.param("bfloat16", {"float16": True}, "float16", id="and back"),
        pytest.param("bfloat16", {"bfloat16": False}, "float32", id="neither is fast"),
        pytest.param("float32", {"bfloat16": True}, "float32", id="four bytes stay"),
    ],
)
def test_pick_dtype(stored: str, fast: dict[str, bool], picked: str) -> None:
    """The device decides between formats of two bytes."""
    assert pick_dtype(stored, "cpu", fast) == picked


@pytest.mark.parametrize(
    ("free", "said"),
    [
        pytest.param(
            2e9, "quantize='int8', or a model of up to 0.9 billion", id="int8"
        ),
        pytest.param(5e8, "would fit: a model of up to 0.1 billion", id="smaller only"),
    ],
)
def test_what_fits(free: float, said: str) -> None:
    """What is too large names the size that would fit."""
    assert said in what_fits(1_236_000_000, free)


def test_smaller_weights_need_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without torchao, one sentence has the command that installs it."""
    monkeypatch.setitem(sys.modules, "torchao", None)
    told = f"'torchao': {install_command('torchao', 'quantized')}"
    with pytest.raises(MissingPackage, match=re.escape(told)):
        quantization("int8")
