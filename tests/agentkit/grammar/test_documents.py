"""Plain documents: what their schemas forbid is refused, and what they allow is taken."""

from __future__ import annotations

from typing import Any

import pytest

from agentkit import Context, Toolset
from agentkit.errors import InvalidArguments
from agentkit.grammar import compile_grammar, make_grammar
from tests.agentkit.grammar.walks import fits, small_tokenizer

INT, TEXT = {"type": "integer"}, {"type": "string"}
# A schema, a value that it forbids, and one that it allows.
CASES: dict[str, tuple[dict[str, Any], Any, Any]] = {
    "least": ({**INT, "minimum": 1}, 0, 1),
    "above": ({"type": "number", "exclusiveMinimum": 0}, 0, 0.5),
    "above, as written before": (
        {"type": "number", "minimum": 0, "exclusiveMinimum": True}, 0, 0.5),
    "short": ({**TEXT, "minLength": 2}, "a", "ab"),
    "long": ({**TEXT, "maxLength": 2}, "abc", "ab"),
    "few items": ({"type": "array", "items": INT, "minItems": 2}, [1], [1, 2]),
    "one item": ({"type": "array", "items": INT, "maxItems": 1}, [1, 2], [1]),
    "constant": ({"const": "x"}, "y", "x"),
    "null beside a bound": ({"type": ["integer", "null"], "minimum": 2}, 1, None),
    "nullable": ({**TEXT, "nullable": True}, 3, None),
    "nullable choice": ({**TEXT, "enum": ["a"], "nullable": True}, "c", None),
    "nullable part": ({"allOf": [INT], "nullable": True}, "x", None),
    "no places": ({"type": "array", "items": []}, "x", [1, "a"]),
    "bound of one option": (
        {"anyOf": [{**INT, "minimum": 3}, TEXT]}, 1, "a"),
    "places": ({"type": "array", "items": [INT, TEXT]}, ["a", 1], [1, "a"]),
    "places, not all": ({"type": "array", "prefixItems": [INT, TEXT]}, ["a"], [1]),
    "places, all of them": (
        {"type": "array", "items": [INT, TEXT], "minItems": 2}, [1], [1, "a"]),
    "no more places": (
        {"type": "array", "items": [INT], "additionalItems": False}, [1, 2], [1]),
    "more of a kind": (
        {"type": "array", "prefixItems": [INT], "items": TEXT}, [1, 2], [1, "a", "b"]),
    "more of a kind, as written before": (
        {"type": "array", "items": [INT], "additionalItems": TEXT}, [1, 2], [1, "a"]),
}  # fmt: skip


def toolset_of(schema: dict[str, Any]) -> Toolset:
    """Make a toolset of one tool with one argument."""
    parameters = {"type": "object", "properties": {"v": schema}, "required": ["v"]}
    document = {"name": "f", "description": "Do it.", "parameters": parameters}
    return Toolset.from_schemas([document])


@pytest.mark.parametrize("case", CASES)
def test_a_model_writes_what_a_schema_allows(case: str) -> None:
    """The grammar takes the value that the schema allows, and not the other."""
    schema, forbidden, allowed = CASES[case]
    grammar = make_grammar(toolset_of(schema))

    def writable(value: Any) -> bool:
        guide = compile_grammar(grammar, small_tokenizer())
        return fits(guide, f"[f(v={value!r})]")

    assert writable(allowed)
    assert not writable(forbidden)


@pytest.mark.parametrize("case", CASES)
def test_a_breach_is_told_before_a_tool_runs(case: str) -> None:
    """The validator refuses the value that the schema forbids, and takes the other."""
    schema, forbidden, allowed = CASES[case]
    tool = toolset_of(schema)["f"]
    assert tool.check({"v": allowed}, Context())["v"] == allowed
    with pytest.raises(InvalidArguments):
        tool.check({"v": forbidden}, Context())
