"""A model's own chat template: the prompt as its makers wrote it, in Jinja.

Templates come with model files of others: they run in a sandbox, see nothing but what
they are given, and what looks like a control token in anybody's text stays text. The
notation is that of transformers (`apply_chat_template`), from which a prompt here
differs in nothing but that last point.

Not covered: documents, images, and templates that need a package of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from functools import cached_property, lru_cache
from typing import Any, NoReturn, TypeAlias, cast

from jinja2 import Template, TemplateError, nodes
from jinja2.ext import loopcontrols
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from agentkit.errors import PromptError
from agentkit.messages import Conversation, Message
from agentkit.prompting.formats import result_text
from agentkit.prompting.tokenizers import PromptPart, PromptParts
from agentkit.prompting.told_tools import short_instructions, told_result
from agentkit.pythonic import format_calls
from agentkit.tools import Toolset
from agentkit.tools.schema.json_schema import is_list

# A noncharacter (Unicode 23.7), which no text that is interchanged holds.
_BREAK = "\ufdd0"
_LONGEST = 100_000  # characters; the longest published ones have 30,000

Turn: TypeAlias = dict[str, Any]
Shape: TypeAlias = Callable[[list[Turn]], list[Turn]]


@dataclass(frozen=True)
class ChatTemplate:
    """A chat template with the names of the tokens that it is written with.

    Attributes:
        source: the template, as model files have it.
        control: the control tokens that the model's tokenizer knows.
        bos: the token that begins a text; empty where there is none.
        eos: the one that ends a turn.
    """

    source: str
    control: tuple[str, ...]
    bos: str = ""
    eos: str = ""

    @cached_property
    def takes_tools(self) -> bool:
        """Whether tools are given to the template, not described in the instructions.

        Raises:
            PromptError: the template cannot be read.
        """
        # A template that never looks at `tools` would drop them without a word.
        tree = _parsed(self.source)
        return "tools" in find_undeclared_variables(tree)

    def parts(
        self, conversation: Conversation, toolset: Toolset, *, date: Date
    ) -> PromptParts:
        """Write a prompt, up to where the model goes on.

        Args:
            conversation: messages, oldest first.
            toolset: what may be called; empty for plain chat.
            date: today, for templates that name it.

        Raises:
            PromptError: the template cannot be read, or refuses the conversation.
        """
        turns = list(self._turns(conversation, toolset))
        tools = self._tools(toolset) if self.takes_tools and len(toolset) else None
        refused: PromptError | None = None
        # As it is first: only where the template refuses are turns joined or moved.
        for shape in _SHAPES:
            try:
                return self._split(self._rendered(shape(turns), tools, date))
            except PromptError as exc:
                # The first refusal tells of the conversation as it is, not as it was
                # reshaped.
                refused = refused or exc
        assert refused is not None
        raise refused

    def _turns(self, conversation: Conversation, toolset: Toolset) -> Iterator[Turn]:
        """Write messages as templates take them."""
        told = _told_tools(conversation, toolset, self.takes_tools)
        if told:
            yield self._shielded({"role": "system", "content": told})
            conversation = conversation[int(conversation[0].role == "system") :]
        for message in conversation:
            yield self._shielded(self._turn(message))

    def _turn(self, message: Message) -> Turn:
        if message.role == "tool":
            return self._result(message)
        turn: Turn = {"role": message.role, "content": message.text}
        if message.calls and self.takes_tools:
            turn["tool_calls"] = [
                {
                    "type": "function",
                    "id": call.id,
                    "function": {"name": call.name, "arguments": dict(call.arguments)},
                }
                for call in message.calls
            ]
        elif message.calls:
            turn["content"] = f"{message.text}{format_calls(message.calls)}"
        return turn

    def _result(self, message: Message) -> Turn:
        name = message.result.name if message.result else ""
        if self.takes_tools:
            text = result_text(message, None)
            return {"role": "tool", "name": name, "content": text}
        return {"role": "user", "content": told_result(message)}

    def _tools(self, toolset: Toolset) -> list[Any]:
        return [
            self._shielded(
                {
                    "type": "function",
                    "function": {
                        "name": tool.name,
                        "description": tool.description,
                        "parameters": tool.parameters,
                    },
                }
            )
            for tool in toolset
        ]

    def _shielded(self, value: Any) -> Any:
        """Break what looks like a control token in somebody's text, at every depth."""
        if isinstance(value, str):
            # Behind its first character, so that the name is found no more; `_plain`
            # takes the mark out again.
            return self._names.sub(lambda m: f"{m[0][0]}{_BREAK}{m[0][1:]}", value)
        if isinstance(value, Mapping):
            facts = cast(Mapping[str, Any], value)
            return {self._shielded(k): self._shielded(v) for k, v in facts.items()}
        if is_list(value):
            return [self._shielded(item) for item in value]
        return value

    def _split(self, text: str) -> PromptParts:
        """Take control tokens apart from text, which gets back what was broken."""
        parts: list[PromptPart] = []
        at = 0
        for match in self._names.finditer(text):
            parts += _plain(text[at : match.start()])
            parts.append(PromptPart(match[0], "control"))
            at = match.end()
        return (*parts, *_plain(text[at:]))

    @cached_property
    def _names(self) -> re.Pattern[str]:
        # The longest first, so that a name is not taken for another's beginning.
        names = sorted(filter(None, self.control), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, names)) or r"(?!)")

    def _rendered(
        self, turns: Sequence[Turn], tools: list[Any] | None, date: Date
    ) -> str:
        values = {
            "messages": turns,
            "tools": tools,
            "add_generation_prompt": True,
            "bos_token": self.bos,
            "eos_token": self.eos,
            # The name under which transformers gives templates the clock.
            "strftime_now": date.strftime,
        }
        try:
            return _compiled(self.source).render(values)
        except Exception as exc:
            # A template can fail in any way that an expression can.
            reason = exc.message if isinstance(exc, TemplateError) else exc
            raise PromptError(f"the model's chat template: {reason}") from exc


def _plain(text: str) -> PromptParts:
    text = text.replace(_BREAK, "")
    return (PromptPart(text),) if text else ()


def _told_tools(conversation: Conversation, toolset: Toolset, taken: bool) -> str:
    """Write instructions that describe the tools, for a template that takes none."""
    if taken or not len(toolset):
        return ""
    return short_instructions(conversation, toolset)


def _as_is(turns: list[Turn]) -> list[Turn]:
    return turns


def _without_system(turns: list[Turn]) -> list[Turn]:
    """Put instructions before what the user says, for templates that know no system."""
    said = "\n\n".join(one["content"] for one in turns if one["role"] == "system")
    others = [one for one in turns if one["role"] != "system"]
    if not said or not others or others[0]["role"] != "user":
        return others
    first = {**others[0], "content": f"{said}\n\n{others[0]['content']}"}
    return [first, *others[1:]]


def _in_turns(turns: list[Turn]) -> list[Turn]:
    """Join what one role says in a row, for templates in which roles take turns."""
    joined: list[Turn] = []
    for turn in _without_system(turns):
        last = joined[-1] if joined else {"role": ""}
        # Calls cannot be joined as text is.
        if turn["role"] == last["role"] and "tool_calls" not in {*turn, *last}:
            content = f"{last['content']}\n\n{turn['content']}"
            joined[-1] = {**last, "content": content}
        else:
            joined.append(turn)
    return joined


# Each changes more than the one before.
_SHAPES: tuple[Shape, ...] = (_as_is, _without_system, _in_turns)


def _refuse(message: str) -> NoReturn:
    raise TemplateError(message)


def _as_json(value: Any, indent: int | None = None, **options: Any) -> str:
    # Jinja's own filter escapes for HTML, which no model was trained on.
    return json.dumps(value, ensure_ascii=False, indent=indent, **options)


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    # The options with which transformers renders.
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols]
    )
    environment.filters["tojson"] = _as_json
    cast(dict[str, Any], environment.globals)["raise_exception"] = _refuse
    return environment


# SmolLM2's short template takes 1.7 ms to compile and 0.03 ms to render.
@lru_cache(maxsize=8)
def _compiled(source: str) -> Template:
    return _environment().from_string(_parsed(source))


@lru_cache(maxsize=8)
def _parsed(source: str) -> nodes.Template:
    if len(source) > _LONGEST:
        raise PromptError(f"the model's chat template has {len(source):,} characters")
    try:
        return _environment().parse(source)
    except TemplateError as exc:
        raise PromptError(f"the model's chat template: {exc.message}") from exc
