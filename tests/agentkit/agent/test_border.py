from pathlib import Path

import pytest

from agentkit import Context, home_policy, release
from agentkit.errors import BackendError, ConfigError, StoreError
from agentkit.privacy import Ledger

TO = "https://search.example/search"
OFFLINE = '[privacy]\nmode = "offline"\n'


def refused(context: Context, content: str, grant: str = "") -> bool:
    try:
        release(context, TO, content, grant=grant)
    except BackendError:
        return True
    return False


def context_of(home: Path, settings: str = "") -> Context:
    (home / "agentkit.toml").write_text(settings, "utf-8")
    return Context(home=home, user_name="Zoe Okonkwo")


def test_what_is_approved_leaves_and_is_recorded(tmp_path: Path) -> None:
    """An approved send is in the ledger, with its grant."""
    release(context_of(tmp_path), TO, "q=Zoe Okonkwo", grant="the user allowed it")
    (entry,) = Ledger(tmp_path).entries()
    assert (entry.to, entry.text) == (TO, "q=Zoe Okonkwo")
    assert entry.grant == "the user allowed it"


def test_what_nobody_approved_holds_nothing_personal(tmp_path: Path) -> None:
    """Without a grant the user's values are looked for, their own name included."""
    context = context_of(tmp_path)
    assert not refused(context, "q=moon")
    assert refused(context, "q=zoe+okonkwo")


def test_offline_refuses_what_is_approved(tmp_path: Path) -> None:
    """The mode of the home binds tools, and so does that of the run."""
    assert refused(context_of(tmp_path, OFFLINE), "q=moon", grant="the user allowed it")
    offline = Context(home=tmp_path / "none", offline=True)
    assert refused(offline, "q=moon", grant="the user allowed it")


def test_this_machine_is_not_asked_about(tmp_path: Path) -> None:
    """What goes to loopback does not leave."""
    release(context_of(tmp_path, OFFLINE), "http://127.0.0.1:8080/x", "q=Zoe Okonkwo")
    assert list(Ledger(tmp_path).entries()) == []


def test_settings_that_cannot_be_read_let_nothing_leave(tmp_path: Path) -> None:
    """A rule that cannot be read may have said no."""
    with pytest.raises(ConfigError):
        release(context_of(tmp_path, "[privacy]\nmode = 7"), TO, "q=moon", grant="x")


def test_a_ledger_that_cannot_be_written_lets_nothing_leave(tmp_path: Path) -> None:
    """No record, no departure."""
    (tmp_path / "egress.jsonl").mkdir()
    with pytest.raises(StoreError):
        release(context_of(tmp_path), TO, "q=moon", grant="x")


@pytest.mark.parametrize(
    ("file", "answer"),
    [("", "never"), ('[privacy]\nmode = "open"\n', "allow")],
    ids=["nothing said", "open"],
)
def test_the_policy_of_a_home_is_asked_for(
    tmp_path: Path, file: str, answer: str
) -> None:
    """An application in code follows the home's file when it says so."""
    (tmp_path / "agentkit.toml").write_text(file)
    assert home_policy(tmp_path).answer("personal", "cloud.example") == answer
