"""What is wrong with a value, in words that a person or a model can act on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

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


# Characters of a wrong value that its fault repeats.
_SETTING_SHOWN = 60
# As TOML writes them; the rest is said as everywhere.
_TOML_LIST = 'must be a list, ["like", "this"]'
_IN_TOML = {
    "string_type": 'must be text in quotes, "like this"',
    "tuple_type": _TOML_LIST,
    "list_type": _TOML_LIST,
}
_WANTS_TABLE = ("model_type", "model_attributes_type", "dict_type")


def fault_in(
    error: ValidationError, tables: Mapping[str, type[BaseModel]], table: str = ""
) -> str:
    """Say what the first fault of a settings file is.

    Args:
        error: what validation raised.
        tables: the model of each table by its path, such as `router.prices`.
        table: path of the table that was validated; empty for the whole file.
    """
    first = error.errors()[0]
    place = (table, *first["loc"]) if table else first["loc"]
    key = ".".join(str(part) for part in place)
    kind, value = first["type"], first["input"]
    if kind == "extra_forbidden":
        return f"{key}: there is no such key{_instead(key, tables)}"
    if kind == "missing":
        return f"{key} is missing"
    if kind == "value_error":  # its own sentence says what it got, or hides it
        return f"{key}: {first.get('ctx', {})['error']}"
    if kind in _WANTS_TABLE:
        return f"{key}: {_setting(value)} must be a table, [{key}]"
    must = _IN_TOML.get(kind) or must_be(first) or f"cannot be: {first['msg']}"
    return f"{key}: {_setting(value)} {must}"


def _instead(key: str, tables: Mapping[str, type[BaseModel]]) -> str:
    """Suggest the key that was meant, or list the keys of its table."""
    table, _, said = key.rpartition(".")
    # The deepest table whose path the key's begins with; the whole file has the path
    # "".
    fits = [
        path for path in tables if f"{table}.".startswith(f"{path}." if path else "")
    ]
    fields = tables[max(fits, key=len)].model_fields.items()
    names = [one.alias or name for name, one in fields]
    near = get_close_matches(said, names, n=1)
    return f"; did you mean {near[0]}?" if near else f"; there are: {', '.join(names)}"


def _setting(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SETTING_SHOWN else f"{text[: _SETTING_SHOWN - 3]}..."
