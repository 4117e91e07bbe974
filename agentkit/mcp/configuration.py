"""Reads the JSON file of servers, in the form that other MCP clients use.

Source: the `mcpServers` object of the configuration files of Claude Desktop and VS Code.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agentkit.errors import ConfigError

_VARIABLE = re.compile(r"\$\{(\w+)\}")


class McpServer(BaseModel):
    """A server: a program to start, or an address.

    Attributes:
        command: the program; found on the PATH where it is a bare name.
        args: its arguments.
        env: variables that it gets beside PATH, HOME, USER and the like; `${NAME}` is
            taken from our own environment.
        cwd: the folder it runs in.
        url: an address of streamable HTTP instead of a program.
        headers: sent with each request there; `${NAME}` as in `env`.
        seconds: how long one call may take.
        startup_seconds: how long it may take to begin; some fetch themselves first.
    """

    # Other clients' files have fields of theirs, such as "disabled" and "type".
    model_config = ConfigDict(extra="ignore", frozen=True)

    command: str = ""
    args: tuple[str, ...] = ()
    env: dict[str, str] = Field(default_factory=dict[str, str], repr=False)
    cwd: Path | None = None
    url: str = ""
    headers: dict[str, str] = Field(default_factory=dict[str, str], repr=False)
    seconds: float = Field(default=60.0, gt=0, le=3_600)
    startup_seconds: float = Field(default=60.0, gt=0, le=3_600)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        # Neither, or both: which one is meant cannot be known.
        if bool(self.command) == bool(self.url):
            raise ValueError("name either a command or a url")
        if self.url and urlsplit(self.url).scheme not in ("http", "https"):
            raise ValueError("the url must begin with http:// or https://")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore")

    # VS Code has `servers`, the others `mcpServers`.
    mcpServers: dict[str, McpServer] | None = None
    servers: dict[str, McpServer] | None = None


def read_servers(path: str | Path) -> dict[str, McpServer]:
    """Read the servers of a file, by their names.

    Raises:
        ConfigError: it cannot be read, or says what cannot be.
    """
    path = Path(path).expanduser()
    try:
        found = _File.model_validate_json(path.read_bytes())
    except OSError as exc:
        raise ConfigError(f"{path} cannot be read: {exc.strerror}") from exc
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{path}: {where or 'the file'}: {first['msg']}") from exc
    servers = found.servers if found.mcpServers is None else found.mcpServers
    if servers is None:
        raise ConfigError(f'{path} names no servers: {{"mcpServers": {{"NAME": ...}}}}')
    return servers


def filled(values: Mapping[str, str], server: str) -> dict[str, str]:
    """Replace `${NAME}` in values by variables of our environment.

    Raises:
        ConfigError: one is not set: a key would be missing without a word.
    """

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name not in os.environ:
            raise ConfigError(f"the server {server!r} needs the variable {name}")
        return os.environ[name]

    return {key: _VARIABLE.sub(value, text) for key, text in values.items()}
