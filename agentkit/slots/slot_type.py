"""A slot type as Pydantic sees it: text in, text out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentkit.context import Context


def slot_schema(read: Callable[[Any, Any], Any], write: Callable[[Any], str]) -> Any:
    """Make the core schema of a slot type.

    Args:
        read: value and validation info to the slot's value; ValueError when it is none.
        write: the slot's value to text.
    """
    # Pydantic is loaded by whoever asks for a schema, never by this module.
    from pydantic_core import core_schema

    return core_schema.with_info_plain_validator_function(
        read,
        serialization=core_schema.plain_serializer_function_ser_schema(
            write, return_schema=core_schema.str_schema()
        ),
        json_schema_input_schema=core_schema.str_schema(),
    )


def given_context(info: Any) -> Context[Any] | None:
    """Return the context that a value is read in; None where none was given."""
    # Pydantic passes on whatever context the caller gave, which may be another
    # library's.
    given = info.context
    return given if isinstance(given, Context) else None  # pyright: ignore[reportUnknownVariableType]
