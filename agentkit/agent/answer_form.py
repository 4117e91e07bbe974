"""The form of a typed answer: described to the model, read from its text, validated."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, cast

from pydantic import PydanticUserError, TypeAdapter, ValidationError
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticSchemaGenerationError
from pydantic_core import from_json
from typing_extensions import TypeVar

from agentkit.errors import ConfigError
from agentkit.messages import Conversation, Message, system
from agentkit.tools.schema.faults import must_be
from agentkit.tools.schema.json_schema import Schema, is_list
from agentkit.tools.schema.typed_dicts import portable

Out = TypeVar("Out", default=str)

AnswerType: TypeAlias = type[Out] | TypeAdapter[Out]
"""What an answer is to be: a type, or the adapter of one, such as a union's."""

# A fence of Markdown, named json or not named; the text behind "```json" on its line
# may be blanks only, so that "```python" is no answer.
_FENCE = re.compile(r"```(?:json)?[^\S\n]*\n(.*?)```", re.DOTALL)
_BEGINS = re.compile(r"[\[{]")
# Faults that a model reads at once; more than these it does not mend in one go.
_MOST_FAULTS = 6
# Characters of a value that was wrong: a model that reads a long one repeats it.
_SHOWN = 60
# NameError comes of a forward reference that nothing defines.
_UNTYPED = (PydanticUserError, PydanticInvalidForJsonSchema, NameError)


@dataclass(frozen=True, slots=True)
class FittingAnswer(Generic[Out]):
    """An answer of the wanted type.

    Attributes:
        value: the answer.
        text: the JSON that it was read from.
    """

    value: Out
    text: str


@dataclass(frozen=True, slots=True)
class AnswerMisfit:
    """An answer that does not fit, with the reason as the model reads it."""

    why: str


@dataclass(frozen=True, slots=True)
class AnswerForm(Generic[Out]):
    """What an answer must be.

    Attributes:
        schema: its JSON Schema.
        adapter: what checks it.
        tries: how often a model may try in one run.
    """

    schema: Schema
    adapter: TypeAdapter[Out]
    tries: int = 3

    @property
    def instructions(self) -> str:
        """What is added to the system prompt."""
        written = json.dumps(self.schema, ensure_ascii=False, separators=(",", ":"))
        return (
            "Give your final answer as JSON and nothing else. It must fit this JSON "
            f"Schema:\n{written}"
        )

    def asked(self, conversation: Conversation) -> Conversation:
        """Add the form to the end of the instructions."""
        first = conversation[:1]
        # One system message only: several servers refuse a second, or one further down.
        if not first or first[0].role != "system":
            return (system(self.instructions), *conversation)
        text = f"{first[0].text}\n\n{self.instructions}"
        told = Message("system", text, label=first[0].label)
        return (told, *conversation[1:])

    def read(self, text: str) -> FittingAnswer[Out] | AnswerMisfit:
        """Read an answer: JSON alone, in a code fence, or with words around it."""
        misfits: list[ValidationError] = []
        for written in _candidates(text):
            try:
                return FittingAnswer(self.adapter.validate_json(written), written)
            except ValidationError as exc:
                misfits.append(exc)
        try:
            # A word that is one of a few, or a date, may stand without its quotes.
            value = self.adapter.validate_python(text.strip())
        except ValidationError:
            # What was JSON and did not fit tells the model more than "no JSON".
            return AnswerMisfit(_words(max(misfits, key=_tells)))
        return FittingAnswer(value, json.dumps(text.strip(), ensure_ascii=False))

    def whole(self, data: object) -> Out | None:
        """Return an unfinished answer as the wanted type; None where it misfits."""
        try:
            return self.adapter.validate_python(data)
        except ValidationError:
            return None


def answer_form(wanted: Any, tries: int) -> AnswerForm[Any] | None:
    """Make the form of an answer; None where any text will do.

    Raises:
        ConfigError: Pydantic cannot check it, or it has no JSON Schema.
    """
    if wanted is None or wanted is str:
        return None
    if tries < 1:
        raise ConfigError(f"output_tries must be at least 1, not {tries}")
    try:
        adapter = _adapter(wanted)
        schema = _told(adapter.json_schema())
    except (*_UNTYPED, PydanticSchemaGenerationError) as exc:
        reason = str(exc).splitlines()[0]
        raise ConfigError(f"output={wanted!r} cannot be asked for: {reason}") from exc
    return AnswerForm(schema, adapter, tries)


def _adapter(wanted: Any) -> TypeAdapter[Any]:
    if not isinstance(wanted, TypeAdapter):
        return TypeAdapter(portable(wanted))
    adapter: Any = cast(object, wanted)
    return adapter  # type: ignore[no-any-return]


def _told(schema: Mapping[str, Any]) -> Schema:
    """Return a schema without its titles, which only repeat the names of fields."""
    return {
        key: {name: _node(one) for name, one in cast(Schema, value).items()}
        # Below these two the keys are names of fields: one called "title" stays.
        if key in ("properties", "$defs")
        else _node(value)
        for key, value in schema.items()
        if key != "title" or not isinstance(value, str)
    }


def _node(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _told(cast(Mapping[str, Any], value))
    return [_node(one) for one in value] if is_list(value) else value


def _candidates(text: str) -> Sequence[str]:
    """Return the parts of a text that may be the answer, the likeliest first."""
    whole = text.strip()
    fenced = [found.strip() for found in _FENCE.findall(text)]
    # A text that begins as JSON is the answer itself; a part of it would be another
    # one.
    inner = [] if whole[:1] in ("{", "[") else _embedded(whole)
    return [whole, *fenced, *inner]


def _embedded(text: str) -> list[str]:
    """Return the first JSON object or list in a text; empty where there is none."""
    decoder = json.JSONDecoder()
    for found in _BEGINS.finditer(text):
        try:
            _, end = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            continue
        return [text[found.start() : end]]
    return []


def _tells(exc: ValidationError) -> bool:
    """Tell whether the text was JSON, so that the error is about its values."""
    return all(fault["type"] != "json_invalid" for fault in exc.errors())


def _words(exc: ValidationError) -> str:
    faults = exc.errors(include_url=False)
    told = "; ".join(_fault(dict(one)) for one in faults[:_MOST_FAULTS])
    more = len(faults) - _MOST_FAULTS
    return f"{told}; and {more} more" if more > 0 else told


def _fault(fault: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in fault["loc"]) or "the answer"
    if fault["type"] == "json_invalid":
        return f"it is no JSON ({fault['ctx']['error']})"
    if fault["type"] == "missing":
        return f"{where} is missing"
    must = must_be(fault) or f"is wrong: {fault['msg']}"
    got = repr(fault["input"])
    shown = got if len(got) <= _SHOWN else got[: _SHOWN - 3] + "..."
    return f"{where} {must} (got {shown})"


@dataclass(slots=True)
class AnswerProgress:
    """The part of a typed answer that has been written so far.

    Attributes:
        text: all of the text so far.
        data: what is read of it, as plain JSON; None before the first value.
    """

    text: str = ""
    data: object = None

    def hear(self, piece: str) -> bool:
        """Add the next piece; return whether it brought something new."""
        self.text += piece
        begun = _BEGINS.search(self.text)
        if begun is None:
            return False
        try:
            # "trailing-strings" shows a string while it grows; a number that has not
            # ended stays out, as 1 may become 12.
            data = from_json(
                self.text[begun.start() :], allow_partial="trailing-strings"
            )
        except ValueError:
            return False
        if data == self.data:
            return False
        self.data = data
        return True
