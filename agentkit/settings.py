"""The settings of a home, `agentkit.toml`: read, checked, and made into a Context."""

from __future__ import annotations

from datetime import datetime, tzinfo
from difflib import get_close_matches
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from agentkit.context import Context, Limits, MailServer
from agentkit.errors import ConfigError
from agentkit.messages import Privacy
from agentkit.privacy.gate import EgressRule, Gate, Leave, Mode, PrivacyPolicy
from agentkit.tools.schema.faults import fault_in

SETTINGS_FILE = "agentkit.toml"


class _Table(BaseModel):
    """A table of the file; its validator is built when it is first needed."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class MailSettings(_Table):
    """The table `[mail]`: without it nothing is sent or fetched."""

    host: str = ""
    # RFC 8314: mail is handed over with TLS from the start on 465, fetched so on 993.
    port: int = Field(default=465, ge=1, le=65535)
    user: str = ""
    imap_host: str = ""
    imap_port: int = Field(default=993, ge=1, le=65535)


class RuleSettings(_Table):
    """One `[[privacy.rules]]`: what holds for a label, at some hosts."""

    label: Privacy
    answer: Leave
    to: str = "*"


# Servers on this device that could pass text on; a name that is none is reported.
Forwarder = Literal["openai", "ollama", "ollama-openai", "vllm", "llamacpp-server"]


class PrivacySettings(_Table):
    """The table `[privacy]`: what may leave this device."""

    mode: Mode = "private"
    rules: tuple[RuleSettings, ...] = ()
    remote: tuple[Forwarder, ...] = ()

    def policy(self) -> PrivacyPolicy:
        """Make the policy."""
        rules = tuple(EgressRule(**rule.model_dump()) for rule in self.rules)
        return PrivacyPolicy(mode=self.mode, rules=rules)


class PriceSettings(_Table):
    """One `[router.prices.NAME]`: what a million tokens of a backend cost."""

    read: float = Field(ge=0)
    written: float = Field(ge=0)
    cached: float | None = Field(default=None, ge=0)
    currency: str = "USD"
    as_of: str = ""


class RouterSettings(_Table):
    """The table `[router]`: the ladder of backends, and when the next one is asked."""

    ladder: tuple[str, ...] = ()
    act_below: float | None = Field(default=None, ge=0, le=1)
    patience: float | None = Field(default=None, ge=0)
    per_run: float | None = Field(default=None, ge=0)
    per_day: float | None = Field(default=None, ge=0)
    at_least: dict[str, str] = {}
    fruitless_steps: int = Field(default=3, ge=1)
    prices: dict[str, PriceSettings] = {}
    windows: dict[str, int] = {}


class ShieldSettings(_Table):
    """The table `[shields]`: a Llama Guard that looks at requests and answers."""

    backend: str = ""
    model: str = "llama-guard-3-1b"
    categories: tuple[str, ...] = ()
    on_failure: Literal["block", "allow"] = "block"
    seconds: float = Field(default=60.0, gt=0)


class LimitSettings(_Table):
    """The table `[limits]`: how much a run may use; see `agentkit.context`."""

    seconds: float | None = Field(default=None, gt=0)
    tool_seconds: float | None = Field(default=None, gt=0)
    tokens: int | None = Field(default=None, gt=0)
    calls: int | None = Field(default=None, gt=0)
    calls_per_tool: int | None = Field(default=None, gt=0)
    sends_per_hour: int | None = Field(default=None, gt=0)
    result_chars: int | None = Field(default=None, gt=0)

    def limits(self) -> Limits:
        """Make the limits; a key that is not given keeps the default."""
        return Limits(**{key: value for key, value in self if value is not None})


def _currency(code: str) -> str:
    # The codes come with tables that only a file which names a currency needs.
    from agentkit.slots.units import CODES

    if code and code not in CODES:
        near = get_close_matches(code.upper(), CODES, n=1)
        meant = f"did you mean {near[0]}?" if near else "such as EUR or USD"
        raise ValueError(f"{code!r} is no ISO 4217 code of a currency; {meant}")
    return code


def _address(email: str) -> str:
    name, _, host = email.rpartition("@")
    # No full check of RFC 5322: a slip such as a missing host is caught, and what
    # servers take is left to them.
    if email and (not name or not host or any(c.isspace() for c in email)):
        raise ValueError(f"{email!r} is no mail address, such as sam@example.com")
    return email


class SessionSettings(_Table):
    """The table `[sessions]`: where conversations are kept; in the home without it.

    Attributes:
        url: of a PostgreSQL database, as libpq takes it; a password is better left to
            `PGPASSWORD` or `~/.pgpass`.
        schema_name: whose they are in that database: each user has a schema.
    """

    # "postgres://" is the older form of the scheme; libpq takes both.
    url: str = Field(default="", pattern=r"^(postgres(ql)?://.+)?$")
    schema_name: str = Field(
        # Such names need no quotes in SQL. `schema` itself is a method of every
        # Pydantic model, hence the alias.
        default="agentkit",
        alias="schema",
        pattern=r"^[a-z_][a-z0-9_]{0,40}$",
    )


class Settings(_Table):
    """The keys of `agentkit.toml`; all optional.

    `packs` holds a table for each tool pack that has settings; `check_packs` of
    `agentkit.discovery` checks them by what the packs say.
    """

    name: str = ""
    email: Annotated[str, AfterValidator(_address)] = ""
    time_zone: str = ""
    locale: str = "en"
    currency: Annotated[str, AfterValidator(_currency)] = ""
    backend: str = "auto"
    select: int = Field(default=8, ge=0)
    # `model_construct` takes the defaults as they are, so that a home without a file
    # builds no validator.
    mail: MailSettings = Field(default_factory=MailSettings.model_construct)
    privacy: PrivacySettings = Field(default_factory=PrivacySettings.model_construct)
    router: RouterSettings = Field(default_factory=RouterSettings.model_construct)
    shields: ShieldSettings = Field(default_factory=ShieldSettings.model_construct)
    limits: LimitSettings = Field(default_factory=LimitSettings.model_construct)
    sessions: SessionSettings = Field(default_factory=SessionSettings.model_construct)
    packs: dict[str, dict[str, Any]] = {}


_TABLES: dict[str, type[BaseModel]] = {
    "": Settings,
    "mail": MailSettings,
    "privacy": PrivacySettings,
    "privacy.rules": RuleSettings,
    "router": RouterSettings,
    "router.prices": PriceSettings,
    "shields": ShieldSettings,
    "limits": LimitSettings,
    "sessions": SessionSettings,
}


def read_settings(home: Path) -> Settings:
    """Read a home's settings; a home without the file has the defaults.

    Raises:
        ConfigError: the home is a file, or the settings cannot be read.
    """
    if home.exists() and not home.is_dir():
        raise ConfigError(
            f"the home {str(home)!r} is a file; give a folder (--home DIR)"
        )
    return _read(home / SETTINGS_FILE, home)


def read_settings_file(path: Path) -> Settings:
    """Read settings from a file of any name, which must be there.

    Raises:
        ConfigError: it is not there, or cannot be read.
    """
    if not path.is_file():
        raise ConfigError(f"{path} is no file")
    return _read(path, path.parent)


def _read(path: Path, home: Path) -> Settings:
    try:
        text = path.read_text("utf-8")
    # No file is the usual case and no fault; a home that does not exist yet has none
    # either.
    except FileNotFoundError:
        return _defaults()
    except NotADirectoryError as exc:
        raise ConfigError(
            f"the home {str(home)!r} lies in a file; give a folder (--home DIR)"
        ) from exc
    except OSError as exc:
        raise ConfigError(f"{path} cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise ConfigError(
            f"{path} cannot be read: it is not UTF-8 (byte {exc.object[exc.start]:#04x} "
            f"at position {exc.start})"
        ) from exc
    return settings_of(text, path)


@cache
def _defaults() -> Settings:
    return Settings.model_construct()


# A server asks at each request, and the file hardly ever changes.
@lru_cache(64)
def settings_of(text: str, path: Path) -> Settings:
    """Read settings from the text of a file.

    Raises:
        ConfigError: they cannot be read; it names the file.
    """
    # Loaded with the first file: most commands run in a home that has none.
    import tomllib

    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError(f"{path} cannot be read: {exc}") from exc
    except ValidationError as exc:
        raise ConfigError(f"{path}: {fault_in(exc, _TABLES)}") from exc


def home_gate(home: Path, *, grant: str = "") -> Gate:
    """Return the gate of a home: its policy and its ledger.

    Args:
        home: folder of the user's stores.
        grant: what the user allowed, in words; nothing when empty.

    Raises:
        ConfigError: the settings cannot be read, so nothing may leave.
    """
    from agentkit.privacy.ledger import Ledger

    policy = read_settings(home).privacy.policy()
    return Gate(policy=policy, ledger=Ledger(home), grant=grant)


def make_context(home: Path, settings: Settings, now: datetime | None) -> Context:
    """Make the context of a run.

    Args:
        home: folder of the user's stores.
        settings: the home's settings.
        now: the clock the run sees; the real one when None. Without a time zone
            it is taken in the user's.

    Raises:
        ConfigError: the time zone in the settings does not exist.
    """
    zone = _zone(settings.time_zone)
    moment = now or datetime.now().astimezone()
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone) if zone else moment.astimezone()
    # A moment with an offset stays that moment, on the clock of the user's zone.
    elif zone:
        moment = moment.astimezone(zone)
    return Context(
        home=home,
        now=moment,
        locale=settings.locale,
        currency=settings.currency,
        user_name=settings.name,
        user_email=settings.email,
        mail=MailServer(**dict(settings.mail)),
        offline=settings.privacy.mode == "offline",
        packs=settings.packs,
        # A clock that was given stands still; the real one goes on from run to run.
        live=now is None,
    )


def _zone(name: str) -> tzinfo | None:
    if not name:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    # ValueError: a path such as "../x"; OSError: a folder such as "Europe".
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise ConfigError(
            f"time_zone {name!r} does not exist (try Europe/Berlin)"
        ) from exc
