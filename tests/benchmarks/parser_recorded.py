"""Measures the parser on recorded model outputs, judged by BFCL's own checker.

    python tests/benchmarks/parser_recorded.py [--data FOLDER] [--bfcl FOLDER] [--wrong]

FOLDER of --data holds `recorded_outputs.jsonl`, `refusals.jsonl` and
`parser_cases.json`; --bfcl is the site-packages of an environment with `bfcl-eval`
and the packages that it needs, when that is not this environment.

"right" is what BFCL's checker calls right. A wrong row is "other answer" when the
output was read without an error, so that the model's answer, not its reading, is
what the checker objects to; "told" when the parser reports what it could not read;
"no call" when it finds none. Three rows in ten, chosen by a hash, were never looked
at while the parser was written: "unseen". `--wrong` prints the rows that are not
right, unseen ones left out.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import re
import sys
import types
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from agentkit.pythonic import ParsedCalls, parse_calls
from agentkit.tools import Toolset

_DATA = Path(__file__).parents[3] / "shared" / "data"
_FILES = {"simple": "simple_python"}
_KINDS: dict[str, str] = {
    "code fence": r"```",
    "text behind": r"[\])}`]\s*\n+\s*(?![\s`\]\[{(])[A-Za-z#*].*",
    "text before": r"\A\s*[A-Z][a-z]+[ ,].*\s.*[\[({]",
    "calls quoted as strings": r"\[\s*[\"'][\w.]+\(",
    "JSON objects": r"[\"'](?:name|arguments|parameters|args|function)[\"']\s*:",
    "name as key": r"[{,]\s*[\"'][\w.]+[\"']\s*:\s*\{(?!.*[\"']name[\"'])",
    r"\_": r"\\_",
    "comments": r"\)[\],]*\s*#",
    "no outer brackets": r"\A\s*[\w.\\]+\(",
    "print(...)": r"print\(",
    "bold": r"\*\*",
    "missing ]": r"\A\s*\[[^\]]*\)\s*\Z|\A\s*\[(?:[^\[\]]|\[[^\]]*\])*\Z",
    "a dict as the only argument": r"\w\(\s*\{",
    "unquoted strings": r"\w=(?!True|False|None|true|false|null|lambda)[A-Za-z]",
    "several lists": r"\)\s*\]\s*(?:,|\+|\n|and)?\s*\[\s*[\w.]+\(",
    "tuples": r"=\s*\(|\[\s*\(",
    "nested calls": r"=\s*[\w.]+\(",
    "tool_call tags": r"<tool_call>|<function=",
}


class Judge:
    """BFCL's questions, answers and checker."""

    def __init__(self, site: str) -> None:
        if site:
            sys.path.insert(0, site)
        config: Any = types.ModuleType("bfcl_eval.constants.model_config")
        row = types.SimpleNamespace(underscore_to_dot=False)
        config.MODEL_CONFIG_MAPPING = {"agentkit": row}
        sys.modules[config.__name__] = config
        checker = "bfcl_eval.eval_checker.ast_eval.ast_checker"
        self._check: Callable[..., Any] = import_module(checker).ast_checker
        self._python = import_module("bfcl_eval.constants.enums").Language.PYTHON
        self._folder = Path(str(import_module("bfcl_eval").__file__)).parent / "data"
        self._read: dict[Path, list[dict[str, Any]]] = {}

    def _rows(self, category: str, folder: str = "") -> list[dict[str, Any]]:
        name = f"BFCL_v4_{_FILES.get(category, category)}.json"
        path = self._folder / folder / name
        if path not in self._read:
            self._read[path] = _load(path)
        return self._read[path]

    def documents(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the tool documents of a recorded row."""
        index: int = row["idx"]
        documents: list[dict[str, Any]] = self._rows(row["cat"])[index]["function"]
        return documents

    def question(self, row: dict[str, Any]) -> str:
        """Return what the user of a recorded row says."""
        index: int = row["idx"]
        text: str = self._rows(row["cat"])[index]["question"][0][-1]["content"]
        return text

    def toolset(self, row: dict[str, Any]) -> Toolset:
        """Return the toolset of a recorded row."""
        return Toolset.from_schemas(self.documents(row))

    def is_right(self, row: dict[str, Any], calls: list[dict[str, Any]]) -> bool:
        """Whether the calls answer the row's question."""
        return not self.objection(row, calls)

    def objection(self, row: dict[str, Any], calls: list[dict[str, Any]]) -> str:
        """Name what the checker objects to; empty when the calls are right."""
        index: int = row["idx"]
        truth = self._rows(row["cat"], "possible_answer")[index]["ground_truth"]
        category = _FILES.get(row["cat"], row["cat"])
        try:
            verdict = self._check(
                self.documents(row), calls, truth, self._python, category, "agentkit"
            )
        except (TypeError, AttributeError, KeyError):
            return "the checker fails"
        return "" if verdict["valid"] else str(verdict["error_type"])


def calls_of(parsed: ParsedCalls) -> list[dict[str, Any]]:
    """Put calls in the judge's form."""
    return [{call.name: dict(call.arguments)} for call in parsed.calls]


def decode_plainly(text: str) -> list[dict[str, Any]] | None:
    """Read a well-formed list with Python's own parser; None when it is not one."""
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    if not isinstance(body, ast.List) or not body.elts:
        return None
    calls = [e for e in body.elts if isinstance(e, ast.Call)]
    if len(calls) < len(body.elts):
        return None
    return [
        {ast.unparse(c.func): {str(k.arg): _literal(k.value) for k in c.keywords}}
        for c in calls
    ]


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ast.unparse(node)


def is_unseen(row: dict[str, Any]) -> bool:
    """Whether a row was kept out of sight while the parser was written."""
    key = f"{row['model']}{row['cat']}{row['idx']}{row['raw']}"
    return int(hashlib.sha1(key.encode()).hexdigest(), 16) % 10 < 3


def outcome(judge: Judge, row: dict[str, Any]) -> str:
    """Name what came of a row."""
    parsed = parse_calls(row["raw"], judge.toolset(row))
    if judge.is_right(row, calls_of(parsed)):
        return "right"
    if parsed.errors:
        return "told"
    if parsed.calls:
        return "other answer"
    return "no call" if has_call_form(row["raw"], judge.documents(row)) else "refused"


def has_call_form(text: str, documents: list[dict[str, Any]]) -> bool:
    """Whether a tool's name stands where it could be called."""
    flat = text.replace("\\_", "_").replace(".", "_")
    return any(
        re.search(rf"{re.escape(d['name'].replace('.', '_'))}[\"'`]?\s*[(,:{{]", flat)
        for d in documents
    )


_CAUSES = {
    "wrong_count": "too few or too many calls",
    "value_error": "another value",
    "cannot_find_match": "another value",
    "type_error": "a value of another type",
    "": "an argument too few or too many",
}


def cause(judge: Judge, row: dict[str, Any]) -> str:
    """Name why a row is not right, as far as the checker tells."""
    came = outcome(judge, row)
    if came != "other answer":
        return came
    what = judge.objection(row, calls_of(parse_calls(row["raw"], judge.toolset(row))))
    return next(said for mark, said in _CAUSES.items() if mark in what)


def kinds_of(text: str) -> list[str]:
    """Name the malformations of an output, roughly."""
    found = [kind for kind, mark in _KINDS.items() if re.search(mark, text)]
    return found or ["other"]


def _line(name: str, counts: Counter[str]) -> str:
    rows = sum(counts.values())
    held = max(1, rows - counts["refused"])
    read = counts["right"] + counts["other answer"]
    return (
        f"{name:28} {rows:6} {counts['right']:6} {counts['other answer']:6}"
        f" {counts['told']:6} {counts['no call']:6}"
        f" {counts['refused']:8} {counts['right'] / held:7.1%} {read / held:7.1%}"
    )


def report_malformed(judge: Judge, rows: list[dict[str, Any]], wrong: bool) -> None:
    """Print the table of malformed outputs, by malformation."""
    table: dict[str, Counter[str]] = {k: Counter() for k in (*_KINDS, "other")}
    parts = {"seen": Counter[str](), "unseen": Counter[str]()}
    for row in rows:
        came = outcome(judge, row)
        parts["unseen" if is_unseen(row) else "seen"][came] += 1
        for kind in kinds_of(row["raw"]):
            table[kind][came] += 1
        if wrong and came != "right" and not is_unseen(row):
            print(json.dumps({"outcome": came, **row}))
    print(
        f"\n{'malformed':28}   rows  right  other   told   none  refused   right    read"
    )
    for name, counts in table.items():
        print(_line(name, counts))
    for name, counts in parts.items():
        print(_line(f"all, {name}", counts))
    print(_line("all", parts["seen"] + parts["unseen"]))


def report_well_formed(judge: Judge, rows: list[dict[str, Any]]) -> None:
    """Print how many rows that plain decoding gets right are lost."""
    plain = ours = lost = 0
    for row in rows:
        by_python = judge.is_right(row, decode_plainly(row["raw"]) or [])
        by_us = outcome(judge, row) == "right"
        plain, ours, lost = plain + by_python, ours + by_us, lost + (by_python > by_us)
    print(
        f"\nwell-formed: {len(rows)} rows; right {ours}, by ast.parse {plain}; "
        f"right by ast.parse and lost here: {lost}"
    )


def report_causes(judge: Judge, name: str, rows: list[dict[str, Any]]) -> None:
    """Print why rows are not right, the most frequent cause first."""
    causes = Counter(cause(judge, row) for row in rows)
    del causes["right"]
    listed = (f"{count} {why}" for why, count in causes.most_common())
    print(f"{name}, {causes.total()} not right: {', '.join(listed)}")


def report_refusals(judge: Judge, rows: list[dict[str, Any]]) -> None:
    """Print how many refusals were taken for calls."""
    parsed = [parse_calls(row["raw"], judge.toolset(row)) for row in rows]
    calls = sum(bool(p.calls) for p in parsed)
    errors = sum(bool(p.errors) for p in parsed)
    print(f"refusals: {len(rows)} rows; {calls} with calls, {errors} with errors")


def report_cases(cases: list[dict[str, Any]]) -> None:
    """Print how many upstream test cases are met, where upstreams agree."""
    names = {name for case in cases for name, _ in case["expect_calls"]}
    documents = [
        {"name": name, "description": name, "parameters": {"type": "object"}}
        for name in sorted(names | {"foo", "get_boiling_point"})
    ]
    toolset = Toolset.from_schemas(documents)
    agreed = [case for case in cases if "policy" not in case]
    failed: list[str] = []
    for case in agreed:
        calls = parse_calls(case["input"], toolset).calls
        if [[c.name, dict(c.arguments)] for c in calls] != case["expect_calls"]:
            failed.append(case["id"])
    print(f"parser cases: {len(agreed) - len(failed)} of {len(agreed)} {failed or ''}")


def _load(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def main() -> int:
    """Print every table; 2 when the data or the judge is not there."""
    options = argparse.ArgumentParser(description="Measure the parser.")
    options.add_argument("--data", type=Path, default=_DATA)
    options.add_argument("--bfcl", default="")
    options.add_argument("--wrong", action="store_true")
    chosen = options.parse_args()
    if not (chosen.data / "recorded_outputs.jsonl").is_file():
        print(f"no recorded outputs in {chosen.data}; give their folder by --data")
        return 2
    report_cases(json.loads((chosen.data / "parser_cases.json").read_text())["cases"])
    try:
        judge = Judge(chosen.bfcl)
    except ImportError as missing:
        print(f"the judge is not there ({missing}): pip install --no-deps bfcl-eval")
        return 2
    rows = _load(chosen.data / "recorded_outputs.jsonl")
    asked = [row for row in rows if row["cat"] != "irrelevance"]
    well_formed = [row for row in asked if decode_plainly(row["raw"])]
    report_well_formed(judge, well_formed)
    report_refusals(judge, _load(chosen.data / "refusals.jsonl"))
    malformed = [row for row in asked if not decode_plainly(row["raw"])]
    report_malformed(judge, malformed, chosen.wrong)
    report_causes(judge, "well-formed", well_formed)
    report_causes(judge, "malformed", malformed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
