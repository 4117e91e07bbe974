"""Measure the date grammar on a file of expressions whose values are known.

    python tests/benchmarks/dates.py [FILE] [--misses]

FILE holds one JSON object per line, of two kinds. A row with `kind` is one
expression, resolved as a whole: `text`, `ref` (local clock), `utc_offset`, `start`,
`end`, `grain`. A row with `entities` is a sentence to be searched: each entity has
`text`, `type` and `values`, any of which counts as right.

Seven tenths of the rows, chosen by a hash of the text, were looked at when the rules
were written; the rest ("unseen") were not. Two measures are printed for each kind:
"strict" asks for the very start, at the precision of the stated value, and the very
end where one is stated; "tolerant" lets the end differ by one unit, because the
sources disagree on whether the last unit is part of a range. A day stated for an
expression in which we read an hour too is right by its day in both. A stated range of
clock times that ends before it starts ends on the next day.

Last come the languages: how many expressions of the table in
tests/agentkit/slots/test_languages.py are read right in each. That table was written
with the rules, so these shares say what is covered, not how well it generalises.
The very last line is how long `find_when` takes for a sentence of mail, where
email_asks.jsonl lies beside FILE.
"""

import argparse
import hashlib
import json
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import dateparser  # type: ignore[import-untyped]
import dateparser.search  # type: ignore[import-untyped]

from agentkit.slots import When, find_duration, find_when, resolve_when

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.agentkit.slots.test_languages import LANGUAGES, NOW, TABLE
from tests.benchmarks.timing import timed

DEFAULT = Path(__file__).parents[3] / "shared" / "data" / "natural_dates.jsonl"
POINTS = ("date", "datetime", "time")
RANGES = ("daterange", "datetimerange", "timerange")
UNITS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=31),
    "quarter": timedelta(days=92),
    "year": timedelta(days=366),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judged expression: its kind, whether it was unseen, ours and theirs."""

    kind: str
    unseen: bool
    ours: bool
    alone: bool
    strict: bool
    text: str
    told: str


def unseen(text: str) -> bool:
    """Whether the row was kept back: three of ten, by its text."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 10 >= 7


def clock(row: dict[str, Any]) -> datetime:
    """The row's reference clock with its zone."""
    now = datetime.fromisoformat(row["ref"] or "2016-11-07T00:00:00")
    offset = row.get("utc_offset") or "+00:00"
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    delta = timedelta(hours=hours, minutes=minutes)
    return now.replace(tzinfo=timezone(-delta if offset[0] == "-" else delta))


def resolved(text: str, now: datetime) -> When | None:
    """Our answer, or None when there is none."""
    try:
        return resolve_when(text, now)
    except ValueError:
        return None


def settings(now: datetime) -> Any:
    """What dateparser alone is told: the clock, and to look ahead."""
    return {"RELATIVE_BASE": now.replace(tzinfo=None), "PREFER_DATES_FROM": "future"}


def parsed(text: str, now: datetime) -> datetime | None:
    """The answer of dateparser alone, on the user's clock."""
    answer = dateparser.parse(text, languages=["en"], settings=settings(now))
    return answer.replace(tzinfo=None) if answer else None


def searched(text: str, now: datetime) -> list[tuple[str, datetime]]:
    """What dateparser alone finds in a sentence."""
    found = dateparser.search.search_dates(
        text, languages=["en"], settings=settings(now)
    )
    return [(words, at.replace(tzinfo=None)) for words, at in found or []]


def near(first: datetime, second: datetime, grain: str) -> bool:
    """Whether two ends differ by no more than one unit."""
    return abs(first - second) <= UNITS[grain]


def expression_verdict(row: dict[str, Any]) -> Verdict:
    """Judge one expression that is resolved as a whole."""
    text: str = row["text"]
    kind: str = row["kind"]
    now = clock(row)
    ours, alone = resolved(text, now), parsed(text, now)
    if kind == "negative":
        return Verdict(
            kind, unseen(text), not ours, not alone, not ours, text, str(ours)
        )
    start = datetime.fromisoformat(row["start"])
    end = datetime.fromisoformat(row["end"]) if row["end"] else None
    right = strict = False
    if ours is not None:
        at = ours.start.replace(tzinfo=None)
        last = ours.until.replace(tzinfo=None)
        ends = end is None or near(last, end, row["grain"])
        right = at == start and ends
        strict = at == start and end in (None, last)
    kind = {"open_interval": "open interval", "holiday_interval": "interval"}.get(
        kind, kind
    )
    said = f"{row['start']}..{row['end']} | {ours and ours.isoformat()}"
    return Verdict(kind, unseen(text), right, alone == start, strict, text, said)


def same_value(
    value: dict[str, str], kind: str, when: When, *, strict: bool = False
) -> bool:
    """Whether a found time is one of a sentence's stated values."""
    start, end = when.start.replace(tzinfo=None), when.until.replace(tzinfo=None)
    if kind in POINTS:
        return _same_point(value["value"], kind, start)
    told = [_moment(value.get(name, ""), start) for name in ("start", "end")]
    if kind == "timerange" and told[0] and told[1] and told[1] < told[0]:
        # From 23:00 to 3:00: the end stands as a clock time of the next day.
        told[1] += timedelta(days=1)
    if kind == "daterange":
        start = start.replace(hour=0, minute=0, second=0)
    if told[0] is not None and told[0] != start:
        return False
    if strict:
        return told[1] in (None, end)
    grain = "day" if when.all_day or kind == "daterange" else "minute"
    if kind == "daterange" and when.grain in ("month", "year"):
        grain = when.grain
    return told[1] is None or near(told[1], end, grain)


def _same_point(value: str, kind: str, start: datetime) -> bool:
    if kind == "time":
        return value == f"{start:%H:%M:%S}"
    return _moment(value, start) == start


def _moment(value: str, day: datetime) -> datetime | None:
    if not value:
        return None
    if len(value) == 8 and value[2] == ":":
        value = f"{day.date().isoformat()} {value}"
    return datetime.fromisoformat(value)


def sentence_verdicts(row: dict[str, Any]) -> Iterator[Verdict]:
    """Judge what is found in one sentence."""
    text: str = row["text"]
    now = clock(row)
    ours, alone = find_when(text, now), searched(text, now)
    late = unseen(text)
    if not row["entities"]:
        told = "; ".join(f"{hit.text}={hit.when.isoformat()}" for hit in ours)
        yield Verdict(
            "sentence without", late, not ours, not alone, not ours, text, told
        )
    lowered = text.lower()
    entities: list[dict[str, Any]] = row["entities"]
    for entity in entities:
        kind: str = entity["type"]
        stated: list[dict[str, str]] = entity["values"] or []
        values = [value for value in stated if value.get("value") != "not resolved"]
        if kind == "duration" and values:
            wanted = {float(value["value"]) for value in values}
            found = {hit.duration.delta.total_seconds() for hit in find_duration(text)}
            good = bool(wanted & found)
            yield Verdict("duration in text", late, good, False, good, text, str(found))
        if kind not in POINTS + RANGES or not values:
            continue
        named: str = entity["text"]
        size = len(named)
        places = [at.start() for at in re.finditer(re.escape(named), lowered)]
        here = [
            hit.when
            for hit in ours
            if any(
                hit.start_index < place + size and place < hit.end_index
                for place in places
            )
        ]
        if kind == "date":
            # A date that we join with its time of day is right by its day.
            here = [
                _day_only(when) if when.grain != "second" else when for when in here
            ]
        right = any(same_value(v, kind, when) for v in values for when in here)
        their = any(
            same_value(v, kind, When(at.replace(tzinfo=UTC), None, "day", ""))
            for v in values
            for words, at in alone
            if words.lower() in named or named in words.lower()
        )
        exact = any(
            same_value(v, kind, when, strict=True) for v in values for when in here
        )
        label = "point in text" if kind in POINTS else "range in text"
        told = "; ".join(when.isoformat() for when in here)
        said = f"[{named}] {_values(values)} | {told}"
        yield Verdict(label, late, right, their, exact, text, said)


def _day_only(when: When) -> When:
    start = when.start.replace(hour=0, minute=0, second=0)
    return When(start, when.end, when.grain, when.text)


def _values(values: list[dict[str, str]]) -> str:
    return " / ".join(
        value.get("value") or f"{value.get('start', '')}..{value.get('end', '')}"
        for value in values
    )


def judge(rows: list[dict[str, Any]]) -> list[Verdict]:
    """Every verdict on every row."""
    verdicts: list[Verdict] = []
    for row in rows:
        if "kind" in row:
            verdicts.append(expression_verdict(row))
        else:
            verdicts.extend(sentence_verdicts(row))
    return verdicts


SUMS = {
    "POINTS": ("instant", "holiday", "point in text"),
    "RANGES": ("interval", "open interval", "range in text"),
    "NEGATIVES": ("negative", "sentence without"),
}


def table(verdicts: list[Verdict]) -> str:
    """Shares per kind, strict and tolerant, beside dateparser's; then the sums."""
    head = ("seen", "unseen", "all")
    lines = [
        f"{'':18}{'':>6}{'strict':>30}{'tolerant':>30}",
        f"{'kind':18}{'rows':>6}"
        + "".join(f"{name:>10}" for name in (*head, *head, "dateparser")),
    ]
    for kind in dict.fromkeys(verdict.kind for verdict in verdicts):
        lines.append(line(kind, [v for v in verdicts if v.kind == kind]))
    for name, kinds in SUMS.items():
        lines.append(line(name, [v for v in verdicts if v.kind in kinds]))
    return "\n".join(lines)


def line(name: str, mine: list[Verdict]) -> str:
    """One row of the table."""
    groups = (
        [verdict for verdict in mine if not verdict.unseen],
        [verdict for verdict in mine if verdict.unseen],
        mine,
    )
    cells = [share([verdict.strict for verdict in group]) for group in groups]
    cells += [share([verdict.ours for verdict in group]) for group in groups]
    cells.append(share([verdict.alone for verdict in mine]))
    return f"{name:18}{len(mine):>6}" + "".join(f"{cell:>10}" for cell in cells)


def share(right: list[bool]) -> str:
    """A percentage, or a dash when there is nothing to count."""
    return f"{100 * sum(right) / len(right):.1f} %" if right else "-"


def languages() -> str:
    """Expressions and share of right ones in each of the eight languages."""
    lines = ["", f"{'language':18}{'rows':>6}{'exact':>10}"]
    for place, code in enumerate(LANGUAGES):
        right = [_as_meant(row[place + 2], row[0], row[1]) for row in TABLE]
        lines.append(f"{code:18}{len(right):>6}{share(right):>10}")
    return "\n".join(lines)


def _as_meant(words: str, start: str, end: str) -> bool:
    when = resolved(words, NOW)
    if when is None:
        return False
    last = datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None
    return (when.start, when.end) == (
        datetime.fromisoformat(start).replace(tzinfo=UTC),
        last,
    )


def speed(mail: Path) -> str:
    """Microseconds that the search takes for a character of mail."""
    if not mail.is_file():
        return ""
    lines = mail.read_text(encoding="utf-8").splitlines()
    texts = [str(json.loads(line)["text"]) for line in lines]
    best, _ = timed(lambda: [find_when(text, NOW) for text in texts], rounds=3)
    share = best * 1000 / sum(map(len, texts))
    return f"\nfind_when: {share:.2f} us a character, {len(texts)} sentences of mail"


def main() -> None:
    """Print the table; with --misses the seen rows that went wrong as well."""
    parser = argparse.ArgumentParser(description="Measure the date grammar.")
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    if not options.file.is_file():
        print(f"{options.file} is not there; only the languages were measured.")
        print(languages())
        sys.exit(0)
    lines = options.file.read_text(encoding="utf-8").splitlines()
    warnings.simplefilter("ignore")
    verdicts = judge([json.loads(line) for line in lines if line.strip()])
    print(table(verdicts))
    print(languages())
    print(speed(options.file.parent / "email_asks.jsonl"))
    for verdict in verdicts if options.misses else ():
        if not verdict.ours and not verdict.unseen:
            print(f"{verdict.kind} | {verdict.text} | {verdict.told}")


if __name__ == "__main__":
    main()
