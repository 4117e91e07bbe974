"""Answers to approval questions, and the user's rules in a file that they may edit."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from agentkit.errors import ConfigError, StoreError
from agentkit.stores.shared_files import file_lock, make_folder, replace_text

RuleAnswer = Literal["always", "ask", "never"]
# The strictest answer comes first.
_ORDER: tuple[RuleAnswer, ...] = ("never", "ask", "always")

Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for calls of a tool, to somebody.

    Attributes:
        answer: `always` runs without a question, unless text of somebody else chose
            it; `ask` asks; `never` refuses.
        tool: name of the tool; `*` for all that change or send something.
        to: who receives it, `*` for anybody.
        outside_contacts: it holds where a receiver is not in the user's contacts.

    Raises:
        ConfigError: the rule would say nothing, or too much.
    """

    answer: RuleAnswer
    tool: str = "*"
    to: str = "*"
    outside_contacts: bool = False

    def __post_init__(self) -> None:
        """Refuse a rule that lets everything run."""
        if self.answer not in _ORDER:
            raise ConfigError(f"a rule says always, ask or never, not {self.answer!r}")
        if self.answer == "always" and self.outside_contacts:
            raise ConfigError(
                "a rule cannot let all strangers receive: use ask or never"
            )
        # Patterns such as "*" and "?*" fit everybody, too.
        everybody = not any(char.isalnum() for char in self.to)
        if self.answer == "always" and self.tool == "*" and everybody:
            raise ConfigError("a rule that always allows needs a tool or a receiver")

    def holds(self, tool: str, receivers: tuple[str, ...], known: Known) -> bool:
        """Tell whether it holds for a call.

        Args:
            tool: name of the tool.
            receivers: who receives something from the call.
            known: tells whether somebody is in the user's contacts.
        """
        if self.tool not in ("*", tool):
            return False
        if self.outside_contacts:
            return any(not known(who) for who in receivers)
        # Also for calls that send to nobody.
        if self.to == "*":
            return True
        fits = [_fits(who, self.to) for who in receivers]
        # What is allowed for one is not allowed for those on copy.
        return bool(fits) and (all(fits) if self.answer == "always" else any(fits))

    def __str__(self) -> str:
        whom = ", to anybody outside your contacts" if self.outside_contacts else ""
        whom = whom or ("" if self.to == "*" else f", to {self.to}")
        return f"{self.answer} {'anything' if self.tool == '*' else self.tool}{whom}"


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who receives something from a call.

    Attributes:
        written: as the call has them.
        reached: where it goes: the addresses found for them, else as written.
        called: all names and addresses of them.
    """

    written: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    called: tuple[str, ...] = ()

    def for_rule(self, rule: Rule) -> tuple[str, ...]:
        """Return the names that a rule is compared with.

        What forbids holds whatever somebody is called; what allows, as it was written.
        Who is no stranger shows in where it goes: anybody may call themselves Ana.
        """
        if rule.outside_contacts:
            return self.reached
        return self.written if rule.answer == "always" else self.called


def strictest(
    rules: Iterable[Rule], tool: str, receivers: Receivers, known: Known
) -> Rule | None:
    """Return the rule that decides about a call: never before ask before always."""
    holding = [
        rule for rule in rules if rule.holds(tool, receivers.for_rule(rule), known)
    ]
    return min(holding, key=lambda rule: _ORDER.index(rule.answer), default=None)


def literal(value: str) -> str:
    """Write a receiver as a pattern that fits nobody else."""
    # In brackets, since `fnmatch` has no other way to take a sign as it stands.
    return "".join(f"[{char}]" if char in "*?[" else char for char in value)


def _fits(who: str, wanted: str) -> bool:
    return fnmatchcase(who.strip().casefold(), wanted.strip().casefold())


@dataclass(frozen=True, slots=True)
class Approved:
    """Yes.

    Attributes:
        arguments: what to run it with instead, whole; None for what was shown.
        rule: what holds from now on.
    """

    arguments: Mapping[str, Any] | None = None
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Denied:
    """No.

    Attributes:
        reason: why, in the user's words; the model reads it.
        rule: what holds from now on.
    """

    reason: str = ""
    rule: Rule | None = None


Answer: TypeAlias = Approved | Denied


def answer_of(given: object) -> Answer:
    """Read what a callback returned.

    Raises:
        ConfigError: it is neither a bool nor an answer.
    """
    if isinstance(given, Approved | Denied):
        return given
    if isinstance(given, bool):
        return Approved() if given else Denied()
    # Anything else may be truthy by accident, such as the text "no".
    raise ConfigError(
        f"approve must return True or False, Approved or Denied, not {given!r}"
    )


RULES_FILE = "rules.toml"
# The one control that JSON leaves as it is, and TOML does not take.
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
        # The first line says what is wrong; the rest repeats the file.
        except (tomllib.TOMLDecodeError, ValidationError, UnicodeError) as exc:
            first = str(exc).splitlines()[0]
            raise ConfigError(
                f"{RULES_FILE} in your home cannot be understood ({first}): correct it, "
                "or delete it and set the rules again"
            ) from exc

    def add(self, rule: Rule) -> int:
        """Add a rule, once, and return its number, from 1."""
        # Read and written under one lock: a rule that another program adds meanwhile is
        # kept.
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
            make_folder(self._file.parent)
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
