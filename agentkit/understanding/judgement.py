"""The judgement of a request, by the trained network and a toolset's own words.

The trained tools are judged by the network, the developer's own by `candidates`; what
the network takes for none of its tools is shared among those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from heapq import nlargest

import numpy as np

from agentkit.language import spoken
from agentkit.language.telling import weighed
from agentkit.tools import Toolset
from agentkit.understanding.candidates import Candidates, candidates_of
from agentkit.understanding.features import Token, read_tokens
from agentkit.understanding.network import TAGS, Array, Network, Seen, network
from agentkit.understanding.request_meaning import (
    ROLES,
    Became,
    Choice,
    Reading,
    Span,
    Verdict,
    Word,
)
from agentkit.understanding.time_spans import whole_times

TOPIC = "~"
# Meanings that are offered in a question; less probable ones are not named.
_MOST_CHOICES = 5
# A reason is read at a glance.
_MOST_WORDS = 4
# Of nearly a hundred labels each has about this much by chance.
_LEAST = 0.01
# Of what begins a conversation much less follows up on something than of the rows of
# training, where one row in seven does: by e to this, in logits.
_SELDOM = 6.0
# Who spoke a language goes on in it: without this, "non" in a French dialogue is Italian.
_GOES_ON = 3.0
# "ok" and "undo" are at 0.4 and 0.56, "hola" and "ciao" at 0.85 and above.
_TELLING = 0.6


def judge(
    text: str, toolset: Toolset, language: str | None, *, begins: bool = False
) -> Reading:
    """Understand a request.

    Args:
        text: what was said.
        toolset: the tools that may be called.
        language: in which it was said, where that is known.
        begins: whether nothing was done or found before it.

    Raises:
        ConfigError: the weights are missing, damaged or of another version.
    """
    model = network()
    tokens = read_tokens(text)
    if not any(token.kind != "sign" for token in tokens):
        reason = "There is no word in it."
        said = language or spoken()
        return Reading((), "leave", reason, "unclear", 1.0, 0.0, (), said, ())
    seen = model.look(tokens)
    if begins:
        seen = replace(seen, labels=seen.labels - model.follows * _SELDOM)
    spans = read_spans(tokens, seen.tags)
    candidates = candidates_of(toolset)
    shares = _shares(model, seen, candidates, text, tokens, spans)
    topic, none = _topic(model, seen)

    def asked(word: str, tool: str) -> bool:
        return model.speaks_for(word, tool) or candidates.names(word, tool)

    telling = [
        token.text
        for token in tokens
        if token.kind != "sign"
        and not model.is_courtesy(token.text)
        and not any(s.start <= token.start < s.end for s in spans)
    ]
    choices = _choices(shares, asked, telling)
    left = 1 - sum(shares.values())
    verdict, reason = _judge(candidates, choices, left)
    said = language or _language(model, seen, text)
    spans = whole_times(spans, text, said)
    named = choices[0].tool if choices else ""
    words = _account(model, asked, named, tokens, spans)
    kind = model.friendly(seen)
    return Reading(choices, verdict, reason, topic, none, kind, spans, said, words)


def _language(model: Network, seen: Seen, text: str) -> str:
    """Return the likeliest language; the dialogue's where a word such as "ok" tells none."""
    heard = map(float, seen.languages)
    shares = dict(weighed(dict(zip(model.languages, heard, strict=True)), text))
    shares[spoken()] = shares.get(spoken(), 0.0) * _GOES_ON
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _TELLING * sum(shares.values()) else spoken()


def _shares(
    model: Network,
    seen: Seen,
    candidates: Candidates,
    text: str,
    tokens: Sequence[Token],
    spans: Sequence[Span],
) -> dict[str, float]:
    """Return each tool's probability; what is missing to 1 is that none is meant."""
    trained = model.probabilities(seen)
    # Trained tools that this toolset lacks leave their share to "none", and so to the
    # developer's own.
    shares = {name: trained[name] for name in candidates.trained}
    left = 1 - sum(shares.values())
    own = candidates.score(text, tokens, spans, seen)
    return shares | {name: left * p for name, p in own.items()}


def _topic(model: Network, seen: Seen) -> tuple[str, float]:
    trained = model.probabilities(seen)
    topics = {name: p for name, p in trained.items() if name.startswith(TOPIC)}
    best = max(topics, key=topics.__getitem__)
    return best.removeprefix(TOPIC), topics[best]


def _choices(
    shares: dict[str, float], asked: Callable[[str, str], bool], words: Sequence[str]
) -> tuple[Choice, ...]:
    order = nlargest(_MOST_CHOICES, shares, key=shares.__getitem__)
    found: list[Choice] = []
    for name in order:
        if shares[name] >= _LEAST:
            said = [f"“{w}”" for w in dict.fromkeys(words) if asked(w, name)]
            by = ", ".join(said[:_MOST_WORDS]) or "Its sense"
            reason = f"{by} speaks for {name} ({_percent(shares[name])})."
            found.append(Choice(name, shares[name], reason))
    return tuple(found)


def _judge(
    candidates: Candidates, choices: Sequence[Choice], left: float
) -> tuple[Verdict, str]:
    """Return the verdict, by bounds that were set on held-out requests."""
    best = choices[0] if choices else Choice("", 0.0, "")
    ask_at, call_at = candidates.bounds(best.tool)
    # First whether any tool is meant, by all of them together: which one it is can be
    # asked.
    if not choices or 1 - left < ask_at:
        return "leave", f"No tool is likely meant ({_percent(left)})."
    if best.probability >= call_at:
        return "call", best.reason
    # Three are read at a glance.
    names = " or ".join(choice.tool for choice in choices[:3])
    return "ask", f"Likely {names}, but not surely ({_percent(best.probability)})."


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _account(
    model: Network,
    asked: Callable[[str, str], bool],
    tool: str,
    tokens: Sequence[Token],
    spans: Sequence[Span],
) -> tuple[Word, ...]:
    found: list[Word] = []
    for token in tokens:
        role = next((s.role for s in spans if s.start <= token.start < s.end), "")
        became: Became = "not understood"
        if role:
            became = "filled in"
        # Courtesy before "asked for": "please" speaks for every tool, and so for none.
        elif token.kind == "sign" or model.is_courtesy(token.text):
            became = "courtesy"
        elif asked(token.text, tool):
            became = "asked for"
        found.append(Word(token.start, token.end, became, role))
    return tuple(found)


def read_spans(tokens: Sequence[Token], tags: Array) -> tuple[Span, ...]:
    """Find the spans of a text.

    Args:
        tokens: of the text.
        tags: a row of log-probabilities for each token, in the order of `TAGS`.
    """
    best = _best_path(tags)
    found: list[Span] = []
    at = 0
    while at < len(best):
        end = at + 1
        if best[at]:
            # Tags are O, then B and I of each role.
            role = ROLES[(best[at] - 1) // 2]
            while end < len(best) and best[end] == TAGS.index(f"I-{role}"):
                end += 1
            # A span is as sure as its least sure token.
            sure = float(np.exp(min(tags[n, best[n]] for n in range(at, end))))
            found.append(Span(tokens[at].start, tokens[end - 1].end, role, sure))
        at = end
    return tuple(found)


def _best_path(tags: Array) -> list[int]:
    """Return the likeliest well-formed sequence (Viterbi)."""
    barred = _barred()
    score = tags[0] + barred[0]
    back: list[Array] = []
    for row in tags[1:]:
        ways = score[:, None] + barred
        back.append(ways.argmax(0))
        score = ways.max(0) + row
    path = [int(np.argmax(score))]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return path[::-1]


@cache
def _barred() -> Array:
    """Return 0 where one tag may follow another, and minus infinity where not."""
    size = len(TAGS)
    barred = np.zeros((size, size), np.float32)
    # An I tag follows only the B or the I of its own role.
    for number in range(2, size, 2):
        barred[:, number] = -np.inf
        barred[[number - 1, number], number] = 0
    return barred
