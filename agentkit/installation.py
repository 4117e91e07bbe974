"""What is installed on this machine: parts that packages register for agentkit.

`importlib.metadata` is imported where it is used: it is slow to load, and most commands
do without.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registration:
    """A part that an installed package brings, by an entry point.

    Attributes:
        group: as in `agentkit.tools`.
        name: of the part in its group.
        value: where it is, as in `package.module:object`.
    """

    group: str
    name: str
    value: str

    def load(self) -> object:
        """Import the part; what its module raises is raised."""
        from importlib.metadata import EntryPoint

        return EntryPoint(self.name, self.value, self.group).load()


def registered(group: str) -> tuple[Registration, ...]:
    """Return what installed packages register in a group, each part once.

    Two distributions may say the same, such as a checkout that was installed under an
    earlier name of the distribution and under its present one.
    """
    from importlib.metadata import entry_points

    found = entry_points(group=group)
    return tuple(dict.fromkeys(Registration(group, p.name, p.value) for p in found))
