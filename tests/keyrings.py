"""A keyring in memory, for the tests that keep a secret."""

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class Ring(KeyringBackend):
    """It can be locked, refuse a name, and forget what it is given."""

    # Every subclass is one of the system's keyrings to the library: without this, tests
    # that use no keyring would find this one.
    viable = False  # pyright: ignore[reportAssignmentType]

    def __init__(self, *, locked: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = locked
        self.refuses, self.forgets = "", False

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked or username == self.refuses:
            raise KeyringLocked("it is locked")
        if not self.forgets:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not found")
        del self.kept[service, username]
