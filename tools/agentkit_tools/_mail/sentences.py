"""A message's own sentences: no quotes of others, no signature, no greeting line."""

from __future__ import annotations

import re
from itertools import islice

_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|No|approx|vs|etc|e\.g|i\.e|a\.m|p\.m|Jan|Feb|Mar"
    r"|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
    r"|\b(?-i:[A-Z]))\.$",
    re.I,
)
_END = re.compile(r"(?<=[.!?…])[\"'”)]*\s+(?=\S)")
_SIGNATURE = re.compile(r"^--\s*$")
_QUOTED = re.compile(r"^\s*(?:>|On .{5,80} wrote:|-{3,}\s*Original)", re.I)
_GREETING = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|evening)\b"
    r"(?:\s+(?:there|all|both|everyone|team|again|mr\.?|ms\.?|mrs\.?|dr\.?"
    r"|[A-Z][\w'-]*))*\s*[,!.:\u2013-]+\s*",
    re.I,
)
_LONGEST, _MOST, _LONGEST_SENTENCE = 20_000, 200, 600


def sentences(text: str) -> list[str]:
    """Split a message into sentences, left to right."""
    found: list[str] = []
    for line in _own_lines(text[:_LONGEST].replace("\u2019", "'")):
        found += _split(_ungreeted(line))
    worded = (one[:_LONGEST_SENTENCE] for one in found if re.search(r"\w", one))
    return list(islice(worded, _MOST))


def _own_lines(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines():
        if _SIGNATURE.match(line) or re.match(r"^\s*On .{5,80} wrote:", line):
            break
        if line.strip() and not _QUOTED.match(line):
            lines.append(line.strip().lstrip("-*• "))
    return lines


def _ungreeted(line: str) -> str:
    """Take a greeting off a line: "Hi Sam, could you" -> "could you"."""
    match = _GREETING.match(line)
    # A case-blind pattern would eat any words; names are capitalized.
    if match and all(_is_name(word) for word in match[0].split()[1:]):
        return line[match.end() :]
    return line


def _is_name(word: str) -> bool:
    plain = word.strip(",!.:\u2013-").lower()
    known = ("there", "all", "both", "everyone", "team", "again")
    fillers = ("morning", "afternoon", "evening", "")
    return word[:1].isupper() or plain in known + fillers


def _split(line: str) -> list[str]:
    parts: list[str] = []
    for part in _END.split(line):
        if parts and _ABBREVIATION.search(parts[-1][-10:]):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part.strip())
    return parts
