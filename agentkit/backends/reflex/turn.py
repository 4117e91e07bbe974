"""One turn of the user: read by the rules and the trained understanding, in context.

The rules know sentences, and what they fill is exact. The trained understanding knows
what people mean. Where both find the same tool the rules fill it; where only one is
sure, it decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from agentkit.backends.reflex.amendment import (
    amendment_in,
    fluent,
    undoes_last,
    without_opening,
)
from agentkit.backends.reflex.arbiter import noun_of, says_all, surer_of
from agentkit.backends.reflex.day_half import in_half, time_apart
from agentkit.backends.reflex.drafts import CallDraft, CallReading, read_request
from agentkit.backends.reflex.follow_up import FollowUpTurn
from agentkit.backends.reflex.found_things import (
    Act,
    about_found,
    act_in,
    picked,
    rank_in,
)
from agentkit.backends.reflex.half_request import with_half
from agentkit.backends.reflex.indirect_speech import told_directly
from agentkit.backends.reflex.measures import measure_asked, sum_asked
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.plain_statements import (
    IF_FREE,
    implied_event,
    is_everything,
    without_if_free,
)
from agentkit.backends.reflex.references import (
    REDO,
    UNDO,
    Past,
    last_person_of,
    person_of,
    put_into_words,
)
from agentkit.backends.reflex.refusals import (
    NOT_HALVED,
    SURE_TOPIC,
    asks_for_what_is_off,
    declined,
    is_guessed,
    refusal_of,
)
from agentkit.backends.reflex.slot_filling import missing
from agentkit.backends.reflex.small_talk import small_talk
from agentkit.backends.reflex.speech import (
    say,
    stopped_in,
)
from agentkit.backends.reflex.understood import meaning_of
from agentkit.context import Context
from agentkit.tools import Toolset
from agentkit.understanding import Reading as Meaning
from agentkit.understanding import language_of

# A turn is taken for a follow-up when that is its likeliest meaning by this much. Low:
# what was found or done before has to fit as well, or the turn is read like any other.
_FOLLOWS = 0.3
# So sure it must be that an answer to a question calls it off. A "no" may be an answer.
_STOPPING = 0.6
# A question about the user's own things, or about what somebody said to the user.
_OWN_THINGS = re.compile(
    r"\W*(?:wh\w+|how)(?:['\u2019]?s| is| are| was| do| does| did)?\s+"
    r"(?:\w+\s+){0,2}(?:my|our|i)\b"
    r"|\W*(?:what|when|did|has)\b.{1,40}\b(?:sa(?:y|id)|want(?:ed)?|ask(?:ed)?|wr[io]te|sen[dt]"
    r"|mention(?:ed)?|promised?|tell|told|repl(?:y|ied)|answer(?:ed)?)\b",
    re.I,
)
# A sentence of a tool that is this likely may be filled with any words. Low, since the
# sentence has to fit as well; in the sample nothing hangs on it between 0.02 and 0.3, and
# "delete the dentist and the car service" is 0.07 likely about events.
_VOUCHED = 0.05


def read_turn(
    turn: str,
    kit: Kit,
    toolset: Toolset,
    context: Context,
    earlier: tuple[str, ...],
    past: Past,
) -> CallReading:
    """Read what a turn asks for.

    Args:
        turn: what the user says.
        kit: the compiled toolset.
        toolset: the tools.
        context: the clock.
        earlier: what the user said before.
        past: what the calls before brought.
    """
    meaning = meaning_of(turn, toolset, begins=past.deed is None)
    if meaning is None:
        return read_request(turn, kit, context, earlier)
    said = fluent(turn, meaning.language)
    # All else is read from the turn without its "uh".
    if said != turn and said.strip():
        return read_turn(said, kit, toolset, context, earlier, past)
    free = without_if_free(turn, meaning.language, context.now)
    if free:
        whole = read_turn(free, kit, toolset, context, earlier, past)
        if checked := _only_if_free(whole, kit):
            return checked
    whole = _read_whole(turn, meaning, kit, toolset, context, earlier, past)
    to_you = (told_directly(one, turn, meaning.language, kit) for one in whole.drafts)
    whole = replace(whole, drafts=tuple(to_you))
    told = meaning.topic_probability >= SURE_TOPIC and meaning.topic in NOT_HALVED
    if whole.is_answer or told:
        return whole

    def alone(part: str) -> CallReading:
        # Without a past: "it" of one half would be what the other should have found.
        of_part = meaning_of(part, toolset, begins=True) or meaning
        return _read_whole(part, of_part, kit, toolset, context, (), Past())

    return with_half(whole, turn, meaning.language, alone, kit, toolset)


def _only_if_free(reading: CallReading, kit: Kit) -> CallReading | None:
    """Have the calendar looked at before what is asked for; None where no tool does."""
    if len(reading.drafts) != 1 or IF_FREE not in kit.params[reading.drafts[0].tool]:
        return None
    (draft,) = reading.drafts
    arguments = {**draft.arguments, IF_FREE: True}
    return replace(reading, drafts=(replace(draft, arguments=arguments),))


def _read_whole(
    turn: str,
    meaning: Meaning,
    kit: Kit,
    toolset: Toolset,
    context: Context,
    earlier: tuple[str, ...],
    past: Past,
) -> CallReading:
    """Read a turn as one request."""
    called_off = _redone(turn, meaning, earlier, kit, context) or _called_off(
        turn, meaning, past, toolset
    )
    if called_off is not None:
        return called_off
    heard = _heard_in(meaning, earlier)
    followed = picked(turn, heard, earlier, past, kit, context) or _followed(
        turn, meaning, earlier, past, kit, toolset, context
    )
    if followed is not None:
        return followed
    # Behind the follow-ups, which need the pronoun as it was said.
    turn, meaning = _by_itself(turn, meaning, toolset, earlier, past)

    def vouch(said: str) -> Mapping[str, float]:
        alone = meaning_of(said, toolset)
        return _vouched(said, alone or meaning, toolset)

    friendly = small_talk(turn, meaning, _heard_in(meaning, earlier), toolset)
    if friendly:
        return CallReading(unclear="it is small talk", said=friendly, is_answer=True)
    asked = (
        sum_asked(turn, kit, meaning)
        or measure_asked(turn, kit)
        or implied_event(turn, meaning.language, kit, context.now)
    )
    if asked is not None:
        return CallReading((asked,))
    # Before the sentences: "delete everything" would fit any tool that deletes.
    if is_everything(turn, meaning.language):
        said = say("all_of_what", meaning.language, toolset)
        return CallReading(unclear="it names no kind of thing", said=said)
    ruled = read_request(turn, kit, context, earlier, vouch)
    judged = surer_of(turn, ruled, meaning, kit, toolset, context)
    drafts = _to_whom(judged.drafts, past, kit)
    of = (turn, drafts, meaning, toolset)
    if asks_for_what_is_off(*of, context) or is_guessed(*of):
        return declined(turn, "it is off", meaning, toolset, context)
    refused = refusal_of(turn, drafts, meaning, kit, toolset, context)
    if refused is not None:
        return refused
    timed = (time_apart(draft, kit, context) for draft in drafts)
    halved = tuple(in_half(draft, turn, kit, context) for draft in timed)
    return replace(judged, drafts=halved)


def _by_itself(
    turn: str,
    meaning: Meaning,
    toolset: Toolset,
    earlier: tuple[str, ...],
    past: Past,
) -> tuple[str, Meaning]:
    """Read a turn that follows up on nothing as one that begins, with "it" in words."""
    if meaning.topic.startswith("followup_") and past.deed is not None:
        meaning = meaning_of(turn, toolset, begins=True) or meaning
    worded = put_into_words(turn, past, last_person_of(earlier))
    if worded == turn:
        return turn, meaning
    return worded, meaning_of(worded, toolset) or meaning


def _redone(
    turn: str, meaning: Meaning, earlier: tuple[str, ...], kit: Kit, context: Context
) -> CallReading | None:
    """Read "stell das wieder her" by its sentence: the weights know it as an undo, too."""
    if "undo" not in meaning.topic:
        return None
    ruled = read_request(turn, kit, context, earlier)
    whole = [one for one in ruled.drafts if says_all(one, REDO)]
    return ruled if whole == list(ruled.drafts) and whole else None


def _called_off(
    turn: str, meaning: Meaning, past: Past, toolset: Toolset
) -> CallReading | None:
    """Read a turn that takes back, or stops, where nothing was done just before."""
    if past.deed is not None:
        return None
    if UNDO in toolset and undoes_last(turn, meaning.language):
        return CallReading((CallDraft(UNDO, {}, (), (), f"{turn!r} takes back"),))
    stopped = stopped_in(turn, meaning.language)
    if not stopped:
        return None
    said = say("nothing_to_stop", stopped, toolset, _TO_CANCEL)
    return CallReading(unclear="nothing is under way", said=said, is_answer=True)


def _heard_in(meaning: Meaning, earlier: tuple[str, ...]) -> tuple[str, ...]:
    """List the languages that a turn may be in: a few words hardly show it."""
    return (meaning.language, *map(language_of, earlier[-1:]), "en")


def _followed(
    turn: str,
    meaning: Meaning,
    earlier: tuple[str, ...],
    past: Past,
    kit: Kit,
    toolset: Toolset,
    context: Context,
) -> CallReading | None:
    """Read a turn as one about what was found or done before; None for any other."""
    bare = without_opening(turn, meaning.language)
    act = act_in(bare, meaning.language, context)
    # The rules have seen the verb and the pronoun, whatever topic was the likeliest.
    if act is not None:
        found = about_found(act, turn, meaning.language, past, kit, context)
        if found is not None:
            return found
        topic = f"followup_{act.name}"
        meaning = replace(meaning, topic=topic, topic_probability=1.0, verdict="leave")
    follow_up = FollowUpTurn(turn, meaning, past, kit, toolset, context)
    # Only what was done can be put right, and to look costs the readers of dates.
    heard = _heard_in(meaning, earlier)
    amendment = amendment_in(turn, heard, context.now) if past.deed else None
    if amendment and (amended := follow_up.amended(amendment)):
        return amended
    if meaning.verdict == "call" or not _is_follow_up(meaning):
        return None
    if meaning.topic == "followup_done":
        done = Act("done", rank_in(turn, meaning.language), "")
        found = about_found(done, turn, meaning.language, past, kit, context)
        if found is not None:
            return found
    return follow_up.reading()


# What is mostly meant by one who says "cancel" and no more.
_TO_CANCEL = ("cancel_event", "complete_reminder")


def _vouched(turn: str, meaning: Meaning, toolset: Toolset) -> Mapping[str, float]:
    """The tools that are likely, and those about the same: what is moved, or renamed.

    A question about what is the user's own may be one for any tool that reads that.
    """
    shares = {choice.tool: choice.probability for choice in meaning.choices}
    likely = {noun_of(tool) for tool, share in shares.items() if share >= _VOUCHED}
    own = bool(_OWN_THINGS.match(turn))
    return {
        tool.name: shares.get(tool.name, 0.0)
        for tool in toolset
        if noun_of(tool.name) in likely
        or (own and tool.effect == "read" and tool.personal)
    }


def _to_whom(
    drafts: tuple[CallDraft, ...], past: Past, kit: Kit
) -> tuple[CallDraft, ...]:
    """Address "reply that ..." to the person of the thing that was shown before."""
    person = person_of(past.items())
    if not person or len(drafts) != 1:
        return drafts
    (draft,) = drafts
    lacks = [param for param in draft.missing if param.kind == "person"]
    if not lacks:
        return drafts
    arguments = {**draft.arguments, lacks[0].name: person}
    params = kit.params[draft.tool]
    return (replace(draft, arguments=arguments, missing=missing(arguments, params)),)


def _is_follow_up(meaning: Meaning) -> bool:
    follows = meaning.topic.startswith("followup_") or meaning.topic in ("no", "stop")
    return follows and meaning.topic_probability >= _FOLLOWS


def is_stopping(meaning: Meaning) -> bool:
    """Whether a turn is known to call off what is under way, and to be nothing else."""
    stops = meaning.topic in ("stop", "followup_deny", "followup_cancel")
    sure = meaning.topic_probability >= _STOPPING
    return stops and sure and meaning.verdict == "leave"
