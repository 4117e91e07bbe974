from __future__ import annotations

import re
import sys

import pytest

from agentkit.backends.weights import (
    find_device,
    pick_dtype,
    quantization,
    what_fits,
)
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
    ("device_map", "device"),
    [
        pytest.param("cuda:1", "cuda", id="one by name"),
        pytest.param({"": "cpu"}, "cpu", id="all on the processor"),
        pytest.param({"a": 0, "b": 1, "c": "cpu"}, "cuda", id="most on GPUs"),
        pytest.param(
            {"a": 0, "b": "cpu", "c": "cpu"}, "cpu", id="most on the processor"
        ),
    ],
)
def test_the_device_of_most_layers(
    device_map: str | dict[str, int | str], device: str
) -> None:
    """Number format and memory are those of the device that has most of the layers."""
    assert find_device(device_map) == device


@pytest.mark.parametrize("spread", ["balanced", "balanced_low_0", "sequential"])
def test_ways_to_spread_a_model_name_no_device(spread: str) -> None:
    """How accelerate shares out layers is no device: the one that is there counts."""
    pytest.importorskip("torch")
    assert find_device(spread) == find_device("auto")


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
