"""Conversation and toolset in, prompt out: as text, as ids, as a report."""

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.prompting.estimate import estimate_tokens as estimate_tokens
    from agentkit.prompting.formats import FORMATS as FORMATS
    from agentkit.prompting.formats import Format as Format
    from agentkit.prompting.formats import PromptOptions as PromptOptions
    from agentkit.prompting.formats import truncate_result as truncate_result
    from agentkit.prompting.jinja_templates import prompt_diff as prompt_diff
    from agentkit.prompting.jinja_templates import (
        template_warnings as template_warnings,
    )
    from agentkit.prompting.prompt import PromptReport as PromptReport
    from agentkit.prompting.prompt import count_tokens as count_tokens
    from agentkit.prompting.prompt import encode_prompt as encode_prompt
    from agentkit.prompting.prompt import prompt_parts as prompt_parts
    from agentkit.prompting.prompt import render_prompt as render_prompt
    from agentkit.prompting.prompt import report_prompt as report_prompt
    from agentkit.prompting.prompt import shared_prefix as shared_prefix
    from agentkit.prompting.prompt import shared_tokens as shared_tokens
    from agentkit.prompting.tokenizers import PromptPart as PromptPart
    from agentkit.prompting.tokenizers import PromptParts as PromptParts
    from agentkit.prompting.tokenizers import PromptTokenizer as PromptTokenizer
    from agentkit.prompting.tokenizers import TiktokenTokenizer as TiktokenTokenizer
    from agentkit.prompting.tokenizers import (
        TransformersTokenizer as TransformersTokenizer,
    )
    from agentkit.prompting.tokenizers import break_control as break_control
    from agentkit.prompting.tokenizers import installed_tokenizer as installed_tokenizer
    from agentkit.prompting.tokenizers import join_parts as join_parts
    from agentkit.prompting.tokenizers import llama3_tokenizer as llama3_tokenizer

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(
        __name__,
        {
            "estimate": ("estimate_tokens",),
            "formats": (
                "FORMATS",
                "Format",
                "PromptOptions",
                "truncate_result",
            ),
            "jinja_templates": (
                "prompt_diff",
                "template_warnings",
            ),
            "prompt": (
                "PromptReport",
                "count_tokens",
                "encode_prompt",
                "prompt_parts",
                "render_prompt",
                "report_prompt",
                "shared_prefix",
                "shared_tokens",
            ),
            "tokenizers": (
                "PromptPart",
                "PromptParts",
                "PromptTokenizer",
                "TiktokenTokenizer",
                "TransformersTokenizer",
                "break_control",
                "installed_tokenizer",
                "join_parts",
                "llama3_tokenizer",
            ),
        },
    )
