"""The table `[packs.caldav]` of a home's settings: which server, and as whom."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from agentkit import ConfigError, Context, ToolError, find_secret
from agentkit_tools._phrases import phrase

PASSWORD = "AGENTKIT_CALDAV_PASSWORD"
# A server on this device needs no TLS: nothing goes over a wire.
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def _secure(url: str) -> str:
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise ValueError("it is no address of a server, such as https://dav.example")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError("it has to begin with https://: the password goes there")
    # It would stand in the ledger and in errors.
    if parts.username or parts.password:
        raise ValueError("it may not hold a name or password; use the key `user`")
    return url


Address = Annotated[str, AfterValidator(_secure)]


class Account(BaseModel):
    """Where the user's calendar and contacts are kept.

    Attributes:
        url: the server, or the user's folder on it.
        user: account name.
        carddav_url: the contacts' server, where it is another one.
        contacts: whether contacts are exchanged too.
        collections: names of the calendars and address books wanted; all when empty.
        new_events: the calendar that new events go to, where there are several.
        new_contacts: the address book that new contacts go to.
        other_hosts: further hosts that the password may go to.
        ca_file: certificates of an authority of one's own.
        timeout: patience with the server, in seconds.
    """

    # A misspelt key is an error: it would be passed over in silence.
    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Address
    user: str = Field(min_length=1)
    carddav_url: Address | None = None
    contacts: bool = True
    collections: tuple[str, ...] = ()
    new_events: str = ""
    new_contacts: str = ""
    other_hosts: tuple[str, ...] = ()
    ca_file: str = ""
    timeout: float = Field(default=30, gt=0, le=600)

    @property
    def host(self) -> str:
        """The server's name, and its port where it has one."""
        return urlsplit(self.url).netloc


def account_of(context: Context) -> Account:
    """Return the account.

    Raises:
        ToolError: there is none.
        ConfigError: a key of it cannot be used.
    """
    table = context.packs.get("caldav")
    if not table:
        raise ToolError(
            phrase(
                "No calendar server is set up. To set one up, put a table "
                "[packs.caldav] with `url` and `user` into agentkit.toml."
            )
        )
    try:
        return Account.model_validate(table)
    except ValidationError as exc:
        # One fault at a time, named by its key in the file.
        first = exc.errors()[0]
        key = ".".join(map(str, ("packs.caldav", *first["loc"])))
        reason = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"agentkit.toml: {key}: {reason}") from exc


def password_of(account: Account) -> str:
    """Return the password, from the environment or the system's keyring.

    Raises:
        ToolError: it is in neither.
    """
    found = find_secret(PASSWORD, account.user)
    if not found:
        raise ToolError(
            f"The password for {account.host} is not known: set the environment "
            f"variable {PASSWORD}, or keep it in the system's keyring (service "
            f"agentkit, user {account.user})."
        )
    return found
