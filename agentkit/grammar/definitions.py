"""What a schema's references lead to, and what its `allOf` says in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from agentkit.schema.json_schema import Schema


class Definitions:
    """The named schemas of one tool."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        """Take the tool's whole schema."""
        self._named = mapping(root.get("$defs") or root.get("definitions"))

    def __contains__(self, name: str) -> bool:
        return name in self._named

    def target(self, facts: Schema) -> Schema:
        """Return what a reference leads to, and what is said beside it."""
        if "$ref" not in facts:
            return facts
        rest = {key: value for key, value in facts.items() if key != "$ref"}
        return {**mapping(self._named.get(reference(facts))), **rest}

    def joined(self, facts: Schema) -> tuple[Schema, bool]:
        """Write `allOf` as one schema; where two say the same thing, the last counts.

        Returns:
            The schema, and whether it says all of it.
        """
        merged: Schema = {k: v for k, v in facts.items() if k != "allOf"}
        whole = True
        for part in facts["allOf"]:
            said = self.target(mapping(part))
            whole &= not merged.keys() & said.keys() - {
                "properties",
                "required",
                "type",
            }
            merged = {**merged, **said, **_union_of(merged, said)}
        return merged, whole


def mapping(value: Any) -> Schema:
    """Return a schema's part as a dict of its own; an empty one if it is no mapping."""
    return dict(cast(Mapping[str, Any], value)) if isinstance(value, Mapping) else {}


def reference(facts: Schema) -> str:
    """Return the name that a reference leads to."""
    return str(facts["$ref"]).rpartition("/")[2]


def _union_of(one: Schema, other: Schema) -> Schema:
    joined: Schema = {}
    if "properties" in one and "properties" in other:
        joined["properties"] = {**one["properties"], **other["properties"]}
    if "required" in one and "required" in other:
        joined["required"] = [*one["required"], *other["required"]]
    return joined
