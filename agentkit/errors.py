"""Every exception agentkit raises, in one tree.

AgentkitError
├── ToolDefinitionError     a function cannot become a tool; all faults listed
├── ToolsetError            two tools share a name, or a tool document is malformed
├── ToolError               raised by a tool: the model is told, the run goes on
│   └── ToolTimeout         it took longer than its limit
├── InputNeeded             raised by a tool or slot type: the user must be asked
├── InvalidArguments        arguments do not fit a tool's schema; the model is told
├── NoAnswer                a model gave no value of the type that was asked for
├── PromptError             a template is missing, unsafe or names something unknown
├── ConfigError             a setting, option or home folder cannot be used
├── StoreError              a file or database cannot be read or written
│   ├── CorruptStore        its content is damaged; it was kept aside
│   ├── RunBusy             another process carries this run out
│   └── SessionHeld         another process works on this session
├── MissingPackage          an optional package is not installed
└── BackendError            a backend could not answer
    ├── BackendUnavailable  it is not there, or refuses
    │   ├── KeyRefused      it does not take the API key
    │   ├── QuotaUsedUp     what was paid for is used up
    │   ├── RateLimited     too many requests for now
    │   ├── PromptTooLong   prompt and answer do not fit the window
    │   └── ServerFailed    the server had a fault of its own
    ├── BackendTimeout      it did not answer in time
    ├── BackendProtocolError  it answered something that is not its protocol
    └── EgressDenied        the request may not leave the device

Errors hold strings and numbers and do nothing. The developer's mistakes raise;
the model's mistakes become results; the outside world's are retried, then told.
"""

from typing import ClassVar, Literal

BackendFailure = Literal[
    "backend_error",
    "bad_key",
    "quota",
    "rate_limit",
    "context_length",
    "server_error",
    "timeout",
    "privacy",
]
"""What kind of failure of a backend ended a run: the reason of its `Stopped`."""


class AgentkitError(Exception):
    """Base of all agentkit errors; they may go from process to process."""

    def __reduce__(self) -> "tuple[object, ...]":
        # The default calls the class with `args`, which is the message alone; classes
        # such as `InputNeeded` are made of more than that.
        return _told_again, (type(self), self.args, self.__dict__)


def _told_again(
    kind: type[AgentkitError], args: tuple[object, ...], facts: dict[str, object]
) -> AgentkitError:
    """Rebuild a pickled error from its message and attributes, without `__init__`."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class ToolDefinitionError(AgentkitError):
    """A function cannot become a tool.

    Attributes:
        faults: every reason, one sentence each.
    """

    def __init__(self, name: str, faults: tuple[str, ...]) -> None:
        self.name = name
        self.faults = faults
        lines = "".join(f"\n  - {fault}" for fault in faults)
        super().__init__(f"{name!r} cannot become a tool:{lines}")


class ToolsetError(AgentkitError):
    """A toolset cannot be built from what was given."""


class ToolError(AgentkitError):
    """A tool could not do its work; the message goes to the model."""


class ToolTimeout(ToolError):
    """A tool took longer than its limit."""


class InputNeeded(AgentkitError):
    """Only the user can say what is meant.

    Attributes:
        slot: the argument in question.
        question: what to ask, in words.
        candidates: possible answers, best first; empty when open.
    """

    def __init__(
        self, slot: str, question: str, candidates: tuple[str, ...] = ()
    ) -> None:
        self.slot = slot
        self.question = question
        self.candidates = candidates
        super().__init__(question)


class InvalidArguments(AgentkitError):
    """Arguments do not fit a tool; the message tells the model what to change."""


class NoAnswer(AgentkitError):
    """A model gave no value of the type that was asked for.

    Attributes:
        reason: why, as the reason of a stopped run.
    """

    def __init__(self, text: str, reason: str) -> None:
        self.reason = reason
        super().__init__(f"there is no answer ({reason}): {text}")


class PromptError(AgentkitError):
    """A prompt template is missing or cannot be rendered."""


class ConfigError(AgentkitError):
    """A setting cannot be used."""


class StoreError(AgentkitError):
    """A file or database of the user's data cannot be read or written."""


class CorruptStore(StoreError):
    """Stored data is damaged; the damaged file was kept, not overwritten."""


class RunBusy(StoreError):
    """A run is carried out by one process at a time, and another one does."""


class SessionHeld(StoreError):
    """Another process works on the session.

    Attributes:
        pid: its process id; 0 when it is not known.
        since: since when, ISO 8601; empty when it is not known.
    """

    def __init__(self, session: str, pid: int, since: str) -> None:
        self.pid = pid
        self.since = since
        who = f"process {pid}, since {since}" if pid else "another program"
        super().__init__(
            f"session {session} is in use by {who}: end that first, or take another "
            "session"
        )


class MissingPackage(AgentkitError):
    """An optional package is not installed.

    Attributes:
        package: its name; that on the package index, where no extra brings it.
        extra: the agentkit extra that brings it.
    """

    def __init__(self, package: str, extra: str, what: str) -> None:
        self.package = package
        self.extra = extra
        # Each command imports the errors, and few meet this one.
        from agentkit.installation.distribution import install_command

        super().__init__(
            f"{what} needs the package {package!r}: {install_command(package, extra)}"
        )


class BackendError(AgentkitError):
    """A backend could not answer.

    Attributes:
        failure: what kind of failure it is, as the reason of a stopped run.
        bytes_out: what had left the device all the same.
    """

    # On the class: what a run reports depends on what failed, never on who raised it.
    failure: ClassVar[BackendFailure] = "backend_error"
    # Also where it failed: what left the device left it.
    bytes_out: int = 0


class BackendUnavailable(BackendError):
    """The model or server is not there, or refuses the request."""


class KeyRefused(BackendUnavailable):
    """The server does not take the API key."""

    failure: ClassVar[BackendFailure] = "bad_key"


class QuotaUsedUp(BackendUnavailable):
    """What was paid for, or is free, is used up: waiting does not help."""

    failure: ClassVar[BackendFailure] = "quota"


class RateLimited(BackendUnavailable):
    """There were too many requests; a later one may pass.

    Attributes:
        retry_after: seconds after which the server wants to be asked again; None
            where it does not say.
    """

    failure: ClassVar[BackendFailure] = "rate_limit"
    retry_after: float | None = None


class PromptTooLong(BackendUnavailable):
    """Prompt and answer together are longer than the model takes."""

    failure: ClassVar[BackendFailure] = "context_length"


class ServerFailed(BackendUnavailable):
    """The server had a fault of its own; the same request may pass later."""

    failure: ClassVar[BackendFailure] = "server_error"


class BackendTimeout(BackendError):
    """The backend did not answer in time."""

    failure: ClassVar[BackendFailure] = "timeout"


class BackendProtocolError(BackendError):
    """The server answered something that is not its protocol."""


class EgressDenied(BackendError):
    """The request holds text that may not leave the device."""

    # No fault of the backend's: the policy kept the text here.
    failure: ClassVar[BackendFailure] = "privacy"
