from importlib.util import find_spec
from urllib.parse import urlsplit

import pytest

from agentkit.backends import OpenAIBackend, pick_backend
from agentkit.backends.providers import PROVIDERS, Provider, find_provider, split_model
from agentkit.errors import ConfigError

IDS = [one.name for one in PROVIDERS]
needs_openai = pytest.mark.skipif(
    find_spec("openai") is None, reason="pip install -e '.[openai]'"
)
SECRET = "key-very-secret"


def environment(provider: Provider) -> dict[str, str]:
    """Return an environment that completes a provider."""
    places = dict.fromkeys(provider.variables, "some-place")
    return places | ({provider.key: SECRET} if provider.key else {})


def test_all_hosts_of_the_issue_are_there() -> None:
    """Every host that is promised has a row, under a name of its own."""
    wanted = """together fireworks groq bedrock azure databricks nvidia vertex watsonx
    snowflake oci ollama-openai vllm llamacpp-server"""
    assert wanted.split() == IDS


@pytest.mark.parametrize("provider", PROVIDERS, ids=IDS)
def test_a_row_is_complete(provider: Provider) -> None:
    """Each row has an address, a model and a source; a key unless it is local."""
    parts = urlsplit(provider.base_url(environment(provider)))
    local = parts.hostname == "127.0.0.1"
    assert parts.scheme == ("http" if local else "https")
    assert (bool(provider.key), bool(provider.models)) == (not local, True)
    assert provider.source


@needs_openai
@pytest.mark.parametrize("provider", PROVIDERS, ids=IDS)
@pytest.mark.parametrize("how", ["{}:some/model", "openai:{}/some/model"])
def test_backends_by_name(provider: Provider, how: str) -> None:
    """`NAME:MODEL` and `openai:NAME/MODEL` make a backend that has the key inside."""
    env = environment(provider)
    backend, _ = pick_backend(how.format(provider.name), env=env)
    assert isinstance(backend, OpenAIBackend)
    assert (backend.name, backend.model) == (provider.name, "some/model")
    assert backend.traits.destination == provider.base_url(env)
    assert backend.traits.on_device is (not provider.key)
    assert SECRET not in repr(backend)


@needs_openai
def test_the_first_model_is_the_default() -> None:
    """A provider's name alone takes its first Llama."""
    backend, _ = pick_backend("groq", env={"GROQ_API_KEY": SECRET})
    assert isinstance(backend, OpenAIBackend)
    assert backend.model == "llama-3.3-70b-versatile"


@needs_openai
def test_a_missing_key_is_named() -> None:
    """Without its key a provider says which variable is missing."""
    with pytest.raises(ConfigError, match="set GROQ_API_KEY"):
        pick_backend("groq", env={})


def test_a_missing_part_of_the_address_is_named() -> None:
    """Without its region or account a provider says which variable is missing."""
    databricks = find_provider("databricks")
    assert databricks is not None
    with pytest.raises(ConfigError, match="DATABRICKS_HOST"):
        databricks.base_url({})


@pytest.mark.parametrize(
    "value", ["evil.example/x?", "a b", "user@evil.example", "x#", "a\\b", "x/../y"]
)
def test_a_variable_changes_no_other_part_of_the_address(value: str) -> None:
    """A region or account cannot lead elsewhere than to the provider's host."""
    snowflake = find_provider("snowflake")
    assert snowflake is not None
    with pytest.raises(ConfigError, match="SNOWFLAKE_ACCOUNT"):
        snowflake.base_url({"SNOWFLAKE_ACCOUNT": value})


def test_a_scheme_in_a_variable_is_dropped() -> None:
    """DATABRICKS_HOST is often kept with its scheme."""
    databricks = find_provider("databricks")
    assert databricks is not None
    url = databricks.base_url(
        {"DATABRICKS_HOST": "https://dbc-1.cloud.databricks.com/"}
    )
    assert url == "https://dbc-1.cloud.databricks.com/serving-endpoints"


@pytest.mark.parametrize(
    ("text", "provider", "model"),
    [
        ("groq/llama-3.1-8b-instant", "groq", "llama-3.1-8b-instant"),
        ("nvidia/meta/llama", "nvidia", "meta/llama"),
        ("meta-llama/Llama-3.3-70B-Instruct", "", "meta-llama/Llama-3.3-70B-Instruct"),
        ("groq", "", "groq"),
        ("", "", ""),
    ],
)
def test_provider_and_model(text: str, provider: str, model: str) -> None:
    """Only a known provider before the slash is one; other names stay whole."""
    found, rest = split_model(text)
    assert (found.name if found else "", rest) == (provider, model)


@needs_openai
@pytest.mark.parametrize("provider", PROVIDERS, ids=IDS)
def test_the_window_comes_with_the_model(provider: Provider) -> None:
    """A hosted model of the table tells how much it takes; another one does not."""
    env = environment(provider)
    known, _ = pick_backend(provider.name, env=env)
    other, _ = pick_backend(f"{provider.name}:some/model", env=env)
    assert isinstance(known, OpenAIBackend)
    assert isinstance(other, OpenAIBackend)
    assert (known.traits.window > 100_000, other.traits.window) == (
        bool(provider.key),
        0,
    )


@needs_openai
@pytest.mark.parametrize(
    ("model", "sees"),
    [
        ("nvidia:meta/llama-3.2-90b-vision-instruct", True),
        ("nvidia:meta/llama-3.3-70b-instruct", False),
    ],
)
def test_a_vision_model_sees(model: str, sees: bool) -> None:
    """Llama's vision models take pictures, the others do not."""
    backend, _ = pick_backend(model, env={"NVIDIA_API_KEY": SECRET})
    assert isinstance(backend, OpenAIBackend)
    assert backend.traits.sees_images is sees


@needs_openai
def test_raw_text_only_where_it_is_taken() -> None:
    """agentkit's own prompt goes to hosts that complete text, and to no other."""
    vllm, groq = find_provider("vllm"), find_provider("groq")
    assert vllm
    assert groq
    assert OpenAIBackend.at(vllm, mode="completions").name == "vllm"
    with pytest.raises(ConfigError, match="Groq takes messages only"):
        OpenAIBackend.at(groq, env={"GROQ_API_KEY": SECRET}, mode="completions")
