"""Secrets among the arguments of calls: used in memory, and written nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from hashlib import scrypt
from typing import Any, TypeGuard, cast

HIDDEN = "[secret]"
# Characters: a shorter secret stands in ordinary words, which would be made unreadable.
_LEAST = 4
# A secret may be a short password: what is kept to know it again is made slow to guess.
_COST, _BLOCK, _LANES = 2**14, 8, 1


class SecretText(str):
    """A text that a tool takes as a secret; equal to the text, and shown nowhere."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(HIDDEN)


# What stands where a secret was, once it was read back from a file.
LOST = SecretText(HIDDEN)


def secrets_in(value: object) -> Iterator[SecretText]:
    """Yield the secrets inside of JSON-like data."""
    # Only the marked ones: the same letters elsewhere may be anybody's.
    if isinstance(value, SecretText):
        yield value
    elif isinstance(value, Mapping):
        for item in cast(Mapping[str, object], value).values():
            yield from secrets_in(item)
    elif isinstance(value, list | tuple):
        for item in cast(list[object], value):
            yield from secrets_in(item)


def without_secrets(value: Any, instead: Callable[[SecretText], str]) -> Any:
    """Return JSON-like data with something in the place of each secret."""
    if isinstance(value, SecretText):
        return instead(value)
    if isinstance(value, Mapping):
        items = cast(Mapping[str, Any], value).items()
        return {key: without_secrets(item, instead) for key, item in items}
    if isinstance(value, list | tuple):
        return [without_secrets(one, instead) for one in cast("list[Any]", value)]
    return value


def hidden(_: SecretText) -> str:
    """Return the mark that is written to a file in place of a secret."""
    return HIDDEN


def digest(secret: SecretText, salt: str) -> str:
    """Return a slow hash by which a secret is recognized, and hard to guess.

    Args:
        secret: what is kept out.
        salt: what it is used for: the same secret elsewhere looks another.
    """
    return scrypt(
        secret.encode(), salt=salt.encode(), n=_COST, r=_BLOCK, p=_LANES
    ).hex()


def hide(text: str, secrets: Iterable[str]) -> str:
    """Take secrets out of a text; very short ones stay, as they stand in other words."""
    # The longest first: one secret may be the beginning of another.
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _LEAST:
            text = text.replace(secret, HIDDEN)
    return text


# What these hold is no text of anybody's: a secret such as "user" stands there by chance.
_STRUCTURE = frozenset(
    [
        "is",
        "version",
        "role",
        "status",
        "origin",
        "privacy",
        "trust",
        "effect",
        "kind",
        "ground",
        "state",
        "tool",
        "name",
    ]
)


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def hidden_within(value: Any, secrets: Collection[str]) -> Any:
    """Take secrets out of the texts of JSON-like data; its names stay."""
    if isinstance(value, str):
        return hide(value, secrets)
    if isinstance(value, dict):
        items = cast(dict[str, Any], value).items()
        return {
            key: item if key in _STRUCTURE else hidden_within(item, secrets)
            for key, item in items
        }
    if _is_list(value):
        return [hidden_within(one, secrets) for one in value]
    return value


def hide_in_json(document: str, secrets: Collection[str]) -> str:
    """Take secrets out of the texts of a JSON document; its names stay."""
    if not secrets:
        return document
    return json.dumps(hidden_within(json.loads(document), secrets))
