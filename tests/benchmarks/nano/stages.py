"""Writes what nano is trained on, in the order of training.

    python -m tests.benchmarks.nano.stages FILE.jsonl [--seed N] [--show N]

Requests that were written one by one, twice in other letters; sayings filled with
words, a third as many; and texts that were written anew. What is measured on, by its
frame, is left out.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from tests.benchmarks.nano.dialogues import answers, follow_ups, joined
from tests.benchmarks.nano.rows import LANGS, NONE, Asked, negative, positive
from tests.benchmarks.nano.written_rows import trained_rows, typed_lower
from tests.benchmarks.nano.written_texts import text_rows

# How often each frame is filled, in English and in the other languages; and the share of
# what no tool does among what is filled.
FILLINGS, ABROAD, FOREIGN = 4, 2, 0.22
# For each English request: follow-ups, new requests behind others, and joined ones.
SHARES = {"follow": 0.17, "behind": 0.07, "joined": 0.07}
# How often a written request or text is read.
COPIES = 2


def stage(seed: int) -> list[Asked]:
    """Return the rows of training."""
    chance = random.Random(seed)
    own = [row for row in trained_rows() if row.lang in LANGS]
    rows = [typed_lower(row, chance) for _ in range(COPIES) for row in own]
    filled = sayings(seed, chance)
    rows += chance.sample(filled, min(len(filled), len(rows) // 3))
    rows += COPIES * text_rows()
    chance.shuffle(rows)
    return rows


def sayings(seed: int, chance: random.Random) -> list[Asked]:
    """Return sayings with words in their slots, follow-ups, and what no tool does."""
    english = list(trained(positive("en", FILLINGS, seed)))
    rows = [*english, *trained(follow_ups(english, _part(english, "follow"), seed))]
    rows += trained(answers(english, seed))
    rows += joined(english, _part(english, "joined"), seed)
    for lang in LANGS[1:]:
        rows += trained(positive(lang, ABROAD, seed))
    foreign = list(trained(negative(LANGS, seed)))
    count = int(FOREIGN / (1 - FOREIGN) * len(rows))
    rows += chance.sample(foreign, min(count, len(foreign)))
    return rows + _behind(english, foreign, _part(english, "behind"), chance)


def trained(rows: Iterable[Asked]) -> list[Asked]:
    """Leave out what is measured on."""
    return [row for row in rows if not row.kept]


def _part(english: Sequence[Asked], name: str) -> int:
    return int(SHARES[name] * len(english))


def _behind(
    english: Sequence[Asked],
    foreign: Sequence[Asked],
    count: int,
    chance: random.Random,
) -> list[Asked]:
    """Put requests behind others that they have nothing to do with."""
    later = [*chance.sample(english, count), *chance.sample(foreign, count // 3)]
    firsts = [row for row in english if '=""' not in row.answer]
    before = [chance.choice(firsts) for _ in later]
    return [
        replace(row, turns=((first.text, first.answer),))
        for row, first in zip(later, before, strict=True)
    ]


def main() -> None:
    """Write rows, and show some."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=20)
    options = parser.parse_args()
    rows = stage(options.seed)
    lines = [json.dumps(asdict(row), ensure_ascii=False) for row in rows]
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_text("\n".join(lines) + "\n", "utf-8")
    langs = Counter(row.lang or "-" for row in rows)
    none = sum(row.answer == NONE for row in rows)
    print(len(rows), "rows,", none, "of no tool", dict(langs))
    for row in random.Random(1).sample(rows, min(options.show, len(rows))):
        before = "".join(f"{said} -> {answer} -> " for said, answer in row.turns)
        print(f"{before}{row.text} -> {row.answer}")


if __name__ == "__main__":
    main()
