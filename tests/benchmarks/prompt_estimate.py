"""Compares estimated token counts of real prompts with the tokenizer's.

    python tests/benchmarks/prompt_estimate.py [--bfcl FOLDER]

Needs `llama-models` and `tiktoken`. The prompts: the bundled tools alone and with long
histories, in every format and both kinds of schemas, and, when the site-packages of an
environment with `bfcl-eval` is given, the questions of BFCL with their tools.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from agentkit.discovery import installed_tools
from agentkit.messages import (
    Conversation,
    ToolCall,
    ToolResult,
    assistant,
    system,
    tool_result,
    user,
)
from agentkit.prompting import (
    PromptOptions,
    count_tokens,
    installed_tokenizer,
    prompt_parts,
)
from agentkit.tools import Toolset

_FILES = ("simple_python", "multiple", "parallel", "parallel_multiple")
_VARIANTS: tuple[PromptOptions, ...] = (
    {},
    {"schemas": "compact"},
    {"tools_in": "user"},
    {"format": "llama31"},
    {"format": "llama31_function"},
)
_TEXTS = (
    "Book a table for four at Trattoria Rossi on Friday at half past seven.",
    "Move my dentist appointment to next Tuesday, and tell Anna Weber about it.",
    "What did Ben write about the budget meeting? Remind me to answer by noon.",
)


def history(turns: int) -> Conversation:
    """Make a conversation with calls and results."""
    said: list[Any] = [system("You are a helpful assistant on the user's phone.")]
    for index in range(turns):
        text = _TEXTS[index % len(_TEXTS)]
        call = ToolCall(
            "create_event", {"title": text[:30], "start": f"2026-03-0{index % 9}"}
        )
        found = [
            {"id": f"ev-{n}", "title": text[:20], "start": "10:30"} for n in range(5)
        ]
        said += [user(text), assistant(calls=(call,))]
        said += [
            tool_result(ToolResult(call, "done", found)),
            assistant(f"Done: {text}"),
        ]
    return (*said, user(_TEXTS[0]))


def own_prompts() -> Iterator[tuple[str, Conversation, Toolset, PromptOptions]]:
    """Yield prompts with the bundled tools."""
    toolset = installed_tools()
    for variant in _VARIANTS:
        name = " ".join(str(value) for value in variant.values()) or "reference"
        yield f"bundled tools, {name}", history(0), toolset, variant
        yield f"20 turns, {name}", history(20), toolset, variant
    yield "20 turns, no tools", history(20), Toolset(), {}


def bfcl_prompts(
    site: Path, each: int
) -> Iterator[tuple[str, Conversation, Toolset, PromptOptions]]:
    """Yield BFCL's questions with their tools."""
    for name in _FILES:
        lines = (site / "bfcl_eval" / "data" / f"BFCL_v4_{name}.json").open()
        for line in islice(lines, each):
            row = json.loads(line)
            toolset = Toolset.from_schemas(row["function"])
            yield name, (user(row["question"][0][-1]["content"]),), toolset, {}


def main() -> int:
    """Print the error of every own prompt, and the spread over BFCL's."""
    options = argparse.ArgumentParser(description="Measure the token estimate.")
    options.add_argument("--bfcl", type=Path)
    options.add_argument("--each", type=int, default=100)
    chosen = options.parse_args()
    tokenizer = installed_tokenizer()
    if tokenizer is None:
        print("install llama-models and tiktoken to compare")
        return 2
    prompts = list(own_prompts())
    own = len(prompts)
    if chosen.bfcl:
        prompts += bfcl_prompts(chosen.bfcl, chosen.each)
    errors: list[float] = []
    for name, conversation, toolset, variant in prompts:
        parts = prompt_parts(conversation, toolset, **variant)
        true, guess = count_tokens(parts, tokenizer), count_tokens(parts)
        errors.append(guess / true - 1)
        if len(errors) <= own:
            print(f"{name:38} {true:6} tokens, estimate {errors[-1]:+.1%}")
    spread = sorted(map(abs, errors[own:]))
    if spread:
        within = sum(error <= 0.05 for error in spread)
        print(f"BFCL: {within} of {len(spread)} within 5 %; largest {spread[-1]:.1%}")
    print(f"own prompts: largest {max(map(abs, errors[:own])):.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
