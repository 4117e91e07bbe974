"""Tools that were written for other libraries: defaults, docstrings, older schemas."""

from __future__ import annotations

from typing import Annotated, Any, Optional

import pytest
from pydantic import Field

from agentkit import Context, tool
from agentkit.errors import InvalidArguments
from agentkit.tools.schema.docstrings import parse_docstring
from agentkit.tools.schema.document_signatures import signature_of_document


@tool(effect="read")
def with_fields(
    count: int = Field(5, ge=1),
    told: str = Field(..., description="What is said."),
    both: Annotated[int, Field(le=9)] = Field(7, description="Both ways."),
    noted: Annotated[Optional[str], "In words."] = None,  # noqa: UP045
) -> str:
    """Use defaults that are fields.

    Args:
        count: how often.
    """
    return f"{count} {told} {both} {noted}"


def test_a_field_as_default_is_read() -> None:
    """Its default, bounds and description hold, and the field reaches no function."""
    properties = with_fields.parameters["properties"]
    told = {name: one.get("description") for name, one in properties.items()}
    assert told == {
        "count": "how often.", "told": "What is said.", "both": "Both ways.",
        "noted": "In words.",
    }  # fmt: skip
    assert with_fields.parameters["required"] == ["told"]
    checked = with_fields.check({"told": "x"}, Context())
    assert with_fields.invoke(checked) == "5 x 7 None"


@pytest.mark.parametrize("wrong", [{"count": 0}, {"both": 10}, {"told": 5}])
def test_the_bounds_of_a_field_hold(wrong: dict[str, Any]) -> None:
    """They stand in the default, in the annotation, or in both."""
    with pytest.raises(InvalidArguments):
        with_fields.check({"told": "x", **wrong}, Context())


DOCSTRINGS = {
    "numpy": "Add.\n\nParameters\n----------\nfirst : int\n    The first.\nsecond, third\n"
             "    The others,\n    all.\n\nReturns\n-------\nint\n    Sum.\n",
    "sphinx": "Add.\n\n:param first: The first.\n:type first: int\n"
              ":param int second: The others,\n    all.\n:param third: The others, all.\n"
              ":returns: sum\n",
    "google": "Add.\n\nArgs:\n    first (int): The first.\n    second: The others,\n"
              "        all.\n    third: The others, all.\n\nReturns:\n    Sum.\n",
}  # fmt: skip


@pytest.mark.parametrize("text", DOCSTRINGS.values(), ids=DOCSTRINGS)
def test_docstrings_of_three_kinds(text: str) -> None:
    """They say the same."""
    found = parse_docstring(text)
    assert found.description == "Add."
    assert found.parameters == {
        "first": "The first.", "second": "The others, all.", "third": "The others, all.",
    }  # fmt: skip


PAIR = {"type": "array", "items": [{"type": "integer"}, {"type": "string"}]}
MAYBE = {"type": "string", "nullable": True}
PICK = {"type": "string", "enum": ["a", "b"], "nullable": True}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (PAIR, [[1, "x"], [1], [], [1, "x", 3.5]], [["x", 1], [1, 2], "x"]),
        ({"prefixItems": PAIR["items"]}, [[1, "x"]], [["x", 1]]),
        (MAYBE, ["x", None], [5]),
        (PICK, ["a", None], ["c"]),
    ],
    ids=["a list of items", "items in their order", "nullable", "nullable names"],
)
def test_older_schemas_hold(
    schema: dict[str, Any], good: list[Any], bad: list[Any]
) -> None:
    """What they allow is taken, and what they do not is refused."""
    signature = signature_of_document(
        {"type": "object", "properties": {"v": schema}, "required": ["v"]}
    )

    def check(value: Any) -> Any:
        return signature.validate({"v": value}, Context())["v"]

    assert [check(value) for value in good] == good
    for value in bad:
        with pytest.raises(InvalidArguments):
            check(value)
