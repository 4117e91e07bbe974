"""The prompts of a model on this device: their ids, room for an answer, its grammar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from agentkit.backends.base import Request
from agentkit.backends.decision import TRAINED, UNTRAINED, Heed
from agentkit.backends.prompt_cache import common_prefix
from agentkit.context import Context
from agentkit.errors import (
    PromptTooLong,
)
from agentkit.messages import Conversation, system, user
from agentkit.models.families import LLAMA3_TOKENS, call_form
from agentkit.prompting import Format, PromptTokenizer, encode_prompt
from agentkit.prompting.chat_template import ChatTemplate
from agentkit.prompting.tokenizers import encode_parts
from agentkit.tools import AnyTool, Toolset

# Tokens; with less room no call could be written to its end.
SHORTEST_ANSWER = 64

Count = Callable[[Conversation, Toolset], int]


def answer_room(
    request: Request, count: Count, *, tokens: int, window: int, wanted: int, model: str
) -> int:
    """Return how long the answer may be.

    Args:
        request: what is asked.
        count: counts the tokens of a prompt.
        tokens: of this request's prompt.
        window: most tokens of prompt and answer together.
        wanted: longest answer.
        model: its name, for the error.

    Raises:
        PromptTooLong: the window is full; says what to cut.
    """
    least = min(wanted, SHORTEST_ANSWER)
    room = window - tokens
    if room >= least:
        # A shorter answer than wanted is better than none.
        return min(wanted, room)
    raise PromptTooLong(
        f"the prompt has {tokens:,} tokens and {model} takes {window:,}, "
        f"answer included: cut {least - room:,} or more; "
        f"{_largest(request, count, tokens)}"
    )


def _largest(request: Request, count: Count, total: int) -> str:
    """Say what takes most of a prompt."""
    turns = request.conversation
    # By characters: exact counts would encode each message once more.
    longest = max(turns, key=lambda turn: len(str(turn)))
    rest = tuple(turn for turn in turns if turn is not longest)
    text = total - count(rest, request.toolset)
    tools = total - count(turns, Toolset())
    number = len(request.toolset)
    named = "1 tool takes" if number == 1 else f"{number} tools take"
    return f"{named} {tools:,}, the longest message ({longest.role}) {text:,}"


# What a tokenizer has to know as one token each, so that prompts can be written.
CONTROL_TOKENS = LLAMA3_TOKENS
# No word and no digit of the two is the same, so that no part of a date is stable.
_OCCASIONS = (
    (datetime(2001, 1, 9, tzinfo=UTC), "A"),
    (datetime(1999, 12, 28, tzinfo=UTC), "B"),
)


PromptFormat = Format | Literal["auto"]


class LocalPrompts:
    """Writes the prompts of one model."""

    def __init__(
        self,
        tokenizer: Callable[[], PromptTokenizer],
        template: Callable[[], ChatTemplate | None],
        format: PromptFormat,
    ) -> None:
        """Take the prompt format, and what gives the model's own, loaded by then.

        Args:
            tokenizer: gives the model's tokenizer.
            template: gives its own chat template; None where it has none.
            format: `auto` for Llama 3's where the tokenizer has its control tokens,
                else for the model's own template.
        """
        self._tokenizer, self._template = tokenizer, template
        self._format: PromptFormat = format
        self._kept: tuple[tuple[AnyTool, ...], Conversation, list[int]] | None = None

    def ids(self, request: Request) -> list[int]:
        """Return the token ids of a request's prompt."""
        if request.prompt:
            return encode_parts(request.prompt, self._tokenizer())
        return self._encode(request, request.conversation, request.toolset)

    @property
    def heed(self) -> Heed:
        """What counts that the model would begin a call: it may not have learnt to."""
        own = self._own_template(self._tokenizer())
        return TRAINED if own is None or own.takes_tools else UNTRAINED

    @property
    def form(self) -> str:
        """How the model writes calls, a name of `families.FORMS`."""
        own = self._own_template(self._tokenizer())
        return call_form(own.source).name if own else "llama"

    def room(
        self, request: Request, *, tokens: int, window: int, wanted: int, model: str
    ) -> int:
        """Return how long the answer may be, in tokens; as `answer_room`.

        Raises:
            BackendUnavailable: the window is full; says what to cut.
        """
        return answer_room(
            request,
            lambda turns, tools: len(self._encode(request, turns, tools)),
            tokens=tokens,
            window=window,
            wanted=wanted,
            model=model,
        )

    def stable(self, request: Request) -> list[int]:
        """Return the tokens before the first that a question or a date changes.

        Two prompts are written, with other questions on other days; what both begin
        with is stable. The last result is kept. Empty when nothing is.
        """
        if self._format == "base" or request.prompt:
            return []
        opening = tuple(m for m in request.conversation[:1] if m.role == "system")
        tools = tuple(request.toolset)
        # Only the last: a run asks with the same tools and instructions, step after
        # step.
        if self._kept and self._kept[:2] == (tools, opening):
            return self._kept[2]
        first, other = [
            self._encode(_dated(request, day), (*opening, user(text)), request.toolset)
            for day, text in _OCCASIONS
        ]
        prefix = first[: common_prefix(first, other)]
        self._kept = tools, opening, prefix
        return prefix

    def _encode(
        self, request: Request, conversation: Conversation, toolset: Toolset
    ) -> list[int]:
        tokenizer, date = self._tokenizer(), request.context.now.date()
        own = self._own_template(tokenizer)
        if own is not None:
            return encode_parts(own.parts(conversation, toolset, date=date), tokenizer)
        # Llama 3.2's for all of Llama 3: the control tokens are the same.
        format: Format = "llama32" if self._format == "auto" else self._format
        return encode_prompt(
            conversation, toolset, tokenizer=tokenizer, format=format, date=date
        )

    def _own_template(self, tokenizer: PromptTokenizer) -> ChatTemplate | None:
        """Return the model's own template where prompts are written by it."""
        is_llama3 = all(name in tokenizer.special_ids for name in CONTROL_TOKENS)
        # Llama 3 has a template too, but that asks for calls as JSON.
        return self._template() if self._format == "auto" and not is_llama3 else None


def opening_request(
    toolset: Toolset, instructions: str, context: Context | None
) -> Request:
    """Make a request with these instructions and tools, before any question."""
    opening = (system(instructions),) if instructions else ()
    return Request(conversation=opening, toolset=toolset, context=context or Context())


def _dated(request: Request, day: datetime) -> Request:
    return replace(request, context=replace(request.context, now=day))
