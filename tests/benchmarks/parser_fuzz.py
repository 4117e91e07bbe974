"""Read random and mutated model output: `python tests/benchmarks/parser_fuzz.py`.

    python tests/benchmarks/parser_fuzz.py [--cases N] [--seed N] [--stream]

Each case is a well-formed or malformed output with one to six random edits. A case
fails when reading raises, when it calls a tool that is not known, or, with --stream,
when reading in pieces differs from reading the whole.
"""

import argparse
import random
import time
from dataclasses import dataclass

from agentkit.messages import ToolCall
from agentkit.pythonic import CallStream, parse_calls
from agentkit.tools import Toolset

TOOLS = Toolset.from_schemas(
    [
        {
            "name": "get_weather",
            "parameters": {
                "type": "object",
                "required": ["city"],
                "properties": {
                    "city": {"type": "string"},
                    "days": {"type": "integer"},
                    "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                },
            },
        },
        {
            "name": "create_event",
            "parameters": {
                "type": "object",
                "required": ["title"],
                "properties": {
                    "title": {"type": "string"},
                    "guests": {"type": "array", "items": {"type": "string"}},
                    "online": {"type": "boolean"},
                    "hours": {"type": "number"},
                },
            },
        },
        {
            "name": "calendar.find",
            "parameters": {
                "type": "dict",
                "properties": {"text": {"type": "string"}, "from": {"type": "string"}},
            },
        },
        {"name": "clock", "parameters": {"type": "object", "properties": {}}},
    ]
)

SEEDS = (
    "[get_weather(city=\"Oslo\", days=3), create_event(title='It\\'s', online=True)]",
    '```python\n[get_weather(city="Rome")]\n```\nDone.',
    '{"name": "get_weather", "parameters": {"city": "Bern", "days": "3"}}',
    "['get_weather(city=New York, days=5)', 'clock()']",
    '<function=get_weather>{"city": "Lima"}</function>',
    '<|python_tag|>[calendar.find(text={"x": [1, {"y": None}]}, **{"from": 1})]',
    'Sure! print(get_weather(city="Oslo"))\n',
    '[create_event(title=get_weather(city="Oslo"), guests=("a", "b"))]',
    '[("clock", {}), {"get_weather": {"city": [1, 2]}}]',
    '{{"name": "clock", "args": {}}}; {"function": {"name": "clock"}}',
    "[create_event(title=\"x 'y' \"z\"), get\\_weather(city='a')]",
    "You could call get_weather(city) or clock() maybe.",
)
PIECES = [
    *"[](){}'\",:=\\;+*#`-1\n é\x00\ud83d",
    *("**", "```", '"""', "<|", "|>", "\\_", "clock()", "get_weather(", "city="),
    *("None", "true", "print(", "<tool_call>", "<function=clock>", '"name":', "x" * 20),
]


@dataclass
class Tally:
    """What became of the cases."""

    calls: int = 0
    errors: int = 0
    streamed: int = 0
    slowest: float = 0.0


def mutated(dice: random.Random) -> str:
    """Return a seed with one to six edits."""
    text = dice.choice(SEEDS)
    for _ in range(dice.randint(1, 6)):
        start = dice.randint(0, len(text))
        end = min(len(text), start + dice.randint(0, 12))
        piece = dice.choice((dice.choice(PIECES), dice.choice(SEEDS)[:40], ""))
        times = dice.randint(1, 9) if len(piece) < 5 else 1
        kept = text[start:] if dice.random() < 0.5 else text[end:]
        text = text[:start] + piece * times + (kept if dice.random() < 0.9 else "")
    return text


def check(text: str, dice: random.Random, tally: Tally, *, stream: bool) -> None:
    """Read one case; AssertionError names the text when it is read wrongly."""
    started = time.process_time()
    parsed = parse_calls(text, TOOLS)
    spent = (time.process_time() - started) / (len(text) + 200)
    tally.slowest = max(tally.slowest, spent)
    assert all(call.name in TOOLS for call in parsed.calls), repr(text)
    tally.calls += bool(parsed.calls)
    tally.errors += bool(parsed.errors)
    if stream:
        tally.streamed += 1
        assert read_in_pieces(text, dice) == repr(parsed), repr(text)


def read_in_pieces(text: str, dice: random.Random) -> str:
    """Read a text through `CallStream` in random pieces."""
    reading = CallStream(TOOLS)
    early: list[ToolCall] = []
    while text:
        size = dice.choice((1, 1, 2, 3, 7, 30))
        early += [
            item for item in reading.feed(text[:size]) if isinstance(item, ToolCall)
        ]
        text = text[size:]
    parsed = reading.close()
    assert list(parsed.calls[: len(early)]) == early
    return repr(parsed)


def main() -> None:
    """Run the cases and print one line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stream", action="store_true", help="read in pieces too")
    given = parser.parse_args()
    dice, tally = random.Random(given.seed), Tally()
    for _ in range(given.cases):
        check(mutated(dice), dice, tally, stream=given.stream)
    print(
        f"{given.cases} cases, seed {given.seed}: no exception, no unknown tool; "
        f"{tally.calls} with calls, {tally.errors} with errors, {tally.streamed} also "
        f"read in pieces; slowest {tally.slowest * 1e6:.1f} us a character"
    )


if __name__ == "__main__":
    main()
