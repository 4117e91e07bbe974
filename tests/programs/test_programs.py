"""Programs as users write them run; `make lint` checks their types, strictly, twice."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.programs import room_service, sorting_mail, watching


def test_the_service_answers_each_guest(tmp_path: Path) -> None:
    """What may be booked is; what the guest does not want is not, and both are told."""
    assert asyncio.run(room_service.main(tmp_path)) == ["Booked.", "Not booked."]


def test_the_console_shows_each_event() -> None:
    """A run is shown from its first step to its end; a mistake of the caller's is named."""
    shown = watching.main()
    assert shown[0] == "1 scripted"
    assert {"add (write)", "done: 2", "It is 2."} <= set(shown)
    assert shown[-1].startswith("mistake: The request is empty")


def test_the_desk_sorts(tmp_path: Path) -> None:
    """An answer has its type; one that never fits is left to a person."""
    told = asyncio.run(sorting_mail.main(tmp_path))
    assert told == ["bill: power", "by hand (unfit_answer)", "4 requests"]
    assert sorting_mail.amounts("3 apples and 4 pears") == [3, 4]
