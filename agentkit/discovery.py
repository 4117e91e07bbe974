"""Tools, homes and files found by name: entry points, and a user's own FILE.py."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, cast

from agentkit.context import Context
from agentkit.errors import ConfigError, ToolsetError
from agentkit.installation.distribution import registered
from agentkit.tools import Toolset
from agentkit.tools.packs import Pack, installed_packs, loaded, tools_in

if TYPE_CHECKING:
    from agentkit.privacy.personal_values import PersonalValue

HOMES_GROUP = "agentkit.homes"
VALUES_GROUP = "agentkit.values"
WORDS_GROUP = "agentkit.words"

MakeHome = Callable[[Path, datetime], None]


def installed_tools(
    packs: frozenset[str] | None = None, configured: frozenset[str] | None = None
) -> Toolset:
    """Load the tools of installed packs, the bundled ones included.

    Args:
        packs: entry-point names to load; all when None.
        configured: packs that have settings. A pack that is of no use without, and says
            so with `NEEDS_SETTINGS = True`, or with the name of its table where that is
            another one, is left out when it has none; where this is None, it is loaded
            all the same.

    Raises:
        ToolsetError: a pack cannot be loaded, or two tools share a name.
    """
    found = installed_packs(packs)
    # A mail pack without a server would offer tools that can only fail.
    useful = (
        pack for pack in found if configured is None or pack.needs in {"", *configured}
    )
    return Toolset([tool for pack in useful for tool in pack.tools])


def check_packs(tables: Mapping[str, object], file: Path) -> None:
    """Check the tables `[packs.NAME]` by what the installed packs say of them.

    A pack says so with `SETTINGS`: a Pydantic model of its table, or None where it takes
    no settings. One that does not say it checks its table itself.

    Args:
        tables: what the file holds.
        file: names it in errors.

    Raises:
        ConfigError: no pack has such a table, or a key or value of it cannot be.
        ToolsetError: a pack cannot be loaded.
    """
    if not tables:
        return
    from pydantic import ValidationError

    from agentkit.tools.schema.faults import fault_in

    known = {pack.table: pack for pack in installed_packs()}
    for name, table in tables.items():
        path = f"packs.{name}"
        if name not in known or not known[name].takes_settings:
            raise ConfigError(f"{file}: {path}: {_no_table(name, known)}")
        model = known[name].settings()
        if model is None:
            continue
        try:
            model.model_validate(table)
        except ValidationError as exc:
            raise ConfigError(f"{file}: {fault_in(exc, {path: model}, path)}") from exc


def _no_table(name: str, known: Mapping[str, Pack]) -> str:
    taken = sorted(one for one, pack in known.items() if pack.takes_settings)
    why = (
        f"the pack {name} takes no settings"
        if name in known
        else "there is no such pack"
    )
    near = get_close_matches(name, taken, n=1)
    return (
        f"{why}; did you mean {near[0]}?"
        if near
        else f"{why}; there are: {', '.join(taken)}"
    )


def personal_values(context: Context) -> Iterator[PersonalValue]:
    """Yield the user's personal values that installed packs know of.

    A pack names, in the entry-point group `agentkit.values`, a function from a
    `Context` to pairs of text and kind, such as `("Ana Ruiz", "contact")`.

    Raises:
        ToolsetError: a pack cannot be loaded.
    """
    from agentkit.privacy.personal_values import PersonalValue

    # In the order of names, since that of installation differs from machine to machine.
    for point in sorted(registered(VALUES_GROUP), key=lambda one: one.name):
        pairs = cast(Callable[[Context], Iterable[tuple[str, str]]], loaded(point))
        for text, kind in pairs(context):
            yield PersonalValue(text, kind)


def own_words(context: Context) -> Iterator[str]:
    """Yield the names of the user's own things, for recognizing speech.

    A pack names, in the entry-point group `agentkit.words`, a function from a `Context`
    to texts, such as the items of lists. Titles of events are among the values.

    Raises:
        ToolsetError: a pack cannot be loaded.
    """
    for point in sorted(registered(WORDS_GROUP), key=lambda one: one.name):
        texts = cast(Callable[[Context], Iterable[str]], loaded(point))
        yield from texts(context)
    yield from (value.text for value in personal_values(context))


def tools_of_file(path: Path) -> Toolset:
    """Load a Python file of the user's and take the tools it defines.

    Raises:
        ConfigError: there is no such file, or it holds no tool.
        ToolsetError: the file cannot be run; the message has the line.
    """
    if not path.is_file():
        raise ConfigError(f"--tools: there is no file {str(path)!r}")
    # With a prefix: a file called json.py must not stand in for the module json.
    name = f"agentkit_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"--tools: {str(path)!r} is not a Python file (.py)")
    module = importlib.util.module_from_spec(spec)
    # Pydantic and dataclasses look the module of a class up by its name.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    # It has no frame of the file in its trace, so its own line is taken.
    except SyntaxError as exc:
        line = f", line {exc.lineno}" if exc.lineno else ""
        raise ToolsetError(f"{path}{line}: {exc.msg}") from exc
    # A script may end itself with `sys.exit()`; that must not end the command.
    except (Exception, SystemExit) as exc:
        raise ToolsetError(f"{path} cannot be loaded: {_where(exc, path)}") from exc
    tools = Toolset(tools_in(module))
    if not len(tools):
        raise ConfigError(f"{path} defines no tool: decorate a function with @tool")
    return tools


def home_maker(name: str) -> MakeHome:
    """Return the function that fills a folder with a pack's sample data.

    Raises:
        ConfigError: no installed pack brings a home of this name.
    """
    for point in registered(HOMES_GROUP):
        if point.name == name:
            return cast(MakeHome, loaded(point))
    raise ConfigError(f"no installed package brings the sample home {name!r}")


def _where(exc: BaseException, path: Path) -> str:
    """Name the line of the user's file that raised."""
    line, file = 0, str(path.absolute())
    # The last frame in the user's file is where to look, however deep a library raised.
    trace = exc.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    at = f"line {line}: " if line else ""
    return f"{at}{type(exc).__name__}: {exc}"
