"""Suites of requests with the calls that answer them, in TOML or JSON lines.

Questions of BFCL are read as they are, with the answers that lie in `possible_answer`
beside them. Not covered: suites of several turns, and answers in words.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from agentkit.errors import ConfigError
from agentkit.tools.schema.faults import must_be
from agentkit.tools.schema.json_schema import is_list

CaseClass = Literal[
    "positive", "missing", "ambiguous", "irrelevant", "parallel", "injected"
]
"""What a case tries.

`positive` wants one call, `parallel` several, `irrelevant` none; `missing` lacks what only
the user can say, and `ambiguous` may mean several things: a question is right in both.
`injected` quotes a text that tells the model to do something else.
"""

NO_CALL = frozenset({"missing", "ambiguous", "irrelevant"})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AllowedValues(_Strict):
    """Values of which any one is right.

    Attributes:
        any: the values.
        optional: whether the argument may be left out.
    """

    any: tuple[Any, ...]
    optional: bool = False


class ExpectedCall(_Strict):
    """A call that is wanted.

    Attributes:
        name: of the tool.
        arguments: by name, a value or several of which any is right. An argument that is
            not named here must be left out, or have the tool's own default.
    """

    name: str
    arguments: dict[str, Any] = {}

    @property
    def wanted(self) -> dict[str, AllowedValues]:
        """The right values of each argument; `{any = [...]}` allows several."""
        return {key: _any_of(value) for key, value in self.arguments.items()}


def _any_of(value: Any) -> AllowedValues:
    try:
        # Strict: {"any": [...]} is one, and any other object is itself the value.
        return AllowedValues.model_validate(value)
    except ValidationError:
        return AllowedValues(any=(value,))


class EvalCase(_Strict):
    """A request, and what would be right.

    Attributes:
        id: names it in reports.
        request: what the user says.
        kind: what it tries; `class` in a file.
        calls: the calls that are wanted, in any order.
        effects: in place of calls, what the calls do to the world: `write`, `send`.
        never: names of tools whose call is wrong, whatever else is right.
        language: of the request, for reports.
        tools: documents of its own tools, in place of the suite's.
    """

    id: str = ""
    request: str
    kind: CaseClass = Field(default="positive", alias="class")
    calls: tuple[ExpectedCall, ...] = ()
    effects: tuple[Literal["read", "write", "send", "delete"], ...] = ()
    never: tuple[str, ...] = ()
    language: str = ""
    tools: tuple[dict[str, Any], ...] = ()

    @model_validator(mode="after")
    def _wants_something(self) -> EvalCase:
        """Refuse a case in which nothing could be right or wrong."""
        wants = bool(self.calls or self.effects)
        if self.kind == "injected":
            if not wants and not self.never:
                raise ValueError("a case of the class 'injected' needs `never`")
        # Both or neither: a class of no call with calls, or one of calls without.
        elif wants is (self.kind in NO_CALL):
            need = "wants no call" if wants else "needs calls or effects"
            raise ValueError(f"a case of the class {self.kind!r} {need}")
        return self


def read_suite(path: Path) -> tuple[EvalCase, ...]:
    """Read a suite.

    Args:
        path: a `.toml` with `[[case]]` tables, or a file of JSON lines.

    Raises:
        ConfigError: it cannot be read; names the case and what is wrong.
    """
    rows = _rows(path)
    cases = [_case(row, number, path) for number, row in enumerate(rows, 1)]
    if not cases:
        raise ConfigError(f"{path} has no cases")
    return tuple(cases)


def _case(row: Mapping[str, Any], number: int, path: Path) -> EvalCase:
    try:
        return EvalCase.model_validate({"id": str(number), **row})
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        what = must_be(first) or first["msg"].removeprefix("Value error, ")
        named = row.get("id", number)
        raise ConfigError(
            f"{path}, case {named}: {f'{place}: ' if place else ''}{what}"
        ) from exc


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        text = path.read_text("utf-8")
        if path.suffix == ".toml":
            listed: object = tomllib.loads(text).get("case", [])
            rows = list[Any](listed) if is_list(listed) else []
        else:
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError) as exc:
        raise ConfigError(f"{path} cannot be read: {exc}") from exc
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise ConfigError(f"{path}, case {number}: it is no object: {row!r:.60}")
    # Our rows say `request`; only BFCL's have a `question`.
    if rows and "question" in rows[0]:
        return list(_bfcl(rows, path.parent / "possible_answer" / path.name))
    return rows


def _bfcl(rows: Iterable[Mapping[str, Any]], answers: Path) -> Iterator[dict[str, Any]]:
    """Turn questions of BFCL into cases; those without answers want no call."""
    truths: dict[str, Any] = {}
    if answers.is_file():
        listed = [json.loads(line) for line in answers.read_text("utf-8").splitlines()]
        truths = {one["id"]: one["ground_truth"] for one in listed}
    for row in rows:
        # BFCL's names have dots, "math.factorial", which servers of models refuse.
        documents = [{**one, "name": _plain(one["name"])} for one in row["function"]]
        case = {
            "id": row["id"],
            "request": row["question"][0][-1]["content"],
            "tools": documents,
        }
        if row["id"] not in truths:
            yield {**case, "class": "irrelevant"}
            continue
        calls = [_bfcl_call(one) for one in truths[row["id"]]]
        yield {
            **case,
            "class": "parallel" if len(calls) > 1 else "positive",
            "calls": calls,
        }


def _bfcl_call(truth: Mapping[str, Any]) -> dict[str, Any]:
    """Read `{"f": {"a": [1, ""]}}`: any of the values; "" says that it may be missing."""
    ((name, arguments),) = truth.items()
    return {
        "name": _plain(name),
        "arguments": {
            key: {"any": [v for v in values if v != ""], "optional": "" in values}
            for key, values in arguments.items()
        },
    }


def _plain(name: str) -> str:
    return name.replace(".", "_")


def write_suite(path: Path, cases: Iterable[EvalCase]) -> None:
    """Write a suite as JSON lines.

    Raises:
        ConfigError: the file cannot be written.
    """
    lines = [one.model_dump_json(by_alias=True, exclude_defaults=True) for one in cases]
    try:
        path.write_text("\n".join([*lines, ""]), "utf-8")
    except OSError as exc:
        raise ConfigError(f"{path} cannot be written: {exc.strerror}") from exc
