"""What is kept of a compiled toolset is all of it."""

from __future__ import annotations

import json

import pytest

from agentkit.backends.reflex.compiled import compile_toolset
from agentkit.backends.reflex.kits import data_of, kit_for, kit_of
from agentkit.backends.reflex.patterns import Kit
from agentkit.discovery import installed_tools
from agentkit.tools import Toolset


@pytest.fixture(scope="module")
def bundled() -> Toolset:
    """The bundled tools."""
    return installed_tools()


@pytest.fixture(scope="module")
def compiled(bundled: Toolset) -> Kit:
    """The kit of the bundled tools, as it was compiled."""
    return compile_toolset(bundled)


def whole(kit: Kit) -> tuple[object, ...]:
    """All that a kit holds, so that two can be compared."""
    return (kit.params, kit.patterns, kit.index, kit.loose, kit.vocabulary)


def test_nothing_is_lost_as_json(compiled: Kit) -> None:
    """A kit that went through JSON is equal to the one that was compiled."""
    told = json.loads(json.dumps(data_of(compiled)))
    assert whole(kit_of(told)) == whole(compiled)


def test_a_pattern_is_made_once(compiled: Kit) -> None:
    """A kit makes each of its patterns when it is looked at, and not again."""
    kept = kit_of(data_of(compiled))
    assert kept.size == len(compiled.patterns)
    assert kept.pattern(3) == compiled.pattern(3)
    assert kept.pattern(3) is kept.pattern(3)


def test_the_kit_of_a_toolset_is_the_compiled_one(
    bundled: Toolset, compiled: Kit
) -> None:
    """Whether it was kept or is compiled now, a toolset has the same kit."""
    assert whole(kit_for(bundled)) == whole(compiled)
    few = bundled.select(["tell_time"])
    assert whole(kit_for(few)) == whole(compile_toolset(few))
