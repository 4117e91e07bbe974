"""Where each argument of a call comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentkit.messages import Message, ToolCall, ToolResult
from agentkit.safety.provenance.comparison import (
    addresses,
    names_number,
    numbers,
    page,
    scalars,
    words,
)
from agentkit.safety.provenance.evidence import Evidence
from agentkit.safety.provenance.named_records import (
    has_value,
    linked_source,
    named_by_others,
    record_with,
    same_value,
)
from agentkit.safety.provenance.objects import Fields
from agentkit.safety.provenance.paraphrase import is_paraphrase
from agentkit.safety.provenance.request_words import sends
from agentkit.safety.provenance.roles import (
    AUTHOR_FIELDS,
    Kind,
    Role,
    readings_of,
    roles_of,
)
from agentkit.safety.provenance.text_source import Ground, TextSource
from agentkit.tools import AnyTool, Toolset

_WHOM: tuple[Kind, ...] = ("recipient", "url")
# Payment interfaces take cents: 12.50 that was said is 1250 there.
_MINOR = ("cents", "cent", "pence", "minor", "minor_units")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]|$)")
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
        trusted: nobody but the user and the device wrote that.
        writer: who says to have written the object that it stands in; empty where
            nobody does. Anybody may write any name there.
        written: when, as that object says, ISO 8601; empty where it does not.
    """

    argument: str
    value: str
    role: Role
    ground: Ground
    source: str = ""
    trusted: bool = False
    writer: str = ""
    written: str = ""

    def __str__(self) -> str:
        where = _WORDS_OF[self.ground].format(source=self.source)
        return f"{self.argument} {self.value!r} comes from {where}"


def trace_call(
    call: ToolCall,
    tool: AnyTool,
    evidence: Evidence,
    roles: Mapping[str, Role] | None = None,
) -> tuple[Trace, ...]:
    """Trace every value of a call's arguments, in order.

    Args:
        call: what the model asks for.
        tool: what it calls.
        evidence: what was said and read.
        roles: what each argument decides; as the tool declares it when None.
    """
    roles = roles_of(tool) if roles is None else roles
    # In what is sent, a setting may say to whom: a hotel, a shop, a room.
    kinds = _WHOM if not sends(tool) else (*_WHOM, "plain")
    own = _own_words(tool)
    return tuple(
        _trace(name, value, roles.get(name, Role()), evidence, kinds, own)
        for name, argument in call.arguments.items()
        for value in _values(argument, roles.get(name, Role()))
    )


def _own_words(tool: AnyTool) -> frozenset[str]:
    """Return the words of a tool and its arguments: "hotel" singles out no hotel."""
    names = (tool.name, *tool.parameters.get("properties", {}))
    return frozenset(word for name in names for word in words(name.replace("_", " ")))


def _values(argument: Any, role: Role) -> Iterator[str]:
    for text in scalars(argument):
        found = addresses(text)
        # Several receivers in one text are judged one by one.
        if role.kind == "recipient" and len(found) > 1:
            yield from found
        else:
            yield text


def _trace(
    name: str,
    value: str,
    role: Role,
    evidence: Evidence,
    kinds: tuple[Kind, ...],
    own: frozenset[str],
) -> Trace:
    ground, source = _ground(
        _in_whole(name, value, role), role, evidence, role.kind in kinds, own
    )
    if source is None:
        return Trace(name, value, role, ground)
    # Only of what a person is asked about need be known who wrote it.
    told = ground != "user" and role.decides
    writer, written = _writer(source, value) if told else ("", "")
    return Trace(
        name, value, role, ground, source.title, source.trusted, writer, written
    )


def _writer(source: TextSource, value: str) -> tuple[str, str]:
    """Return who wrote the object that a value stands in, and when; empty if unsaid."""
    for record in source.records:
        if has_value(record, value) or _stands_in(value, record.prose):
            fields = [(key.lower(), text) for key, text in record.fields]
            writer = next((text for key, text in fields if key in AUTHOR_FIELDS), "")
            written = next((text for _, text in fields if _MOMENT.match(text)), "")
            return writer, written
    return "", ""


def _stands_in(value: str, prose: str) -> bool:
    found = addresses(value)
    if found:
        return any(item in addresses(prose) for item in found)
    said = " ".join(words(value))
    return bool(said) and f" {said} " in f" {' '.join(words(prose))} "


def _in_whole(name: str, value: str, role: Role) -> str:
    """Write an amount of cents as people say it: 4000 as 40."""
    if role.kind == "amount" and value.isdigit() and name.lower().endswith(_MINOR):
        return (
            f"{int(value) / 100:g}"
            if int(value) % 100 == 0
            else f"{int(value) / 100:.2f}"
        )
    return value


def _ground(
    value: str, role: Role, evidence: Evidence, whom: bool, own: frozenset[str]
) -> tuple[Ground, TextSource | None]:
    # In this order: what the user said counts before what they pointed at, and both
    # before where else it stands.
    for source in evidence.user:
        if _says(source, value, role) and not _only_counts(source, value, role):
            return "user", source
    linked = linked_source(value, role, evidence, whom, own)
    if linked:
        return "linked", linked
    written = evidence.in_prose(value)
    if written:
        return "text", written
    return _in_results(value, role, evidence)


def _in_results(
    value: str, role: Role, evidence: Evidence
) -> tuple[Ground, TextSource | None]:
    """Find the value in results; a field counts as others' text if they chose it."""
    theirs: TextSource | None = None
    for source in evidence.results:
        record = record_with(source, value)
        ours = not source.chosen and not _is_author(record, value, role, source)
        # A record that a stranger's text points at was perhaps chosen by it.
        if ours and record and not named_by_others(record, evidence):
            return "field", source
        if ours and source.trusted and _says(source, value, role):
            return "field", source
        if record or _says(source, value, role):
            theirs = source
    if theirs:
        return "text", theirs
    return (
        ("user", evidence.user[-1])
        if is_paraphrase(value, role, evidence)
        else _NOWHERE
    )


_NOWHERE: tuple[Ground, None] = ("nowhere", None)


def _is_author(
    record: Fields | None, value: str, role: Role, source: TextSource
) -> bool:
    """Tell whether a receiver is only known as an author, as in "answer me"."""
    if record is None or source.trusted or role.kind != "recipient":
        return False
    keys = {key.lower() for key, text in record.fields if same_value(text, value)}
    return keys <= AUTHOR_FIELDS


def _says(source: TextSource, value: str, role: Role) -> bool:
    if role.kind == "amount":
        wanted = numbers(value)
        return bool(wanted) and wanted <= source.numbers
    if role.kind == "url":
        return page(value) in {*source.addresses, *map(page, source.text.split())}
    return source.says(value)


def _only_counts(source: TextSource, value: str, role: Role) -> bool:
    """Tell whether the user said a thing's number only as a time or a count."""
    named = role.kind == "identifier" and value.isdigit()
    return named and not names_number(source.text, value)


# At the head of a short answer: what was asked then counts as the user's words.
_YES = frozenset(("yes", "yeah", "yep", "ok", "okay", "sure", "right", "correct"))
_JA = frozenset(("ja", "oui", "si", "sim", "हा", "ใช่"))
# Words; a longer answer says something of its own, whatever it begins with.
_SHORT = 4


def gather(
    messages: Iterable[Message], toolset: Toolset, before: Iterable[TextSource] = ()
) -> Evidence:
    """Collect the sources of a conversation.

    Args:
        messages: what was said and read so far, oldest first.
        toolset: the tools that the results come from.
        before: what was said and read where another agent asked for this.
    """
    evidence = Evidence(toolset, list(before))
    asked = ""
    for message in messages:
        if message.role == "user" and message.label.origin == "model":
            continue  # another agent asks: its words are not the user's
        if message.role in ("user", "system"):
            # A yes to a question says what the question says.
            agreed = asked if _is_yes(message.text) else ""
            evidence.say(f"{agreed} {message.text}".strip())
        elif message.result is not None:
            chosen = chosen_by_others(message.result, evidence)
            evidence.add(message.result, message.label, chosen=chosen)
        asked = message.text if message.role == "assistant" else ""
    return evidence


def chosen_by_others(result: ToolResult, evidence: Evidence) -> tuple[str, ...]:
    """Return the arguments of the call that text of somebody else chose."""
    if not result.arguments or result.name not in evidence.toolset:
        return ()
    tool = evidence.toolset[result.name]
    traces = (
        trace
        for roles in readings_of(tool)
        for trace in trace_call(result.call, tool, evidence, roles)
    )
    return tuple({trace.value: None for trace in traces if trace.ground == "text"})


def _is_yes(text: str) -> bool:
    said = words(text)
    return len(said) <= _SHORT and bool((_YES | _JA) & set(said[:1]))
