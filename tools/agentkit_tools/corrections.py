"""Correction tools: what was done last, taken back."""

from __future__ import annotations

from agentkit import Context, ToolError, do_again, take_back, tool
from agentkit_tools._pack import sentences
from agentkit_tools._phrases import bullets, phrase

SETTINGS = None
_SAY = sentences("corrections")
# More than a screenful is no slip of the tongue: that is for `agentkit undo`.
_MOST = 20


def _say_undone(said: list[str]) -> str:
    if not said:
        return phrase("There is nothing to take back.")
    return said[0] if len(said) == 1 else bullets(said)


def _preview(context: Context, count: int) -> str:
    if count > 1:
        return phrase("Take back what was done last, {count} times", count=count)
    return phrase("Take back what was done last")


@tool(
    effect="write",
    examples=_SAY["undo_last"],
    wording=_say_undone,
    preview=_preview,
)
async def undo_last(context: Context, count: int = 1) -> list[str]:
    """Undo what was done last.

    Args:
        count: how many things to undo, the newest first.
    """
    _bounded(count)
    return list(await take_back(count))


def _bounded(count: int) -> None:
    if not 1 <= count <= _MOST:
        raise ToolError(
            phrase(
                "At most {most} things can be taken back at once, not {count}.",
                most=_MOST,
                count=count,
            )
        )


def _say_redone(said: list[str]) -> str:
    if not said:
        return phrase("Nothing was taken back, so there is nothing to do again.")
    return said[0] if len(said) == 1 else bullets(said)


def _preview_again(context: Context, count: int) -> str:
    return phrase("Do again what was taken back last")


@tool(
    effect="write",
    examples=_SAY["redo_last"],
    wording=_say_redone,
    preview=_preview_again,
)
async def redo_last(context: Context, count: int = 1) -> list[str]:
    """Redo what was undone last.

    Args:
        count: how many things to redo, what was undone last first.
    """
    _bounded(count)
    return list(await do_again(count))
