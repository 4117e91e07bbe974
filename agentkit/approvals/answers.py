"""A yes or a no, with what the user adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from agentkit.approvals.rules import Rule
from agentkit.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Approved:
    """Yes.

    Attributes:
        arguments: what to run it with instead, whole; None for what was shown.
        rule: what holds from now on.
    """

    arguments: Mapping[str, Any] | None = None
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Denied:
    """No.

    Attributes:
        reason: why, in the user's words; the model is told.
        rule: what holds from now on.
    """

    reason: str = ""
    rule: Rule | None = None


Answer: TypeAlias = Approved | Denied


def answer_of(given: object) -> Answer:
    """Read what a callback returned.

    Raises:
        ConfigError: it is neither a bool nor an answer.
    """
    if isinstance(given, Approved | Denied):
        return given
    if isinstance(given, bool):
        return Approved() if given else Denied()
    # Anything else may be truthy by accident, such as the text "no".
    raise ConfigError(
        f"approve must return True or False, Approved or Denied, not {given!r}"
    )
