"""What a Dockerfile says: its stages, and the instructions of each.

Not covered: variables of the build (ARG), heredocs, `# escape=`, ONBUILD.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from string import Template

KNOWN = {
    "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "RUN", "USER",
    "VOLUME", "WORKDIR",
}  # fmt: skip
_OPTION = re.compile(r"--([a-z-]+)=(\S+)\s*")


@dataclass(frozen=True)
class Instruction:
    """One instruction: its word, and the rest with its lines joined."""

    word: str
    rest: str

    @property
    def text(self) -> str:
        """The rest without its leading options."""
        return re.sub(rf"\A(?:{_OPTION.pattern})+", "", self.rest)

    @property
    def options(self) -> dict[str, str]:
        """The leading options: `--from=build` is {"from": "build"}."""
        before = self.rest.removesuffix(self.text)
        return {found[1]: found[2] for found in _OPTION.finditer(before)}

    def words(self) -> list[str]:
        """Return the command of the JSON form, or a shell with that of the other."""
        if self.text.startswith("["):
            return [str(word) for word in json.loads(self.text)]
        return ["/bin/sh", "-c", self.text]

    def pairs(self, before: dict[str, str]) -> dict[str, str]:
        """Return the variables that ENV sets, with those before filled in."""
        parts = (part.split("=", 1) for part in shlex.split(self.text))
        return {name: Template(value).substitute(before) for name, value in parts}


@dataclass(frozen=True)
class Stage:
    """A stage: its name, what it is built from, and its steps."""

    name: str
    base: str
    steps: tuple[Instruction, ...]


def instructions(source: str) -> list[Instruction]:
    """Read the instructions, comments and continued lines resolved.

    Raises:
        ValueError: one is none that is known here.
    """
    rows = [row for row in source.splitlines() if not row.lstrip().startswith("#")]
    joined = re.sub(r"\\\s*\n", " ", "\n".join(rows))
    found = [
        Instruction(word, re.sub(r"\s+", " ", rest).strip())
        for word, _, rest in (row.strip().partition(" ") for row in joined.split("\n"))
        if word
    ]
    if unknown := [one for one in found if one.word not in KNOWN]:
        raise ValueError(
            f"{unknown[0].word!r} is an instruction that is not known here"
        )
    return found


def stages(source: str) -> list[Stage]:
    """Read the stages, in their order; one without a name has its number."""
    made: list[tuple[str, str, list[Instruction]]] = []
    for one in instructions(source):
        if one.word == "FROM":
            base, _, name = one.text.partition(" AS ")
            made.append((name or str(len(made)), base, []))
        else:
            made[-1][2].append(one)
    return [Stage(name, base, tuple(steps)) for name, base, steps in made]


def is_left_out(path: Path, patterns: list[str]) -> bool:
    """Whether `.dockerignore` leaves out a path, relative to the top."""
    return any(
        path.match(pattern.removeprefix("**/"))
        and (pattern.startswith("**/") or len(path.parts) == pattern.count("/") + 1)
        for pattern in patterns
    )
