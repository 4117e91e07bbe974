"""BFCL's requests, their right answers as a model writes them, and their tools.

Read from the site-packages of an environment with `bfcl-eval`. Of several right values
the first counts; what may be left out is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from agentkit.errors import ToolsetError
from agentkit.tools import Toolset

_FILES = ("simple_python", "multiple", "parallel", "parallel_multiple")
_EACH = 100


def recorded(site: str) -> list[tuple[str, str, Toolset]]:
    """Return requests, calls and toolsets, those of the four files in turns."""
    data = Path(site) / "bfcl_eval" / "data"
    rows = [list(_rows(data, name))[:_EACH] for name in _FILES]
    return [one for several in zip(*rows, strict=False) for one in several]


def _rows(data: Path, name: str) -> Iterator[tuple[str, str, Toolset]]:
    asked = (data / f"BFCL_v4_{name}.json").read_text().splitlines()
    right = data / "possible_answer" / f"BFCL_v4_{name}.json"
    for question, answer in zip(asked, right.read_text().splitlines(), strict=True):
        row = json.loads(question)
        try:
            toolset = Toolset.from_schemas(row["function"])
        except ToolsetError:
            continue
        calls = [
            f"{tool}({', '.join(_arguments(tool, values, toolset))})"
            for one in json.loads(answer)["ground_truth"]
            for tool, values in one.items()
        ]
        yield row["question"][0][-1]["content"], f"[{', '.join(calls)}]", toolset


def _arguments(tool: str, values: dict[str, Any], toolset: Toolset) -> Iterator[str]:
    """Write arguments in the schema's order."""
    for name in toolset[tool].parameters.get("properties", {}):
        chosen = values.get(name, [""])[0]
        if chosen != "":
            yield f"{name}={_written(chosen)}"


def _written(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"  # pyright: ignore
    if isinstance(value, dict):
        facts = cast(dict[str, list[Any]], value)
        inner = {k: v[0] for k, v in facts.items() if v and v[0] != ""}
        return "{" + ", ".join(f'"{k}": {_written(v)}' for k, v in inner.items()) + "}"
    return repr(value)
