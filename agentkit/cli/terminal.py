"""A terminal that a person looks at: colours and a spinner, drawn by Rich."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from agentkit.cli.output import Parts, leave_in_peace


class _Console(Console):
    """A console whose reader may go away, as `| head` does."""

    def on_broken_pipe(self) -> None:
        """Leave in peace: what was asked for was read."""
        leave_in_peace()


class Terminal:
    """Shows styled text, and a spinner while nothing is said."""

    def __init__(self, *, quiet: bool, stderr: bool) -> None:
        """Show on standard output, or on standard error, or not at all."""
        self._console = _Console(
            quiet=quiet, stderr=stderr, highlight=False, markup=False, emoji=False
        )
        self._spinner = self._console.status("")

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at it: what Rich says, by its variables too."""
        return self._console.is_terminal

    def show(self, parts: Parts, end: str = "\n") -> None:
        """Write (text, style) parts one behind the other."""
        text = Text()
        for part, style in parts:
            text.append(part, style)
        # A pipe gets lines as they are; a person gets words kept whole.
        self._console.print(text, end=end, soft_wrap=not self.is_terminal)

    def spin(self, doing: str) -> None:
        """Show what goes on."""
        self._spinner.update(Text(doing, "dim"))
        self._spinner.start()

    def rest(self) -> None:
        """Take the spinner away: it would draw over a line that is not ended."""
        self._spinner.stop()
