"""Llama Guard 3 as a shield: asked with its own prompt, its verdict read back.

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

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Literal

from agentkit.backends.base import Backend, Request, ask_backend
from agentkit.errors import BackendError, ConfigError
from agentkit.messages import Conversation, Label, Message
from agentkit.prompting import PromptParts, join_parts
from agentkit.prompting.tokenizers import break_control, control, text_part
from agentkit.safety.policy import SAFE, ShieldVerdict, Side
from agentkit.tools import Toolset

Size = Literal["1b", "8b"]

# As Hugging Face, Ollama and GGUF files name it, with or without hyphens.
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
# As the model cards have it: the 1B was trained with a blank behind its frame.
_END: dict[Size, str] = {"1b": " ", "8b": ""}
# Text that is judged could close the frame itself, and judge itself safe.
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
        # The tokens of Llama 3's chat format, in which both guards were trained.
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
    # From the newest back: the last turn is judged, so it always stays.
    for turn in reversed(turns[:-1]):
        left -= len(turn.text)
        if most and left < 0:
            break
        kept.insert(0, turn)
    return kept


OnFailure = Literal["block", "allow"]

_UNSAFE = re.compile(
    r"unsafe(?:\s*\n\s*(S\d{1,2}(?:\s*,\s*S\d{1,2})*))?", re.IGNORECASE
)
# Some 4,000 tokens: the oldest turns are left out, so that a check stays quick.
_MOST_CHARS = 12_000


class LlamaGuard:
    """Asks a Llama Guard 3 whether a request or an answer is safe.

    Attributes:
        name: the guard's, for events.
        categories: the codes that count.
    """

    def __init__(
        self,
        backend: Backend,
        model: str = "llama-guard-3-1b",
        *,
        categories: Iterable[str] = (),
        on_failure: OnFailure = "block",
        seconds: float = 60.0,
        most_chars: int = _MOST_CHARS,
        templates: str | Path | None = None,
    ) -> None:
        """Take what runs the guard.

        Args:
            backend: the guard's own, on this device: it is asked with personal text.
                One whose traits say `completes` gets the whole prompt, token for token; any other
                what stands between the header tokens, as the user's turn.
            model: which Llama Guard 3: one with `1b` knows S1 to S13, one with `8b`
                S14 too.
            categories: those that count, such as `S1`; all that the model knows when
                empty.
            on_failure: what becomes of a text when the guard does not answer, not in
                time, or not in its format. The event tells that it was not judged.
            seconds: how long it is waited for.
            most_chars: older turns beyond this length are not shown to the guard; the
                last one always is.
            templates: folder whose `llama_guard3/task.jinja` replaces the packaged one.

        Raises:
            ConfigError: the backend is not on this device, the model or a category is
                not known, or a number is below 1.
        """
        if not backend.traits.on_device:
            raise ConfigError(
                f"a guard sees personal text: {backend.name} is not on this device"
            )
        if seconds <= 0 or most_chars < 1:
            raise ConfigError("seconds and most_chars of a guard must be above 0")
        if on_failure not in ("block", "allow"):
            raise ConfigError(f"on_failure is block or allow, not {on_failure!r}")
        self._size: Size = size_of(model)
        self._hazards = chosen_hazards(self._size, categories)
        self.categories = tuple(one.code for one in self._hazards)
        every = {one.code for one in chosen_hazards(self._size, ())}
        self._left_out = every.difference(self.categories)
        self.name = model
        self._backend = backend
        self._on_failure = on_failure
        self._seconds = seconds
        self._most_chars = most_chars
        self._templates = str(templates) if templates else None

    async def check(self, side: Side, conversation: Conversation) -> ShieldVerdict:
        """Judge the last turn of a conversation."""
        clock = asyncio.timeout(self._seconds)
        try:
            async with clock:
                said = await self._ask(side, conversation)
        except BackendError as exc:
            return self._failed(str(exc))
        except TimeoutError:
            # A `TimeoutError` of the backend's own is a fault in it, not this limit.
            if not clock.expired():
                raise
            return self._failed(f"it did not answer within {self._seconds:g} s")
        return self._read(said)

    def prompt(self, side: Side, conversation: Conversation) -> str:
        """Render the whole prompt, header tokens included."""
        return join_parts(guard_parts(self._size, self._task(side, conversation)))

    def _task(self, side: Side, conversation: Conversation) -> str:
        return guard_task(
            side,
            conversation,
            self._hazards,
            templates=self._templates,
            most_chars=self._most_chars,
        )

    async def _ask(self, side: Side, conversation: Conversation) -> str:
        task = self._task(side, conversation)
        label = reduce(Label.join, (m.label for m in conversation), Label("user"))
        completes = self._backend.traits.completes
        request = Request(
            conversation=(Message("user", task, label=label),),
            toolset=Toolset(),
            prompt=guard_parts(self._size, task) if completes else (),
        )
        return (await ask_backend(self._backend, request)).text

    def _read(self, said: str) -> ShieldVerdict:
        text = said.strip()
        if text.lower() == "safe":
            return SAFE
        # The whole answer: a model that writes more than its format did not judge.
        found = _UNSAFE.fullmatch(text)
        if not found:
            return self._failed(f"it answered {text[:40]!r}")
        named = re.findall(r"S\d+", (found[1] or "").upper())
        counting = tuple(one for one in self._hazards if one.code in named)
        # The model names what it knows, also what this application does not count.
        if named and self._left_out.issuperset(named):
            return SAFE
        why = ", ".join(one.name for one in counting) or "no category was named"
        return ShieldVerdict(False, tuple(one.code for one in counting), why)

    def _failed(self, why: str) -> ShieldVerdict:
        reason = f"{self.name} could not judge it: {why}"
        return ShieldVerdict(self._on_failure == "allow", (), reason, judged=False)
