"""Conversation and toolset in, prompt out: as text, as ids, as a report."""

from agentkit.prompting.estimate import estimate_tokens
from agentkit.prompting.history import truncate_result
from agentkit.prompting.options import FORMATS, Format, PromptOptions
from agentkit.prompting.parts import PromptPart, PromptParts, break_control, join_parts
from agentkit.prompting.prompt import (
    PromptReport,
    count_tokens,
    encode_prompt,
    prompt_parts,
    render_prompt,
    report_prompt,
    shared_prefix,
    shared_tokens,
)
from agentkit.prompting.runtime_templates import prompt_diff, template_warnings
from agentkit.prompting.tokenizers import (
    PromptTokenizer,
    TiktokenTokenizer,
    TransformersTokenizer,
    installed_tokenizer,
    llama3_tokenizer,
)

__all__ = [
    "FORMATS",
    "Format",
    "PromptOptions",
    "PromptPart",
    "PromptParts",
    "PromptReport",
    "PromptTokenizer",
    "TiktokenTokenizer",
    "TransformersTokenizer",
    "break_control",
    "count_tokens",
    "encode_prompt",
    "estimate_tokens",
    "installed_tokenizer",
    "join_parts",
    "llama3_tokenizer",
    "prompt_diff",
    "prompt_parts",
    "render_prompt",
    "report_prompt",
    "shared_prefix",
    "shared_tokens",
    "template_warnings",
    "truncate_result",
]
