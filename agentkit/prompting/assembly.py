"""A conversation and its tools, turned into the parts of a prompt.

What never changes comes first: instructions, then the tools in their toolset's
order; then the session's date; then the turns; facts for this step come last.
"""

from __future__ import annotations

from collections.abc import Iterator

from agentkit.errors import PromptError
from agentkit.messages import Conversation, Message, user
from agentkit.prompting.formats import (
    PromptSettings,
    builtin_text,
    calls_text,
    is_builtin,
    result_text,
)
from agentkit.prompting.prompt_blocks import PromptBlocks
from agentkit.prompting.tokenizers import (
    PromptPart,
    PromptParts,
    Section,
    control,
    text_of_sections,
    text_part,
)
from agentkit.tools import Toolset

_START = control("begin_of_text")
_IMAGE = control("image")
_TAG = control("python_tag")
_END_OF_TURN = control("eot_id")
_END_OF_MESSAGE = control("eom_id")


def _header(role: str) -> PromptParts:
    return (
        control("start_header_id"),
        text_part("frame", role),
        control("end_header_id"),
        text_part("frame", "\n\n"),
    )


_HEADERS = {
    "system": _header("system"),
    "user": _header("user"),
    "assistant": _header("assistant"),
    "tool": _header("ipython"),
}


def assemble(
    conversation: Conversation | str, toolset: Toolset | None, settings: PromptSettings
) -> PromptParts:
    """Build the parts of a prompt, up to where the model goes on.

    Args:
        conversation: messages, or the text of one user turn.
        toolset: what may be called; None or empty for plain chat.
        settings: format and options.

    Raises:
        PromptError: the conversation does not fit the format, or a template fails.
    """
    messages = conversation
    if isinstance(messages, str):
        messages = (user(messages),)
    if settings.format == "base":
        return _completion(messages, settings)
    assembler = _Assembler(PromptBlocks(settings, toolset or Toolset()), messages)
    return (_START, *assembler.parts(), *_HEADERS["assistant"])


def _completion(messages: Conversation, settings: PromptSettings) -> PromptParts:
    """Give a base model the text to go on from; it knows no roles."""
    # Several turns would need headers, which a base model was not trained on.
    if len(messages) != 1 or messages[0].calls or messages[0].result:
        raise PromptError("a base model completes one text: give it one message")
    images = (_IMAGE,) * settings.images.get(0, 0)
    return (_START, *images, text_part("user", messages[0].text))


class _Assembler:
    """Walks one conversation and yields the parts of each turn."""

    def __init__(self, bodies: PromptBlocks, messages: Conversation) -> None:
        self.bodies = bodies
        self.messages = messages
        self.settings = bodies.settings
        self.rules = bodies.rules
        self.has_tools = len(bodies.toolset) > 0
        self.tools_in = self.settings.tools_in or self.rules.tools_in
        roles = [message.role for message in messages]
        users = [index for index, role in enumerate(roles) if role == "user"]
        self.first_user = users[0] if users else -1
        self.last_user = users[-1] if users else -1

    def parts(self) -> Iterator[PromptPart]:
        """Yield all turns of the conversation."""
        opens = bool(self.messages) and self.messages[0].role == "system"
        yield from self._system(self.messages[0].text if opens else "")
        if self.has_tools and self.tools_in == "user" and self.rules.tools_turn:
            yield from _turn("user", text_part("tools", self.bodies.tools()))
        turns = list(enumerate(self.messages))[int(opens) :]
        if self.rules.one_call:
            turns = list(_one_call_each(turns))
        for index, message in turns:
            yield from self._message(index, message)

    def _system(self, instructions: str) -> Iterator[PromptPart]:
        bodies = self.bodies
        in_system = self.has_tools and self.tools_in == "system"
        # Meta's prompt for calls as a list begins with instructions: its own, where the
        # caller has none.
        if in_system and not instructions and self.rules.calls == "pythonic":
            instructions = bodies.default_instructions()
        header = bodies.header()
        # From what never changes to what does: a cache keeps all up to the first
        # difference.
        sections: list[tuple[Section, str]] = [
            ("instructions", instructions),
            ("tools", bodies.tools() if in_system else ""),
            ("session", self._dated("session")),
        ]
        if any(text for _, text in sections):
            sections.insert(0, ("session", header.rstrip("\n")))
            # Meta ends a message that opens with the environment by a line break.
            end = "\n" if bodies.environment else ""
            body = text_of_sections(sections, "\n\n", end)
        else:
            body = text_of_sections([("session", header)], "")
        if body.text:
            yield from _turn("system", body)

    def _dated(self, place: str) -> str:
        return self.bodies.session() if self.settings.date_in == place else ""

    def _message(self, index: int, message: Message) -> Iterator[PromptPart]:
        if message.role == "user":
            yield from _turn("user", *self._user(index, message.text))
        elif message.role == "assistant":
            yield from self._assistant(message)
        elif message.role == "tool":
            text = result_text(message, self.settings.result_chars)
            yield from _turn("tool", text_part("results", text))
        else:
            yield from _turn("system", text_part("instructions", message.text))

    def _user(self, index: int, text: str) -> Iterator[PromptPart]:
        yield from (_IMAGE,) * self.settings.images.get(index, 0)
        beside = self.has_tools and self.tools_in == "user"
        # Meta puts the tools beside the first question, not beside each.
        if beside and not self.rules.tools_turn and index == self.first_user:
            yield text_part("tools", self.bodies.question_with_tools(text))
        else:
            yield text_part("user", text)
        # Behind the last question, so that all before it stays in the cache.
        if index == self.last_user:
            for facts in filter(None, (self.settings.facts, self._dated("turn"))):
                yield text_part("facts", "\n\n")
                yield text_part("facts", facts)

    def _assistant(self, message: Message) -> Iterator[PromptPart]:
        calls = message.calls
        text = (text_part("assistant", message.text),) if message.text else ()
        if not calls:
            yield from _turn("assistant", *text)
        elif is_builtin(calls, self.settings.builtin_tools):
            body = text_part("assistant", builtin_text(calls[0]))
            yield from _turn("assistant", _TAG, *text, body, end=_END_OF_MESSAGE)
        else:
            # `<function=...>` is a mark by itself.
            tagged = self.settings.python_tag and self.rules.calls != "function"
            written = calls_text(calls, self.rules.calls, tagged=tagged)
            body = text_part("assistant", written)
            # As Meta documents it: a tagged call ends a message, and the turn goes on
            # with the result.
            waits = tagged and self.rules.calls == "json"
            end = _END_OF_MESSAGE if waits else _END_OF_TURN
            tag = (_TAG,) if tagged else ()
            yield from _turn("assistant", *tag, *text, body, end=end)


def _turn(
    role: str, *body: PromptPart, end: PromptPart = _END_OF_TURN
) -> Iterator[PromptPart]:
    yield from _HEADERS[role]
    yield from body
    yield end


def _one_call_each(
    turns: list[tuple[int, Message]],
) -> Iterator[tuple[int, Message]]:
    """Give each call its own turn with its result behind it.

    The formats that allow one call a turn were not trained on several.
    """
    # Calls whose result has not come yet; one goes out before each result.
    waiting: list[tuple[int, Message]] = []
    for index, message in turns:
        if message.role == "tool" and waiting:
            yield waiting.pop(0)
            yield index, message
            continue
        yield from waiting
        waiting = []
        if len(message.calls) < 2:
            yield index, message
            continue
        first, *others = message.calls
        # What was said beside the calls stays with the first.
        waiting = [(index, Message("assistant", message.text, (first,)))]
        waiting += [(index, Message("assistant", "", (call,))) for call in others]
    yield from waiting
