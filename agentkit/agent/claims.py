"""Compares the deeds that an answer claims with what the conversation really did.

A small model says "I've sent the invites" when nothing was sent. A claim is founded by a
call that was carried out and has such an effect; it is no claim where it repeats what the
user said or what a tool returned. Not covered: how many things were done, and to whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agentkit.language.deeds import (
    CLAUSE_ENDS,
    EFFECTS,
    DeedEffect,
    ToldDeed,
    told_deeds,
)
from agentkit.language.user_language import in_words, speaking
from agentkit.messages import Conversation
from agentkit.prompting.formats import result_text
from agentkit.tools import Toolset
from agentkit.understanding import language_of

# What founds a claim. A thing that was cancelled may have been taken off, or written to.
_CHANGES = frozenset({"write", "send", "delete"})
_FOUNDED: Mapping[DeedEffect, frozenset[str]] = {
    "send": frozenset({"send"}),
    "write": _CHANGES,
    "delete": _CHANGES,
}
_DONE: Mapping[DeedEffect, str] = {
    "send": "sent",
    "write": "added or changed",
    "delete": "taken off",
}
_DENIED: Mapping[DeedEffect, str] = {
    "send": "Nothing was sent, though the model said so.",
    "write": "Nothing was added or changed, though the model said so.",
    "delete": "Nothing was taken off, though the model said so.",
}


def unfounded(
    text: str, conversation: Conversation, toolset: Toolset
) -> tuple[ToldDeed, ...]:
    """Return the deeds that an answer claims and no call in the conversation did.

    Args:
        text: the answer.
        conversation: all messages so far, results included.
        toolset: tells the effect of each call. Without tools nobody expects a deed, and
            a text that tells of one is a text.
    """
    if not len(toolset):
        return ()
    # Most answers tell of no deed: then the conversation is not gone through at all.
    told = list(told_deeds(text))
    if not told:
        return ()
    done = _effects(conversation, toolset)
    # Compared without case: "Sent" at the beginning of a sentence is the user's "sent".
    sources = [
        result_text(one, None).casefold()
        for one in conversation
        if one.role == "user" or (one.result and one.result.name in toolset)
    ]
    return tuple(
        deed
        for deed in told
        if not done & _FOUNDED[deed.effect]
        and not any(deed.verb in source for source in sources)
    )


def _effects(conversation: Conversation, toolset: Toolset) -> set[str]:
    """Return the effects of all calls that were carried out."""
    results = [one.result for one in conversation if one.result is not None]
    return {
        toolset[result.name].effect
        for result in results
        if result.status == "done" and result.name in toolset
    }


def reproach(claims: Iterable[ToldDeed]) -> str:
    """Word, for the model, that its claim is false."""
    claim = next(iter(claims))
    return (
        f"You said that something was {_DONE[claim.effect]}, and no call did that: call "
        "the tool that does it, or say that it is not done."
    )


def denial(claims: Sequence[ToldDeed], request: str) -> str:
    """Word, in the user's language, what was not done; else in that of the claim.

    Args:
        claims: at least one.
        request: what the user said.
    """
    told = {claim.effect for claim in claims}
    with speaking(language_of(request) or claims[0].language):
        return " ".join(in_words(_DENIED[one], "") for one in EFFECTS if one in told)


@dataclass(slots=True)
class ClaimGate:
    """Holds streamed text back from the first piece that makes a false claim.

    Attributes:
        conversation: what the answer follows.
        toolset: tells the effect of each call.
    """

    conversation: Conversation
    toolset: Toolset
    _clause: str = ""
    _shut: bool = False

    def lets(self, piece: str) -> bool:
        """Whether the next piece may be shown."""
        text = self._clause + piece
        if self._shut or unfounded(text, self.conversation, self.toolset):
            self._shut = True
            return False
        # Only the clause that is not ended is looked at again with the next piece.
        self._clause = text[max(text.rfind(mark) for mark in CLAUSE_ENDS) + 1 :]
        return True
