"""What servers send in OpenAI's format, in the shapes that are met, as typed events.

Lenient where servers differ and it does not matter, such as counts of tokens; strict
where a guess could change what is said or done.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any, cast

from pydantic import AliasChoices, AliasPath, BaseModel, BeforeValidator, Field

from agentkit.backends.usage import FinishReason
from agentkit.tools.schema.json_schema import is_list


def _count(value: object) -> int | None:
    """Read a count; None for anything that is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    # JSON as Python reads it has "NaN", and 1e999 is infinity.
    return int(value) if isinstance(value, int) or isfinite(value) else None


def _words(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _facts(value: object) -> object:
    return cast(object, value) if isinstance(value, Mapping) else None


Count = Annotated[int | None, BeforeValidator(_count)]
Words = Annotated[str | None, BeforeValidator(_words)]


class WireFunction(BaseModel):
    """A part of a call: its name, and what has come of its arguments."""

    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class CallPart(BaseModel):
    """A part of one of several calls."""

    index: int | None = None
    id: str | None = None
    function: WireFunction | None = None


class WireDelta(BaseModel):
    """What is new, or all of it in an answer that is not streamed.

    Attributes:
        content: text, or a list of parts.
        thought: what the model thinks, as DeepSeek, vLLM and llama.cpp name it, or as
            OpenRouter, Groq and Ollama do.
        refusal: why the model will not answer.
        tool_calls: parts of calls.
        function_call: the one call of the older protocol.
    """

    content: str | list[Any] | dict[str, Any] | None = None
    thought: Words = Field(
        default=None, validation_alias=AliasChoices("reasoning_content", "reasoning")
    )
    refusal: Words = None
    tool_calls: list[CallPart] | None = None
    function_call: WireFunction | None = None


class UsageCounts(BaseModel):
    """Counts of tokens under the names that servers give them."""

    prompt_tokens: Count = Field(
        default=None, validation_alias=AliasChoices("prompt_tokens", "input_tokens")
    )
    completion_tokens: Count = Field(
        default=None,
        validation_alias=AliasChoices("completion_tokens", "output_tokens"),
    )
    cached_tokens: Count = Field(
        default=None,
        validation_alias=AliasChoices(
            AliasPath("prompt_tokens_details", "cached_tokens"),
            AliasPath("input_tokens_details", "cached_tokens"),
            "prompt_cache_hit_tokens",
            "cached_tokens",
        ),
    )


LenientUsage = Annotated[UsageCounts | None, BeforeValidator(_facts)]


class WireChoice(BaseModel):
    """One of the answers; only the first is asked for."""

    index: int | None = None
    delta: WireDelta | None = None
    message: WireDelta | None = None
    text: str | None = None
    finish_reason: Words = None
    usage: LenientUsage = None


class Chunk(BaseModel):
    """One event; token counts are in it, in a choice, or where Groq puts them."""

    choices: list[WireChoice] | None = None
    usage: LenientUsage = None
    groq_usage: LenientUsage = Field(
        default=None, validation_alias=AliasPath("x_groq", "usage")
    )

    @property
    def counts(self) -> UsageCounts | None:
        """The counts of tokens, if there are any here."""
        found = (one.usage for one in self.choices or ())
        return self.usage or self.groq_usage or next(filter(None, found), None)


def error_in(event: object) -> object | None:
    """Return the error in an event, in OpenAI's form or older vLLM's."""
    if not isinstance(event, Mapping):
        return None
    facts = cast(Mapping[str, Any], event)
    return facts if facts.get("object") == "error" else facts.get("error")


def parts_of(content: object) -> tuple[str, str, str]:
    """Split contents into what is said, thought and refused.

    Args:
        content: text, one part, or a list of parts. A part of another kind, such as a
            picture, says nothing.
    """
    if isinstance(content, str):
        return content, "", ""
    if is_list(content):
        split = [parts_of(part) for part in content]
        said, thought, refused = zip(*split, strict=True) if split else ((), (), ())
        return "".join(said), "".join(thought), "".join(refused)
    if not isinstance(content, Mapping):
        return "", "", ""
    return _part(cast(Mapping[str, Any], content))


def _part(part: Mapping[str, Any]) -> tuple[str, str, str]:
    kind = part.get("type")
    # Some servers send parts without a type.
    if kind in ("text", "output_text", None):
        text = part.get("text", "")
        # The older assistants' form puts the text a level deeper.
        inner = cast(Any, text).get("value") if isinstance(text, Mapping) else text
        return (inner, "", "") if isinstance(inner, str) else ("", "", "")
    if kind in ("thinking", "reasoning"):
        thought = part.get("thinking", part.get("text", part.get("reasoning", "")))
        # Mistral puts a list of parts into a part of thought.
        return "", parts_of(thought)[0], ""
    if kind == "refusal":
        return "", "", _words(part.get("refusal")) or ""
    return "", "", ""


# OpenAI's words first, then those of Hugging Face, Anthropic, Mistral and Google.
_FINISHES: dict[str, FinishReason] = {
    **dict.fromkeys(("stop", "eos", "eos_token", "end_turn", "stop_sequence"), "stop"),
    **dict.fromkeys(("tool_calls", "function_call", "tool_use"), "calls"),
    **dict.fromkeys(("length", "max_tokens", "model_length", "max_length"), "length"),
    **dict.fromkeys(("content_filter", "content_filtered", "safety"), "filtered"),
    "refusal": "refused",
}
# The server gave up in mid-answer: what came is neither whole nor cut by a limit.
BROKEN_OFF = ("error", "abort", "insufficient_system_resource", "timeout")


def finish_of(said: str) -> FinishReason:
    """Return what a server's finish reason means; one that is not known says nothing."""
    return _FINISHES.get(said.lower(), "")
