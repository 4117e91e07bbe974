"""What the rules say themselves, in the user's language: greetings, questions, refusals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from agentkit.backends.reflex.parameters import read_params
from agentkit.language import spoken
from agentkit.language.vocabularies import read_table
from agentkit.messages import ToolResult
from agentkit.tools import Toolset

# Topics that no tool serves -> the key of what is said; any other is not our business.
_KEYS = {
    "greeting": "greeting",
    "thanks": "thanks",
    "goodbye": "goodbye",
    "help": "help",
    "capabilities": "help",
    "smalltalk": "sorry",
    "stop": "called_off",
    "no": "called_off",
    "negated": "negated",
    "quoted": "quoted",
    "statement": "unclear",
    "unclear": "unclear",
    "music": "music",
    "weather": "weather",
    "home": "home",
    "call": "call",
    "translate": "translate",
    "travel": "travel",
    "question": "question",
}
# What no tool of ours does, whoever says so.
_FOREIGN = frozenset(
    {"sorry", "music", "weather", "home", "call", "translate", "travel", "question"}
)
# These are answers; the others decline, and a model on the ladder may do better.
_ANSWERS = frozenset(
    {
        "greeting",
        "thanks",
        "goodbye",
        "morning",
        "evening",
        "night",
        "how",
        "praise",
        "excuse",
        "help",
        "called_off",
        "negated",
        "nothing_to_stop",
    }
)
# Shown as examples where no tool is nearer.
_USUAL = ("create_reminder", "find_events", "add_to_list", "send_message")
# What is asked for has no other answer than that it is off.
_TURNED_OFF = "{off} {helps}"
# For showing a tool's template as a sentence: slots become "…", of choices the first
# stays.
_SLOT = re.compile(r"\{[^}]*\}")
_CHOICE = re.compile(r"\(([^()|]*)[^()]*\)|\[[^\]]*\]")


def key_of(topic: str) -> str:
    """Name what is said about a topic that no tool serves."""
    if topic.startswith("followup_"):
        denied = topic == "followup_deny"
        return "called_off" if denied else "nothing_before"
    return _KEYS.get(topic, "other")


def is_foreign(key: str) -> bool:
    """Whether it is said of what is known to be no business of the tools."""
    return key in _FOREIGN


def stopped_in(said: str, language: str) -> str:
    """Name the language in which a turn does nothing but call off; empty where in none.

    Args:
        said: the whole turn: "never mind", "laisse tomber".
        language: that of the user, which goes before others.
    """
    plain = " ".join(said.casefold().replace(",", " ").split()).strip(" .!?।…")
    ways = dict.fromkeys((language, *_phrases()))
    return next((one for one in ways if plain in _spoken(one)["stops"]), "")


def is_answer(key: str) -> bool:
    """Whether it answers what was said, and does not decline it."""
    return key in _ANSWERS


def say(
    key: str,
    language: str,
    toolset: Toolset,
    near: Iterable[str] = (),
    *,
    words: str = "",
    off: str = "",
) -> str:
    """Say something in a language, with two requests that would work.

    Args:
        key: one of `phrases.toml`.
        language: one of its languages; English for any other.
        toolset: what requests can be about.
        near: tools that are nearest to what was said.
        words: of the user, which it is about.
        off: the tool that would serve and is off.
    """
    spoken = _spoken(language)
    shown = requests(language, toolset, near)
    ours = any(name in toolset for name in spoken["examples"])
    # What "help" says of calendar and lists holds for the bundled tools only.
    key = key if ours or key != "help" else "greeting"
    said = _TURNED_OFF if key == "off" else str(spoken[key])
    how = spoken["off"].get(off, "")
    said = said.replace("{helps}", spoken["helps"]).replace("{off}", how)
    said = " ".join(said.replace("{examples}", ", ".join(shown[:2])).split())
    # The user's words last: a brace in them is no place to be filled.
    return said.replace("{words}", words)


def put(key: str, **values: str) -> str:
    """Say a sentence in the language that is spoken, with values in their places."""
    return str(_spoken(spoken())[key]).format(**values)


def ask_for(name: str, kind: str) -> str:
    """Ask for a parameter by its name, else by its kind; empty for what nobody knows.

    English has no such questions: there a tool's own description asks.
    """
    said = _spoken(spoken())
    return str(said["asks"].get(name) or said["asks_kind"].get(kind, ""))


def ask_which(language: str, toolset: Toolset, near: Iterable[str]) -> str:
    """Ask which of the likeliest requests is meant."""
    near = tuple(near)
    shown = requests(language, toolset, near, only_near=True)
    if not shown:  # of none of them it has a sentence in that language
        return say("unclear", language, toolset, near)
    return str(_spoken(language)["which"]).replace("{choices}", ", ".join(shown[:3]))


def ask_which_of(language: str, names: Iterable[str]) -> str:
    """Ask which of some things is meant."""
    shown = [str(_spoken(language)["words"]).replace("{words}", one) for one in names]
    choices = ", ".join(dict.fromkeys(shown))
    return str(_spoken(language)["which"]).replace("{choices}", choices)


def requests(
    language: str, toolset: Toolset, near: Iterable[str], *, only_near: bool = False
) -> list[str]:
    """List requests that would work, those for the nearest tools first."""
    examples: Mapping[str, str] = _spoken(language)["examples"]
    usual = () if only_near else (*_USUAL, *(tool.name for tool in toolset))
    names = [name for name in dict.fromkeys((*near, *usual)) if name in toolset]
    if any(name in toolset for name in examples):
        shown = [examples[name] for name in names if name in examples]
    else:
        shown = [_example(toolset, name) for name in names]
    return [one for one in dict.fromkeys(shown) if one]


def is_offered(turn: str, tool: str, language: str) -> bool:
    """Whether a turn is, word for word, the request that is offered for a tool."""
    offered = str(_spoken(language)["examples"].get(tool, ""))
    return bool(offered) and _bare(turn) == _bare(offered)


def _bare(said: str) -> str:
    return "".join(sign for sign in said.casefold() if sign.isalnum())


def _example(toolset: Toolset, name: str) -> str:
    """Write the first sentence that a developer's tool declares; empty without one."""
    sentences = toolset[name].examples
    if not sentences:
        return ""
    plain = _CHOICE.sub(lambda found: found[1] or "", sentences[0])
    return f"“{' '.join(_SLOT.sub('…', plain).split())}”"


def _spoken(language: str) -> dict[str, Any]:
    found = _phrases()
    spoken: dict[str, Any] = found.get(language) or found["en"]
    return spoken


@cache
def _phrases() -> dict[str, Any]:
    return read_table(Path(__file__).with_name("phrases.toml"))


def answer(results: Iterable[ToolResult], toolset: Toolset) -> str:
    """Say what came of the calls, one paragraph each."""
    said = [_say(result, toolset) for result in results]
    return "\n\n".join(dict.fromkeys(text for text in said if text))


def _say(result: ToolResult, toolset: Toolset) -> str:
    if result.status == "done" and result.name in toolset:
        said = toolset[result.name].word(result.typed)
        return said if result.value != [] else _with_search(said, result)
    # The first argument is what a call is about, in most tools.
    given = list(result.arguments.values())[:1]
    about = "".join(put("about", words=str(value)) for value in given)
    tool = result.name.replace("_", " ")
    if result.status == "denied":
        # A rule or a limit says so itself; what it tells a model comes after it.
        _, refused, why = str(result.value).partition(f"{result.name} was not run: ")
        if refused:
            reason = why.partition(". ")[0].rstrip(".")
            return put("not_allowed", tool=tool, about=about, why=reason)
        return put("refused", tool=tool, about=about)
    why = str(result.value or "")
    if result.status == "error":
        why = why.removeprefix(f"{result.name} failed: ")
        why = why.removeprefix(f"{result.name}: ")
        unread = _unreadable(why, result, toolset)
        if unread:
            return unread
    return put("not_done", tool=tool, about=about, why=why).rstrip()


# The fault of an argument that is no value of its kind.
_FAULT = re.compile(r"argument '(?P<name>\w+)': ")
_READABLE = frozenset({"when", "duration", "recurrence"})


def _unreadable(why: str, result: ToolResult, toolset: Toolset) -> str:
    """Say which of the user's words are no time; empty for any other fault.

    What a slot says of it is for a developer, or a model, and English.
    """
    fault = _FAULT.match(why)
    name = fault["name"] if fault else ""
    said = result.arguments.get(name)
    if result.name not in toolset or not isinstance(said, str):
        return ""
    params = {param.name: param.kind for param in read_params(toolset[result.name])}
    kind = params.get(name, "")
    return put(f"unreadable_{kind}", words=said) if kind in _READABLE else ""


# Arguments that are looked for.
_SOUGHT = ("query", "person", "sender", "name")


def _with_search(said: str, result: ToolResult) -> str:
    """Add to an empty answer what was looked for, so that it is clear which one it is."""
    sought = [str(result.arguments[n]) for n in _SOUGHT if result.arguments.get(n)]
    if not sought or any(one in said for one in sought):
        return said
    bare = said.rstrip(".।")
    words = ", ".join(put("words", words=one) for one in sought)
    return f"{bare}: {words}{said[len(bare) :]}"
