from __future__ import annotations

import shutil
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from agentkit.backends.llama_library import (
    REQUIREMENT,
    c_function,
    is_known,
    library_version,
    llama_library,
    require_llama_cpp,
)
from agentkit.errors import BackendUnavailable, ConfigError, MissingPackage

ROOT = Path(__file__).parents[3]


def metadata(folder: Path, version: str) -> None:
    """Write what says that xllamacpp is installed in a folder, in a version."""
    info = folder / f"xllamacpp-{version}.dist-info"
    info.mkdir()
    text = f"Metadata-Version: 2.1\nName: xllamacpp\nVersion: {version}\n"
    (info / "METADATA").write_text(text)


def package(folder: Path, version: str) -> Path:
    """Write an xllamacpp without its library; return where that belongs."""
    metadata(folder, version)
    module = folder / "xllamacpp"
    module.mkdir()
    (module / "__init__.py").touch()
    return module / "xllamacpp.abi3.so"


@pytest.mark.parametrize(
    ("version", "known"),
    [
        ("2026.8.10566", False),
        ("2026.9.10809", True),
        ("2026.9.11063", True),
        ("2026.10.11549", True),
        ("2026.10.11549.1", True),
        ("2026.10.11550", False),
        ("2027.1.12000", False),
        ("0.2.14", False),
        ("0+unknown", False),
        ("", False),
    ],
)
def test_known_versions(version: str, known: bool) -> None:
    """Builds that were looked at are known, and so are packages of them made anew."""
    assert is_known(version) == known


def test_extra_installs_what_is_known() -> None:
    """The extra `llama` asks for the versions that the backend takes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert REQUIREMENT in project["optional-dependencies"]["llama"]


def test_unknown_version_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence names the version that is there, and what to install."""
    package(tmp_path, "2026.12.12999")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert library_version() == "2026.12.12999"
    with pytest.raises(MissingPackage) as raised:
        require_llama_cpp(grammar=False)
    assert "to which xllamacpp 2026.12.12999 is not known" in str(raised.value)
    assert f"{REQUIREMENT!r}: pip install" in str(raised.value)


def test_windows() -> None:
    """Where the library shows no C functions, another way to run the file is named."""
    with pytest.raises(ConfigError, match="take --backend llamacpp-server:default"):
        require_llama_cpp(platform="win32")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", r"its shared library is not there"),
        (b"no library", r"invalid ELF header|not a mach-o|too short"),
    ],
    ids=["none", "damaged"],
)
def test_library_that_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, told: str
) -> None:
    """A library that is not there, or is damaged, is one sentence that says so."""
    place = package(tmp_path, "2026.10.11549")
    if content:
        place.write_bytes(content)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(BackendUnavailable, match=told) as raised:
        llama_library.__wrapped__()
    assert f"install --force-reinstall {REQUIREMENT!r}" in str(raised.value)


def test_library_without_the_functions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that is not llama.cpp's is named by the function that it lacks."""
    other = find_spec("pydantic_core._pydantic_core")
    assert other is not None
    assert other.origin is not None
    shutil.copy(other.origin, package(tmp_path, "2026.10.11549"))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(BackendUnavailable, match=r"lacks .*llama_backend_init"):
        llama_library.__wrapped__()


@pytest.mark.skipif(sys.platform != "linux", reason="ELF files name what they need")
def test_system_without_a_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a library of the system lacks, it is named, and not xllamacpp blamed."""
    other = find_spec("pydantic_core._pydantic_core")
    assert other is not None
    assert other.origin is not None
    data = Path(other.origin).read_bytes()
    assert b"libgcc_s.so.1" in data
    place = package(tmp_path, "2026.10.11549")
    place.write_bytes(data.replace(b"libgcc_s.so.1", b"libnone_.so.1"))
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(BackendUnavailable, match=r"needs libnone_\.so\.1, which this"):
        llama_library.__wrapped__()


@pytest.mark.slow
def test_struct_of_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library whose structs are not those of its version is refused by a field."""
    spec = find_spec("xllamacpp")
    assert spec is not None
    assert spec.origin is not None
    installed = library_version()
    library = Path(spec.origin).with_name("xllamacpp.abi3.so")
    lied = "2026.9.11063" if installed.startswith("2026.10") else "2026.10.11549"
    package(tmp_path, lied).symlink_to(library)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(
        BackendUnavailable, match=r"its structs differ: \w+ is \w+, not"
    ):
        llama_library.__wrapped__()


@pytest.mark.slow
def test_options_keep_their_defaults() -> None:
    """The installed library is opened, and its options have llama.h's defaults."""
    library = llama_library()
    options = library.llama_context_default_params()
    assert (options.n_ctx, options.n_ubatch, options.yarn_beta_fast) == (512, 512, -1.0)
    assert library.llama_model_default_params().use_extra_bufts


def test_functions_of_c() -> None:
    """A function of C's library has an address; one that is none has not."""
    assert c_function("strlen") > 0
    with pytest.raises(AttributeError):
        c_function("no_such_function")
