"""`agentkit eval SUITE` and `eval make FILE`: how much a backend gets right."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from agentkit.cli.opened import open_home
from agentkit.cli.options import Options, home_folder, takes
from agentkit.cli.output import print_json
from agentkit.cli.screen import Screen
from agentkit.errors import ConfigError
from agentkit.evaluation.made_cases import made_cases
from agentkit.evaluation.report import Comparison, SuiteReport, compare
from agentkit.evaluation.suite import CaseClass, EvalCase, read_suite, write_suite
from agentkit.evaluation.trial import Trial
from agentkit.evaluation.verdicts import CaseVerdict
from agentkit.settings import home_gate


class _SuiteFirst(TyperGroup):
    """Takes a first word that is no command as the suite of `run`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `run` before a suite."""
        # `agentkit eval suite.toml` is what one types; a suite called "make" is
        # "./make".
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_SuiteFirst,
    help="Measure backends on a suite of requests, and make a suite.",
    no_args_is_help=True,
)

Suite = Annotated[
    Path, typer.Argument(help="A .toml, JSON lines, or a file of BFCL's questions.")
]
Backends = Annotated[
    list[str] | None,
    typer.Option("--backend", metavar="NAME", help="As for run; several are compared."),
]
AtLeast = Annotated[
    float | None,
    typer.Option(
        "--at-least",
        min=0,
        max=1,
        metavar="SHARE",
        help="Leave with 4 when a backend has less right, such as 0.8.",
    ),
]
Against = Annotated[
    Path | None,
    typer.Option(
        "--compare", metavar="FILE", help="Compare with what --json printed before."
    ),
]


@app.command()
@takes("home", "now", "tools", "assistant", "json", "verbose")
def run(
    suite: Suite,
    backend: Backends = None,
    kind: Annotated[
        CaseClass | None, typer.Option("--class", help="Cases of this class only.")
    ] = None,
    rows: Annotated[
        int | None,
        typer.Option("--rows", min=1, metavar="N", help="The first N cases only."),
    ] = None,
    at_least: AtLeast = None,
    against: Against = None,
    workers: Annotated[
        int,
        typer.Option(
            "--ray",
            min=0,
            metavar="N",
            help="Spread it over N workers of a Ray cluster.",
        ),
    ] = 0,
    address: Annotated[
        str,
        typer.Option(
            "--ray-address",
            metavar="ADDRESS",
            help="The cluster, such as ray://head:10001; one on this machine else.",
        ),
    ] = "",
    *,
    given: Options,
) -> None:
    """Put a suite to backends; nothing is carried out.

    The first step of each request is judged: its calls, or their effects.
    """
    cases = [one for one in read_suite(suite) if kind in (None, one.kind)][:rows]
    if not cases:
        raise ConfigError(f"{suite} has no cases of the class {kind}")
    screen = Screen(quiet=given.json)
    spreading = _Cluster(workers, address)
    reports = [
        _report(name, cases, given, screen, spreading)
        for name in dict.fromkeys(backend or [""])
    ]
    # Without a file the first backend is the one that others are compared with.
    before = _kept(against) if against else _rights(reports[0].verdicts)
    others = reports if against else reports[1:]
    found = {one.backend: compare(before, _rights(one.verdicts)) for one in others}
    if given.json:
        print_json(_facts(suite, reports, found))
    else:
        for one in reports:
            _show(one, found.get(one.backend), screen, verbose=given.verbose)
    # After the report: a build that fails shows why.
    if at_least is not None and min(one.total.share for one in reports) < at_least:
        raise typer.Exit(4)


@app.command()
@takes("home", "tools", "assistant", "json", "verbose")
def make(
    file: Annotated[Path, typer.Argument(help="Where the suite is written (.jsonl).")],
    *,
    given: Options,
) -> None:
    """Make a suite from the tools: a beginning, in several wordings.

    With --tools FILE.py it is made from that file's tools alone.
    """
    if file.exists():
        raise ConfigError(f"{file} is there already: name another file")
    opened = open_home(given)
    toolset = opened.toolset
    if opened.added:
        toolset = toolset.select([n for n in toolset.names if n in opened.added])
    cases = made_cases(toolset)
    write_suite(file, cases)
    if given.json:
        print_json({"file": str(file), "cases": len(cases)})
    else:
        Screen().line(f"{len(cases)} cases for {len(toolset)} tools: {file}")


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Where the cases are run: in this process, or by workers of a cluster."""

    workers: int
    address: str

    def verdicts(
        self, given: Options, cases: Sequence[EvalCase]
    ) -> Iterator[CaseVerdict]:
        if not self.workers:
            return _trial(given).verdicts(cases)
        # Its package is for those who spread a suite.
        from agentkit.evaluation.cluster import spread

        # Only the options travel: models and homes are opened where the worker is.
        opened = partial(_trial, given)
        gate = home_gate(home_folder(given.home), grant="the user named this cluster")
        return spread(
            opened, cases, workers=self.workers, address=self.address, gate=gate
        )


def _report(
    name: str,
    cases: Sequence[EvalCase],
    given: Options,
    screen: Screen,
    cluster: _Cluster,
) -> SuiteReport:
    given = replace(given, backend=name)
    named = name or open_home(given).backend()[0].name
    verdicts: list[CaseVerdict] = []
    with screen.working():
        for verdict in cluster.verdicts(given, cases):
            verdicts.append(verdict)
            screen.spin(f"{len(verdicts)} of {len(cases)}")
    return SuiteReport(named, tuple(verdicts))


def _trial(given: Options) -> Trial:
    opened = open_home(given)
    return Trial(
        backend=opened.backend()[0],
        toolset=opened.toolset,
        context=opened.context,
        instructions=opened.assistant.instructions,
        privacy=opened.privacy,
        select=opened.select,
    )


def _rights(verdicts: Sequence[CaseVerdict]) -> list[tuple[str, bool]]:
    return [(one.case.id, one.right) for one in verdicts]


def _kept(path: Path) -> list[tuple[str, bool]]:
    """Read the right and wrong cases of an earlier run from its JSON."""
    try:
        facts: Any = jsonlib.loads(path.read_text("utf-8"))
        cases = cast(list[dict[str, Any]], facts["reports"][0]["cases"])
        return [(str(one["id"]), bool(one["right"])) for one in cases]
    except (OSError, ValueError, LookupError, TypeError) as exc:
        raise ConfigError(
            f"{path} is not what `agentkit eval --json` prints: {exc}"
        ) from exc


def _facts(
    suite: Path, reports: Sequence[SuiteReport], found: dict[str, Comparison]
) -> dict[str, Any]:
    return {
        "suite": str(suite),
        "reports": [one.as_dict() for one in reports],
        "comparisons": {
            name: {"won": one.won, "lost": one.lost, "chance": round(one.chance, 4)}
            for name, one in found.items()
        },
    }


def _show(
    report: SuiteReport, found: Comparison | None, screen: Screen, *, verbose: bool
) -> None:
    screen.parts((report.backend, "bold cyan"), (f"  {report.total}", ""))
    for name, score in report.classes.items():
        screen.line(f"  {name:<12}{score}")
    screen.line(
        f"  a case: {report.mean('tokens_in'):,.0f} tokens read, "
        f"{report.mean('tokens_out'):,.0f} written, {report.mean('seconds'):.2f} s; "
        f"{sum(one.bytes_out for one in report.verdicts):,} bytes left the device",
        "dim",
    )
    if found is not None:
        screen.line(
            f"  {len(found.won)} won and {len(found.lost)} lost against the other; "
            f"by chance alone so uneven in {found.chance:.0%} of runs",
            "dim",
        )
    if verbose:
        for one in report.verdicts:
            if not one.right:
                screen.line(f"  {one.case.id}: {one.why} ({one.case.request})", "dim")
