from __future__ import annotations

import sys

import pytest

from agentkit.backends.checkpoint import trim_memory


def resident() -> int:
    """Memory of this process in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="Linux gives memory back")
def test_freed_memory_goes_back() -> None:
    """What was freed in small pieces does not stay with the process."""
    pieces = [bytes(1000) for _ in range(50_000)]
    held = pieces[-1]
    full = resident()
    del pieces
    if not trim_memory():
        pytest.skip("this C library gives nothing back")
    assert len(held) == 1000
    assert full - resident() > 20_000_000


@pytest.mark.skipif(sys.platform == "linux", reason="elsewhere")
def test_elsewhere_it_is_left_to_the_system() -> None:
    """On other platforms nothing is done."""
    assert not trim_memory()
