"""What the router looks at: the ladder, the conversation's facts, and the policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from agentkit.errors import ConfigError

Egress = Literal["never", "ask", "placeholders", "allow"]
Wish = Literal["", "private", "big"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One backend of the ladder, from the cheapest to the most able.

    Attributes:
        backend: its name.
        on_device: whether nothing leaves the device when it answers.
        reason: why it is on the ladder, in words.
        leave: what the policy says of sending it this conversation; None asks
            `Facts.egress`.
        window: most tokens of prompt and answer together; 0 when not known.
        tokens: tokens of this request, as this backend counts them; 0 when not known.
        seconds: predicted time to the first word; None when not known.
        cost: predicted cost of this step, in the currency of the price table; None
            when no price is known.
        calls_tools: whether it can call tools.
        sees_images: whether it takes pictures.
        reads_files: whether it makes use of files that are shown to it.
        down: why it is left alone for now, such as a server that failed; empty when
            it is not.
    """

    backend: str
    on_device: bool
    reason: str = ""
    leave: Egress | None = None
    window: int = 0
    tokens: int = 0
    seconds: float | None = None
    cost: float | None = None
    calls_tools: bool = True
    sees_images: bool = False
    reads_files: bool = True
    down: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """How sure a local answer is, after the try and before its calls run.

    Attributes:
        p_wrong: the probability that it is wrong, 0 to 1.
        reasons: what speaks for that, in words.
    """

    p_wrong: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spent:
    """What backends cost so far, in the currency of the price table."""

    run: float = 0.0
    today: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePolicy:
    """What the user or the application wants of the router.

    Attributes:
        act_below: calls of a local model run when they are wrong with at most this
            probability, 0 to 1; else the next rung is asked. None does not look.
        patience: longest wait for the first word, in seconds; None waits.
        per_run: most that one run may cost, in the currency of the prices.
        per_day: most that all runs of a day may cost.
        at_least: by tool, the first rung of the ladder that may call it.
        fruitless_steps: so many steps in a row of which nothing came, and the next
            rung is asked.
    """

    act_below: float | None = None
    # By default nothing is doubted, timed or limited: that is measured where it is
    # asked for.
    patience: float | None = None
    per_run: float | None = None
    per_day: float | None = None
    at_least: Mapping[str, str] = field(default_factory=dict[str, str])
    # Each is a whole answer; with fewer, a call that would be mended at the second try
    # is given up.
    fruitless_steps: int = 3

    def __post_init__(self) -> None:
        """Check the values that come from files.

        Raises:
            ConfigError: a number is out of range.
        """
        if self.act_below is not None and not 0 <= self.act_below <= 1:
            raise ConfigError(f"act_below {self.act_below:g} is not between 0 and 1")
        limits = (self.patience, self.per_run, self.per_day)
        # Zero is a limit: nothing that costs, or takes any time, is wanted.
        if any(limit is not None and limit < 0 for limit in limits):
            raise ConfigError("patience, per_run and per_day must not be below 0")
        if self.fruitless_steps < 1:
            raise ConfigError("fruitless_steps must be at least 1")


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the router looks at.

    Attributes:
        ladder: the backends, in the order to try.
        passed: backends that left this step to another one, and why.
        personal: the conversation holds personal or secret text.
        egress: what the policy says of such text leaving the device.
        wish: what the user said of where it should be answered.
        tools: tools that are needed, as far as known.
        images: how many pictures the conversation holds.
        kept_images: how many of them nobody allowed to leave the device.
        files: how many files are shown with the request.
        online: whether backends that are not on the device can be reached.
        left: backends that the run went on without before it was paused, and why.
        doubts: by backend, how sure its last try was.
        spent: what backends cost so far.
        policy: what is wanted of the router.
    """

    ladder: tuple[Rung, ...]
    passed: Mapping[str, str] = field(default_factory=dict[str, str])
    personal: bool = False
    # The strictest: whoever leaves it out lets nothing personal leave.
    egress: Egress = "never"
    wish: Wish = ""
    tools: tuple[str, ...] = ()
    images: int = 0
    kept_images: int = 0
    files: int = 0
    online: bool = True
    left: Mapping[str, str] = field(default_factory=dict[str, str])
    doubts: Mapping[str, Doubt] = field(default_factory=dict[str, Doubt])
    spent: Spent = Spent()
    policy: RoutePolicy = RoutePolicy()
