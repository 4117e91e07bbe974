"""Reads answers aloud, for `--speak` and `--speak-to`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentkit.cli.screen import Screen
from agentkit.context import Context
from agentkit.errors import AgentkitError
from agentkit.language.vocabularies import language_of as language_of_locale
from agentkit.understanding import language_of

Speak = Annotated[
    bool, typer.Option("--speak", help="Read the answer aloud (extra voice).")
]
SpeakTo = Annotated[
    Path | None,
    typer.Option("--speak-to", metavar="FILE.wav", help="Read the answer into a file."),
]


class AnswerVoice:
    """Reads answers aloud where that was wanted; an error is shown and ends nothing."""

    def __init__(
        self, context: Context, screen: Screen, *, aloud: bool, to: Path | None = None
    ) -> None:
        """Store the options and the screen.

        Args:
            context: of the home: its language is that of an answer that tells none.
            screen: where a fault is told.
            aloud: read on the loudspeaker.
            to: read into this file instead.
        """
        self._context = context
        self._screen = screen
        self._asked = aloud or to is not None
        self._to = to

    def read(self, text: str) -> None:
        """Read a text aloud; Ctrl-C ends that and nothing else."""
        if not self._asked or not text.strip():
            return
        # Who reads nothing aloud loads nothing of it.
        from agentkit.voice.voices import speak

        # By the answer itself: a German answer in an English home is read by a German
        # voice.
        language = language_of(text) or language_of_locale(self._context.locale)
        try:
            speak(text, language, self._to)
        except AgentkitError as exc:
            self._screen.line(f"Not spoken: {exc}.", "yellow")
        # The answer is on the screen already; only its reading ends.
        except KeyboardInterrupt:
            self._screen.line()
