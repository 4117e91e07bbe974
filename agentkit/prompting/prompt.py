"""Prompts as a string or as token ids, and what they cost by section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Unpack

from agentkit.messages import Conversation
from agentkit.prompting.assembly import assemble
from agentkit.prompting.estimate import estimate_tokens
from agentkit.prompting.formats import PromptOptions, PromptSettings, Schemas
from agentkit.prompting.prompt_blocks import PromptBlocks
from agentkit.prompting.tokenizers import (
    PromptPart,
    PromptParts,
    PromptTokenizer,
    encode_parts,
    join_parts,
)
from agentkit.tools import Toolset


def render_prompt(
    conversation: Conversation | str,
    toolset: Toolset | None = None,
    *,
    verbatim: bool = False,
    **options: Unpack[PromptOptions],
) -> str:
    """Write the prompt that a runtime is sent as a string.

    Args:
        conversation: messages, oldest first, or the text of one user turn.
        toolset: what may be called; None for plain chat.
        verbatim: leave what looks like a control token inside somebody's text as
            it is, which is for reading only. By default it is broken by a space
            (`< |eot_id|>`), so that a runtime takes it for text.
        options: format and variations; see `PromptOptions`.

    Raises:
        PromptError: the conversation does not fit the format, or a template fails.
    """
    parts = prompt_parts(conversation, toolset, **options)
    return join_parts(parts, verbatim=verbatim)


def encode_prompt(
    conversation: Conversation | str,
    toolset: Toolset | None = None,
    *,
    tokenizer: PromptTokenizer,
    **options: Unpack[PromptOptions],
) -> list[int]:
    """Write the prompt as token ids.

    Control tokens are single ids; all text is encoded as text, unchanged,
    whatever it looks like.

    Args:
        conversation: messages, oldest first, or the text of one user turn.
        toolset: what may be called; None for plain chat.
        tokenizer: of the model that is to read it.
        options: format and variations; see `PromptOptions`.

    Raises:
        PromptError: as above, or the tokenizer lacks a control token.
    """
    return encode_parts(prompt_parts(conversation, toolset, **options), tokenizer)


def prompt_parts(
    conversation: Conversation | str,
    toolset: Toolset | None = None,
    **options: Unpack[PromptOptions],
) -> PromptParts:
    """Build the parts that both forms are made of."""
    return assemble(conversation, toolset, PromptSettings(**options))


Count = Callable[[str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptReport:
    """Tokens of one prompt.

    Attributes:
        tokens: all of them.
        sections: tokens by section, in the prompt's order.
        shared: tokens at the start that the previous prompt has too, which a
            runtime's cache need not read again; 0 without a previous one.
        tools_reference: tokens of the tools as Meta's documents.
        tools_compact: tokens of the same tools as signatures.
        exact: counted by the tokenizer, not estimated.
    """

    tokens: int
    sections: Mapping[str, int]
    shared: int
    tools_reference: int
    tools_compact: int
    exact: bool

    def __str__(self) -> str:
        """Say it in a few lines."""
        about = "" if self.exact else "about "
        lines = [f"{about}{self.tokens} tokens, {self.shared} shared with the last one"]
        lines += [f"  {name:12} {count:>6}" for name, count in self.sections.items()]
        if self.tools_reference:
            lines.append(
                f"tools alone: {self.tools_reference} as reference, "
                f"{self.tools_compact} compact"
            )
        return "\n".join(lines)


def report_prompt(
    conversation: Conversation | str,
    toolset: Toolset | None = None,
    *,
    previous: PromptParts = (),
    tokenizer: PromptTokenizer | None = None,
    **options: Unpack[PromptOptions],
) -> PromptReport:
    """Count a prompt's tokens.

    Args:
        conversation: messages, oldest first, or the text of one user turn.
        toolset: what may be called; None for plain chat.
        previous: parts of the prompt of the step before, from `prompt_parts`.
        tokenizer: counts exactly; without one the counts are estimates.
        options: format and variations; see `PromptOptions`.

    Raises:
        PromptError: the conversation does not fit the format, or a template fails.
    """
    count = _counter(tokenizer)
    parts = prompt_parts(conversation, toolset, **options)
    sections: Counter[str] = Counter()
    for part in parts:
        for name, tokens in _by_section(part, count):
            sections[name] += tokens
    return PromptReport(
        tokens=sections.total(),
        sections=dict(sections),
        shared=shared_tokens(parts, previous, tokenizer),
        tools_reference=_tools_tokens(toolset, "reference", count, options),
        tools_compact=_tools_tokens(toolset, "compact", count, options),
        exact=tokenizer is not None,
    )


def count_tokens(parts: PromptParts, tokenizer: PromptTokenizer | None = None) -> int:
    """Count a prompt's tokens, or estimate them without a tokenizer."""
    count = _counter(tokenizer)
    return sum(tokens for part in parts for _, tokens in _by_section(part, count))


def shared_tokens(
    parts: PromptParts, previous: PromptParts, tokenizer: PromptTokenizer | None = None
) -> int:
    """Count the tokens at the start that two prompts have in common.

    An estimate is one low: the last token may span the place where they part.
    """
    if tokenizer is not None:
        ours, theirs = (encode_parts(some, tokenizer) for some in (parts, previous))
        pairs = enumerate(zip(ours, theirs, strict=False))
        length = min(len(ours), len(theirs))
        return next((index for index, (a, b) in pairs if a != b), length)
    shared = 0
    for our, their in zip(parts, previous, strict=False):
        # Parts are encoded one by one, so that equal parts are equal tokens.
        if (our.text, our.kind) != (their.text, their.kind):
            alike = our.text[: shared_prefix(our.text, their.text)]
            is_text = our.kind == their.kind == "text"
            return shared + max(0, estimate_tokens(alike) - 1) * is_text
        shared += 1 if our.kind == "control" else estimate_tokens(our.text)
    return shared


def shared_prefix(text: str, previous: str) -> int:
    """Count the characters at the start that two prompts have in common."""
    # By halves: `startswith` compares in C, and a loop over characters does not.
    low, high = 0, min(len(text), len(previous))
    while low < high:
        middle = (low + high + 1) // 2
        alike = text.startswith(previous[:middle])
        low, high = (middle, high) if alike else (low, middle - 1)
    return low


def _counter(tokenizer: PromptTokenizer | None) -> Count:
    if tokenizer is None:
        return estimate_tokens
    encode = tokenizer.encode
    return lambda text: len(encode(text))


def _by_section(part: PromptPart, count: Count) -> list[tuple[str, int]]:
    """Share out a part's tokens: each section has what it adds to those before."""
    if part.kind == "control":
        return [("frame", 1)]
    total = count(part.text)
    shares: list[tuple[str, int]] = []
    before = 0
    for name, end in part.marks[:-1]:
        # The whole beginning is counted: tokens may span two sections.
        reached = count(part.text[:end])
        shares.append((name, reached - before))
        before = reached
    last = part.marks[-1][0] if part.marks else "frame"
    return [*shares, (last, total - before)]


def _tools_tokens(
    toolset: Toolset | None, schemas: Schemas, count: Count, options: PromptOptions
) -> int:
    if not toolset:
        return 0
    # Both forms are counted, whichever the prompt has: a person compares them.
    varied: PromptOptions = {**options, "schemas": schemas}
    settings = PromptSettings(**varied)
    if settings.format == "base":
        return 0
    return count(PromptBlocks(settings, toolset).tools())
