"""Prompts as a string or as token ids; both come from the same parts."""

from __future__ import annotations

from typing import Unpack

from agentkit.messages import Conversation
from agentkit.prompting.assembly import assemble
from agentkit.prompting.options import PromptOptions, Settings
from agentkit.prompting.parts import PromptParts, join_parts
from agentkit.prompting.tokenizers import PromptTokenizer, encode_parts
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
    return assemble(conversation, toolset, Settings(**options))
