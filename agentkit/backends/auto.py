"""Backends by name, and the one that `auto` picks from what is there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeAlias, cast

from agentkit.backends.base import Backend
from agentkit.errors import AgentkitError, ConfigError, MissingPackage
from agentkit.installation.derived import models_folder
from agentkit.installation.distribution import registered

if TYPE_CHECKING:
    from agentkit.backends.providers import Provider

GROUP = "agentkit.backends"
_NANO = Path(__file__).parents[1] / "models" / "nano" / "adapter.gguf"

Factory: TypeAlias = Callable[[str], Backend]
Pick: TypeAlias = tuple[Backend, str]


def pick_backend(
    name: str = "auto",
    *,
    env: Mapping[str, str] | None = None,
    remote: Collection[str] = (),
) -> Pick:
    """Make a backend from its name, and say why it is this one.

    Args:
        name: `auto`, `reflex`, `llama_cpp[:MODEL]`, `transformers[:MODEL]`,
            `executorch[:MODEL]`, `nano[:ADAPTER]`, `ollama[:MODEL]`, `openai[:MODEL]`,
            `openai:PROVIDER/MODEL`, a provider
            (`groq[:MODEL]`, see `agentkit providers`), or a name that an installed
            package brings (entry-point group `agentkit.backends`). What follows the
            colon is the backend's own.
        env: the environment; the process's own when None.
        remote: kinds of servers that count as leaving the device, on loopback too:
            `openai`, `ollama`, or a provider that needs no key.

    Returns:
        The backend, not loaded yet, and the reason in words.

    Raises:
        ConfigError: there is no such backend, or it lacks a setting.
        MissingPackage: it was asked for by name and is not installed.
    """
    env = os.environ if env is None else env
    kind, _, detail = name.partition(":")
    if kind == "auto":
        return _auto(env, remote)
    if kind == "scripted":
        raise ConfigError(
            "the scripted backend is for tests: pass ScriptedBackend([...]) itself"
        )
    # Built-in names before providers, and those before other packages' backends: what
    # is installed later must not change what a name means.
    if kind in _BUILT_IN:
        return _BUILT_IN[kind](detail, env, remote), "asked for by name"
    from agentkit.backends.providers import find_provider

    provider = find_provider(kind)
    if provider is not None:
        return _hosted(provider, detail, env, remote), "asked for by name"
    return _third_party(kind, detail), "asked for by name"


def pick_ladder(
    name: str = "auto",
    *,
    env: Mapping[str, str] | None = None,
    remote: Collection[str] = (),
) -> tuple[Pick, ...]:
    """Make the backends that a name means, in the order in which they are asked.

    One, but for `nano`, which is asked behind the rules and the understanding; and for
    `auto` where an adapter for nano is there, as `AGENTKIT_NANO` names one: then the
    larger model follows that the environment names. `nano:ADAPTER` stands alone.

    Args:
        name: as in `pick_backend`.
        env: the environment; the process's own when None.
        remote: as in `pick_backend`.

    Raises:
        ConfigError: there is no such backend, or it lacks a setting.
        MissingPackage: it was asked for by name and is not installed.
    """
    env = os.environ if env is None else env
    first = pick_backend(name, env=env, remote=remote)
    rules = _reflex("", env, remote), "the rules are asked first"
    if name == "nano":
        return (rules, first)
    if name.partition(":")[0] != "auto" or not _has_nano(env):
        return (first,)
    try:
        nano = _nano("", env, remote), "nano has an adapter"
    except (ConfigError, MissingPackage) as exc:
        return ((first[0], f"{first[1]}; nano is left out: {exc}"),)
    # Without a model `auto` is the rules, which are in the ladder already.
    larger = () if first[0].name == rules[0].name else (first,)
    return (rules, nano, *larger)


def backend_names() -> tuple[str, ...]:
    """List the names that `pick_backend` knows."""
    return ("auto", *_BUILT_IN, *_entry_points())


def _located(model: str) -> str:
    """Return where a model is: a path as given, or the path of a model that was added."""
    from agentkit.models import ModelRegistry

    # A file here before an added model of the same name: a path says exactly what is
    # meant.
    if Path(model).expanduser().exists():
        return model
    found = ModelRegistry().path_of(model)
    return str(found) if found is not None else model


def _reflex(_: str, __: Mapping[str, str], ___: Collection[str]) -> Backend:
    room = import_module("agentkit.backends.reflex")
    return cast(Backend, room.ReflexBackend())


def _transformers(model: str, env: Mapping[str, str], _: Collection[str]) -> Backend:
    from agentkit.backends.transformers import TransformersBackend

    place = _located(_named(model, env, "transformers", "a checkpoint", "PATH"))
    return TransformersBackend(place)


def _llama_cpp(model: str, env: Mapping[str, str], _: Collection[str]) -> Backend:
    from agentkit.backends.llama_cpp import LlamaCppBackend

    place = _located(_named(model, env, "llama_cpp", "a GGUF file", "PATH"))
    return LlamaCppBackend(place, on_progress=loading_shown(Path(place).name))


def _nano(adapter: str, env: Mapping[str, str], _: Collection[str]) -> Backend:
    from agentkit.backends.nano import NanoBackend
    from agentkit.models.nano_files import nano_files

    files = nano_files(adapter or env.get("AGENTKIT_NANO", ""))
    shown = loading_shown("nano")
    return NanoBackend(files.weights, files.adapter, on_progress=shown)


def _has_nano(env: Mapping[str, str]) -> bool:
    if env.get("AGENTKIT_NANO"):
        return True
    # Without an adapter, or a model that was ever added, nothing of models is loaded:
    # that takes a tenth of a second.
    if not _NANO.exists() or not models_folder().is_dir():
        return False
    from agentkit.models.nano_files import is_added

    return is_added()


def _executorch(model: str, env: Mapping[str, str], _: Collection[str]) -> Backend:
    from agentkit.backends.executorch import ExecuTorchBackend

    place = _located(_named(model, env, "executorch", "a .pte file", "PATH"))
    return ExecuTorchBackend(place)


def _ollama(model: str, env: Mapping[str, str], remote: Collection[str]) -> Backend:
    from agentkit.backends.ollama import OllamaBackend

    name = _named(model, env, "ollama", "a model of `ollama list`", "MODEL")
    here = False if "ollama" in remote else None
    return OllamaBackend(name, host=env.get("OLLAMA_HOST", ""), on_device=here)


def _openai(model: str, env: Mapping[str, str], remote: Collection[str]) -> Backend:
    from agentkit.backends.openai import OpenAIBackend
    from agentkit.backends.providers import split_model

    provider, rest = split_model(model)
    if provider is not None:
        return _hosted(provider, rest, env, remote)
    return OpenAIBackend(
        _named(model, env, "openai", "a model", "MODEL"),
        base_url=env.get("OPENAI_BASE_URL"),
        api_key=env.get("OPENAI_API_KEY"),
        on_device=False if "openai" in remote else None,
    )


def _hosted(
    provider: Provider, model: str, env: Mapping[str, str], remote: Collection[str]
) -> Backend:
    from agentkit.backends.openai import OpenAIBackend

    here = False if provider.name in remote else None
    return OpenAIBackend.at(provider, model, env, on_device=here)


def _named(
    model: str, env: Mapping[str, str], backend: str, what: str, shown: str
) -> str:
    """Return the model that is named, here or by `AGENTKIT_MODEL`."""
    found = model or env.get("AGENTKIT_MODEL", "")
    if not found:
        raise ConfigError(
            f"the {backend} backend needs {what}: --backend {backend}:{shown}, or "
            "AGENTKIT_MODEL"
        )
    return found


_Make: TypeAlias = Callable[[str, Mapping[str, str], Collection[str]], Backend]

# Each imports its backend when it is called: listing the names loads none of them.
_BUILT_IN: dict[str, _Make] = {
    "reflex": _reflex,
    "llama_cpp": _llama_cpp,
    "transformers": _transformers,
    "nano": _nano,
    "executorch": _executorch,
    "ollama": _ollama,
    "openai": _openai,
}


def _auto(env: Mapping[str, str], remote: Collection[str]) -> Pick:
    """Take the model that the environment names, else the rules."""
    # `auto` never fails: the rules need nothing, and the reason says what was wrong.
    missing = "no model is configured"
    for kind, reason in _configured(env):
        try:
            return _BUILT_IN[kind]("", env, remote), reason
        except (ConfigError, MissingPackage) as exc:
            missing = f"{reason}, but {exc}"
    return _reflex("", env, remote), missing


def _configured(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    model, url = env.get("AGENTKIT_MODEL", ""), env.get("OPENAI_BASE_URL", "")
    if model.lower().endswith(".gguf"):
        yield "llama_cpp", f"AGENTKIT_MODEL names {model}"
    elif model.lower().endswith(".pte"):
        yield "executorch", f"AGENTKIT_MODEL names {model}"
    # Beside an address AGENTKIT_MODEL is the name of a model there, unless it is a
    # folder here.
    elif model and (not url or Path(model).expanduser().is_dir()):
        yield "transformers", f"AGENTKIT_MODEL names {model}"
    elif url:
        # An address may hold a password or a key, which nobody should read.
        shown = url.rpartition("@")[2].partition("?")[0]
        yield "openai", f"OPENAI_BASE_URL is {shown}"


def _third_party(kind: str, detail: str) -> Backend:
    points = _entry_points()
    if kind not in points:
        from agentkit.backends.providers import PROVIDERS

        known = backend_names()
        named = (*known, *(one.name for one in PROVIDERS))
        close = get_close_matches(kind, named, 1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise ConfigError(
            f"there is no backend {kind!r}.{hint} There are: {', '.join(known)}; and "
            f"providers: {', '.join(one.name for one in PROVIDERS)}"
        )
    try:
        return cast(Factory, points[kind]())(detail)
    # Such an error says what to do already.
    except AgentkitError:
        raise
    except Exception as exc:
        # An entry point is a third party's code, and may raise anything.
        raise ConfigError(f"the backend {kind!r} cannot be loaded: {exc}") from exc


def _entry_points() -> dict[str, Callable[[], object]]:
    """Find the backends of installed packages: name -> what loads its factory."""
    return {point.name: point.load for point in registered(GROUP)}


def loading_shown(
    what: str, stream: TextIO | None = None
) -> Callable[[float], None] | None:
    """Return what shows progress on standard error; None when nobody looks at it.

    Args:
        what: what is loaded, in a few words.
        stream: where to show it; standard error when None.
    """
    out: TextIO = sys.stderr if stream is None else stream
    if not out.isatty():
        return None
    # A terminal would obey control characters in a file's name.
    name = "".join(c if c.isprintable() else "?" for c in what)
    shown = -1

    def show(part: float) -> None:
        nonlocal shown
        percent = min(100, int(part * 100))
        # Loaders report more often than a percent changes.
        if percent == shown:
            return
        shown = percent
        line = f"Loading {name} {percent:3} %"
        # The line goes when all is there: what follows is the answer.
        out.write(f"\r{line}" if percent < 100 else f"\r{' ' * len(line)}\r")
        out.flush()

    return show
