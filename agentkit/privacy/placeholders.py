"""Personal values replaced by placeholders, and put back: `⟨contact_1⟩`.

A mask is made for one run. The model at the other end sees the same placeholder for
the same value, and may write it anywhere: alone, inside of a text, or with other
brackets around it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from agentkit.messages import Conversation, Dependency, Message, ToolCall, ToolResult
from agentkit.privacy.personal import (
    PersonalValue,
    detect,
    detect_surely,
    named_in,
    parts,
)
from agentkit.privacy.personal_values import ValuePlace, Values

_OPEN, _CLOSE = "\u27e8", "\u27e9"
_NAME = r"(?P<name>[a-z][a-z_]*_\d+(?:\.[a-z_]+)?)"
# Models write other brackets than those they were shown, and doubled ones. Only where
# they are doubled in front are they behind: in "(⟨contact_1⟩)" the outer ones are text.
_FRONT, _BACK = r"[\u27e8\u2329\u3008<\[{(]", r"[\u27e9\u232a\u3009>\]})]"
_MARK = re.compile(
    rf"(?P<front>{_FRONT})(?P<twice>(?P=front))?\s*{_NAME}\s*(?(twice){_BACK}{{2}}|{_BACK})"
)
_BARE = re.compile(_NAME)
_OWN = re.compile(f"{_OPEN}{_NAME}{_CLOSE}")
# A key that is written like a field's name; any other may be data, such as a person.
_FIELD = re.compile(r"[a-z][a-z0-9_]*|[a-z]+(?:[A-Z][a-z0-9]+)+")
_UNNAMED = re.compile(r"[^a-z_]+")
# Fewer digits are a count or an hour, and would be found in every text.
_LEAST_DIGITS = 4
# The keys of a schema under which people write; others are names of arguments.
_TOLD = frozenset({"description", "default", "enum", "const", "examples", "title"})
# The beginning of a placeholder at the end of what has come of a stream; names have
# fewer than 60 characters.
_BEGUN = re.compile(
    rf"(?P<front>{_FRONT})(?P<twice>(?P=front))?\s{{0,4}}"
    rf"(?:[a-z][a-z0-9_.]{{0,60}}|{_NAME}\s{{0,4}}(?(twice){_BACK}?))?\Z"
)
# What is put together of pieces may show only when one of them is replaced.
_MOST_LOOKS = 5


class Mask:
    """What stands for which value, in one run."""

    def __init__(self, known: Values) -> None:
        """Take the values that the device knows; more come from labelled results."""
        self._known = known
        self._hidden_values = Values()
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._counts: dict[str, int] = {}

    def __len__(self) -> int:
        """Count the placeholders."""
        return len(self._values)

    @property
    def hidden(self) -> Values:
        """The values that labelled results held."""
        return self._hidden_values

    def conversation(self, messages: Conversation) -> Conversation:
        """Replace what is personal in a conversation.

        In a result that is labelled personal or secret every text and number is
        replaced, and a model's words that carry such a label are replaced whole. In
        all else known values are, and what is personal by its shape.
        """
        # Results first: what one holds may stand in words before it.
        results = {
            index: self._result(message.result, message.label.privacy != "public")
            for index, message in enumerate(messages)
            if message.result is not None
        }
        return tuple(
            replace(message, result=results[index])
            if index in results
            else self._turn(message)
            for index, message in enumerate(messages)
        )

    def text(self, text: str) -> str:
        """Replace the known values in a text, and what is personal by its shape."""
        for value in detect(text):
            # A number that is known, said in words, stands for the one that is known.
            if value.kind != "phone" or not self._known.find(value.text):
                self._hidden_values.add(value)
        spans = [*self._known.spans(text), *self._hidden_values.spans(text)]
        pieces, at = list[str](), 0
        # The leftmost first, and of those at one place the longest.
        for start, end, value in sorted(spans, key=lambda span: (span[0], -span[1])):
            if start >= at:
                pieces += [text[at:start], self._mark(value.text, value.kind)]
                at = end
        return self._undisguised("".join([*pieces, text[at:]]))

    def _undisguised(self, text: str) -> str:
        """Replace what is left: values spread out, split, encoded or in words."""
        for values in (self._known, self._hidden_values):
            for _ in range(_MOST_LOOKS):
                again = self._once_more(text, values)
                if again == text:
                    break
                text = again
        return text

    def _once_more(self, text: str, values: Values) -> str:
        """Go through a text once, from its start, and replace what is found."""
        done = list[str]()
        for part, is_mark in self._parted(text):
            while not is_mark and (found := values.locate(part)):
                done += [part[: found.start], self._of_place(part, found)]
                part = part[found.end :]
            done.append(part)
        return "".join(done)

    def _of_place(self, text: str, found: ValuePlace) -> str:
        """Return the value's own placeholder; another one where more stands there."""
        value = found.value
        own = value.text if found.whole else text[found.start : found.end]
        return self._mark(own, value.kind)

    def _parted(self, text: str) -> list[tuple[str, bool]]:
        """Cut a text at its placeholders; say which parts are one."""
        parts, at = list[tuple[str, bool]](), 0
        for match in _OWN.finditer(text):
            if match[1] in self._values:
                parts += [(text[at : match.start()], False), (match[0], True)]
                at = match.end()
        return [*parts, (text[at:], False)]

    def schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Replace what is personal in the texts and values of a JSON Schema."""
        return {
            key: self._public(item) if key in _TOLD else self._schema_part(item)
            for key, item in schema.items()
        }

    def _schema_part(self, part: Any) -> Any:
        if isinstance(part, Mapping):
            return self.schema(cast(Mapping[str, Any], part))
        if isinstance(part, list | tuple):
            return [self._schema_part(item) for item in cast(list[Any], part)]
        return part

    def without_marks(self, text: str) -> str:
        """Return a text without this mask's placeholders, whose names are no data."""
        return " ".join(part for part, is_mark in self._parted(text) if not is_mark)

    def unmask(self, value: Any) -> Any:
        """Put the values back into a JSON-like value; numbers stay numbers."""
        if isinstance(value, str):
            return self._unmask_text(value)
        if isinstance(value, Mapping):
            inner = cast(Mapping[str, Any], value)
            return {
                str(self._unmask_text(key)): self.unmask(item)
                for key, item in inner.items()
            }
        if isinstance(value, list | tuple):
            return [self.unmask(item) for item in cast(list[Any], value)]
        return value

    def unmask_call(self, call: ToolCall) -> ToolCall:
        """Put the values back into a call."""
        return ToolCall(call.name, self.unmask(dict(call.arguments)), call.id)

    def _turn(self, message: Message) -> Message:
        text = message.text
        private = message.label.privacy != "public"
        # What a model wrote from private text has it in other words, which no search
        # finds.
        if private and message.role == "assistant" and text:
            text = self._mark(text, "answer")
        else:
            text = self.text(text)
        calls = tuple(self._call(call) for call in message.calls)
        return replace(message, text=text, calls=calls)

    def _call(self, call: ToolCall) -> ToolCall:
        return ToolCall(call.name, self._public(dict(call.arguments)), call.id)

    def _result(self, result: ToolResult, private: bool) -> ToolResult:
        kind = _kind(result.name)
        value = self._private(result.value, kind) if private else None
        shown = value if private else self._public(result.value)
        return ToolResult(self._call(result.call), result.status, shown)

    def _private(self, value: Any, kind: str) -> Any:
        """Replace every text and number; an object's fields share its number."""
        if isinstance(value, Mapping):
            number = self._count(kind)
            inner = cast(Mapping[str, Any], value)
            return {
                self._key(key): self._field(item, f"{kind}_{number}", _named(key))
                for key, item in inner.items()
            }
        if isinstance(value, list | tuple):
            return [self._private(item, kind) for item in cast(list[Any], value)]
        return self._hide(value, "", kind)

    def _key(self, key: str) -> str:
        known = self._known.find(key) or self._hidden_values.find(key)
        is_field = _FIELD.fullmatch(key) and not known
        return key if is_field else str(self._hide(key, "", "key"))

    def _field(self, value: Any, owner: str, key: str) -> Any:
        if isinstance(value, Mapping | list | tuple):
            return self._private(value, key.removesuffix("s") or key)
        return self._hide(value, f"{owner}.{key}", key)

    def _hide(self, value: Any, name: str, kind: str) -> Any:
        # These tell nothing, and a model needs them to go on.
        if value is None or isinstance(value, bool) or value == "":
            return value
        self._keep_back(PersonalValue(str(value), kind))
        return self._mark(value, kind, name)

    def _keep_back(self, value: PersonalValue) -> None:
        """Look for a value in all other text too, and for what is in it."""
        if len(value.text) < _LEAST_DIGITS and not value.text.isalpha():
            return
        within = (*parts(value), *named_in(value.text), *detect_surely(value.text))
        for one in (value, *within):
            self._hidden_values.add(one)

    def _public(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            inner = cast(Mapping[str, Any], value)
            return {
                self.text(str(key)): self._public(item) for key, item in inner.items()
            }
        if isinstance(value, list | tuple):
            return [self._public(item) for item in cast(list[Any], value)]
        if isinstance(value, bool | Dependency) or value is None:
            return value
        found = self._known.get(str(value)) or self._hidden_values.get(str(value))
        return self._mark(value, found.kind) if found else value

    def _mark(self, value: Any, kind: str, name: str = "") -> str:
        """Return the placeholder of a value, a new one when it has none."""
        key = _key(value)
        if key not in self._names:
            if not name or name in self._values:
                name = f"{_plain(kind)}_{self._count(_plain(kind))}"
            self._names[key] = name
            self._values[name] = value
        return _OPEN + self._names[key] + _CLOSE

    def _count(self, kind: str) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def _unmask_text(self, text: str) -> Any:
        whole = _MARK.fullmatch(text.strip()) or _BARE.fullmatch(text.strip())
        if whole and whole["name"] in self._values:
            return self._values[whole["name"]]
        return self.unmask_within(text)

    def unmask_within(self, text: str) -> str:
        """Put the values back into a text of which this may be a piece."""
        return _MARK.sub(self._put_back, text)

    def _put_back(self, match: re.Match[str]) -> str:
        name = match["name"]
        return str(self._values[name]) if name in self._values else match[0]


class Unmasking:
    """Unmasks text that comes in pieces: holds back a placeholder until it is whole."""

    def __init__(self, mask: Mask, tell: Callable[[str], None]) -> None:
        """Take the mask, and the function that gets the text."""
        self._mask = mask
        self._tell = tell
        self._held = ""

    def hear(self, piece: str) -> None:
        """Take the next piece; hold back what may be the start of a placeholder."""
        text = self._held + piece
        # What cannot become a placeholder any more is passed on.
        begun = _BEGUN.search(text)
        start = begun.start() if begun else len(text)
        self._held = text[start:]
        self._pass_on(text[:start])

    def end(self) -> None:
        """Pass on what was held back: no more comes."""
        held, self._held = self._held, ""
        self._pass_on(held)

    def _pass_on(self, text: str) -> None:
        if text:
            self._tell(self._mask.unmask_within(text))


def _key(value: Any) -> str:
    return value if isinstance(value, str) else f"{type(value).__name__} {value}"


def _kind(tool: str) -> str:
    """Name a result's values after what the tool finds: `find_events`, event."""
    noun = _plain(tool).rpartition("_")[2]
    return noun.removesuffix("s") or "value"


def _named(key: str) -> str:
    return _plain(key) if _FIELD.fullmatch(key) else "value"


def _plain(name: str) -> str:
    return _UNNAMED.sub("_", name.lower()).strip("_") or "value"
