"""The prompt of Llama Guard 3 for text, byte for byte, and the hazards it knows.

Sources: the chat templates in the tokenizers of Llama-Guard-3-1B and Llama-Guard-3-8B,
and https://www.llama.com/docs/model-cards-and-prompt-formats/llama-guard-3/ . Where
they differ, each model gets its own:

- The template of the 1B, and Meta's page, have a space behind the last full stop; the
  8B's template has none.
- Both end with the assistant's header. The blank line behind it is the model's own
  first token.
- The 8B's template writes a space in front of the first token. It is left out: nothing
  stands before the begin of a text.
- The 1B's template can leave categories out, the 8B's lists all of them. A choice is
  written here as the 1B's template does it, for both.
- Both demand that user and agent take turns; here each turn is written as it comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from agentkit.errors import ConfigError
from agentkit.messages import Conversation
from agentkit.prompting import PromptParts
from agentkit.prompting.tokenizers import break_control, control, text_part
from agentkit.safety.shields import Side

Size = Literal["1b", "8b"]

_MODEL = re.compile(r"llama-?guard-?3[-:](1b|8b)(?![a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hazard:
    """One category of the guard.

    Attributes:
        code: what the guard calls it, such as `S2`.
        name: the name in the prompt, without the full stop.
    """

    code: str
    name: str


_NAMES = (
    "Violent Crimes",
    "Non-Violent Crimes",
    "Sex Crimes",
    "Child Exploitation",
    "Defamation",
    "Specialized Advice",
    "Privacy",
    "Intellectual Property",
    "Indiscriminate Weapons",
    "Hate",
    "Self-Harm",
    "Sexual Content",
    "Elections",
    "Code Interpreter Abuse",
)
HAZARDS = tuple(Hazard(f"S{number}", name) for number, name in enumerate(_NAMES, 1))
# The 1B was not trained on the abuse of code interpreters.
_KNOWN: dict[Size, tuple[Hazard, ...]] = {"1b": HAZARDS[:13], "8b": HAZARDS}


def size_of(model: str) -> Size:
    """Return which of the two models a name means.

    Args:
        model: such as `llama-guard-3-1b`, `meta-llama/Llama-Guard-3-8B` or
            `llama-guard3:1b`.

    Raises:
        ConfigError: it is no Llama Guard 3 for text.
    """
    found = _MODEL.search(model)
    if found is None:
        raise ConfigError(
            f"{model!r} is no Llama Guard 3 for text: llama-guard-3-1b or -8b"
        )
    return "1b" if found[1].lower() == "1b" else "8b"


def chosen_hazards(size: Size, codes: Iterable[str]) -> tuple[Hazard, ...]:
    """Return the hazards that count, in the guard's order.

    Args:
        size: which model.
        codes: such as `S1`; all that the model knows when empty.

    Raises:
        ConfigError: the model does not know one.
    """
    known, wanted = _KNOWN[size], tuple(codes)
    told = [hazard.code for hazard in known]
    for code in wanted:
        if code not in told:
            raise ConfigError(
                f"llama-guard-3-{size} does not know {code!r}: {', '.join(told)}"
            )
    return tuple(one for one in known if not wanted or one.code in wanted)


_ROLES = {"user": "User", "assistant": "Agent"}
_JUDGED: dict[Side, str] = {"input": "User", "output": "Agent"}
_END: dict[Size, str] = {"1b": " ", "8b": ""}
_FRAME = re.compile(r"<(?=(?:BEGIN|END) (?:UNSAFE CONTENT|CONVERSATION))")


@dataclass(frozen=True, slots=True)
class _Turn:
    role: str
    text: str


def guard_task(
    side: Side,
    conversation: Conversation,
    hazards: Sequence[Hazard],
    *,
    templates: str | None = None,
    most_chars: int = 0,
) -> str:
    """Write what stands between the header tokens.

    Args:
        side: whose last message is judged.
        conversation: what was said.
        hazards: what counts.
        templates: folder whose templates replace the packaged ones.
        most_chars: drop the oldest turns beyond this length; the last one stays, and
            0 keeps all.

    Raises:
        PromptError: a template cannot be read or rendered.
    """
    # Jinja is loaded at the first question, not with the agent.
    from agentkit.prompting.jinja_templates import render_template

    values = {
        "role": _JUDGED[side],
        "hazards": hazards,
        "turns": _newest(_turns(conversation), most_chars),
    }
    return render_template("llama_guard3/task.jinja", templates, values)


def guard_parts(size: Size, task: str) -> PromptParts:
    """Put a task between the tokens that the model of a size expects."""
    return (
        control("begin_of_text"),
        control("start_header_id"),
        text_part("frame", "user"),
        control("end_header_id"),
        text_part("frame", f"\n\n{task}{_END[size]}"),
        control("eot_id"),
        control("start_header_id"),
        text_part("frame", "assistant"),
        control("end_header_id"),
    )


def _turns(conversation: Conversation) -> list[_Turn]:
    """Take what was said; marks of the format in it become plain text."""
    return [
        _Turn(_ROLES[turn.role], _FRAME.sub("< ", break_control(turn.text.strip())))
        for turn in conversation
        if turn.role in _ROLES and turn.text.strip()
    ]


def _newest(turns: list[_Turn], most: int) -> list[_Turn]:
    kept, left = turns[-1:], most
    for turn in reversed(turns[:-1]):
        left -= len(turn.text)
        if most and left < 0:
            break
        kept.insert(0, turn)
    return kept
