"""Where each argument of a call comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentkit.messages import Call
from agentkit.provenance.evidence import (
    Evidence,
    Ground,
    Record,
    Source,
    is_person_key,
    mail_names,
)
from agentkit.provenance.forms import (
    MAILBOX,
    addresses,
    numbers,
    page,
    plain,
    scalars,
    words,
)
from agentkit.provenance.roles import Role, roles_of
from agentkit.tools import AnyTool

_MINOR = ("cents", "cent", "pence", "minor", "minor_units")
_WORDS_OF: Mapping[Ground, str] = {
    "user": "your words",
    "linked": "what you named, in {source}",
    "field": "{source}",
    "text": "text that somebody else wrote, in {source}",
    "nowhere": "nobody's words",
}


@dataclass(frozen=True, slots=True)
class Trace:
    """Where one value of a call comes from.

    Attributes:
        argument: its name.
        value: the value, or one of a list, as text.
        role: what it decides.
        ground: `user` the user's words; `linked` a field of something the user
            named; `field` a field of another result; `text` running text of somebody
            else, or a result that such text chose; `nowhere`.
        source: what it was found in, in words; empty for `nowhere`.
    """

    argument: str
    value: str
    role: Role
    ground: Ground
    source: str = ""

    def __str__(self) -> str:
        where = _WORDS_OF[self.ground].format(source=self.source)
        return f"{self.argument} {self.value!r} comes from {where}"


def trace_call(call: Call, tool: AnyTool, evidence: Evidence) -> tuple[Trace, ...]:
    """Trace every value of a call's arguments, in order."""
    roles = roles_of(tool)
    return tuple(
        _trace(name, value, roles.get(name, Role()), evidence)
        for name, argument in call.arguments.items()
        for value in _values(argument, roles.get(name, Role()))
    )


def _values(argument: Any, role: Role) -> Iterator[str]:
    for text in scalars(argument):
        found = addresses(text)
        if role.kind == "recipient" and len(found) > 1:
            yield from found
        else:
            yield text


def _trace(name: str, value: str, role: Role, evidence: Evidence) -> Trace:
    ground, source = _ground(_in_whole(name, value, role), role, evidence)
    return Trace(name, value, role, ground, source.title if source else "")


def _in_whole(name: str, value: str, role: Role) -> str:
    """Write an amount of cents as people say it: 4000 as 40."""
    if role.kind == "amount" and value.isdigit() and name.lower().endswith(_MINOR):
        return (
            f"{int(value) / 100:g}"
            if int(value) % 100 == 0
            else f"{int(value) / 100:.2f}"
        )
    return value


def _ground(value: str, role: Role, evidence: Evidence) -> tuple[Ground, Source | None]:
    for source in evidence.user:
        if _says(source, value, role):
            return "user", source
    linked = _linked(value, role, evidence)
    if linked:
        return "linked", linked
    written = evidence.in_prose(value)
    if written:
        return "text", written
    return _in_results(value, role, evidence)


def _in_results(
    value: str, role: Role, evidence: Evidence
) -> tuple[Ground, Source | None]:
    """Find the value in a field; one of a result that others chose is theirs."""
    theirs: Source | None = None
    for source in evidence.results:
        record = _record_with(source, value)
        ours = not source.chosen
        if ours and record and not _named_by_others(record, evidence):
            return "field", source
        if ours and source.trusted and _says(source, value, role):
            return "field", source
        if record or _says(source, value, role):
            theirs = source
    return ("text", theirs) if theirs else ("nowhere", None)


def _says(source: Source, value: str, role: Role) -> bool:
    if role.kind == "amount":
        wanted = numbers(value)
        return bool(wanted) and wanted <= source.numbers
    if role.kind == "url":
        return page(value) in {*source.addresses, *map(page, source.text.split())}
    return source.says(value)


def _linked(value: str, role: Role, evidence: Evidence) -> Source | None:
    """Find a record that the user named and that has the value as a field."""
    names = evidence.names
    for source in reversed(evidence.results):
        for record in source.records:
            if not _has(record, value):
                continue
            if _is_named(record, value, role, names):
                return source
    return None


def _is_named(record: Record, value: str, role: Role, names: frozenset[str]) -> bool:
    """Tell whether the user's words single the record out.

    For who receives something only the fields that say who somebody is count: a
    subject is written by whoever sent it.
    """
    for key, text in record.fields:
        if role.kind in ("recipient", "url") and not (
            is_person_key(key) or plain(text) == plain(value)
        ):
            continue
        if any(_alike(one, name) for one in mail_names(text) for name in names):
            return True
    return False


def _alike(word: str, name: str) -> bool:
    """Tell whether two words are one, in one number: `light` and `lights`."""
    return word == name or (len(word) > 3 and word.rstrip("s") == name.rstrip("s"))


def _record_with(source: Source, value: str) -> Record | None:
    return next((record for record in source.records if _has(record, value)), None)


def _has(record: Record, value: str) -> bool:
    return any(_same(text, value) for _, text in record.fields)


def _same(text: str, value: str) -> bool:
    if plain(text) == plain(value):
        return True
    found = addresses(value)
    if len(found) != 1 or addresses(text) != found:
        return False
    # A name may stand beside an address, `Ana Ruiz <ana@home.org>`, but no sentence.
    return bool(MAILBOX.fullmatch(text.strip())) or len(words(text)) == len(
        words(value)
    )


def _named_by_others(record: Record, evidence: Evidence) -> bool:
    """Tell whether running text of somebody else points at the record."""
    return any(
        len(words(text)) > 0 and len(text) > 3 and evidence.in_prose(text)
        for _, text in record.fields
    )
