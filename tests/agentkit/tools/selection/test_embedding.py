"""An embedding model beside the words."""

from collections.abc import Sequence

import pytest

from agentkit.errors import ConfigError
from agentkit.messages import user
from agentkit.tools import Toolset
from agentkit.tools.selection import Selector, select_tools

TOOLS = Toolset.from_schemas(
    [
        {"name": name, "description": f"{name.capitalize()} something."}
        for name in ("paint", "weld", "knit", "bake", "sail", "plough")
    ]
)


def embed(texts: Sequence[str]) -> list[list[float]]:
    """Say that yarn is about knitting, and nothing else is about anything."""
    return [[float("knit" in text.lower() or "yarn" in text), 0.1] for text in texts]


def test_a_close_tool_is_selected() -> None:
    """The model finds what no word tells."""
    said = (user("I bought some yarn"),)
    assert "knit" in select_tools(said, TOOLS, Selector(1, embed)).toolset
    assert "knit" not in select_tools(said, TOOLS, 1).toolset


def test_words_count_beside_the_model() -> None:
    """A model that sees nothing takes nothing away."""
    said = (user("bake something"),)
    assert "bake" in select_tools(said, TOOLS, Selector(2, embed)).toolset


def test_a_model_that_loses_vectors_is_refused() -> None:
    """One vector for each text, or an error that says so."""
    with pytest.raises(ConfigError, match="one for each"):
        select_tools((user("bake"),), TOOLS, Selector(2, lambda texts: [[1.0]]))
