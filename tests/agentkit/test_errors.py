"""Errors travel: from a process of a pool, and copied."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import agentkit.errors as errors
from agentkit.errors import AgentkitError
from agentkit.serve.api_errors import ApiError

ARGUMENTS: dict[str, tuple[object, ...]] = {
    "ToolDefinitionError": ("f", ("no docstring", "no type")),
    "InputNeeded": ("to", "Who?", ("Ana", "Ben")),
    "SessionHeld": ("trip", 12, "2026-11-18"),
    "NoAnswer": ("The model said nothing.", "empty_reply"),
    "MissingPackage": ("torch", "llm", "this"),
}


def kinds(base: type[AgentkitError]) -> list[type[AgentkitError]]:
    """List a class of error and all that it has below it in the tree."""
    own = [base] if base.__module__ == errors.__name__ else []
    return own + [kind for one in base.__subclasses__() for kind in kinds(one)]


def test_an_error_of_the_server_comes_back_as_it_was() -> None:
    """It is no error of the package's tree, and knows more than its message too."""
    error = ApiError(404, "no_model", "There is none.", "model")
    again: Any = pickle.loads(pickle.dumps(error))
    assert (str(again), vars(again)) == (str(error), vars(error))


@pytest.mark.parametrize("kind", kinds(AgentkitError), ids=lambda kind: kind.__name__)
def test_an_error_comes_back_as_it_was(kind: type[AgentkitError]) -> None:
    """With what it says, and all it knows."""
    made: Any = kind
    error = made(*ARGUMENTS.get(kind.__name__, ("it went wrong",)))
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(again), str(again)) == (kind, str(error))
        assert (again.args, vars(again)) == (error.args, vars(error))
