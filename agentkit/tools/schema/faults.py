"""What is wrong with a value, in words that a person or a model can act on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WHOLE = "must be a whole number"
_NUMBER = "must be a number"
_LIST = "must be a list"
_OBJECT = "must be an object with named values"
_DATE = "must be a date, such as 2026-03-05"
_MOMENT = "must be a date and time, such as 2026-03-05T14:00"
_TIME = "must be a time of day, such as 14:00"
_DURATION = "must be a duration, such as PT1H30M"
_ADDRESS = "must be an address, such as https://example.org"

# By pydantic's names of faults; braces are filled from a fault's context.
_MUST: Mapping[str, str] = {
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "must be a finite number",
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must fit the pattern {pattern}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "none_required": "must be null",
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "iterable_type": _LIST,
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "time_delta_type": _DURATION,
    "time_delta_parsing": _DURATION,
    "url_type": _ADDRESS,
    "url_parsing": _ADDRESS,
    "url_scheme": "must be an address that begins with {expected_schemes}",
    "uuid_type": "must be a UUID",
    "uuid_parsing": "must be a UUID",
    "path_type": "must be a path",
}


def must_be(fault: Mapping[str, Any]) -> str | None:
    """Say what a value must be, such as `must be at least 1`.

    Args:
        fault: one of the `errors()` of a validation.

    Returns:
        The sentence without its subject; None for a fault that is not known here.
    """
    said = _MUST.get(fault["type"])
    bounds = {key: _short(bound) for key, bound in fault.get("ctx", {}).items()}
    return said.format_map(bounds) if said else None


def _short(bound: Any) -> Any:
    """Write 600.0 as 600."""
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


# Characters: a model that reads its own long value again repeats it.
_SHOWN = 80
_SENTENCE = 200


def fault_line(fault: Mapping[str, Any], known: tuple[str, ...]) -> str:
    """Say what is wrong with an argument, and what it got.

    Args:
        fault: one of the `errors()` of a validation; a fault that is not known here
            keeps its own sentence.
        known: the names of all arguments.
    """
    path, kind = ".".join(str(part) for part in fault["loc"]), fault["type"]
    if kind == "missing":
        return f"argument {path!r} is required"
    if kind == "unexpected_keyword_argument" and len(fault["loc"]) == 1:
        return f"there is no argument {path!r}; known: {', '.join(known) or 'none'}"
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        # Within an object; the names that it takes stand in its schema.
        return f"there is no {path!r}: leave it out"
    context: Mapping[str, Any] = fault.get("ctx", {})
    # A slot type's own sentence says what it got.
    if kind == "value_error":
        return f"argument {path!r}: {_cut(str(context['error']), _SENTENCE)}"
    must = must_be(fault)
    said = f" {must}" if must else f": {fault['msg']}"
    return f"argument {path!r}{said} (got {_cut(repr(fault['input']), _SHOWN)})"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 3] + "..."
