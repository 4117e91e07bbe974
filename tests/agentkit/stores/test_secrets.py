"""Where passwords and keys are found."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from agentkit import find_secret


def _keyring(monkeypatch: pytest.MonkeyPatch, *, broken: bool = False) -> None:
    class KeyringError(Exception):
        """What the package raises."""

    def get_password(service: str, account: str) -> str | None:
        if broken:
            raise KeyringError("no keyring runs")
        return {("agentkit", "sam"): "from keyring"}.get((service, account))

    module = ModuleType("keyring")
    module.__dict__["get_password"] = get_password
    module.__dict__["errors"] = SimpleNamespace(KeyringError=KeyringError)
    monkeypatch.setitem(sys.modules, "keyring", module)


def test_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment wins over the keyring."""
    _keyring(monkeypatch)
    assert find_secret("SOME_KEY", "sam", env={"SOME_KEY": "from env"}) == "from env"


def test_keyring_is_asked_by_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment lacks is looked up in the keyring."""
    _keyring(monkeypatch)
    assert find_secret("SOME_KEY", "sam", env={}) == "from keyring"


@pytest.mark.parametrize("broken", [False, True])
def test_nowhere_is_empty(monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    """A secret in neither place is empty, with a broken keyring too."""
    _keyring(monkeypatch, broken=broken)
    assert find_secret("SOME_KEY", env={}) == ""
