"""A mail that two programs have in their hands at the same time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from agentkit import Context, StoreError, ToolError
from agentkit_tools._store.outbox import Waiting, claim, outbox_of, put_off
from agentkit_tools.messages import send_message

Use = Callable[..., Any]


@pytest.fixture
def waiting(context: Context, use: Use) -> Waiting:
    """Give a mail as a program read it, before another one did something."""
    use(send_message, context, to="ana@kos.example", text="Hi")
    (mail,) = outbox_of(context.home, context.user_email)
    return mail


def test_a_mail_that_is_being_sent_is_not_put_off(
    context: Context, waiting: Waiting
) -> None:
    """Written again under its old name, it would go out twice."""
    claim(waiting)
    with pytest.raises(ToolError, match="not in the outbox any more"):
        put_off(waiting, context.now + timedelta(days=1))
    assert [one.state for one in outbox_of(context.home, "")] == ["unsure"]


def test_a_mail_that_was_put_off_is_not_sent(
    context: Context, waiting: Waiting
) -> None:
    """A sender that had read it before leaves it for its new time."""
    put_off(waiting, context.now + timedelta(days=1))
    with pytest.raises(StoreError, match="at another time now; it waits"):
        claim(waiting)
    assert [one.state for one in outbox_of(context.home, "")] == ["queued"]
