"""`agentkit rules list|add|remove`: what always runs, is asked about or never runs."""

from __future__ import annotations

from dataclasses import asdict
from difflib import get_close_matches
from typing import Annotated

import typer

from agentkit.cli.options import Options, home_folder, takes
from agentkit.cli.output import print_json
from agentkit.cli.screen import Screen
from agentkit.discovery import installed_tools
from agentkit.errors import ConfigError
from agentkit.safety.rules import Rule, RuleAnswer, Rules

app = typer.Typer(help="Rules about calls, set by you only.", no_args_is_help=True)

Says = Annotated[RuleAnswer, typer.Argument(help="What becomes of such calls.")]
ToolName = Annotated[str, typer.Argument(metavar="[TOOL]", help="Name of a tool.")]
To = Annotated[str, typer.Option("--to", metavar="WHO", help="Only to this receiver.")]
Outside = Annotated[
    bool, typer.Option("--outside-contacts", help="Only to who is no contact.")
]
Number = Annotated[int, typer.Argument(metavar="N", help="Number of the rule.")]


@app.command("list")
@takes("home", "json", "verbose")
def list_rules(*, given: Options) -> None:
    """List the rules with their numbers."""
    rules = Rules(home_folder(given.home)).all()
    if given.json:
        print_json({"rules": [asdict(rule) for rule in rules]})
        return
    screen = Screen()
    for number, rule in enumerate(rules, 1):
        screen.parts((f"{number:>3}  ", "bold"), (str(rule), ""))
    if not rules:
        screen.line("There are no rules: sends and deletes are asked about.")


@app.command()
@takes("home", "json", "verbose")
def add(
    answer: Says,
    tool: ToolName = "*",
    to: To = "*",
    outside_contacts: Outside = False,
    *,
    given: Options,
) -> None:
    """Add a rule; never goes before ask, and ask before always."""
    if not to.strip() or not tool.strip():
        raise ConfigError("a rule needs a name: --to WHO is somebody, [TOOL] a tool")
    rule = Rule(answer, tool, to, outside_contacts)
    number = Rules(home_folder(given.home)).add(rule)
    if given.json:
        print_json({"number": number, **asdict(rule)})
        return
    screen = Screen()
    screen.line(f"Rule {number}: {rule}")
    # A warning and no fault: rules may come before the tools they are for.
    names = installed_tools().names
    if tool != "*" and tool not in names:
        near = get_close_matches(tool, names, n=1)
        meant = f", did you mean {near[0]}?" if near else ","
        screen.line(
            f"No bundled tool is called {tool}{meant} so it holds for a tool of your "
            "own only.",
            "yellow",
        )


@app.command()
@takes("home", "json", "verbose")
def remove(number: Number, *, given: Options) -> None:
    """Take a rule back."""
    rule = Rules(home_folder(given.home)).remove(number)
    if given.json:
        print_json({"removed": asdict(rule)})
    else:
        Screen().line(f"Removed: {rule}")
