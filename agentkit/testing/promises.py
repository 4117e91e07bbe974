"""Holds a backend to its promises without pytest, and lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from traceback import extract_tb
from unittest import SkipTest

from agentkit.backends.base import (
    Backend,
)
from agentkit.testing.contract import BackendContract


class _Given(BackendContract):
    """The promises of a backend that a function makes."""

    def __init__(self, make_backend: Callable[[], Backend]) -> None:
        self._make_backend = make_backend

    def make_backend(self) -> Backend:
        return self._make_backend()


def check_backend(
    make_backend: Callable[[], Backend],
    *,
    deterministic: bool = True,
    too_long: str = "",
) -> dict[str, str]:
    """Hold a backend to its promises, without pytest.

    Args:
        make_backend: makes the backend, anew for each promise.
        deterministic: whether the same request gets the same answer twice.
        too_long: a text that is beyond what it takes; none when empty.

    Returns:
        What each promise came to: `kept`, or `skipped: why`.

    Raises:
        AssertionError: promises are broken; all of them are listed.
    """
    contract = _Given(make_backend)
    contract.deterministic, contract.too_long = deterministic, too_long
    found = {name: _tried(getattr(contract, name)) for name in promises()}
    broken = [f"{name}: {told}" for name, told in found.items() if _is_broken(told)]
    if broken:
        raise AssertionError("broken promises:\n  " + "\n  ".join(broken))
    return found


def promises() -> Mapping[str, str]:
    """Return the name of every test and the promise that it is about."""
    return {
        name: (getattr(BackendContract, name).__doc__ or "").strip()
        for name in vars(BackendContract)
        if name.startswith("test_")
    }


def _tried(test: Callable[[], None]) -> str:
    try:
        test()
    except SkipTest as exc:
        return f"skipped: {exc}"
    # asyncio's has no words.
    except TimeoutError:
        return "TimeoutError: no answer came in time"
    except Exception as exc:
        return f"{type(exc).__name__}: {str(exc).strip() or _raised_at(exc)}"
    return "kept"


def _raised_at(exc: Exception) -> str:
    """Return where an error without a message was raised."""
    place = extract_tb(exc.__traceback__)[-1]
    return f"raised without words in {place.name}, {place.filename}:{place.lineno}"


def _is_broken(told: str) -> bool:
    return told != "kept" and not told.startswith("skipped: ")
