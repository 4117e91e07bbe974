"""Counts how many calls written at random under the grammar parse and validate.

    python tests/benchmarks/grammar_calls.py [--calls N] [--bfcl FOLDER] [--seed N]

Each token is drawn uniformly among those that the mask allows, with Llama 3's true
tokenizer where the package `llama-models` is installed, and a small one of the
tests' own otherwise. That is what random weights would write, without the model.
Half of the 50 toolsets are made here, of arguments with types drawn at random; half
are BFCL's documents when --bfcl gives the site-packages of an environment with
`bfcl-eval`, and the bundled tools and made ones otherwise.

"parse" is: the parser finds the calls, without an error or a repair. "validate" is:
the tool's validator takes the arguments, and, where the package `jsonschema` is
installed, its schema does. Slot types (`When`, `Duration`, `Contact`) are held
against the schema only: random words are no time. An argument whose type the
grammar says it relaxes is reported apart.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).parents[2]))

from agentkit.context import Context
from agentkit.discovery import installed_tools
from agentkit.errors import AgentkitError, InvalidArguments, ToolsetError
from agentkit.grammar import (
    Grammar,
    GrammarTokenizer,
    Guide,
    compile_grammar,
    make_grammar,
)
from agentkit.grammar.value_types import SLOTS
from agentkit.messages import ToolCall
from agentkit.pythonic import parse_calls
from agentkit.tools import AnyTool, Toolset
from agentkit.tools.schema import signature_of_document
from agentkit.tools.schema.json_schema import is_list
from tests.agentkit.grammar.random_tools import make_toolset
from tests.agentkit.grammar.true_tokenizer import true_tokenizer
from tests.agentkit.grammar.walks import small_tokenizer, walk

_TOOLSETS = 50


def bfcl_toolsets(site: str, count: int, rng: random.Random) -> list[Toolset]:
    """Pool BFCL's documents into toolsets of one to twenty tools."""
    data = Path(site) / "bfcl_eval" / "data"
    documents = list(_documents(data))
    if not documents:
        raise SystemExit(f"{data} holds no BFCL data")
    toolsets: list[Toolset] = []
    while len(toolsets) < count:
        drawn = rng.sample(documents, rng.randint(1, 20))
        try:
            toolsets.append(
                Toolset.from_schemas({d["name"]: d for d in drawn}.values())
            )
        except ToolsetError as exc:
            print("left out:", exc)
    return toolsets


def _documents(data: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(data.glob("BFCL_v4_*.json")):
        if path.stem.endswith("format_sensitivity"):
            continue
        for line in path.read_text().splitlines():
            yield from json.loads(line).get("function") or ()
    for path in sorted(data.glob("multi_turn_func_doc/*.json")):
        yield from map(json.loads, path.read_text().splitlines())


def bundled(count: int, rng: random.Random) -> list[Toolset]:
    """Draw toolsets from the bundled tools."""
    tools = list(installed_tools())
    return [Toolset(rng.sample(tools, rng.randint(1, 20))) for _ in range(count)]


def faults(text: str, toolset: Toolset, relaxed: tuple[str, ...]) -> Counter[str]:
    """Judge one answer: what is wrong with each of its calls."""
    parsed = parse_calls(text, toolset)
    if parsed.errors or not parsed.calls:
        print("not parsed:", text[:300], parsed.errors)
        return Counter({"calls": 1, "not parsed": 1})
    counts = Counter({"calls": len(parsed.calls)})
    for repair in parsed.repairs:
        print("repaired:", repair, text[:300])
        counts["repaired"] += 1
    for call in parsed.calls:
        fault = _fault(call, toolset[call.name])
        named = [line for line in relaxed if line.startswith(f"{call.name}.")]
        if fault:
            counts["relaxed" if named else "not valid"] += 1
            if not named:
                print("not valid:", call, fault)
    return counts


def _fault(call: ToolCall, tool: AnyTool) -> str:
    words = any(f"'format': '{slot}'" in str(tool.parameters) for slot in SLOTS)
    signature = signature_of_document(tool.parameters)
    try:
        if words:
            signature.validate(call.arguments, Context())
        else:
            tool.check(call.arguments, Context())
    except InvalidArguments as exc:
        return str(exc)
    if find_spec("jsonschema") is None:
        return ""
    schema = _with_defaults(tool.parameters)
    validator: Any = import_module("jsonschema").Draft202012Validator(schema)
    return "; ".join(error.message for error in validator.iter_errors(call.arguments))


def _with_defaults(node: Any) -> Any:
    """Let an enum hold its default, as the validator of documents does."""
    if is_list(node):
        return [_with_defaults(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {k: _with_defaults(v) for k, v in cast("dict[str, Any]", node).items()}
    if "enum" in schema and isinstance(schema.get("default"), str):
        schema["enum"] = [*schema["enum"], schema["default"]]
    return schema


def main() -> None:
    """Walk, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--bfcl", default="")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    true = true_tokenizer()
    tokenizer: GrammarTokenizer = true or small_tokenizer()
    half = _TOOLSETS // 2
    others = (
        bfcl_toolsets(options.bfcl, half, rng) if options.bfcl else bundled(half, rng)
    )
    made = [make_toolset(rng, rng.randint(1, 20)) for _ in range(_TOOLSETS - half)]
    sets = [*made, *others]
    started = time.perf_counter()
    counts = Counter[str]()
    guides: list[tuple[Guide, Toolset, Grammar]] = []
    for toolset in sets:
        grammar = make_grammar(toolset, mode="calls")
        try:
            guides.append((compile_grammar(grammar, tokenizer), toolset, grammar))
        except AgentkitError as exc:
            counts["not compiled"] += 1
            print(exc)
    while counts["calls"] < options.calls:
        guide, toolset, grammar = guides[counts["answers"] % len(guides)]
        one = guide.copy()
        text = walk(one, rng)
        counts["answers"] += 1
        if not one.finished:
            counts["cut off"] += 1
            continue
        counts += faults(text, toolset, grammar.relaxed)
    print(
        f"{len(sets)} toolsets, {sum(map(len, sets))} tools; "
        f"{'BFCL and made' if options.bfcl else 'bundled and made'}; "
        f"tokenizer of {tokenizer.vocabulary} ids"
    )
    bad = counts["not parsed"], counts["not valid"]
    print(
        f"calls {counts['calls']}: parsed {counts['calls'] - bad[0]}, "
        f"validated {counts['calls'] - sum(bad) - counts['relaxed']}; "
        f"not valid where the grammar says so {counts['relaxed']}, elsewhere {bad[1]}; "
        f"repaired {counts['repaired']}; answers {counts['answers']}, "
        f"cut off {counts['cut off']}; grammars not compiled {counts['not compiled']}; "
        f"{time.perf_counter() - started:.0f} s"
    )


if __name__ == "__main__":
    main()
