"""How models write calls, and which files cannot chat, without reading weights.

What a model was taught stands in its chat template: the marks that it writes around a
call name the form, whatever the family calls itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from agentkit.models.gguf import GgufFile, read_gguf
from agentkit.tools.schema.json_schema import is_list


@dataclass(frozen=True, slots=True)
class CallForm:
    """A form in which models write calls.

    Attributes:
        name: of the form.
        families: which models write so.
        example: a call of `f` with `a` being `b`.
        marks: what stands around a call; the first one tells the form by the template.
    """

    name: str
    families: str
    example: str
    marks: tuple[str, ...] = ()


# In this order: a template that has several marks has those of the first form.
FORMS = (
    CallForm(
        "functiongemma",
        "FunctionGemma",
        "<start_function_call>call:f{a:<escape>b<escape>}<end_function_call>",
        ("<start_function_call>", "<end_function_call>", "<escape>"),
    ),
    CallForm(
        "gemma4",
        "Gemma 4",
        '<|tool_call>call:f{a:<|"|>b<|"|>}<tool_call|>',
        ("<|tool_call>", "<tool_call|>", '<|"|>'),
    ),
    CallForm(
        "tags",
        "Qwen3.5, Qwen3-Coder",
        "<tool_call><function=f><parameter=a>b</parameter></function></tool_call>",
        ("<parameter=", "<tool_call>", "</tool_call>"),
    ),
    CallForm(
        "lfm",
        "LFM2",
        '<|tool_call_start|>[f(a="b")]<|tool_call_end|>',
        ("<|tool_call_start|>", "<|tool_call_end|>"),
    ),
    CallForm(
        "mistral_args",
        "Mistral Small 3.1, Ministral 3, Magistral, Devstral",
        '[TOOL_CALLS]f[ARGS]{"a": "b"}',
        ("[ARGS]", "[TOOL_CALLS]", "[CALL_ID]"),
    ),
    CallForm(
        "mistral",
        "Mistral",
        '[TOOL_CALLS][{"name": "f", "arguments": {"a": "b"}}]',
        ("[TOOL_CALLS]",),
    ),
    CallForm(
        "phi",
        "Phi-4-mini",
        '<|tool_call|>[{"name": "f", "arguments": {"a": "b"}}]<|/tool_call|>',
        ("<|tool_call|>", "<|/tool_call|>"),
    ),
    CallForm(
        "hermes",
        "Qwen2.5, Qwen3, Hermes",
        '<tool_call>{"name": "f", "arguments": {"a": "b"}}</tool_call>',
        ("<tool_call>", "</tool_call>"),
    ),
    CallForm("llama", "Llama 3", '[f(a="b")]', ("<|python_tag|>", "<|eot_id|>")),
)
_JSON = CallForm("json", "xLAM, Hammer", '[{"name": "f", "arguments": {"a": "b"}}]')
_TOLD = CallForm("told", "models without tools", '[f(a="b")]')
# Tokens that an answer shows though they are control tokens: the parser looks at them.
CALL_MARKS = frozenset(
    mark for form in FORMS for mark in form.marks if mark != "<|eot_id|>"
)
_TAKES_TOOLS = re.compile(r"\btools\b")


def call_form(template: str) -> CallForm:
    """Return the form in which a model writes calls, by its chat template.

    A template that takes no tools is of a model that was not taught to call: agentkit
    tells it of the tools, and of Llama's list, in the instructions.
    """
    for form in FORMS:
        # A template of Llama 3 without tools has no <|python_tag|>, and ends its turns so.
        if form.marks[0] in template or (form.name == "llama" and "eot_id" in template):
            return form
    # "tools" as a word: the variable that a template of a model with tools loops over.
    return _JSON if _TAKES_TOOLS.search(template) else _TOLD


def form_named(name: str) -> CallForm | None:
    """Return the form of a name; None where there is none."""
    return next((one for one in (*FORMS, _JSON, _TOLD) if one.name == name), None)


# Architectures that turn text into vectors, as llama.cpp names them.
_EMBEDDING = frozenset(
    (
        *("bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "jina-bert-v3"),
        *("neo-bert", "modern-bert", "t5encoder", "gemma-embedding", "eurobert"),
    )
)
_VECTORS = (
    "is an embedding model, which turns text into vectors and writes nothing: take an "
    "instruct model to talk with ([packs.search] embedding takes one of these)"
)
_BASE = (
    "it is a base model, which completes text and was not taught to answer; take its "
    'instruct version, or say format="base"'
)
_NO_MODEL = {
    "mmproj": "is a vision projector, a part beside a language model: take the model's "
    "own file",
    "adapter": "is an adapter, which changes another model: merge it into that model, "
    "or take a merged file",
}
# What Llama 3's own prompt is written with, which needs no template.
LLAMA3_TOKENS = (
    "<|begin_of_text|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|python_tag|>",
)


def template_in(metadata: Mapping[str, Any]) -> str:
    """Return the chat template of a GGUF file; empty where it has none."""
    source = metadata.get("tokenizer.chat_template")
    return source if isinstance(source, str) and source.strip() else ""


def unfit_file(file: GgufFile) -> str:
    """Return why a GGUF file cannot chat, and what would; empty where it can.

    Its weights are not read.
    """
    facts, name = file.metadata, file.path.name
    kind = "mmproj" if file.architecture == "clip" else facts.get("general.type")
    if told := _NO_MODEL.get(str(kind)):
        return f"{name} {told}"
    # Embedding models of a chat model's architecture say how they pool; 0 is "not at
    # all".
    pooled = facts.get(f"{file.architecture}.pooling_type", 0)
    if file.architecture in _EMBEDDING or pooled:
        return f"{name} {_VECTORS}"
    if template_in(facts):
        return ""
    # Llama 3's prompt needs no template; the words tell whether it is one.
    words = read_gguf(file.path, lists=True).metadata.get("tokenizer.ggml.tokens")
    known = words if is_list(words) else ()
    lacking = [one for one in LLAMA3_TOKENS if one not in known]
    return (
        f"{name} has no chat template and lacks {lacking[0]}: {_BASE}"
        if lacking
        else ""
    )


def template_of_folder(folder: Path) -> str:
    """Return the chat template of a checkpoint; empty where it has none."""
    try:
        return (folder / "chat_template.jinja").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        template = _facts_in(folder / "tokenizer_config.json").get("chat_template")
    return template if isinstance(template, str) else ""


def unfit_folder(folder: Path, config: Mapping[str, Any]) -> str:
    """Return why a checkpoint cannot chat, and what would; empty where it can.

    Args:
        folder: where it lies.
        config: what its config.json says.
    """
    made_for: object = config.get("architectures")
    names = [str(one) for one in made_for] if is_list(made_for) else []
    # "LlamaForCausalLM" writes; "BertModel" and "BertForMaskedLM" do not.
    if names and not any("For" in one and "Masked" not in one for one in names):
        return f"{folder.name} {_VECTORS}"
    tokenizer = folder / "tokenizer_config.json"
    if not tokenizer.is_file() or template_of_folder(folder):
        return ""
    # Llama 3 without a template: its prompt is written here.
    if "<|start_header_id|>" in tokenizer.read_text("utf-8", "replace"):
        return ""
    return f"{folder.name} has no chat template: {_BASE}"


def _facts_in(path: Path) -> dict[str, Any]:
    try:
        facts: object = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return cast(dict[str, Any], facts) if isinstance(facts, dict) else {}
