"""Telephone numbers and addresses in a request, found by their shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.request_tokens import read_words
from agentkit.understanding import Span

# Fewer digits are a count, a year or a room.
_LEAST_DIGITS = 6
_SIGNS = frozenset("+()-./ ")
Place = tuple[int, int]


def details_in(
    spans: Sequence[Span], text: str, params: Mapping[str, Param]
) -> tuple[dict[str, str], tuple[Span, ...]]:
    """Find the number and the address that a tool has a place for.

    A tool without one, but with a person, may be told whom by them: "sms to 07700 900812".

    Args:
        spans: found in the request.
        text: the request.
        params: the tool's parameters.

    Returns:
        The arguments, and the spans that are not part of them.
    """
    ways = {
        "email": _addresses(text),
        "phone": _numbers(spans, text),
    }
    named = any(span.role == "person" for span in spans)
    if not any(param.kind in ways for param in params.values()):
        ways = {} if named else {"person": [*ways["email"], *ways["phone"]]}
    found: dict[str, Place] = {
        param.name: places[0]
        for param in params.values()
        # Which of two is meant, the shape does not tell.
        if len(places := ways.get(param.kind, [])) == 1
    }
    arguments = {name: text[start:end] for name, (start, end) in found.items()}
    taken = set(found.values())
    rest = (s for s in spans if not any(s.start < e and b < s.end for b, e in taken))
    return arguments, tuple(rest)


def _addresses(text: str) -> list[Place]:
    words = read_words(text)
    return [(w.start, w.end) for w in words if w.kind == "address" and "@" in w.norm]


def _numbers(spans: Sequence[Span], text: str) -> list[Place]:
    """Return numbers that are a telephone's as written, or were understood as numbers."""
    known = [(w.start, w.end) for w in read_words(text) if w.kind == "phone"]
    said = [(s.start, s.end) for s in spans if s.role == "number"]
    return known or [place for place in said if _is_long(text[slice(*place)])]


def _is_long(said: str) -> bool:
    digits = sum(map(str.isdecimal, said))
    return digits >= _LEAST_DIGITS and all(s.isdecimal() or s in _SIGNS for s in said)
