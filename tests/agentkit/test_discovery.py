"""Tools of installed packs."""

from __future__ import annotations

import pytest

from agentkit.discovery import installed_tools


@pytest.mark.parametrize(
    ("configured", "offered"),
    [(None, True), (frozenset[str](), False), (frozenset({"web"}), True)],
    ids=["settings unknown", "none", "set"],
)
def test_a_pack_that_needs_settings_is_offered_with_them(
    configured: frozenset[str] | None, offered: bool
) -> None:
    """No model is shown a tool that can only say that it is not set up."""
    names = installed_tools(frozenset({"web", "clock"}), configured).names
    assert ("search_web" in names) is offered
