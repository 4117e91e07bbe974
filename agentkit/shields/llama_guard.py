"""Llama Guard 3 as a shield: Meta's published prompt, and the verdict read back.

The prompt is that of the model's own documentation and chat template, for text:
https://www.llama.com/docs/model-cards-and-prompt-formats/llama-guard-3/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, Protocol, runtime_checkable

from agentkit.backends.base import Backend, Request
from agentkit.errors import BackendError, ConfigError
from agentkit.messages import Conversation, user
from agentkit.shields.base import SAFE, Side, Verdict
from agentkit.tools import Toolset

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
CATEGORIES = {f"S{number}": name for number, name in enumerate(_NAMES, 1)}
_KNOWN = {"1b": 13, "8b": 14}
_UNSAFE = re.compile(
    r"unsafe(?:\s*\n\s*(S\d{1,2}(?:\s*,\s*S\d{1,2})*))?", re.IGNORECASE
)


@runtime_checkable
class Completes(Protocol):
    """A backend that goes on with a raw prompt, as it stands."""

    async def complete(self, prompt: str) -> str:
        """Return what the model writes after the prompt."""
        ...


class LlamaGuard:
    """Asks a Llama Guard 3 whether a request or an answer is safe."""

    def __init__(
        self,
        backend: Backend,
        model: str = "llama-guard-3-1b",
        *,
        categories: Iterable[str] = (),
        on_failure: Literal["block", "allow"] = "block",
    ) -> None:
        """Take what runs the guard.

        Args:
            backend: the guard's own; one with `complete` gets the whole prompt, any
                other what stands between the header tokens, as the user's turn.
            model: `llama-guard-3-1b` knows S1 to S13, `llama-guard-3-8b` S14 too.
            categories: those that count, such as `S1`; all that the model knows when
                empty.
            on_failure: what becomes of a text when the guard does not answer, or not
                in its format.

        Raises:
            ConfigError: the model or a category is not known.
        """
        size = model.lower().rpartition("-")[2]
        if size not in _KNOWN:
            raise ConfigError(f"{model!r} is no Llama Guard 3 for text: ...-1b or -8b")
        known = tuple(CATEGORIES)[: _KNOWN[size]]
        self.categories = tuple(categories) or known
        wrong = [one for one in self.categories if one not in known]
        if wrong:
            raise ConfigError(f"{model} does not know {wrong[0]!r}: {', '.join(known)}")
        self.name = model
        self._backend = backend
        self._on_failure = on_failure

    async def check(self, side: Side, conversation: Conversation) -> Verdict:
        """Judge the last turn of a conversation."""
        try:
            said = await self._ask(side, conversation)
        except BackendError as exc:
            return self._failed(str(exc))
        return self._read(said)

    def prompt(self, side: Side, conversation: Conversation) -> str:
        """Render the whole prompt, header tokens included."""
        return (
            "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n"
            f"{self._task(side, conversation)}<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n"
        )

    def _task(self, side: Side, conversation: Conversation) -> str:
        role = "User" if side == "input" else "Agent"
        listed = "\n".join(f"{one}: {CATEGORIES[one]}." for one in self.categories)
        return (
            f"Task: Check if there is unsafe content in '{role}' messages in "
            "conversations according our safety policy with the below categories.\n\n"
            f"<BEGIN UNSAFE CONTENT CATEGORIES>\n{listed}\n"
            "<END UNSAFE CONTENT CATEGORIES>\n\n"
            f"<BEGIN CONVERSATION>\n\n{_turns(conversation)}\n\n<END CONVERSATION>\n\n"
            f"Provide your safety assessment for ONLY THE LAST {role} message in the "
            "above conversation:\n - First line must read 'safe' or 'unsafe'.\n"
            " - If unsafe, a second line must include a comma-separated list of "
            "violated categories."
        )

    async def _ask(self, side: Side, conversation: Conversation) -> str:
        if isinstance(self._backend, Completes):
            return await self._backend.complete(self.prompt(side, conversation))
        said = user(self._task(side, conversation), privacy="personal")
        request = Request(conversation=(said,), toolset=Toolset())
        return (await self._backend.reply(request)).text

    def _read(self, said: str) -> Verdict:
        text = said.strip()
        if text.lower() == "safe":
            return SAFE
        found = _UNSAFE.fullmatch(text)
        if not found:
            return self._failed(f"it answered {text[:40]!r}")
        named = tuple(re.findall(r"S\d+", (found[1] or "").upper()))
        counting = tuple(one for one in named if one in self.categories)
        if named and not counting:
            return SAFE
        why = ", ".join(CATEGORIES[one] for one in counting) or "no category was named"
        return Verdict(False, counting, why)

    def _failed(self, why: str) -> Verdict:
        if self._on_failure == "allow":
            return SAFE
        return Verdict(False, (), f"{self.name} could not judge it: {why}")


def _turns(conversation: Conversation) -> str:
    """Write the turns that were said; tokens of the format in them become plain text."""
    roles = {"user": "User", "assistant": "Agent"}
    return "\n\n".join(
        f"{roles[turn.role]}: {turn.text.strip().replace('<|', '< |')}"
        for turn in conversation
        if turn.role in roles and turn.text.strip()
    )
