"""Jinja templates: packaged ones, and a folder of the user's before them.

Templates see nothing but what they are given; the user's run in a sandbox. This
module loads Jinja, so it is itself loaded at the first render only.
"""

from __future__ import annotations

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
    kind = Environment if folder is None else ImmutableSandboxedEnvironment
    return kind(
        loader=_loader(folder),
        undefined=StrictUndefined,
        autoescape=False,
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
    return ChoiceLoader([FileSystemLoader(folder), packaged])


def _packaged_source(name: str) -> tuple[str, str | None, None] | None:
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
