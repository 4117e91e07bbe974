"""Calls in the forms of the model families: what a grammar allows, the parser reads back."""

from __future__ import annotations

import importlib.util
import random
from functools import lru_cache
from importlib import import_module
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from agentkit import Context, Toolset, tool
from agentkit.grammar import (
    GrammarTokenizer,
    Guide,
    Mode,
    compile_grammar,
    make_grammar,
)
from agentkit.grammar.call_shapes import SHAPES, WrittenForm
from agentkit.grammar.said import SaidValues
from agentkit.models.families import FORMS
from agentkit.pythonic import parse_calls
from tests.agentkit.grammar.random_tools import make_toolset
from tests.agentkit.grammar.walks import draw

if importlib.util.find_spec("llguidance") is None:
    pytest.skip("llguidance is not installed", allow_module_level=True)

MARKS = sorted({mark for form in FORMS for mark in form.marks if mark != "<parameter="})
# Tokenizers in which the marks are control tokens, and such in which they are text.
KINDS = ("control", "text")


@lru_cache(maxsize=2)
def tokenizer_of(kind: str) -> GrammarTokenizer:
    """Make a byte-level tokenizer with the marks of all families."""
    tokenizers: Any = import_module("tokenizers")
    parts: Any = import_module("tokenizers.pre_tokenizers")
    bpe = tokenizers.Tokenizer(tokenizers.models.BPE())
    bpe.pre_tokenizer = parts.ByteLevel(add_prefix_space=False, use_regex=True)
    bpe.decoder = tokenizers.decoders.ByteLevel()
    alphabet = parts.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=320, initial_alphabet=alphabet, show_progress=False
    )
    bpe.train_from_iterator(['[{"name": "get_weather", "arguments": {}}]'], trainer)
    names = ("<|end|>", *(MARKS if kind == "control" else ()))
    bpe.add_special_tokens([tokenizers.AddedToken(one, special=True) for one in names])
    return GrammarTokenizer.from_json(bpe.to_str(), [bpe.token_to_id("<|end|>")])


def guide_of(
    form: str,
    kind: str,
    toolset: Toolset,
    *,
    mode: Mode = "calls",
    said: SaidValues | None = None,
) -> Guide:
    own = tokenizer_of(kind)
    written = WrittenForm(form, own.control)
    return compile_grammar(
        make_grammar(toolset, mode=mode, said=said, form=written), own
    )


def tokens_of(guide: Guide, text: str) -> list[int]:
    """Split a text as a model's tokenizer does, the marks where they are tokens."""
    own = guide.tokenizer
    for name, number in own.control:
        before, mark, behind = text.partition(name)
        if mark:
            return [*tokens_of(guide, before), number, *tokens_of(guide, behind)]
    found: list[int] = own.native.tokenize_str(text)
    return found


def fits(guide: Guide, text: str) -> bool:
    tokens = tokens_of(guide, text)
    return guide.accept(tokens) == len(tokens) and guide.complete


def walk(guide: Guide, rng: random.Random, longest: int = 1500) -> str:
    """Write an answer of tokens drawn at random among those allowed."""
    own = guide.tokenizer
    names = {number: name.encode() for name, number in own.control}
    written = b""
    count = 0
    while not guide.finished and count < longest:
        (token, *_) = guide.certain() or [draw(guide, rng)]
        guide.accept([token])
        count += 1
        if token not in own.stops:
            written += names.get(token) or own.native.decode_bytes([token])
    return written.decode() if guide.complete or guide.finished else ""


@tool(effect="read")
def get_weather(
    city: str,
    days: Annotated[int, Field(ge=1, le=14)] = 1,
    hourly: bool = False,
    tags: list[str] | None = None,
    unit: Literal["C", "F"] = "C",
) -> str:
    """Tell the weather.

    Args:
        city: where.
        days: how many.
        hourly: each hour.
        tags: what for.
        unit: of the temperature.
    """
    return f"{city} {days} {hourly} {tags} {unit}"


TOOLS = Toolset(get_weather)
ALL = {
    "city": "São Paulo",
    "days": 3,
    "hourly": True,
    "tags": ["a, b", "c"],
    "unit": "F",
}
Q = '<|"|>'
# As each family's own template writes a call in what was said before.
WRITTEN = {
    "llama": '[get_weather(city="São Paulo", days=3, hourly=True, tags=["a, b", "c"], '
    'unit="F")]',
    "lfm": '<|tool_call_start|>[get_weather(city="São Paulo", days=3, hourly=True, '
    'tags=["a, b", "c"], unit="F")]<|tool_call_end|>',
    "json": '[{"name": "get_weather", "arguments": {"city": "São Paulo", "days": 3, '
    '"hourly": true, "tags": ["a, b", "c"], "unit": "F"}}]',
    "mistral": '[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "São Paulo", '
    '"days": 3, "hourly": true, "tags": ["a, b", "c"], "unit": "F"}}]',
    "mistral_args": '[TOOL_CALLS]get_weather[ARGS]{"city": "São Paulo", "days": 3, '
    '"hourly": true, "tags": ["a, b", "c"], "unit": "F"}',
    "phi": '<|tool_call|>[{"name": "get_weather", "arguments": {"city": "São Paulo", '
    '"days": 3, "hourly": true, "tags": ["a, b", "c"], "unit": "F"}}]<|/tool_call|>',
    "hermes": '<tool_call>\n{"name": "get_weather", "arguments": {"city": "São Paulo", '
    '"days": 3, "hourly": true, "tags": ["a, b", "c"], "unit": "F"}}\n</tool_call>',
    "gemma4": f"<|tool_call>call:get_weather{{city:{Q}São Paulo{Q},days:3,hourly:true,"
    f"tags:[{Q}a, b{Q},{Q}c{Q}],unit:{Q}F{Q}}}<tool_call|>",
    "functiongemma": "<start_function_call>call:get_weather{city:<escape>São Paulo<escape>"
    ",days:3,hourly:true,tags:[<escape>a, b<escape>,<escape>c<escape>],"
    "unit:<escape>F<escape>}<end_function_call>",
    "tags": "<tool_call>\n<function=get_weather>\n<parameter=city>\nSão Paulo\n"
    "</parameter>\n<parameter=days>\n3\n</parameter>\n<parameter=hourly>\ntrue\n"
    '</parameter>\n<parameter=tags>\n["a, b", "c"]\n</parameter>\n<parameter=unit>\nF\n'
    "</parameter>\n</function>\n</tool_call>",
}  # fmt: skip


def test_every_form_can_be_written() -> None:
    """What a chat template tells of is what a grammar is made for."""
    assert {form.name for form in FORMS} <= set(WRITTEN)
    assert set(WRITTEN) | {"told"} == set(SHAPES)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", WRITTEN)
def test_a_call_is_written_as_the_family_writes_it(form: str, kind: str) -> None:
    """The grammar allows it, alone or where text may be, and the parser reads it."""
    for mode in ("calls", "auto"):
        assert fits(guide_of(form, kind, TOOLS, mode=mode), WRITTEN[form])
    assert not fits(guide_of(form, kind, TOOLS, mode="text"), WRITTEN[form])
    (call,) = parse_calls(WRITTEN[form], TOOLS).calls
    assert (call.name, dict(call.arguments)) == ("get_weather", ALL)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", WRITTEN)
def test_text_is_text(form: str, kind: str) -> None:
    """Prose with brackets and signs is allowed where text may be, and nowhere else."""
    prose = "See [the page](a.example), where 1 < 2: {x}."
    for mode in ("auto", "text"):
        assert fits(guide_of(form, kind, TOOLS, mode=mode), prose)
    assert not fits(guide_of(form, kind, TOOLS), prose)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", WRITTEN)
def test_a_call_behind_text_is_held(form: str, kind: str) -> None:
    """Where a call of a tool begins in the text, the tool's schema holds it."""
    text = f"I will look. {WRITTEN[form]}"
    assert fits(guide_of(form, kind, TOOLS, mode="auto"), text)
    wrong = text.replace("3", "33", 1)
    assert not fits(guide_of(form, kind, TOOLS, mode="auto"), wrong)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", WRITTEN)
def test_what_was_said_limits_every_form(form: str, kind: str) -> None:
    """Strings are words of the request, whatever stands around them."""
    text = WRITTEN[form]
    for said, whole in (
        ("São Paulo, 3 hourly F: 'a, b' or c", True),
        ("Rome, 3 hourly", False),
    ):
        guide = guide_of(form, kind, TOOLS, said=SaidValues.of([said]))
        assert fits(guide, text) is whole


# Types whose words no grammar limits.
UNSAID = ("contact", "when", "duration", "span")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("seed", range(3))
def test_what_a_grammar_allows_is_read_back(form: str, kind: str, seed: int) -> None:
    """Calls drawn at random are read without a fault, and validate."""
    rng = random.Random(f"{form} {kind} {seed}")
    toolset = make_toolset(rng, 2, leave=UNSAID)
    text = walk(guide_of(form, kind, toolset), rng)
    if not text:
        return
    parsed = parse_calls(text, toolset)
    assert parsed.errors == ()
    assert parsed.calls
    for call in parsed.calls:
        toolset[call.name].check(dict(call.arguments), Context())
