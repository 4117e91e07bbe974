"""An entry of the journal: its fields, its key, its row in the table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal, cast

from pydantic_core import to_jsonable_python

from agentkit.context import Context
from agentkit.errors import CorruptStore
from agentkit.messages.secret_text import (
    digest,
    hidden,
    hide,
    secrets_in,
    without_secrets,
)
from agentkit.stores.secrets import Cipher
from agentkit.tools import Effect

State = Literal["begun", "done", "failed", "undoing", "undone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A side effect that is about to be carried out.

    Attributes:
        key: names the intent: the same for every try of it.
        meaning: the same for calls of one run that would do the same, however written.
        run_id: the run that asked for it.
        step: the run's step, 1 for the first.
        tool: the tool's name.
        effect: what the tool does to the world.
        arguments: as the model wrote them.
        clock: the time the run saw, ISO 8601.
        request: the user's words, shortened.
    """

    key: str
    meaning: str
    run_id: str
    step: int
    tool: str
    effect: Effect
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    clock: str
    request: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One line of the journal.

    Attributes:
        number: 1 for the first.
        intent: what was wanted.
        state: `begun` until its fate is known; `failed` when it was not done;
            `undoing` when taking it back was cut off.
        began: when the intent was written, ISO 8601.
        ended: when its fate was, or it was taken back; empty before.
        result: what the tool returned, as JSON-like data; why not, when failed.
        said: what was done, in words.
        note: what came of settling or taking it back; empty when nothing did.
        forgotten: its texts were wiped: it is old, or its session was deleted.
    """

    number: int
    intent: Intent
    state: State
    began: str
    ended: str = ""
    result: Any = None
    said: str = ""
    note: str = ""
    forgotten: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data, the shape of `journal --json`."""
        return {
            "number": self.number,
            "state": self.state,
            "tool": self.intent.tool,
            "effect": self.intent.effect,
            "arguments": dict(self.intent.arguments),
            "began": self.began,
            "ended": self.ended,
            "run_id": self.intent.run_id,
            "step": self.intent.step,
            "request": self.intent.request,
            "result": self.result,
            "said": self.said,
            "note": self.note,
            "forgotten": self.forgotten,
            "key": self.intent.key,
        }


_encoder = json.JSONEncoder(sort_keys=True, default=str)


def intent_key(run_id: str, tool: str, arguments: Mapping[str, Any]) -> str:
    """Return the key of an intent: the same each time that a run tries it.

    Args:
        run_id: the run that asks.
        tool: the tool's name.
        arguments: as they are written, in any order.
    """
    return _hash(run_id, tool, _known_again(arguments, run_id))


def _known_again(arguments: Mapping[str, Any], run_id: str) -> Any:
    """Return arguments with secrets replaced by digests, which still differ."""
    return without_secrets(dict(arguments), lambda secret: digest(secret, run_id))


def intent_meaning(
    run_id: str,
    tool: str,
    checked: Mapping[str, Any],
    arguments: Mapping[str, Any] | None = None,
) -> str:
    """Return a hash of what a call will do, by its checked values and defaults.

    Args:
        run_id: the run that asks.
        tool: the tool's name.
        checked: the values; those that are secrets all look alike.
        arguments: as they are written, which tells secrets apart.
    """
    # The context is injected, and another object in each run.
    values = {k: _plain(v) for k, v in checked.items() if not isinstance(v, Context)}
    told = [digest(secret, run_id) for secret in secrets_in(arguments)]
    values |= {"secrets": told} if told else {}
    try:
        # A hash, as the key stays when the texts are forgotten or sealed.
        return _hash(run_id, tool, to_jsonable_python(values, fallback=repr))
    except (ValueError, RecursionError):  # a circle
        return _hash(run_id, tool, repr(values))


def _plain(value: Any) -> Any:
    """Return a time in ISO form, without the words that named it."""
    written = getattr(value, "isoformat", None)
    return written() if callable(written) else value


def _hash(run_id: str, tool: str, values: Any) -> str:
    return sha256(canonical([run_id, tool, values]).encode()).hexdigest()


def canonical(values: Any) -> str:
    """Write JSON-like values so that equal ones are written alike."""
    try:
        return _encoder.encode(values)
    except (TypeError, ValueError):  # keys of several types, or a circle
        return json.dumps(repr(values))


WRITTEN = (
    "key, meaning, run_id, step, tool, effect, arguments, clock, request, state, "
    "began, ended, result, said, note, forgotten"
)
COLUMNS = f"number, {WRITTEN}"
# What holds words of the user's, of others or of a tool.
TEXTS = ("arguments", "request", "result", "said", "note")
_DAMAGED = "what was written of it is damaged and cannot be read"


def place_of(key: str, column: str) -> str:
    """Return the place of a value, which its seal is bound to."""
    return f"effects {key} {column}"


def sealed(cipher: Cipher, key: str, **texts: str) -> tuple[str | bytes, ...]:
    """Seal texts of one entry, by column, in the order given."""
    return tuple(
        cipher.seal(storable(text), place_of(key, column))
        for column, text in texts.items()
    )


def opening_values(cipher: Cipher, intent: Intent, now: str) -> tuple[object, ...]:
    """Return what is written of an intent before it is carried out."""
    arguments, request, result, said, note = sealed(
        cipher,
        intent.key,
        arguments=canonical(without_secrets(dict(intent.arguments), hidden)),
        request=hide(intent.request, secrets_in(intent.arguments)),
        result="null",
        said="",
        note="",
    )
    return (
        *(intent.key, intent.meaning, intent.run_id, intent.step, intent.tool),
        *(intent.effect, arguments, intent.clock, request, "begun", now),
        *("", result, said, note, 0),
    )


def resealed(
    before: Cipher, after: Cipher, key: str, stored: Iterable[object]
) -> tuple[str | bytes, ...]:
    """Seal an entry's texts with another cipher; empty texts where they are damaged."""
    try:
        texts = [
            before.unseal(value, place_of(key, column))
            for column, value in zip(TEXTS, stored, strict=True)
        ]
    except CorruptStore:
        # Changing the key must not fail for one bad row: that would leave the file half
        # sealed.
        return forgotten(after, key)
    return sealed(after, key, **dict(zip(TEXTS, texts, strict=True)))


def forgotten(cipher: Cipher, key: str) -> tuple[str | bytes, ...]:
    """Return the texts of an entry that was forgotten, in the order of `TEXTS`."""
    texts = {"arguments": "{}", "result": "null"}
    return sealed(cipher, key, **{name: texts.get(name, "") for name in TEXTS})


def entry_of(row: tuple[Any, ...], cipher: Cipher) -> JournalEntry:
    """Read an entry from its row; of a damaged one, its open columns."""
    number, key, meaning, run_id, step, tool, effect, arguments, clock, request = row[
        :10
    ]
    state, began, ended, result, said, note, forgotten = row[10:]

    def text(stored: object, column: str) -> str:
        return cipher.unseal(stored, place_of(key, column))

    read: tuple[dict[str, Any], str, Any, str, str]
    try:
        read = (
            _object(json.loads(text(arguments, "arguments"))),
            text(request, "request"),
            json.loads(text(result, "result")),
            text(said, "said"),
            text(note, "note"),
        )
    except (CorruptStore, ValueError):
        # The open columns still say which tool did something and when, so the list
        # shows it.
        read = ({}, "", None, "", _DAMAGED)
    return JournalEntry(
        number=number,
        intent=Intent(
            key=key,
            meaning=meaning,
            run_id=run_id,
            step=step,
            tool=tool,
            effect=effect,
            arguments=read[0],
            clock=clock,
            request=read[1],
        ),
        state=state,
        began=began,
        ended=ended,
        result=read[2],
        said=read[3],
        note=read[4],
        forgotten=bool(forgotten),
    )


def storable(text: str) -> str:
    """Return a text with what is no Unicode, such as half a surrogate pair, escaped."""
    # SQLite stores UTF-8: a lone surrogate, as some models emit, would end the call
    # before it began.
    return text.encode("utf-8", "backslashreplace").decode()


def _object(loaded: Any) -> dict[str, Any]:
    """Return arguments; those that were no JSON are kept as one text."""
    return cast(dict[str, Any], loaded) if isinstance(loaded, dict) else {"": loaded}
