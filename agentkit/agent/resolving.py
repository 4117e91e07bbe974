"""The ladder of backends that an application's choice means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from agentkit.backends.auto import pick_backend
from agentkit.backends.base import Backend
from agentkit.errors import ConfigError


def resolve(
    backend: str | Backend | Sequence[Backend],
) -> tuple[dict[str, Backend], dict[str, str]]:
    """Return the ladder by name, and why each is on it.

    Raises:
        ConfigError: there is no such backend, or two have one name.
    """
    if isinstance(backend, str):
        picked, reason = pick_backend(backend)
        return {picked.name: picked}, {picked.name: reason}
    ladder = _ladder(backend)
    if not ladder:
        raise ConfigError("backend is an empty list: give at least one backend")
    names = [item.name for item in ladder]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ConfigError(f"two backends are named {twice[0]!r}: give each its name")
    return dict(zip(names, ladder, strict=True)), {}


def _ladder(backend: Backend | Sequence[Backend]) -> list[Backend]:
    return list(backend) if isinstance(backend, Sequence) else [backend]
