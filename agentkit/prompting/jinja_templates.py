"""Jinja templates: packaged ones, the user's before them, and those of runtimes.

Templates see nothing but what they are given; the user's run in a sandbox. This
module loads Jinja, so it is itself loaded at the first render only. A runtime that is sent
messages writes the prompt itself: its template is held against the format of Llama 3.2, by
what its source says and not by what it computes.
"""

from __future__ import annotations

import difflib
import traceback
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from agentkit.errors import PromptError

_PACKAGE = "agentkit_prompts"


def render_template(name: str, folder: str | None, values: dict[str, Any]) -> str:
    """Render one template.

    Args:
        name: path below the template root, as in `llama32/tools.jinja`.
        folder: the user's templates, looked at first; None for packaged ones only.
        values: what the template sees.

    Raises:
        PromptError: it is missing, or cannot be read or rendered.
    """
    try:
        return _environment(folder).get_template(name).render(values)
    except TemplateSyntaxError as exc:
        place = f"template {exc.name or name!r}, line {exc.lineno}"
        raise PromptError(f"{place}: {exc.message}") from exc
    except TemplateNotFound as exc:
        raise PromptError(f"there is no template {exc.message!r}") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise PromptError(f"template {name!r} cannot be read: {exc}") from exc
    except Exception as exc:
        # A template can fail in any way that an expression can.
        reason = exc.message if isinstance(exc, TemplateError) else exc
        raise PromptError(f"template {_place(exc, name)}: {reason}") from exc


@lru_cache(maxsize=8)
def _environment(folder: str | None) -> Environment:
    # The packaged ones are our own code; a sandbox costs time at every access.
    kind = Environment if folder is None else ImmutableSandboxedEnvironment
    return kind(
        loader=_loader(folder),
        undefined=StrictUndefined,
        autoescape=False,
        # Somebody who edits a template sees it at the next prompt.
        auto_reload=folder is not None,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _loader(folder: str | None) -> BaseLoader:
    packaged = FunctionLoader(_packaged_source)
    if folder is None:
        return packaged
    if not Path(folder).is_dir():
        raise PromptError(f"the template folder {folder!r} is not there")
    # A folder may replace one template and leave the others.
    return ChoiceLoader([FileSystemLoader(folder), packaged])


def _packaged_source(name: str) -> tuple[str, str | None, None] | None:
    # Through `resources`, since the package may lie in a zip file.
    source = resources.files(_PACKAGE).joinpath(*name.split("/"))
    if not source.is_file():
        return None
    return source.read_text(encoding="utf-8"), name, None


def _place(exc: Exception, name: str) -> str:
    """Say which template and line failed; Jinja maps tracebacks to both."""
    for frame in reversed(traceback.extract_tb(exc.__traceback__)):
        if frame.filename.endswith(".jinja"):
            shown = "/".join(Path(frame.filename).parts[-2:])
            return f"{shown!r}, line {frame.lineno}"
    return repr(name)


def template_warnings(source: str) -> tuple[str, ...]:
    """Say where a runtime's chat template departs from Llama 3.2's format.

    Args:
        source: the template's text, in Go's or Jinja's notation.

    Returns:
        One sentence for each difference; empty when none was seen.
    """
    if "<|start_header_id|>" not in source:
        return ("the template does not frame turns as Llama 3 was trained on",)
    found: list[str] = []
    # Meta's own words for the list of calls.
    pythonic = "func_name1(" in source or "[func" in source
    if "JSON" in source and not pythonic:
        found.append(
            "the template asks for calls as JSON, but Llama 3.2 1B and 3B were "
            "trained to write [name(argument=value)]"
        )
    elif not pythonic:
        found.append("the template does not tell the model how to call tools")
    if "ipython" not in source:
        found.append("the template has no ipython role for tool results")
    if "Cutting Knowledge Date" in source or "Today Date" in source:
        found.append(
            "the template puts its own date lines at the start, so that a new day "
            "empties the cache"
        )
    return tuple(found)


def prompt_diff(ours: str, theirs: str, *, name: str = "runtime") -> str:
    """Show line by line how another prompt differs; empty when it does not.

    Args:
        ours: the reference.
        theirs: what is held against it.
        name: what to call it.
    """
    lines = difflib.unified_diff(
        ours.splitlines(), theirs.splitlines(), "reference", name, lineterm=""
    )
    return "\n".join(lines)
