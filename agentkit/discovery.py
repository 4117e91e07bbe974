"""Tools, homes and files found by name: entry points, and a user's own FILE.py."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from agentkit.context import Context
from agentkit.errors import ConfigError, ToolsetError
from agentkit.privacy.values import PersonalValue
from agentkit.tools import AnyTool, Tool, Toolset

TOOLS_GROUP = "agentkit.tools"
HOMES_GROUP = "agentkit.homes"
VALUES_GROUP = "agentkit.values"

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
    found = sorted(entry_points(group=TOOLS_GROUP), key=lambda point: point.name)
    chosen = [point for point in found if packs is None or point.name in packs]
    loaded = ((point.name, _loaded(point)) for point in chosen)
    useful = (
        module
        for name, module in loaded
        if configured is None or _table(name, module) in {"", *configured}
    )
    return Toolset([one for module in useful for one in tools_in(module)])


def _table(name: str, module: object) -> str:
    """Return whose settings a pack needs; empty when it needs none."""
    needed: object = getattr(module, "NEEDS_SETTINGS", False)
    return needed if isinstance(needed, str) else name if needed is True else ""


def personal_values(context: Context) -> Iterator[PersonalValue]:
    """Yield the user's personal values that installed packs know of.

    A pack names, in the entry-point group `agentkit.values`, a function from a
    `Context` to pairs of text and kind, such as `("Ana Ruiz", "contact")`.

    Raises:
        ToolsetError: a pack cannot be loaded.
    """
    for point in sorted(entry_points(group=VALUES_GROUP), key=lambda one: one.name):
        pairs = cast(Callable[[Context], Iterable[tuple[str, str]]], _loaded(point))
        for text, kind in pairs(context):
            yield PersonalValue(text, kind)


def tools_in(module: object) -> Iterator[AnyTool]:
    """Yield the tools a module (or a tool, or a list of tools) holds, in order."""
    if isinstance(module, Tool):
        yield cast(AnyTool, module)
    elif isinstance(module, ModuleType):
        for value in vars(module).values():
            if isinstance(value, Tool) and value.__module__ == module.__name__:
                yield cast(AnyTool, value)
    else:
        yield from Toolset(cast(Any, module))


def tools_of_file(path: Path) -> Toolset:
    """Load a Python file of the user's and take the tools it defines.

    Raises:
        ConfigError: there is no such file, or it holds no tool.
        ToolsetError: the file cannot be run; the message has the line.
    """
    if not path.is_file():
        raise ConfigError(f"--tools: there is no file {str(path)!r}")
    name = f"agentkit_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"--tools: {str(path)!r} is not a Python file (.py)")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except SyntaxError as exc:
        line = f", line {exc.lineno}" if exc.lineno else ""
        raise ToolsetError(f"{path}{line}: {exc.msg}") from exc
    except (Exception, SystemExit) as exc:
        raise ToolsetError(f"{path} cannot be loaded: {_where(exc, path)}") from exc
    tools = Toolset(tools_in(module))
    if not len(tools):
        raise ConfigError(f"{path} defines no tool: decorate a function with @tool")
    return tools


def home_maker(name: str) -> MakeHome:
    """Return what fills a folder with a pack's sample data.

    Raises:
        ConfigError: no installed pack brings a home of this name.
    """
    for point in entry_points(group=HOMES_GROUP, name=name):
        return cast(MakeHome, _loaded(point))
    raise ConfigError(f"no installed package brings the sample home {name!r}")


def _loaded(point: EntryPoint) -> object:
    try:
        return point.load()
    except Exception as exc:
        raise ToolsetError(
            f"the pack {point.name!r} ({point.value}) cannot be loaded: {exc}"
        ) from exc


def _where(exc: BaseException, path: Path) -> str:
    """Name the line of the user's file that raised."""
    line, file = 0, str(path.absolute())
    trace = exc.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    at = f"line {line}: " if line else ""
    return f"{at}{type(exc).__name__}: {exc}"
