"""Texts that were written anew or summed up by hand, for nano to learn writing from.

    python -m tests.benchmarks.nano.written_texts ADAPTER.gguf [--show]

measures an adapter on those that are kept back: how many of the numbers and names of a
text stand in what was written, how many were added, and how long it is.

A line of `written/texts/rewrite.tsv` is `language, wish, text, rewritten`, and of
`summary.tsv` `language, sentences, text, summary`, parted by tabs. Every so many is
measured on. The instructions are those of `agentkit.agent.writing`.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from agentkit.agent.writing import WritingTask, rewriting, summarizing
from agentkit.backends.base import Request
from agentkit.backends.nano import NanoBackend
from agentkit.messages import system, user
from agentkit.tools import Toolset
from tests.benchmarks.nano.rows import Asked
from tests.benchmarks.nano.train import weights_file
from tests.benchmarks.nano.written_rows import FOLDER

TEXTS = FOLDER / "texts"
KEPT_IN = 15
_LENGTHS = ("shorter", "longer")
# What a text says for sure: numbers, and words with a capital inside a sentence.
_FACT = re.compile(r"\d+(?:[.,:]\d+)*|(?<=[a-zà-ÿ,;] )[A-ZÀ-Ý][\w'-]+")


def task_of(kind: str, wish: str, text: str) -> WritingTask:
    """Return the task of a line."""
    if kind == "summary":
        return summarizing(text, sentences=int(wish))
    words = wish.split(" and ")
    length = next((word for word in words if word in _LENGTHS), "")
    tones = [word for word in words if word not in (*_LENGTHS, "well")]
    return rewriting(text, tone=" and ".join(tones), length=length)  # type: ignore[arg-type]


def lines(*, kept: bool) -> Iterator[tuple[WritingTask, str, str, str]]:
    """Yield tasks, what is written, the language and the kind."""
    for file in sorted(TEXTS.glob("*.tsv")):
        for number, line in enumerate(file.read_text("utf-8").splitlines()):
            if (number % KEPT_IN == 0) is kept:
                lang, wish, text, written = line.replace("\\n", "\n").split("\t")
                yield task_of(file.stem, wish, text), written, lang, file.stem


def text_rows() -> list[Asked]:
    """Return the rows of training: instructions and text as one turn."""
    return [
        Asked(f"{task.instructions}\n\n{task.text}", written, lang, kind, (), "texts")
        for task, written, lang, kind in lines(kept=False)
    ]


def facts_of(text: str) -> set[str]:
    """Return the numbers and names of a text."""
    return {found.casefold() for found in _FACT.findall(text)}


def report(kind: str, pairs: Sequence[tuple[str, str]], seconds: float) -> str:
    """Return a line of figures on `(text, written)` pairs."""
    said = kept = added = 0
    for text, written in pairs:
        facts = facts_of(text)
        said += len(facts)
        kept += sum(fact in written.casefold() for fact in facts)
        added += sum(fact not in text.casefold() for fact in facts_of(written))
    length = sum(len(w) for _, w in pairs) / sum(len(t) for t, _ in pairs)
    same = sum(text.strip() == written for text, written in pairs)
    return (
        f"| {kind:8} | {len(pairs):3} | {kept}/{said} | {added} | {length:.2f} | {same} | "
        f"{seconds:.2f} |"
    )


async def _written(backend: NanoBackend, task: WritingTask) -> str:
    turns = (system(task.instructions), user(task.text))
    return (await backend.reply(Request(conversation=turns, toolset=Toolset()))).text


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("adapter", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    backend = NanoBackend(weights_file(), options.adapter)
    print("| kind | texts | facts kept | added | length | unchanged | CPU-seconds |")
    for wanted in ("rewrite", "summary"):
        some = [line for line in lines(kept=True) if line[3] == wanted]
        began, pairs = time.process_time(), list[tuple[str, str]]()
        for task, gold, lang, _ in some:
            written = asyncio.run(_written(backend, task))
            pairs.append((task.text, written))
            if options.show:
                print(f"{lang} {task.text!r}\n   {gold!r}\n   {written!r}")
        print(report(wanted, pairs, (time.process_time() - began) / len(some)))
        golden = [(task.text, gold) for task, gold, _, _ in some]
        print(report("by hand", golden, 0.0))


if __name__ == "__main__":
    main()
