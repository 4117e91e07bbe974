"""The stable JSON form of conversations and outcomes.

Every form names its version. A record is an object whose key `is` names its type,
with the fields that differ from their defaults, so that a field that is added
later, with a default, is read from older files.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from types import UnionType
from typing import (
    Any,
    ClassVar,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from agentkit.backends.usage import Usage
from agentkit.errors import CorruptStore, StoreError
from agentkit.messages import Dependency, Label, Message, Question, ToolCall, ToolResult
from agentkit.messages.images import Image
from agentkit.messages.secret_text import LOST, SecretText, hidden_within
from agentkit.outcomes import (
    Approval,
    Delegation,
    Done,
    NeedsApproval,
    NeedsInput,
    Stopped,
)
from agentkit.routing import Route
from agentkit.safety.provenance import (
    Content,
    Identifier,
    Plain,
    Recipient,
    Role,
    StandingRule,
    Sum,
    Trace,
    Url,
)

# Of the form: a newer one is refused, and not guessed at.
VERSION = 1

# bool is an int to isinstance, and JSON has it as well.
_SIMPLE = (str, int, type(None))
# What stands in files; it stays when a class gets another name.
_BY_NAME: dict[str, type[Any]] = {
    "Approval": Approval,
    "Call": ToolCall,
    "Content": Content,
    "Delegation": Delegation,
    "Dependency": Dependency,
    "Done": Done,
    "Identifier": Identifier,
    "Image": Image,
    "Label": Label,
    "Message": Message,
    "NeedsApproval": NeedsApproval,
    "NeedsInput": NeedsInput,
    "Plain": Plain,
    "Question": Question,
    "Recipient": Recipient,
    "Result": ToolResult,
    "Role": Role,
    "Route": Route,
    "StandingRule": StandingRule,
    "Stopped": Stopped,
    "Sum": Sum,
    "Trace": Trace,
    "Url": Url,
    "Usage": Usage,
}
_NAMES = {kind: name for name, kind in _BY_NAME.items()}

# A circle is found before: `_plain` does not end in one.
_encoder = json.JSONEncoder(
    separators=(",", ":"), allow_nan=False, check_circular=False
)

T = TypeVar("T")


def to_json(value: object) -> str:
    """Write a record, a conversation or JSON-like data; ASCII only.

    Raises:
        StoreError: it holds something that has no JSON form.
    """
    try:
        secrets: set[str] = set()
        plain = _plain(value, secrets)
        # A secret stands in what was said and asked, too.
        told = hidden_within(plain, secrets) if secrets else plain
        return _encoder.encode({"version": VERSION, "value": told})
    except (ValueError, RecursionError) as exc:
        raise StoreError(f"this cannot be saved: {exc}") from exc


def from_json(text: str, kind: type[T]) -> T:
    """Read back what `to_json` wrote.

    Args:
        text: the JSON.
        kind: what it must be.

    Raises:
        StoreError: a newer version wrote it.
        CorruptStore: it is damaged, or something else.
    """
    try:
        whole = json.loads(text)
        version = whole["version"]
        if isinstance(version, int) and version > VERSION:
            raise StoreError(
                f"this was saved in form {version}, and this agentkit reads up to "
                f"{VERSION}: update agentkit"
            )
        if version != VERSION:
            raise CorruptStore(f"there is no form of version {version!r}")
        value = _restored(whole["value"])
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        # An error of JSON quotes what it read: 300 characters keep a message of a
        # session out of a terminal.
        raise CorruptStore(f"saved data is damaged: {exc!r}"[:300]) from exc
    if not isinstance(value, kind):
        raise CorruptStore(
            f"saved data is a {type(value).__name__}, not a {kind.__name__}"
        )
    return value


def _plain(value: object, found: set[str]) -> Any:
    # First: it is a str, and would be written.
    if isinstance(value, SecretText):
        found.add(value)
        return {"is": "secret"}
    if isinstance(value, _SIMPLE):
        return value
    if isinstance(value, float):
        # JSON has no word for infinity and "no number".
        return value if math.isfinite(value) else {"is": "float", "value": str(value)}
    if isinstance(value, Label):
        return _plain_label(value)
    if type(value) in _NAMES:
        return _plain_record(value, found)
    if isinstance(value, list):
        return [_plain(item, found) for item in cast(list[object], value)]
    if isinstance(value, tuple):
        items = [_plain(item, found) for item in cast(tuple[object, ...], value)]
        return {"is": "tuple", "items": items}
    if isinstance(value, Mapping):
        return _plain_mapping(cast(Mapping[object, object], value), found)
    raise ValueError(f"{value!r:.80} is a {type(value).__name__}, which is no JSON")


def _plain_mapping(value: Mapping[object, object], found: set[str]) -> Any:
    # A key "is" of the user's data would be read as a record: such a mapping goes as
    # pairs.
    simple = all(isinstance(key, str) for key in value) and "is" not in value
    if simple:
        return {key: _plain(item, found) for key, item in value.items()}
    pairs = [[_plain(key, found), _plain(item, found)] for key, item in value.items()]
    return {"is": "map", "items": pairs}


@cache
def _plain_label(label: Label) -> dict[str, Any]:
    return _plain_record(label, set())


def _plain_record(value: Any, found: set[str]) -> dict[str, Any]:
    kind = _NAMES[type(value)]
    written: dict[str, Any] = {"is": kind}
    for name, default, is_tuple in _fields(kind):
        item: Any = getattr(value, name)
        # By type too: False equals 0, and a default of 0 must not swallow it.
        if type(item) is type(default) and item == default:
            continue
        written[name] = _plain(list(cast(Any, item)) if is_tuple else item, found)
    return written


@cache
def _fields(kind: str) -> tuple[tuple[str, object, bool], ...]:
    """Return a record's fields, their defaults, and which of them are tuples.

    The default of a field that has none is `MISSING`. A field that is not kept is left
    out. A tuple is written as a list, since the field's type says what it is.
    """
    hints = _hints(kind)
    return tuple(
        (
            field.name,
            field.default
            if field.default_factory is MISSING
            else field.default_factory(),
            get_origin(hints[field.name]) is tuple,
        )
        for field in fields(_BY_NAME[kind])
        if field.metadata.get("kept", True)
    )


def _restored(value: object) -> Any:
    if isinstance(value, list):
        return [_restored(item) for item in cast(list[object], value)]
    if not isinstance(value, dict):
        return value
    given = cast(dict[str, Any], value)
    kind = given.get("is")
    if kind is None:
        return {key: _restored(item) for key, item in given.items()}
    if kind == "secret":
        return LOST
    if kind == "float":
        return float(given["value"])
    if kind == "tuple":
        return tuple(_restored(given["items"]))
    if kind == "map":
        return {_restored(key): _restored(item) for key, item in given["items"]}
    return _record(kind, {k: v for k, v in given.items() if k != "is"})


def _record(kind: str, given: dict[str, Any]) -> Any:
    hints = _hints(kind)
    values = {
        name: _fit(_restored(item), hints[name], f"{kind}.{name}")
        for name, item in given.items()
    }
    return _BY_NAME[kind](**values)


@cache
def _hints(name: str) -> dict[str, Any]:
    hints = get_type_hints(_BY_NAME[name])
    return {k: hint for k, hint in hints.items() if get_origin(hint) is not ClassVar}


def _fit(value: object, hint: Any, where: str) -> Any:
    """Return a field's value in the type of the field.

    Raises:
        ValueError: it does not fit.
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any or (origin is Literal and value in arguments):
        return value
    if origin is tuple and isinstance(value, list):
        items = cast(list[object], value)
        return tuple(_fit(item, arguments[0], where) for item in items)
    if origin in (Union, UnionType):
        return _fit(value, type(None) if value is None else arguments[0], where)
    plain = cast(object, origin or hint)
    # JSON writes 1.0 and 1 alike in some programs.
    fitting = (int, float) if plain is float else plain
    if isinstance(plain, type) and isinstance(value, cast(type[Any], fitting)):
        return value
    raise ValueError(f"{where} is {value!r:.60}")
