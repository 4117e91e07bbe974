"""What becomes of each word: `python -m tests.benchmarks.account_of_words [FILE...] [--every N]`.

FILE holds one JSON object per line with `text`; without any, all utterances of the shared
data and the ordinary cases are read. Where a request is acted on, so that something would
change, each of its content words must be in an argument, in the sentence that fitted, said
to the trained understanding, or a courtesy. Of other languages than English, whose small
words are not known here, the times and lengths are looked at. Printed is how many requests were acted on, how
many were asked about, and which words are in none of these; the last must be 0.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from agentkit import Context, Toolset
from agentkit.backends.reflex.clause_words import trimmed
from agentkit.backends.reflex.drafts import CallDraft, CallReading
from agentkit.backends.reflex.english import said_as, stem_of
from agentkit.backends.reflex.kits import kit_for
from agentkit.backends.reflex.leftovers import COURTESIES
from agentkit.backends.reflex.references import Past
from agentkit.backends.reflex.request_tokens import read_words
from agentkit.backends.reflex.turn import read_turn
from agentkit.backends.reflex.understood import meaning_of
from agentkit.discovery import installed_tools
from agentkit.language.numbers import counted_word
from agentkit.slots.name_forms import is_slip

NOW = datetime(2026, 3, 10, 9, tzinfo=ZoneInfo("Europe/Berlin"))
SHARED = Path(__file__).parents[3] / "shared"
FILES = (
    *(SHARED / "data" / f"{name}.jsonl" for name in (
        "utterances_hwu64", "utterances_clinc150", "ha_sentences", "xsid_valid",
    )),
    SHARED / "ordinary" / "cases.jsonl",
)  # fmt: skip
_TIMED = re.compile(r"\d{4}-\d\d-\d\dT|\d\d:\d\d")


def main() -> int:
    """Print what became of the words; return 1 where one became of nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=list(FILES))
    parser.add_argument("--every", type=int, default=1, help="one row of so many")
    parser.add_argument("--first", type=int, default=0, help="the first row of these")
    options = parser.parse_args()
    lost = 0
    for file in options.files:
        if not file.is_file():
            print(f"{file} is not there; it was not measured.")
            continue
        texts = list(dict.fromkeys(texts_of(file)))[options.first :: options.every]
        readings = [(said, read(said)) for said in texts]
        acted = [(said, one.drafts) for said, one in readings if acts(one.drafts)]
        dropped = {said: words for said, d in acted if (words := unaccounted(said, d))}
        lost += sum(map(len, dropped.values()))
        asked = sum("not understood" in one.unclear for _, one in readings)
        print(f"{file.name}: {len(texts)} said, {len(acted)} acted on, {asked} asked "
              f"about for a word, {sum(map(len, dropped.values()))} words lost")  # fmt: skip
        drafts = dict(acted)
        for said, words in sorted(
            dropped.items(), key=lambda one: _cause(drafts[one[0]])
        ):
            print(f"    {_cause(drafts[said])}: {said!r}: {sorted(words)}", flush=True)
    return 1 if lost else 0


def texts_of(file: Path) -> Iterator[str]:
    """Yield what is said in a file, each turn of a case too."""
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        yield from row.get("turns", [row.get("text", "")])


def _cause(drafts: tuple[CallDraft, ...]) -> str:
    """Name who filled a call, by which the words that it lost are put together."""
    who = "rule" if all(draft.score for draft in drafts) else "learnt"
    return f"{who} {'+'.join(draft.tool for draft in drafts)}"


@cache
def tools() -> Toolset:
    """The installed tools."""
    return installed_tools()


def read(said: str) -> CallReading:
    """Read a request as drafts of calls."""
    context = Context(home=Path(), now=NOW)
    return read_turn(said, kit_for(tools()), tools(), context, (), Past())


def acts(drafts: tuple[CallDraft, ...]) -> bool:
    """Whether something would change: a call that is complete, and does not only read."""
    return any(tools()[d.tool].effect != "read" and not d.missing for d in drafts)


def unaccounted(said: str, drafts: tuple[CallDraft, ...]) -> set[str]:
    """Return content words that are in no argument and in nothing that was understood.

    Times are looked at as wholes: what they are resolved to holds none of their words.
    """
    values = [str(value) for one in drafts for value in one.arguments.values()]
    meaning = meaning_of(said, tools())
    if meaning is not None and meaning.language != "en":
        spans = [s for s in meaning.spans if s.role in ("time", "duration", "number")]
        told = [said[span.start : span.end].lower() for span in spans]
        timed = any(map(_TIMED.match, values))
        return {one for one in told if not timed and not _shares(one, values)}
    held = " ".join(way for v in values for way in (v, *said_as(v))).lower()
    own = {
        stem_of(word.lower()) for d in drafts for word in re.findall(r"\w+", d.reason)
    }
    own |= set() if all(draft.score for draft in drafts) else _understood(said)
    timed = any(_TIMED.match(value) for value in values)
    return {
        word.norm
        for word in trimmed(read_words(said, NOW))
        if (word.content or word.kind in ("number", "when", "duration"))
        and word.norm not in COURTESIES
        and not (timed and word.kind == "when")
        and not any(_is_heard(part, own, held) for part in word.norm.split())
    }


def _understood(said: str) -> set[str]:
    """Return the words that the trained understanding says it has heard."""
    meaning = meaning_of(said, tools())
    if meaning is None:
        return set()
    return {
        stem_of(part.lower())
        for word in meaning.words
        if word.became != "not understood"
        for part in re.findall(r"\w+", said[word.start : word.end])
    }


def _shares(span: str, values: list[str]) -> bool:
    """Whether some of a span's words are in an argument, a number's in figures too.

    Thai parts no words: what an argument took of a span stands within it.
    """
    words = span.split()
    # "10" of "10 minutes" is in no argument "5 minutes", whatever the unit is.
    amounts = [word for word in words if word.isdecimal()]
    if amounts and not all(any(a in value for value in values) for a in amounts):
        return False
    words += [str(n) for n in map(counted_word, words) if n is not None]
    said = [value.lower() for value in values if value]
    unspaced = len(span.split()) == 1 and not span.isascii()
    return any(
        word in value or (unspaced and value in word)
        for word in words
        for value in said
    )


def _is_heard(part: str, own: set[str], held: str) -> bool:
    """Whether a word, or what it is a slip of, is in a sentence or an argument."""
    bare = part.removesuffix("'s")
    return stem_of(bare) in own or bare in held or any(is_slip(bare, o) for o in own)


if __name__ == "__main__":
    sys.exit(main())
