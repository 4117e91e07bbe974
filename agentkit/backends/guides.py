"""The grammars that a local model's answers must follow: of calls, of text, of a schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

from agentkit.backends.base import Reply, Request
from agentkit.backends.decision import UNTRAINED, Fork, Heed, Leaning, leaning
from agentkit.backends.tool_fit import fit_odds, fit_signals
from agentkit.context import Context
from agentkit.errors import BackendUnavailable, ConfigError, ToolsetError
from agentkit.grammar import GrammarCache, GrammarTokenizer, Guide, Mode
from agentkit.grammar.call_shapes import LLAMA, WrittenForm
from agentkit.grammar.coordination import for_each
from agentkit.grammar.said import Barred, SaidValues
from agentkit.grammar.schema_reader import SchemaReader
from agentkit.grammar.surplus import without_surplus
from agentkit.grammar.value_types import Field, TextValue
from agentkit.messages import Conversation
from agentkit.prompting.formats import result_text
from agentkit.slots.when import find_when
from agentkit.tools import AnyTool, Toolset
from agentkit.tools.selection.stems import request_clauses
from agentkit.understanding import is_trained

# Characters of a text in which days are looked for, from its end. Longer ones are files
# that were shown, and reading dates takes time with the length.
_DATED = 2_000

_MONTH = timedelta(days=28)
_DIGIT = re.compile(r"\d")

# Log-odds; no model that was not taught to call outweighs them.
_IMPOSSIBLE = -4.0
# That the numbers are there which the tools need: of 60 rows each of BFCL, drawn at random,
# 29 have them in `simple` and 4 in `irrelevance`.
_MET = 2.0

Constrain = Mode | Literal["off"]
_CHOICES = ("auto", "calls", "text", "off")


def check_constrain(constrain: str) -> None:
    """Refuse a value that is not one of the four ways to constrain answers.

    Raises:
        ConfigError: it is none of the four.
    """
    if constrain not in _CHOICES:
        raise ConfigError(
            f"constrain must be one of {', '.join(_CHOICES)}, not {constrain!r}"
        )


def said_in(request: Request) -> SaidValues:
    """Take what the user said and what tools returned, without error messages."""
    texts = [
        result_text(turn, None)
        for turn in request.conversation
        # An error repeats what the model made up, which must not count as said.
        if turn.role == "user" or (turn.result and turn.result.status == "done")
    ]
    fields = [field for tool in request.toolset for field in _fields(tool)]
    dated = any(isinstance(f.value, TextValue) and f.value.day for f in fields)
    days = _days(texts[-1], request.context) if dated else ()
    asked = next((t.text for t in request.conversation[::-1] if t.role == "user"), "")
    return SaidValues.of(texts, days, len(request_clauses(asked)) or 1)


def settled(reply: Reply, request: Request, heed: Heed, constrain: Constrain) -> Reply:
    """Leave out of an untrained model's calls what nobody said, and repeat what was."""
    if heed is not UNTRAINED or constrain == "off" or not reply.calls:
        return reply
    words = said_in(request).words
    calls = [
        without_surplus(call, _fields(request.toolset[call.name]), words)
        for call in reply.calls
    ]
    if len(calls) == 1:
        # It writes one call for "in Berlin and Madrid".
        asked = next(m.text for m in request.conversation[::-1] if m.role == "user")
        (one,) = calls
        calls = for_each(one, _fields(request.toolset[one.name]), asked)
    return replace(reply, calls=tuple(calls))


def _days(text: str, context: Context) -> list[date]:
    """Return the days that a text names, the first and the last one of a stretch."""
    days: list[date] = []
    for found in find_when(text[-_DATED:], context.now, locale=context.locale):
        first, end = found.when.start, found.when.end
        # "Next month" names none.
        if end is not None and end - first >= _MONTH and not _DIGIT.search(found.text):
            continue
        days.append(first.date())
        if end is not None:
            # "For 3 nights" ends on the next morning, "June 1 to 3" the day before.
            days += [max(first, end - timedelta(microseconds=1)).date(), end.date()]
    return days


def tells_by_tools(request: Request, heed: Heed) -> bool:
    """Whether a result is now told in the tool's own words: for untrained models only."""
    turns = request.conversation
    result = turns[-1].result if turns else None
    # What a run tells a model of its own answer is no result of a tool.
    behind = result is not None and result.name in request.toolset
    asked = not request.prompt and request.schema is None
    return behind and asked and heed is UNTRAINED


def _fitting(request: Request, lean: Leaning, said: SaidValues) -> bool | None:
    """Decide whether to call a tool that nothing was trained on, before anything is read.

    None where the understanding knows one of the tools, or where no request is last.
    """
    last = request.conversation[-1]
    names = lean.tools or request.toolset.names
    if last.role != "user" or any(map(is_trained, names)):
        return None
    odds = max(
        fit_odds(fit_signals(lean.odds, last.text, tool, _fields(tool), said))
        for tool in request.toolset.select(names)
    )
    return odds > 0


def _possible(lean: Leaning, toolset: Toolset, said: SaidValues) -> Leaning:
    """Leave tools out whose numbers nobody said; a call of them would invent some."""
    known = {name: _fields(toolset[name]) for name in lean.tools or toolset.names}
    possible = tuple(name for name in known if not said.lacks(known[name]))
    if not possible:
        return replace(lean, odds=min(lean.odds, _IMPOSSIBLE))
    met = all(said.meets(known[name]) for name in possible)
    return replace(lean, odds=lean.odds + _MET * met, tools=possible)


def _of_the_users_words(
    lean: Leaning, request: Request, said: SaidValues
) -> tuple[Leaning, SaidValues]:
    """Let what acts take the user's words alone, and nobody but who was named.

    Behind results a small model puts together whatever they hold: an invite for a day in
    place of a title, to whoever wrote first.
    """
    names = lean.tools or request.toolset.names
    acting = [one for one in names if request.toolset[one].effect != "read"]
    if not acting or request.conversation[-1].role != "tool":
        return lean, said
    own = said_in(replace(request, conversation=_turns_of_user(request)))
    left = tuple(
        one
        for one in names
        if one not in acting or not own.names_nobody(_fields(request.toolset[one]))
    )
    if not left:
        return replace(lean, odds=min(lean.odds, _IMPOSSIBLE)), said
    return replace(lean, tools=left), own if set(left) & set(acting) else said


def _turns_of_user(request: Request) -> Conversation:
    return tuple(turn for turn in request.conversation if turn.role == "user")


def _fields(tool: AnyTool) -> tuple[Field, ...]:
    return SchemaReader(tool.parameters).arguments(tool.parameters)


class Guides:
    """Makes guides, and keeps the grammars of the toolsets used last.

    They are kept in memory only: a text is made sooner than it is compiled, and what
    is compiled cannot be written down.
    """

    def __init__(self, tokenizer: GrammarTokenizer, mode: Mode) -> None:
        """Take the model's tokenizer, and what its answers may be."""
        self._tokenizer = tokenizer
        self._mode: Mode = mode
        self._kept = GrammarCache()
        self._form = LLAMA

    def held(
        self,
        request: Request,
        *,
        heed: Heed,
        form: str = "llama",
        barred: Barred = frozenset(),
    ) -> tuple[Guide | Fork | None, tuple[str, ...]]:
        """Make the grammar of an answer, and say what it does not cover.

        Args:
            request: what is asked.
            heed: what counts that the model would begin a call; `LocalPrompts.heed`.
            form: how the model writes calls; `LocalPrompts.form`.
            barred: arguments with words that they are not.

        Returns:
            The guide, or the two between which the answer's beginning decides; None
            where there is nothing to call or no grammar; and sentences for the user.

        Raises:
            BackendUnavailable: only calls are allowed, and the tools make no grammar.
        """
        self._form = WrittenForm(form, self._tokenizer.control)
        toolset = request.toolset
        if request.schema is not None and self._mode != "calls":
            return self._answering(request, request.schema, heed)
        if not len(toolset):
            return None, ()
        lean = leaning(request) if self._mode == "auto" else None
        # A model that was not taught to call takes any value, and any tool, for another.
        said = said_in(request) if heed is UNTRAINED else None
        said = replace(said, barred=barred) if said else None
        calls: bool | None = None
        if lean and said:
            calls = _fitting(request, lean, said)
            # What its words ask for is impossible where a number that it needs was not
            # said.
            lean = _possible(lean, toolset, said)
            lean, said = _of_the_users_words(lean, request, said)
        try:
            if lean is None:
                return self._guide(toolset, self._mode, said), self.relaxed(toolset)
            only = lean.tools if said else ()
            if calls is not None:
                held = self._guide(toolset, "calls", said, only) if calls else None
                return held or self._guide(toolset, "text"), self.relaxed(toolset)
            may = self._guide(toolset, "calls", said, only)
            text = self._guide(toolset, "text")
            silent = tells_by_tools(request, heed)
            return Fork(may, text, lean.odds, heed, silent), self.relaxed(toolset)
        except ToolsetError as exc:
            # A grammar was asked for, so it is no answer to do without.
            if self._mode == "calls":
                raise BackendUnavailable(str(exc)) from exc
            return None, (f"calls are not held to the tools: {exc}",)

    def _answering(
        self, request: Request, schema: Mapping[str, Any], heed: Heed
    ) -> tuple[Guide | Fork | None, tuple[str, ...]]:
        """Constrain what is not a call to the schema of the answer."""
        toolset = request.toolset if self._mode == "auto" else Toolset()
        kept, tokenizer = self._kept, self._tokenizer
        try:
            lean = leaning(request) if len(toolset) else None
            if lean is None:
                return kept.answer_guide(schema, tokenizer, toolset, self._form), ()
            calls = self._guide(toolset, "calls")
            answer = kept.answer_guide(schema, tokenizer)
            return Fork(calls, answer, lean.odds, heed), self.relaxed(toolset)
        except ToolsetError as exc:
            return None, (f"the answer is not held to its schema: {exc}",)

    def _guide(
        self,
        toolset: Toolset,
        mode: Mode,
        said: SaidValues | None = None,
        only: tuple[str, ...] = (),
    ) -> Guide:
        return self._kept.guide(
            toolset, self._tokenizer, mode=mode, said=said, only=only, form=self._form
        )

    def relaxed(self, toolset: Toolset) -> tuple[str, ...]:
        """Say which parts of the tools' schemas the grammar does not cover."""
        if not len(toolset):
            return ()
        told = self._kept.grammar(toolset, mode=self._mode, form=self._form).relaxed
        heads = tuple([f"{tool.name}." for tool in toolset])
        return tuple([one for one in told if one.startswith((*heads, "'"))])
