"""`typing.TypedDict` before Python 3.12, where Pydantic takes that of another package."""

from __future__ import annotations

import sys
import types
import typing
from typing import Annotated, Any, Union, cast, get_args, get_origin

import typing_extensions

_TAKEN = sys.version_info >= (3, 12)


def portable(hint: Any, made: dict[Any, Any] | None = None) -> Any:
    """Return an annotation whose typed dicts Pydantic takes.

    Args:
        hint: an annotation, resolved.
        made: what was made of typed dicts so far: one may hold itself.
    """
    made = {} if made is None else made
    if _TAKEN or not _holds_typed_dict(hint, set()):
        return hint
    if typing.is_typeddict(hint):
        return made[hint] if hint in made else _rebuilt(hint, made)
    inner = tuple(portable(one, made) for one in get_args(hint))
    return _with_arguments(hint, inner)


def _holds_typed_dict(hint: Any, seen: set[int]) -> bool:
    if typing.is_typeddict(hint):
        return type(hint).__module__ == "typing"
    if id(hint) in seen:
        return False
    # By identity: some annotations, such as a list in `Literal`, have no hash.
    seen.add(id(hint))
    return any(_holds_typed_dict(one, seen) for one in get_args(hint))


def _rebuilt(hint: Any, made: dict[Any, Any]) -> Any:
    """Make the same typed dict with the other package; it is known before its fields."""
    make = cast(Any, typing_extensions.TypedDict)
    twin = make(hint.__name__, {})
    # Before its fields are read: one of them may be of its own type.
    made[hint] = twin
    fields = typing.get_type_hints(hint, include_extras=True)
    twin.__annotations__ = {key: portable(one, made) for key, one in fields.items()}
    twin.__required_keys__ = hint.__required_keys__
    twin.__optional_keys__ = hint.__optional_keys__
    twin.__total__, twin.__doc__ = hint.__total__, hint.__doc__
    twin.__module__, twin.__qualname__ = hint.__module__, hint.__qualname__
    return twin


def _with_arguments(hint: Any, arguments: tuple[Any, ...]) -> Any:
    origin = get_origin(hint)
    if origin is Annotated:
        return cast(Any, Annotated)[(arguments[0], *hint.__metadata__)]
    if origin in (types.UnionType, typing.Union):
        return cast(Any, Union)[arguments]
    return origin[arguments[0] if len(arguments) == 1 else arguments]
