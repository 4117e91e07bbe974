"""Sessions written out: as JSON, as Markdown, or as training data in Llama 3.2's format.

One JSON object a conversation: `{"messages": [{"role": ..., "content": ...}, ...]}`,
as TRL's `SFTTrainer` reads it, and torchtune through `tuning_dataset`. The
contents are those of the prompt that agentkit sends: tools in the system or first user
turn, calls as `[f(a=1)]`, results in turns of the role `ipython`.

torchtune's own `chat_dataset` refuses a conversation in which an assistant's turn
follows a tool's result, whatever the format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from agentkit.errors import ConfigError
from agentkit.installation.distribution import install_command
from agentkit.messages import Conversation, Message
from agentkit.prompting import prompt_parts
from agentkit.prompting.formats import calls_text, result_text
from agentkit.prompting.tokenizers import PromptPart, join_parts
from agentkit.stores.sessions.json_forms import VERSION, to_json
from agentkit.stores.sessions.records import Transcript
from agentkit.tools import Toolset

_TICKS = re.compile(r"`+")
_SPEAKERS = {
    "system": "Instructions",
    "user": "You",
    "assistant": "Assistant",
    "tool": "Result",
}


def as_json(found: Transcript) -> dict[str, Any]:
    """Return all of a session as JSON-like data; messages in their stable form."""
    messages = json.loads(to_json(list(found.conversation)))["value"]
    return {
        "version": VERSION,
        "session": found.session.as_dict(),
        "runs": [run.as_dict() for run in found.runs],
        "messages": messages,
        "damaged": list(found.damaged),
    }


def as_markdown(found: Transcript) -> str:
    """Write a session as Markdown; messages are fenced and mark nothing up."""
    session = found.session
    lines = [f"# Session {session.id}", "", f"{session.created} to {session.changed}"]
    for message in found.conversation:
        lines += ["", f"**{_SPEAKERS[message.role]}**{_about(message)}", ""]
        # Fenced, as what was said may hold headings, links or HTML.
        lines += _fenced(spoken(message))
    for run in found.runs:
        if run.state not in ("done", "open"):
            lines += ["", f"Run {run.number}: {run.state.replace('_', ' ')}."]
    for told in found.damaged:
        lines += ["", "Damaged:", "", *_fenced(told)]
    return "\n".join(lines) + "\n"


def spoken(message: Message) -> str:
    """Return what a message says: text, calls or a result."""
    parts = [message.text] if message.text else []
    if message.calls:
        parts.append(calls_text(message.calls, "pythonic", tagged=False))
    if message.result is not None:
        parts.append(f"{message.result.name}: {result_text(message, None)}")
    return "\n".join(parts)


def _about(message: Message) -> str:
    facts = list(_facts(message))
    return f" ({', '.join(facts)})" if facts else ""


def _facts(message: Message) -> Iterator[str]:
    if message.result is not None and message.result.status != "done":
        yield message.result.status
    if message.label.privacy != "public":
        yield message.label.privacy
    if message.label.trust == "untrusted":
        yield "untrusted"


def _fenced(text: str) -> list[str]:
    """Fence a text with more backticks than it holds in a row."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *text.splitlines(), fence]


# Joins messages to exactly the prompt that agentkit sends, for a trainer that would
# put its tokenizer's own template over them (which quotes results a second time).
CHAT_TEMPLATE = (
    "{{ '<|begin_of_text|>' }}{% for m in messages %}"
    "{{ '<|start_header_id|>' + m['role'] + '<|end_header_id|>\\n\\n' }}"
    "{% if m['role'] == 'assistant' %}{% generation %}"
    "{{ m['content'] + '<|eot_id|>' }}{% endgeneration %}"
    "{% else %}{{ m['content'] + '<|eot_id|>' }}{% endif %}{% endfor %}"
)
# A question that was asked well is worth learning, too.
_TAUGHT = ("done", "needs_input")


@dataclass(frozen=True, slots=True)
class Contents:
    """The parts of a conversation that are not for everybody.

    Attributes:
        turns: requests that would be exported.
        private: where personal or secret text came from, by label.
        untrusted: tools that brought text of somebody else.
    """

    turns: int
    private: tuple[str, ...]
    untrusted: tuple[str, ...]


def taught(found: Transcript, messages: int | None = None) -> Conversation:
    """Return the part of a session that is worth learning from.

    Left out are turns whose run did not end well, and those in which the user said no
    to a call.

    Args:
        found: the session.
        messages: how many of the first messages were accepted; all when None.
    """
    conversation = found.conversation[:messages]
    head = [m for m in conversation if m.role == "system"][:1]
    turns = _turns(m for m in conversation if m.role != "system")
    states = [run.state for run in found.runs]
    # Where a damaged row is missing, turns and runs do not match: then states count for
    # nothing.
    known = len(_turns(found.conversation)) == len(states)
    kept = [
        turn
        for number, turn in enumerate(turns)
        if _is_good(turn) and (not known or states[number] in _TAUGHT)
    ]
    return (*head, *(m for turn in kept for m in turn)) if kept else ()


def contents_of(conversation: Conversation) -> Contents:
    """Return what a conversation holds, for the question before an export."""
    private = dict.fromkeys(
        f"{m.label.privacy} ({_source(m)})"
        for m in conversation
        if m.label.privacy != "public" and m.role in ("user", "tool")
    )
    untrusted = dict.fromkeys(
        _source(m)
        for m in conversation
        if m.label.trust == "untrusted" and m.role == "tool"
    )
    turns = sum(m.role == "user" for m in conversation)
    return Contents(turns, tuple(private), tuple(untrusted))


def tuning_line(conversation: Conversation, toolset: Toolset) -> str:
    """Write a conversation as one line of training data.

    Args:
        conversation: ends with what the assistant said.
        toolset: the tools that it had.
    """
    messages: list[dict[str, str]] = []
    role, body = "", list[PromptPart]()
    for part in prompt_parts(conversation, toolset, format="llama32"):
        if part.kind != "control":
            body.append(part)
        elif part.text == "<|start_header_id|>":
            body = []
        elif part.text == "<|end_header_id|>":
            role, body = join_parts(body), []
        elif part.text == "<|eot_id|>":
            # The template above writes these two line breaks itself, behind the header.
            content = join_parts(body).removeprefix("\n\n")
            messages.append({"role": role, "content": content})
    return json.dumps({"messages": messages}, ensure_ascii=False)


def _turns(messages: Iterable[Message]) -> list[list[Message]]:
    turns: list[list[Message]] = []
    for message in messages:
        if message.role == "user":
            turns.append([])
        if turns:
            turns[-1].append(message)
    return turns


def _is_good(turn: list[Message]) -> bool:
    ended = turn[-1].role == "assistant" and not turn[-1].calls
    return ended and not any(m.result and m.result.status == "denied" for m in turn)


def _source(message: Message) -> str:
    return message.result.name if message.result else "your words"


class MessagesToTokens:
    """Turns a line's messages into tokens; only the assistant's text is learnt."""

    def __init__(self, tokenizer: Any) -> None:
        """Take a tokenizer of torchtune's, such as that of `llama3_tokenizer`."""
        self._message: Any = _torchtune("torchtune.data").Message
        self._tokenizer = tokenizer

    def __call__(self, sample: Mapping[str, Any]) -> Any:
        """Return tokens, and the mask of what is not learnt."""
        messages = [
            self._message(
                role=turn["role"],
                content=turn["content"],
                # torchtune: what is masked is read, and no loss is taken from it.
                masked=turn["role"] != "assistant",
            )
            for turn in sample["messages"]
        ]
        return self._tokenizer({"messages": messages})


def tuning_dataset(tokenizer: Any, *, data_files: str, **more: Any) -> Any:
    """Make torchtune's dataset of a file that `sessions export --format llama32` wrote.

    Args:
        tokenizer: torchtune's; its recipes give it.
        data_files: the file.
        more: for `datasets.load_dataset`; all of the file is `split="train"`.

    Raises:
        ConfigError: torchtune is not installed.
    """
    datasets = _torchtune("torchtune.datasets")
    return datasets.SFTDataset(
        source="json",
        message_transform=None,
        model_transform=MessagesToTokens(tokenizer),
        data_files=data_files,
        **{"split": "train", **more},
    )


def _torchtune(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as exc:
        raise ConfigError(
            f"torchtune cannot be loaded ({exc}): {install_command('torchtune torchao')}"
        ) from exc
