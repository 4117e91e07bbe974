"""The rules of a home, kept in a file that the user may write too."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from agentkit.errors import ConfigError, StoreError
from agentkit.safety.rules import Rule, RuleAnswer
from agentkit.stores.shared_files import file_lock, replace_text

RULES_FILE = "rules.toml"
_DELETE = "\x7f"


class _RuleTable(BaseModel):
    """One `[[rules]]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: RuleAnswer
    tool: str = "*"
    to: str = "*"
    outside_contacts: bool = False


class _RulesFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[_RuleTable, ...] = ()


class Rules:
    """The rules of a home; only the user adds to them."""

    def __init__(self, home: Path) -> None:
        """Take the home; nothing is read yet."""
        self._file = home / RULES_FILE

    def all(self) -> tuple[Rule, ...]:
        """Read the rules, oldest first.

        Raises:
            ConfigError: the file is damaged; nothing is allowed on a guess.
        """
        try:
            text = self._file.read_text("utf-8")
            tables = _RulesFile.model_validate(tomllib.loads(text)).rules
            return tuple(Rule(**table.model_dump()) for table in tables)
        except FileNotFoundError:
            return ()
        except OSError as exc:
            raise StoreError(f"{RULES_FILE} cannot be read: {exc.strerror}") from exc
        except (tomllib.TOMLDecodeError, ValidationError, UnicodeError) as exc:
            first = str(exc).splitlines()[0]
            raise ConfigError(
                f"{RULES_FILE} in your home cannot be understood ({first}): correct it, "
                "or delete it and set the rules again"
            ) from exc

    def add(self, rule: Rule) -> int:
        """Add a rule, once, and return its number, from 1."""
        with self._held():
            rules = self.all()
            if rule not in rules:
                rules = (*rules, rule)
                self._write(rules)
            return rules.index(rule) + 1

    def remove(self, number: int) -> Rule:
        """Take a rule back.

        Raises:
            ConfigError: there is no rule of this number.
        """
        with self._held():
            rules = self.all()
            if not 1 <= number <= len(rules):
                raise ConfigError(f"there is no rule {number}: see agentkit rules list")
            self._write(rule for n, rule in enumerate(rules, 1) if n != number)
            return rules[number - 1]

    @contextmanager
    def _held(self) -> Generator[None]:
        lock = self._file.with_suffix(".lock")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with file_lock(lock, busy="another program is changing the rules"):
                yield
        except OSError as exc:
            raise StoreError(f"{self._file} cannot be written: {exc.strerror}") from exc

    def _write(self, rules: Iterable[Rule]) -> None:
        replace_text(self._file, "\n".join(_table(rule) for rule in rules))


def _table(rule: Rule) -> str:
    lines = [f"{key} = {_toml(value)}" for key, value in asdict(rule).items()]
    return "\n".join(["[[rules]]", *lines, ""])


def _toml(value: str | bool) -> str:
    """Write a value; TOML's strings are JSON's but for one control character."""
    return json.dumps(value).replace(_DELETE, "\\u007f")
