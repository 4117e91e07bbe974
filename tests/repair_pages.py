"""The page on every repair: each example is read by `parse_calls` as it is written."""

from __future__ import annotations

from collections.abc import Iterator

from agentkit.pythonic import format_calls, parse_calls
from agentkit.tools import Toolset

_INTRO = """\
# What the parser repairs, and what it refuses

Made from the code by `python -m tests.reference_pages`: every outcome below is what
`parse_calls` returned when this page was written.

Small models write calls in many ways. The parser anchors on the tools that it knows.
It mends *structure*; it never invents a value. Whatever it reads otherwise than it
was written is a line in `ParsedCalls.repairs`; what it cannot read for certain is an entry
in `ParsedCalls.errors`, with a message for the model. Text that is no call stays text.

The tools of the examples:

```text
get_weather(city: string, days: integer = 1, metric: boolean = false)
send_message(to: list of strings, body: string, urgent: boolean = false)
math.add(a: number, b: number)
```
"""

TOOLS = Toolset.from_schemas(
    [
        {
            "name": "get_weather",
            "description": "Get the weather.",
            "parameters": {
                "type": "object",
                "required": ["city"],
                "properties": {
                    "city": {"type": "string"},
                    "days": {"type": "integer", "default": 1},
                    "metric": {"type": "boolean", "default": False},
                },
            },
        },
        {
            "name": "send_message",
            "description": "Send a message.",
            "parameters": {
                "type": "object",
                "required": ["to", "body"],
                "properties": {
                    "to": {"type": "array", "items": {"type": "string"}},
                    "body": {"type": "string"},
                    "urgent": {"type": "boolean", "default": False},
                },
            },
        },
        {
            "name": "math.add",
            "description": "Add two numbers.",
            "parameters": {
                "type": "dict",
                "required": ["a", "b"],
                "properties": {"a": {"type": "float"}, "b": {"type": "float"}},
            },
        },
    ]
)

_OSLO = "get_weather(city='Oslo')"

EXAMPLES: dict[str, dict[str, str]] = {
    "Around the calls": {
        "code fence": f"```python\n[{_OSLO}]\n```",
        "prose before": f"Sure, I will look that up. [{_OSLO}]",
        "prose behind": f"[{_OSLO}] This will get the weather.",
        "bold": f"**[{_OSLO}]**",
        "`print(...)`": f"print({_OSLO})",
        "python tag": f"<|python_tag|>[{_OSLO}]",
        "comment": f"[{_OSLO}]  # the capital",
    },
    "Brackets": {
        "no outer brackets": _OSLO,
        "missing `]`": f"[{_OSLO}",
        "extra bracket": f"[[{_OSLO}]]",
        "one call a line": f"{_OSLO}\nget_weather(city='Rome')",
        "several lists": f"[{_OSLO}]\n[get_weather(city='Rome')]",
        "`;` between calls": f"{_OSLO}; get_weather(city='Rome')",
        "tuple": f"({_OSLO}, get_weather(city='Rome'))",
        "call quoted as a string": f'["{_OSLO}"]',
        "missing `)`": "[get_weather(city='Oslo', get_weather(city='Rome')]",
        "missing `]` of a list": "[send_message(to=['Ana', 'Ben', body='Hi')]",
        "wrong bracket": "[send_message(to=['Ana'), body='Hi')]",
        "truncated": "[get_weather(city='Os",
    },
    "Names of tools and arguments": {
        "escaped underscore": "[get\\_weather(city='Oslo')]",
        "dots and underscores": "[math_add(a=1, b=2)]",
        "bare name": "[get_weather]",
        "one argument twice, a list": "[send_message(to='Ana', to='Ben', body='Hi')]",
        "unknown tool": "[get_wether(city='Oslo')]",
        "unknown argument": "[get_weather(city='Oslo', unit='C')]",
        "duplicate argument": "[get_weather(city='Oslo', city='Rome')]",
        "positional arguments": "[get_weather('Oslo', 3)]",
        "a dict as only argument": "[get_weather({'city': 'Oslo', 'days': 2})]",
        "an object in a variable": "data = {'city': 'Oslo', 'days': 2}\nget_weather(data)",
        "`params={...}`": "[get_weather(params={'city': 'Oslo'})]",
        "`parameters=`": "[get_weather(parameters={'city': 'Oslo'})]",
        "capital letters": "[get_weather(City='Oslo')]",
        "leading underscore": "[get_weather(_city='Oslo')]",
    },
    "Values": {
        "unquoted string": "[get_weather(city=Oslo)]",
        "unescaped apostrophe": "[send_message(to=['Ana'], body='I'm late')]",
        "unterminated string": "[get_weather(city='Oslo)]",
        "number as a string": "[get_weather(city='Oslo', days='3')]",
        "boolean as a string": "[get_weather(city='Oslo', metric='true')]",
        "JSON's words": "[get_weather(city='Oslo', metric=true)]",
        "list as a string": "[send_message(to=\"['Ana', 'Ben']\", body='Hi')]",
        "one value for a list": "[send_message(to='Ana', body='Hi')]",
        "optional argument as `null`": "[get_weather(city='Oslo', days=null)]",
        "optional argument as `''`": "[get_weather(city='Oslo', days='')]",
        "other closing quote": "[get_weather(city='Oslo\")]",
        "joined strings": "[get_weather(city='Os' + 'lo')]",
        "copied schema": "[get_weather(city={'type': 'string', 'value': 'Oslo'})]",
        "number with unit": "[math.add(a=5 km, b=2)]",
        "arithmetic": "[math.add(a=2*3, b=1)]",
        "nested call": "[math.add(a=math.add(a=1, b=2), b=3)]",
    },
    "Other formats": {
        "JSON object": '{"name": "get_weather", "parameters": {"city": "Oslo"}}',
        "`function` and `args`": '{"function": "get_weather", "args": {"city": "Oslo"}}',
        "call as the name": '{"name": "get_weather(city=\'Oslo\')"}',
        "a list of name and arguments": "['get_weather', city='Oslo', days=2]",
        "name as key": '{"get_weather": {"city": "Oslo"}}',
        "doubled braces": '{{"name": "get_weather", "parameters": {"city": "Oslo"}}}',
        "`<function=...>`": '<function=get_weather>{"city": "Oslo"}</function>',
        "Hermes": '<tool_call>{"name": "get_weather", "arguments": {"city": "Oslo"}}'
        "</tool_call>",
    },
    "What is no call": {
        "prose that names a tool": "I could use get_weather for that.",
        "a list in a sentence": f"The result of [{_OSLO}] is 20 degrees.",
        "dots for a value": "[get_weather(city=...)]",
        "number cut off": '{"name": "get_weather", "parameters": {"city": "Oslo", '
        '"days": 1',
        "template echo": "[func_name1(params_name1=params_value1)]",
        "a definition": "def get_weather(city):\n    return 'sunny'",
        "unclosed call": "[get_weather(city='Oslo'",
    },
}


def repairs_page() -> str:
    """Return the page, every example read anew."""
    return "\n".join([_INTRO, *_sections()])


def _sections() -> Iterator[str]:
    for title, examples in EXAMPLES.items():
        yield f"## {title}\n"
        for name, text in examples.items():
            yield f"### {_capital(name)}\n\n```text\n{_outcome(text)}\n```\n"


def _outcome(text: str) -> str:
    parsed = parse_calls(text, TOOLS)
    lines = [f"written  {text}".replace("\n", "\n         ")]
    lines.append(f"calls    {format_calls(parsed.calls) if parsed.calls else 'none'}")
    lines += [f"text     {parsed.text}"] if parsed.text else []
    lines += [f"repair   {repair}" for repair in parsed.repairs]
    lines += [f"error    {error.message}" for error in parsed.errors]
    return "\n".join(lines)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
