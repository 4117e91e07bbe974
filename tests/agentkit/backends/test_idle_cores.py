"""How many cores a model takes beside other work."""

from __future__ import annotations

import pytest

from agentkit.backends.gguf_loader import cores, idle_cores


@pytest.mark.parametrize("load", [0.0, 0.4])
def test_an_idle_device_gives_all_its_cores(load: float) -> None:
    """What looking costs is no work of others."""
    assert idle_cores(load) == cores()


def test_a_busy_device_gives_one() -> None:
    """However many processes wait, a model runs."""
    assert idle_cores(100.0) == 1
