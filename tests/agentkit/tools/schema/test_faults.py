"""What a value must be, in words that settings and arguments share."""

from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from agentkit.tools.schema.faults import must_be

SAID = {
    "whole number": (int, "x", "must be a whole number"),
    "bound": (Annotated[int, Field(ge=1)], 0, "must be at least 1"),
    "whole float": (Annotated[float, Field(le=600.0)], 601, "must be at most 600"),
    "broken float": (Annotated[float, Field(gt=0.5)], 0.1, "must be more than 0.5"),
    "length": (Annotated[str, Field(min_length=2)], "a", "must have at least 2 characters"),
    "not known": (bytes, 1, None),
}  # fmt: skip


@pytest.mark.parametrize(("hint", "value", "said"), SAID.values(), ids=list(SAID))
def test_what_a_value_must_be(hint: Any, value: object, said: str | None) -> None:
    """By the kind of the fault, with its bounds as people write them."""
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(hint).validate_python(value)
    assert must_be({**raised.value.errors()[0]}) == said
