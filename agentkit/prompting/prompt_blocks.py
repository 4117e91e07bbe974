"""Texts that templates make: tools, headers and instructions, kept when stable."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Date
from functools import lru_cache
from pathlib import Path
from typing import Any

from agentkit.language import MONTH_NAMES
from agentkit.prompting.formats import FormatRules, PromptSettings, Schemas, rules_of
from agentkit.prompting.tool_documents import tool_views
from agentkit.tools import Toolset

_SHARED = "llama3"
_SHARED_TEMPLATES = ("header", "session", "signatures")


@dataclass(frozen=True, slots=True)
class PromptBlocks:
    """Renders the templates of one format with one set of options."""

    settings: PromptSettings
    toolset: Toolset

    @property
    def rules(self) -> FormatRules:
        """Rules of the format."""
        return rules_of(self.settings.format)

    @property
    def environment(self) -> bool:
        """Whether the header switches the model's tool environment on."""
        # Meta's 3.1 prompt says "Environment: ipython" wherever tools are given.
        tools = self.rules.one_call and len(self.toolset) > 0
        return tools or bool(self.settings.builtin_tools)

    def default_instructions(self) -> str:
        """Write Meta's own instructions for tools."""
        return self._render("instructions", {})

    def header(self) -> str:
        """Write the environment, knowledge-cutoff and date lines; may be empty."""
        settings = self.settings
        dated = settings.date is not None and settings.date_in == "header"
        if not dated and not self.environment:
            return ""
        # The interpreter is there by the environment itself, and not listed.
        listed = [t for t in settings.builtin_tools if t != "code_interpreter"]
        values = {
            "environment": self.environment,
            "builtin_tools": listed,
            "knowledge_cutoff": settings.knowledge_cutoff if dated else "",
            "date": date_text(settings.date) if dated else "",
        }
        return self._render("header", values)

    def session(self) -> str:
        """Write the date line; empty without a date."""
        if self.settings.date is None:
            return ""
        return self._render("session", {"date": date_text(self.settings.date)})

    def tools(self) -> str:
        """Write how to call, and the tools."""
        return _tools_text(self._key("tools"))

    def question_with_tools(self, question: str) -> str:
        """Write the user's first turn with the tools behind the question."""
        functions = _functions_text(self._key("user_tools"))
        schemas = self.settings.schemas
        values = {"question": question, "functions": functions, "schemas": schemas}
        return self._render("user_tools", values)

    def _key(self, name: str) -> _ToolsKey:
        return _ToolsKey(
            _path(self.rules.folder, name),
            self.settings.schemas,
            _folder(self.settings),
            _stamp(self.settings),
            self.toolset.fingerprint,
            self.toolset,
        )

    def _render(self, name: str, values: dict[str, Any]) -> str:
        path = _path(self.rules.folder, name)
        return _render(path, _folder(self.settings), values)


def date_text(date: Date | str | None) -> str:
    """Write a date as Llama's header has it: `05 March 2026`."""
    if isinstance(date, Date):
        return f"{date.day:02} {MONTH_NAMES[date.month - 1].title()} {date.year}"
    return date or ""


@dataclass(frozen=True, slots=True)
class _ToolsKey:
    """What a text about tools depends on."""

    template: str
    schemas: Schemas
    folder: str | None
    stamp: int
    fingerprint: str
    # The fingerprint stands for it: comparing toolsets would cost as much as writing
    # them.
    toolset: Toolset = field(compare=False)


# The longest text of a prompt, and the same at every step of a run.
# The longest text of a prompt, and the same at every step of a run.
@lru_cache(maxsize=32)
def _tools_text(key: _ToolsKey) -> str:
    values = {"functions": _functions_text(key), "schemas": key.schemas}
    return _render(key.template, key.folder, values)


@lru_cache(maxsize=32)
def _functions_text(key: _ToolsKey) -> str:
    name = "documents" if key.schemas == "reference" else "signatures"
    folder = key.template.partition("/")[0]
    values = {"tools": tool_views(key.toolset)}
    return _render(_path(folder, name), key.folder, values)


def _path(folder: str, name: str) -> str:
    """Return a template's path: shared ones have a separate folder."""
    return f"{_SHARED if name in _SHARED_TEMPLATES else folder}/{name}.jinja"


def _render(path: str, folder: str | None, values: dict[str, Any]) -> str:
    # Loads Jinja, at the first prompt only.
    from agentkit.prompting.jinja_templates import render_template

    return render_template(path, folder, values)


def _folder(settings: PromptSettings) -> str | None:
    return None if settings.templates is None else str(settings.templates)


def _stamp(settings: PromptSettings) -> int:
    """Newest change among the user's templates, so that edits are seen."""
    if settings.templates is None:
        return 0
    changes = [
        path.stat().st_mtime_ns for path in Path(settings.templates).rglob("*.jinja")
    ]
    return max(changes, default=0)
