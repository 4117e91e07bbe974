"""The line editor of a chat: with completion and the earlier requests.

prompt_toolkit is the better editor, and is optional; Python's own `readline` serves
without it. Where neither is there, as on Windows, the terminal's own line is read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from agentkit.cli.screen import Screen, is_dumb, typed
from agentkit.cli.suggestions import Suggestion, Suggestions

if TYPE_CHECKING:
    from prompt_toolkit.completion import CompleteEvent, Completion
    from prompt_toolkit.document import Document
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
    from prompt_toolkit.output import Output

PROMPT = "you> "
# Under the first line of several, where they are pasted or typed.
_MORE = "...> "


class LineEditor(Protocol):
    """Reads what is typed."""

    def read(self) -> str:
        """Read one request, which may have several lines; Ctrl-C empties it.

        Raises:
            EOFError: the user is done.
            KeyboardInterrupt: Ctrl-C was pressed, and nothing stood there.
        """
        ...


def line_editor(
    screen: Screen, suggestions: Suggestions, past: Sequence[str]
) -> LineEditor:
    """Make the best editor there is.

    Args:
        screen: where the prompt stands.
        suggestions: what the Tab key completes.
        past: what was typed before, oldest first.
    """
    # It draws on standard error, which may be a file: then readline has the other one.
    if find_spec("prompt_toolkit") and sys.stderr.isatty() and not is_dumb():
        return RichEditor(suggestions, past)
    return PlainEditor(screen, suggestions, past)


class RichEditor:
    """Reads with prompt_toolkit; what is printed meanwhile appears above the line."""

    def __init__(self, suggestions: Suggestions, past: Sequence[str]) -> None:
        """Store the completions and the earlier lines."""
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import Completer
        from prompt_toolkit.history import InMemoryHistory
        from prompt_toolkit.shortcuts import CompleteStyle

        class Completing(Completer):
            """Our suggestions, as prompt_toolkit takes them."""

            def get_completions(
                self, document: Document, complete_event: CompleteEvent
            ) -> Iterable[Completion]:
                found = suggestions.of(document.text_before_cursor)
                return map(_completion, found)

        self._session: PromptSession[str] = PromptSession(
            [("bold", PROMPT)],
            history=InMemoryHistory(list(past)),
            completer=Completing(),
            # As a shell does, below the line; a menu would claim eight lines of screen.
            complete_style=CompleteStyle.READLINE_LIKE,
            complete_while_typing=False,
            prompt_continuation=_continuation,
            key_bindings=_keys(),
            output=_output(),
        )

    def read(self) -> str:
        """Read one request."""
        from prompt_toolkit.patch_stdout import patch_stdout

        try:
            # What rings meanwhile is printed above the line; raw, or its colours would
            # be escaped.
            with patch_stdout(raw=True):
                return self._session.prompt().strip()
        except KeyboardInterrupt:
            # As a shell does: Ctrl-C empties a line, and leaves an empty one.
            if self._session.default_buffer.text.strip():
                return ""
            raise


def _continuation(width: int, line: int, wrapped: int) -> str:
    """Mark a further line of the request; a wrapped line gets no mark."""
    return "" if wrapped else _MORE.rjust(width)


def _output() -> Output:
    from prompt_toolkit.application.current import get_app_session
    from prompt_toolkit.output.vt100 import Vt100_Output

    # It is made once, for the stream that is standard output then; ours may be a file
    # that takes the answers.
    with redirect_stdout(sys.stderr):
        output = get_app_session().output
    if isinstance(output, Vt100_Output):
        # Without a menu nobody needs to ask the terminal where the cursor is, and
        # some never answer.
        output.enable_cpr = False
    return output


def _completion(found: Suggestion) -> Completion:
    from prompt_toolkit.completion import Completion

    return Completion(found.text, -found.typed, display_meta=found.told)


def _keys() -> KeyBindings:
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        """Begin another line: Alt-Enter."""
        event.current_buffer.insert_text("\n")

    return keys


class PlainEditor:
    """Reads with Python's `readline`, or the terminal's own line."""

    def __init__(
        self, screen: Screen, suggestions: Suggestions, past: Sequence[str]
    ) -> None:
        """Store the screen, the completions and the earlier lines."""
        self._screen = screen
        self._suggestions = suggestions
        self._found: list[str] = []
        with suppress(ImportError):
            import readline

            # An answer to a question is no request to be found again.
            readline.set_auto_history(False)
            readline.set_completer(self._complete)
            # No delimiters: a completion may take the place of several words, such as a
            # name.
            readline.set_completer_delims("")
            readline.parse_and_bind("tab: complete")
            if not is_dumb():
                # Python turns it off; without, each line of a paste is a request.
                readline.parse_and_bind("set enable-bracketed-paste on")
            for line in past:
                readline.add_history(line)

    def read(self) -> str:
        """Read one request."""
        try:
            line = self._screen.read(PROMPT)
        except KeyboardInterrupt:
            self._screen.line()
            if typed().strip():
                return ""
            raise
        with suppress(ImportError):
            import readline

            if line:
                readline.add_history(line)
        return line

    def _complete(self, line: str, number: int) -> str | None:
        """Return the suggestions one by one, each as the whole line."""
        # readline asks for the first, the second and so on of the same line.
        if number == 0:
            self._found = [
                line[: len(line) - one.typed] + one.text
                for one in self._suggestions.of(line)
            ]
        return self._found[number] if number < len(self._found) else None
