"""Shortens a long conversation to fit a model's window, without a model.

Results of older turns are shortened first, then older turns are summarised by what
they quote. The system message, the last two turns (with the question that the user
answers and calls that are open) and what is untrusted or personal stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agentkit.messages import Conversation, Message
from agentkit.prompting.estimate import estimate_tokens
from agentkit.prompting.formats import calls_text, result_text
from agentkit.stores.sessions.turn_summary import line_of, shorten_message, summary_of

# Turns leave by the block, so that a prompt's start stays the same for a while: one
# turn for each 512 tokens of the budget, up to 8.
_BLOCK = 8
_BLOCK_TOKENS = 512
# Turns that "it" and "the second one" may speak of stay whole.
_LIVE_TURNS = 2
# Characters of a text in an old turn, and where that was not enough.
_LONG, _SHORT = 240, 80
# Tokens around each message: header and end of turn.
_FRAME = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Compaction:
    """A conversation that was made shorter.

    Attributes:
        conversation: what is left.
        before: tokens before.
        after: tokens now.
        shortened: how many results were shortened.
        summarised: how many turns were summarised.
    """

    conversation: Conversation
    before: int
    after: int
    shortened: int = 0
    summarised: int = 0


class Compactor:
    """Makes the conversations of one run fit; what was left out stays out.

    Example:
        >>> Compactor().fit(conversation, 2048).after <= 2048
        True
    """

    def __init__(self, count: Callable[[str], int] = estimate_tokens) -> None:
        """Store what counts a text's tokens; an estimate for Llama 3 by default."""
        self._count = count
        self._costs: dict[int, tuple[Message, int]] = {}
        self._last: dict[int, tuple[Conversation, Compaction]] = {}

    def fit(self, conversation: Conversation, budget: int) -> Compaction:
        """Make a conversation fit, as far as what must stay allows.

        Args:
            conversation: messages, oldest first; where they are those of the last call
                and more, what was left out then stays out.
            budget: tokens that it may have.
        """
        before = self._total(conversation)
        if before <= budget:
            return Compaction(conversation=conversation, before=before, after=before)
        again = self._as_before(conversation, budget, before)
        if again is not None:
            return again
        made = self._compacted(conversation, budget, before)
        self._last[budget] = (conversation, made)
        return made

    def tokens(self, message: Message) -> int:
        """Count a message's tokens, its frame included."""
        known = self._costs.get(id(message))
        # An id is used again once its message is gone; holding the message forbids
        # it.
        if known is not None and known[0] is message:
            return known[1]
        tokens = _FRAME + self._count(_written(message))
        self._costs[id(message)] = (message, tokens)
        return tokens

    def _total(self, messages: Sequence[Message]) -> int:
        return sum(map(self.tokens, messages))

    def _as_before(
        self, conversation: Conversation, budget: int, before: int
    ) -> Compaction | None:
        """Add the new messages to the last compaction, when that still fits."""
        if budget not in self._last:
            return None
        earlier, made = self._last[budget]
        # A hook of the application's may have taken messages away in front.
        if conversation[: len(earlier)] != earlier:
            return None
        longer = (*made.conversation, *conversation[len(earlier) :])
        after = self._total(longer)
        if after > budget:
            return None
        return Compaction(
            conversation=longer,
            before=before,
            after=after,
            shortened=made.shortened,
            summarised=made.summarised,
        )

    def _compacted(
        self, conversation: Conversation, budget: int, before: int
    ) -> Compaction:
        # Room for a quarter more, so that the next messages fit without beginning
        # again.
        target = budget * 3 // 4
        head, turns = _turns(conversation)
        old, live = turns[:-_LIVE_TURNS], turns[-_LIVE_TURNS:]
        small = [tuple(shorten_message(m, _LONG) for m in turn) for turn in old]
        fixed = self._total(head) + sum(map(self._total, live))
        block = min(max(budget // _BLOCK_TOKENS, 1), _BLOCK)
        room = target - fixed
        summarised = self._how_many(small, room, room - target // 4, block)
        summary: Conversation = ()
        if summarised:
            left = old[:summarised]
            summary = summary_of(left, self._lines(left, turns, target // 4))
        kept = [message for turn in small[summarised:] for message in turn]
        ended = self._live(
            [message for turn in live for message in turn],
            target - self._total((*head, *summary, *kept)),
        )
        made = (*head, *summary, *kept, *ended)
        originals = {id(message) for message in conversation}
        return Compaction(
            conversation=made,
            before=before,
            after=self._total(made),
            shortened=sum(
                m.result is not None and id(m) not in originals for m in made
            ),
            summarised=summarised,
        )

    def _how_many(
        self, turns: list[Conversation], room: int, beside_summary: int, block: int
    ) -> int:
        """Return how many of the oldest turns must go for the others to fit."""
        costs = [self._total(turn) for turn in turns]
        left = sum(costs)
        if left <= room:
            return 0
        for number, cost in enumerate(costs, 1):
            left -= cost
            if number % block == 0 and left <= beside_summary:
                return number
        return len(turns)

    def _lines(
        self, left: list[Conversation], turns: list[Conversation], room: int
    ) -> list[str]:
        """Write a line for each open question, then for the newest turns that fit."""
        is_open = [_is_open(turn, turns[n + 1 :]) for n, turn in enumerate(left)]
        # Open questions first, then the newest: what is asked next is mostly about
        # these.
        order = sorted(range(len(left)), key=lambda n: (is_open[n], n), reverse=True)
        lines: dict[int, str] = {}
        for number in order:
            line = line_of(left[number], is_open=is_open[number])
            room -= self._count(line) + 1
            if room < 0:
                break
            lines[number] = line
        return [lines[number] for number in sorted(lines)]

    def _live(self, messages: list[Message], room: int) -> list[Message]:
        """Shorten results of the last turns, the newest ones last, until they fit."""
        steps = [n for n, m in enumerate(messages) if m.role == "assistant" and m.calls]
        newest = steps[-1] if steps else len(messages)
        # The results of the newest step are touched last: the answer is made of them.
        for limit, end in ((_LONG, newest), (_SHORT, newest), (_SHORT, len(messages))):
            if self._total(messages) <= room:
                break
            shorter = [shorten_message(m, limit) for m in messages[:end]]
            messages = [*shorter, *messages[end:]]
        return messages


def _turns(conversation: Conversation) -> tuple[Conversation, list[Conversation]]:
    """Split off all system messages, and begin a turn at each user message."""
    head = tuple(m for m in conversation if m.role == "system")
    turns: list[list[Message]] = []
    for message in conversation:
        # A conversation may begin with the assistant, such as a greeting.
        if message.role == "user" or (message.role != "system" and not turns):
            turns.append([])
        if message.role != "system":
            turns[-1].append(message)
    return head, [tuple(turn) for turn in turns]


def _is_open(turn: Conversation, later: list[Conversation]) -> bool:
    """Tell whether a turn asked the user something that is still not settled."""
    waits = {m.result.name for m in turn if m.result and m.result.status == "skipped"}
    # A question to the user ends its turn; the call that asked has no result but
    # "skipped".
    if not waits or turn[-1].role != "assistant":
        return False
    settled = {
        m.result.name
        for after in later
        for m in after
        if m.result and m.result.status == "done"
    }
    return not waits & settled


def _written(message: Message) -> str:
    calls = calls_text(message.calls, "pythonic", tagged=False) if message.calls else ""
    return (
        f"{message.text}{calls}{result_text(message, None) if message.result else ''}"
    )
