"""Field cases of calls, of tools' own schemas, and of what is personal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from agentkit import Agent, Toolset, tool
from agentkit.agent.ladder.border import known_values
from agentkit.backends import ScriptedBackend
from agentkit.errors import AgentkitError
from agentkit.grammar import compile_grammar, make_grammar
from agentkit.privacy.personal import detect, detect_surely
from agentkit.privacy.personal_values import Values
from agentkit.pythonic import parse_calls
from tests.agentkit.grammar.walks import fits, small_tokenizer
from tests.benchmarks.field_homes import Driver, Undriven, context_of

# Calls


@tool(effect="write")
def write_file(path: str, content: str) -> str:
    """Write a file.

    Args:
        path: where.
        content: what.
    """
    return path + content


@tool(effect="read")
def walk_directory(path: str) -> str:
    """Walk through a folder.

    Args:
        path: where.
    """
    return path


@tool(effect="read", name="ExtractName")
def extract_name(name: str) -> str:
    """Take out a name.

    Args:
        name: whose.
    """
    return name


_TOOLS = Toolset([write_file, walk_directory, extract_name])


def _call(text: str, expected: str, _: Path) -> bool:
    named = {
        "arguments nests": '{"name":"ExtractName","arguments":'
        '{"arguments":{"name":"John"},"name":"ExtractName"}}',
        "single-element": '[write_file(path=["SKILL.md"], content=["hello"])]',
    }
    text = next((v for k, v in named.items() if text.startswith(k)), text)
    calls = [(one.name, dict(one.arguments)) for one in parse_calls(text, _TOOLS).calls]
    if expected.startswith("[("):
        return repr(calls) == expected
    right = expected.removesuffix(" or no call")
    values = [value for _, one in calls for value in one.values()]
    return not calls or any(right in (repr(v), f"'{v!r}'"[1:-1]) for v in values)


# What is personal


def _detected(text: str, expected: str, _: Path) -> bool:
    right = expected.removesuffix(" detected").strip("'")
    if right not in text:  # what stands in the prose is a name for it
        text = "mail vic\u200btim@exam\u200bple.com" if "zero" in text else right
    found = [value.text for value in (*detect(text), *detect_surely(text))]
    return any(right in value for value in found)


def _typed(text: str, _: str, home: Path) -> bool:
    said = text.partition("backend): ")[2]
    known = known_values(context_of(home))
    return bool(Values([*known, *detect_surely(said)]).find(said))


_CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c1\r\nFN:Ana Kos\r\nORG:Kestrel Optics\r\n"
    "ADR:;;12 Rosewood Lane;Leeds;;LS1 4AB;UK\r\nNOTE:allergic to walnuts\\, prefers "
    "mornings\r\nTEL:+49 30 5550177\r\nTEL:0171 5550188\r\nEND:VCARD\r\n"
)


def _contact_value(text: str, _: str, home: Path) -> bool:
    (home / "contacts.vcf").write_bytes(_CARD.encode())
    quoted = re.search(r"'([^']*)'$", text)
    said = quoted[1] if quoted else text.partition(": ")[2]
    return bool(known_values(context_of(home)).find(said))


# Tools


def _left_out(text: str, expected: str, home: Path) -> bool:
    """Let a model leave an argument out whose default stands in a `Field`."""
    bounded, described = "ge=1" in text, "description=" in text

    def plain(n: int = Field(5)) -> str:
        """Tell it."""
        return repr(n)

    def full(n: int = Field(5, ge=1, description="n")) -> str:
        """Tell it."""
        return repr(n)

    def noted(n: Annotated[int, Field(ge=1)] = Field(5)) -> str:
        """Tell it."""
        return repr(n)

    function = noted if "Annotated" in text else full if bounded or described else plain
    one = tool(effect="read", name="f")(function)
    backend = ScriptedBackend(["[f()]", "Done."])
    agent = Agent(tools=[one], backend=backend, context=context_of(home))
    outcome = agent.run("Tell it")
    return [call.value for call in outcome.calls] == [expected]


def _decorated(text: str, expected: str, home: Path) -> bool:
    if "left out" in text or "default is" in text:
        return _left_out(text, expected, home)
    if "Optional" in text:
        return _optional()
    if "Field(...)" in text:
        return _required()
    if "docstring" in text:
        return _documented()
    raise Undriven


def _optional() -> bool:
    def f(param1: Annotated[str | None, "my str"] = None) -> str:
        """Do it."""
        return str(param1)

    parameters = tool(effect="read")(f).parameters
    told = parameters["properties"]["param1"]["description"]
    return told == "my str" and "param1" not in parameters.get("required", [])


def _required() -> bool:
    def f(n: int = Field(..., description="n")) -> str:
        """Do it."""
        return str(n)

    parameters = tool(effect="read")(f).parameters
    told = parameters["properties"]["n"]["description"]
    return (parameters["required"], told) == (["n"], "n")


def _documented() -> bool:
    def add(a: int, b: int) -> int:
        """Add numbers.

        Parameters
        ----------
        a : int
            The first.
        b : int
            The second.
        """
        return a + b

    one = tool(effect="read")(add)
    told = one.parameters["properties"]["a"]["description"]
    return (one.description, told) == ("Add numbers.", "The first.")


_SCHEMAS: dict[str, tuple[dict[str, Any], Any, Any]] = {
    "items given as a list": (
        {"type": "array", "items": [{"type": "integer"}, {"type": "string"}]},
        [1, "a"],
        ["a", 1],
    ),
    "nullable": ({"type": "string", "nullable": True}, None, 3),
}


def _grammar(text: str, _: str, home: Path) -> bool:
    key = next((key for key in _SCHEMAS if key in text), None)
    if key is None:
        raise Undriven
    schema, valid, invalid = _SCHEMAS[key]
    parameters = {"type": "object", "properties": {"v": schema}, "required": ["v"]}
    document = {"name": "f", "description": "Do it.", "parameters": parameters}
    toolset = Toolset.from_schemas([document])

    def taken(value: Any) -> bool:
        guide = compile_grammar(make_grammar(toolset), small_tokenizer())
        try:
            toolset["f"].check({"v": value}, context_of(home))
        except AgentkitError:
            return False
        return fits(guide, f"[f(v={value!r})]")

    return taken(valid) and not taken(invalid)


DRIVERS: dict[str, Driver] = {
    **dict.fromkeys(
        ("parsing", "parsing/unescaped-quotes", "parsing/adjacent-strings"), _call
    ),
    "privacy": _detected,
    "privacy/phone-shapes": _typed,
    **dict.fromkeys(("privacy/contact-values", "privacy/phone-forms"), _contact_value),
    "decorator": _decorated,
    "grammar": _grammar,
}
