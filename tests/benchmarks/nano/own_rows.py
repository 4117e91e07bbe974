"""Writes rows for tools of one's own, from the sentences that their `examples` hold.

    python -m tests.benchmarks.nano.own_rows TOOLS.py VALUES.json ROWS.jsonl [--each N]

VALUES holds words for the slots: `{"place": ["Oslo", "the old town"]}`. Of each tool one
sentence in four is kept back, in ROWS.kept.jsonl, to measure on. What no tool does comes
from the foreign requests of the understanding's benchmark.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from agentkit.context import Context
from agentkit.discovery import tools_of_file
from agentkit.errors import AgentkitError
from agentkit.messages import ToolCall
from agentkit.pythonic import format_calls
from agentkit.tools import AnyTool
from tests.benchmarks.nano.rows import NONE, Asked
from tests.benchmarks.understanding.corpora import read_foreign
from tests.benchmarks.understanding.frames import Frame, Slot, Variant, frame_of

# Of a tool's sentences every so many is measured on; of rows so many that no tool does.
KEPT_IN, FOREIGN = 4, 0.25

Values = Mapping[str, Sequence[str]]


def rows_of(tool: AnyTool, values: Values, each: int, seed: int) -> Iterator[Asked]:
    """Fill a tool's sentences; each call is checked by the tool itself.

    Raises:
        InvalidArguments: a value is none for its parameter.
        KeyError: there are no words for a slot.
    """
    for source in tool.examples:
        if "..." in source:
            continue
        frame = frame_of("en", tool.name, source.replace("+", " "))
        chance = random.Random(f"{seed}{frame.id}")
        seen: set[str] = set()
        for _ in range(each):
            row = _filled(tool, frame, values, chance)
            if row.text not in seen:
                seen.add(row.text)
                yield row


def _filled(
    tool: AnyTool, frame: Frame, values: Values, chance: random.Random
) -> Asked:
    variant: Variant = chance.choice(frame.variants)
    text, given = "", dict[str, str]()
    for part in variant:
        words = chance.choice(values[part.role]) if isinstance(part, Slot) else part
        if isinstance(part, Slot):
            given[part.role] = words
        text += words
    tool.check(given, Context())
    order = {k: given[k] for k in tool.parameters["properties"] if k in given}
    call = format_calls([ToolCall(tool.name, order)])
    return Asked(" ".join(text.split()), call, "en", frame.id)


def apart(rows: Sequence[Asked]) -> tuple[list[Asked], list[Asked]]:
    """Part rows by their sentence: to train on, and to measure on."""
    sentences = list(dict.fromkeys(row.frame for row in rows))
    kept = set(sentences[KEPT_IN - 1 :: KEPT_IN])
    return [r for r in rows if r.frame not in kept], [
        r for r in rows if r.frame in kept
    ]


def write(rows: Sequence[Asked], file: Path) -> None:
    """Write rows, one JSON object a line."""
    lines = [json.dumps(asdict(row), ensure_ascii=False) for row in rows]
    file.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tools", type=Path)
    parser.add_argument("values", type=Path)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--each", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    values: Values = json.loads(options.values.read_text("utf-8"))
    trained, kept = list[Asked](), list[Asked]()
    try:
        for tool in tools_of_file(options.tools):
            parts = apart(list(rows_of(tool, values, options.each, options.seed)))
            trained, kept = trained + parts[0], kept + parts[1]
    except (AgentkitError, KeyError) as exc:
        raise SystemExit(f"{options.tools}: {exc}") from exc
    chance = random.Random(options.seed)
    others = [Asked(r.text, NONE, r.language, r.frame) for r in read_foreign(2)]
    foreign = [row for row in others if row.lang == "en" and not row.kept]
    count = int(FOREIGN / (1 - FOREIGN) * len(trained))
    trained += chance.choices(foreign, k=count)
    chance.shuffle(trained)
    write(trained, options.rows)
    write(kept, options.rows.with_suffix(".kept.jsonl"))
    print(f"{len(trained)} rows to train on, {len(kept)} kept back")


if __name__ == "__main__":
    main()
