"""Sets keys in agentkit.toml, and leaves the rest of the file as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from agentkit.errors import ConfigError
from agentkit.settings import (
    SETTINGS_FILE,
    Settings,
    make_context,
    read_settings,
    settings_of,
)
from agentkit.stores.shared_files import make_folder, replace_text

_END = "\n"
_TABLE = re.compile(r"^\s*\[", re.M)


def set_keys(home: Path, keys: Mapping[str, str | int]) -> Settings:
    """Set keys such as `name` and `mail.host`; a key without a value is left alone.

    Raises:
        ConfigError: the file cannot be read, or would not be right; it stays as it is.
        StoreError: it cannot be written.
    """
    before = read_settings(home)
    wanted = {key: value for key, value in keys.items() if value != ""}
    if not wanted:
        return before
    path = home / SETTINGS_FILE
    text = path.read_text("utf-8") if path.exists() else ""
    for key, value in wanted.items():
        table, _, name = key.rpartition(".")
        # JSON's strings and numbers are TOML's, too.
        text = _with(text, table, name, json.dumps(value, ensure_ascii=False))
    try:
        # Read back before it is written: a file that cannot be read would shut the
        # home.
        settings = settings_of(text, path)
        make_context(home, settings, None)  # a time zone may be none
    except ConfigError as exc:
        raise ConfigError(f"{exc}; nothing was changed") from exc
    make_folder(home)
    replace_text(path, text)
    return settings


def _with(text: str, table: str, name: str, value: str) -> str:
    """Set a key in its table: replace its line, or add one at the end."""
    start, end = _extent(text, table)
    if start < 0:
        gap = "\n" if text and not text.endswith("\n\n") else ""
        return f"{text}{gap}[{table}]\n{name} = {value}\n"
    body = text[start:end]
    line = re.compile(rf"^{re.escape(name)}[ \t]*=.*$", re.M)
    if line.search(body):
        # Through a function: the value holds backslashes of its own.
        body = line.sub(lambda _: f"{name} = {value}", body, count=1)
    else:
        core = body.rstrip("\n")
        kept = f"{core}\n" if core else ""
        body = f"{kept}{name} = {value}{body[len(core) :] or _END}"
    return text[:start] + body + text[end:]


def _extent(text: str, table: str) -> tuple[int, int]:
    """Return where a table's keys begin and end; -1 where it is not there."""
    start = 0
    if table:
        head = re.search(rf"^\[{re.escape(table)}\][ \t]*(?:#.*)?\n?", text, re.M)
        if head is None:
            return -1, -1
        start = head.end()
    # A table ends where the next one begins.
    following = _TABLE.search(text, start)
    return start, following.start() if following else len(text)
