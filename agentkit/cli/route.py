"""`agentkit route why|replay`: which backend serves, and why; nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from agentkit.agent.ladder.border import Border
from agentkit.agent.ladder.situation import Situation
from agentkit.backends.base import Backend, Request, destination
from agentkit.cli.ladder import make_ladder, planned_backend, route_policy
from agentkit.cli.opened import OpenHome, open_home
from agentkit.cli.options import Options, request_text, takes
from agentkit.cli.output import print_json
from agentkit.cli.run import Text
from agentkit.cli.screen import Screen
from agentkit.errors import ConfigError, EgressDenied
from agentkit.messages import Label, Message, system, user
from agentkit.privacy import Leave
from agentkit.routing import Facts, Route, Unserved, choose, explain
from agentkit.routing.choice import Standing
from agentkit.routing.replay import Replayed, replay
from agentkit.settings import Settings, read_settings_file
from agentkit.stores.sessions import Sessions


def with_values(
    standings: Sequence[Standing],
    backends: Sequence[Backend],
    text: str,
    opened: OpenHome,
) -> list[Standing]:
    """Correct the standings by the personal values that the text holds.

    The router goes by labels; the gate also looks for the user's own values.
    """
    border = Border(opened.privacy, opened.context)
    named = {one.name: one for one in backends}
    return [
        replace(one, leaves=_leave(one.leaves, named[one.backend], text, border, opened))
        if one.leaves
        else one
        for one in standings
    ]  # fmt: skip


def _leave(
    answer: str, backend: Backend, text: str, border: Border, opened: OpenHome
) -> Leave:
    personal = border.policy.answer("personal", destination(backend))
    request = Request(
        conversation=(user(text),), toolset=opened.toolset, context=opened.context
    )
    try:
        # The real gate on the real text; nothing is connected to.
        sent = border.outgoing(request, backend, Label())
    except EgressDenied:
        return "ask" if "ask" in (answer, personal) else "never"
    if sent.conversation != request.conversation:
        return "placeholders"
    return "ask" if answer == "ask" else "allow"


app = typer.Typer(help="Which backend serves a request, and why.", no_args_is_help=True)

_LEAVES = {
    "allow": "would get this request as it is",
    "ask": "would get this request if you say yes to it",
    "placeholders": "would get this request with placeholders for personal values",
    "never": "would not get this request: what is personal stays on this device",
}
_LATER = "What tools return is often personal: each step is decided anew."


@app.command()
@takes("home", "now", "backend", "tools", "assistant", "egress", "json", "verbose")
def why(text: Text, *, given: Options) -> None:
    """Explain the ladder for a request; send nothing."""
    request = request_text(text)
    opened = open_home(given)
    backends = _backends(opened)
    facts = _facts(opened, request, backends)
    found = choose(facts)
    standings = with_values(explain(facts), backends, request, opened)
    if given.json:
        print_json(_standings(found, standings))
    else:
        _show_standings(found, standings, Screen())


def _standings(
    found: Route | Unserved, standings: Sequence[Standing]
) -> dict[str, Any]:
    return {
        "backend": found.backend if isinstance(found, Route) else "",
        "reason": found.reason if isinstance(found, Route) else found.text,
        "ladder": [
            {
                "backend": one.backend,
                "serves": one.serves,
                "reason": one.text,
                "leaves": one.leaves,
            }
            for one in standings
        ],
    }


def _show_standings(
    found: Route | Unserved, standings: Sequence[Standing], screen: Screen
) -> None:
    for one in standings:
        serves = one.serves and one.leaves != "never"
        mark, style = ("->", "bold cyan") if serves else ("  ", "dim")
        where = f" ({_LEAVES[one.leaves]})" if one.leaves else ""
        screen.parts((f"{mark} {one.backend:<20}", style), (f"{one.text}{where}", ""))
    if not isinstance(found, Route):
        screen.line(found.text, "yellow")
    if any(one.leaves for one in standings):
        screen.line(_LATER, "dim")


@app.command("replay")
@takes("home", "tools", "assistant", "json", "verbose")
def replay_runs(
    policy: Annotated[
        Path,
        typer.Option(
            metavar="FILE.toml", help="Settings with other [router] and [privacy]."
        ),
    ],
    *,
    given: Options,
) -> None:
    """Route the kept conversations by another policy.

    It tells what would leave, and at what cost. A local model is taken to answer as it did. Nothing is sent and nothing changes.
    """
    opened, other = open_home(given), read_settings_file(policy)
    if not other.router.ladder:
        raise ConfigError(f"{policy} names no ladder: [router] ladder = [...]")
    ladder = make_ladder(other.router, remote=other.privacy.remote, planned=True)
    found = dict(_replayed(opened, other, ladder))
    if not found:
        raise ConfigError(
            "there are no kept conversations to replay: `agentkit chat` keeps them"
        )
    if given.json:
        print_json(
            {"sessions": {name: _steps(steps) for name, steps in found.items()}}
            | _totals([step for steps in found.values() for step in steps])
        )
    else:
        _show(found, Screen(), verbose=given.verbose)


def _backends(opened: OpenHome) -> list[Backend]:
    settings, chosen = opened.settings, opened.options.backend
    remote = settings.privacy.remote
    if settings.router.ladder and not chosen:
        return make_ladder(settings.router, remote=remote, planned=True)
    return [planned_backend(chosen or settings.backend, remote=remote)]


def _facts(opened: OpenHome, request: str, backends: Sequence[Backend]) -> Facts:
    situation = Situation(
        {one.name: one for one in backends},
        {},
        route_policy(opened.settings.router),
        Border(opened.privacy, opened.context),
        opened.toolset,
        opened.context,
    )
    said: list[Message] = [user(request)]
    if opened.assistant.instructions:
        said.insert(0, system(opened.assistant.instructions))
    # As of a request alone: what tools will return is not known yet.
    return situation.facts(said, Label("model"))


def _replayed(
    opened: OpenHome, other: Settings, ladder: Sequence[Backend]
) -> Iterator[tuple[str, tuple[Replayed, ...]]]:
    kept = Sessions(opened.context.home)
    for one in kept.list():
        steps = replay(
            kept.transcript(one.id).conversation,
            opened.toolset,
            ladder,
            policy=route_policy(other.router),
            privacy=other.privacy.policy(),
        )
        if steps:
            yield one.id, steps


def _show(
    found: dict[str, tuple[Replayed, ...]], screen: Screen, *, verbose: bool
) -> None:
    for name, steps in found.items():
        told = _totals(steps)
        screen.parts(
            (f"{name}  ", "bold cyan"),
            (f"{told['steps']} steps, {told['left']} would leave", ""),
        )
        for step in steps if verbose else ():
            who = step.backend or "nobody"
            screen.line(f"  {step.step:>3} {who:<20}{step.reason}", "dim")
    told = _totals([step for steps in found.values() for step in steps])
    cost = "unknown: no prices" if told["cost"] is None else f"{told['cost']:.4f}"
    screen.line(
        f"In all {told['steps']} steps: {told['left']} would leave "
        f"(about {told['tokens']:,} tokens), {told['unserved']} nobody would serve; "
        f"cost {cost}."
    )


def _steps(steps: Sequence[Replayed]) -> list[dict[str, Any]]:
    return [
        {
            "step": one.step,
            "backend": one.backend,
            "reason": one.reason,
            "leaves": one.leaves,
            "tokens": one.tokens,
            "cost": one.cost,
        }
        for one in steps
    ]


def _totals(steps: Sequence[Replayed]) -> dict[str, Any]:
    left = [one for one in steps if one.leaves]
    priced = [one.cost for one in left if one.cost is not None]
    # A sum without the unpriced ones would look cheaper than it is.
    known = len(priced) == len(left)
    return {
        "steps": len(steps),
        "left": len(left),
        "tokens": sum(one.tokens for one in left),
        "unserved": sum(not one.backend for one in steps),
        "cost": sum(priced) if known else None,
    }
