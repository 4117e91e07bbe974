"""Hosts that serve Llama models over OpenAI's protocol, and what their tokens cost.

The facts are from the vendors' documentation, looked up in November 2026. Catalogues of
models change often: a name that is marked `unsure` was not seen in the vendor's own
pages. Prices are not in the table: give your own (`price=`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from agentkit.errors import ConfigError
from agentkit.stores.secrets import find_secret

_PLACE = re.compile(r"\{([A-Z_]+)\}")
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
_SAFE = re.compile(r"[A-Za-z0-9._:-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One host, or kind of server.

    Attributes:
        name: as in `--backend NAME:MODEL`.
        title: the vendor's name for it.
        url: base address, with environment variables as `{NAME}`.
        key: environment variable, and keyring account, of the key; empty when none
            is needed.
        models: Llama models there, the one that is taken when none is named first.
        window: most tokens of prompt and answer together for these models; 0 where
            it is up to whoever runs the server.
        completes: whether the server also takes a text as it is (`/completions`), so
            that agentkit's own prompt can be sent.
        source: where the facts come from.
        note: what else must be known.
        unsure: what was not found in the vendor's documentation, in words.
    """

    name: str
    title: str
    url: str
    key: str = ""
    models: tuple[str, ...] = ()
    window: int = 0
    completes: bool = False
    source: str = ""
    note: str = ""
    unsure: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """Environment variables that complete the address."""
        return tuple(dict.fromkeys(_PLACE.findall(self.url)))

    def base_url(self, env: Mapping[str, str]) -> str:
        """Return the address, completed from the environment.

        Raises:
            ConfigError: a variable is missing, or holds what no address may hold.
        """
        values: dict[str, str] = {}
        for name in self.variables:
            # DATABRICKS_HOST, for one, is mostly set with `https://`.
            value = _SCHEME.sub("", env.get(name, "").strip()).rstrip("/")
            if not value:
                raise ConfigError(f"{self.title} needs the variable {name}: {self.url}")
            # A slash or `@` here would send the key to another host.
            if not _SAFE.fullmatch(value):
                raise ConfigError(f"{name} holds what is no part of an address")
            values[name] = value
        return _PLACE.sub(lambda found: values[found[1]], self.url)

    def window_of(self, model: str) -> int:
        """Return how many tokens a model takes; 0 for one that is not in the table."""
        return self.window if model in self.models else 0

    def find_key(self, env: Mapping[str, str] | None = None) -> str:
        """Return the key, from the environment or the keyring; empty when in neither."""
        return find_secret(self.key, env=env) if self.key else ""

    def access(self, env: Mapping[str, str] | None = None) -> tuple[str, str]:
        """Return address and key; the key is empty where none is needed.

        Args:
            env: the environment; the process's own, and the keyring, when None.

        Raises:
            ConfigError: the key, or a variable of the address, is missing.
        """
        url = self.base_url(os.environ if env is None else env)
        key = self.find_key(env)
        if self.key and not key:
            raise ConfigError(
                f"{self.title} needs a key: set {self.key}, or keep it in the keyring "
                f"(keyring set agentkit {self.key})"
            )
        return url, key

    def has_key(self, env: Mapping[str, str] | None = None) -> bool:
        """Tell whether its key is there; true where none is needed."""
        return not self.key or bool(self.find_key(env))


_LLAMA_33 = "llama-3.3-70b-instruct"
# Llama 3.1 and later, as Meta gives it.
_WINDOW = 131_072

PROVIDERS: tuple[Provider, ...] = (
    Provider(
        name="together",
        title="Together AI",
        url="https://api.together.ai/v1",
        key="TOGETHER_API_KEY",
        models=("meta-llama/Llama-3.3-70B-Instruct-Turbo",),
        window=_WINDOW,
        completes=True,
        source="docs.together.ai/docs/inference/openai-compatibility",
    ),
    Provider(
        name="fireworks",
        title="Fireworks AI",
        url="https://api.fireworks.ai/inference/v1",
        key="FIREWORKS_API_KEY",
        models=("accounts/fireworks/models/llama-v3p3-70b-instruct",),
        window=_WINDOW,
        completes=True,
        source="docs.fireworks.ai/tools-sdks/openai-compatibility",
        unsure="whether Llama still runs there without a deployment of your own",
    ),
    Provider(
        name="groq",
        title="Groq",
        url="https://api.groq.com/openai/v1",
        key="GROQ_API_KEY",
        models=("llama-3.3-70b-versatile", "llama-3.1-8b-instant"),
        window=_WINDOW,
        source="console.groq.com/docs/openai",
    ),
    Provider(
        name="bedrock",
        title="Amazon Bedrock",
        url="https://bedrock-runtime.{AWS_REGION}.amazonaws.com/openai/v1",
        key="AWS_BEARER_TOKEN_BEDROCK",
        models=("us.meta.llama3-3-70b-instruct-v1:0",),
        window=128_000,
        source="docs.aws.amazon.com/bedrock/latest/userguide/"
        "inference-chat-completions.html",
        note="Bedrock's own API for Llama is Converse; a gateway in your account can "
        "put OpenAI's protocol in front of it (--backend openai:MODEL with its URL)",
        unsure="the vendor documents this endpoint for OpenAI's models; that Llama "
        "answers there is not documented",
    ),
    Provider(
        name="azure",
        title="Microsoft Azure AI Foundry",
        url="https://{AZURE_AI_RESOURCE}.services.ai.azure.com/openai/v1",
        key="AZURE_AI_API_KEY",
        models=("Llama-3.3-70B-Instruct",),
        window=128_000,
        source="learn.microsoft.com/azure/ai-foundry/foundry-models/concepts/endpoints",
        note="the model is the name of your deployment",
        unsure="the names of the two variables are agentkit's own",
    ),
    Provider(
        name="databricks",
        title="Databricks Model Serving",
        url="https://{DATABRICKS_HOST}/serving-endpoints",
        key="DATABRICKS_TOKEN",
        models=("databricks-meta-llama-3-3-70b-instruct",),
        window=128_000,
        source="docs.databricks.com/machine-learning/model-serving/"
        "score-foundation-models.html",
    ),
    Provider(
        name="nvidia",
        title="NVIDIA NIM",
        url="https://integrate.api.nvidia.com/v1",
        key="NVIDIA_API_KEY",
        models=(
            f"meta/{_LLAMA_33}",
            "meta/llama-3.2-3b-instruct",
            "meta/llama-3.2-90b-vision-instruct",
        ),
        window=128_000,
        source="docs.api.nvidia.com/nim/reference",
        note="for a NIM of your own, use openai:MODEL with its URL",
    ),
    Provider(
        name="vertex",
        title="Google Vertex AI",
        url="https://{VERTEX_REGION}-aiplatform.googleapis.com/v1/projects/"
        "{VERTEX_PROJECT}/locations/{VERTEX_REGION}/endpoints/openapi",
        key="VERTEX_ACCESS_TOKEN",
        models=(f"meta/{_LLAMA_33}-maas", "meta/llama-3.2-90b-vision-instruct-maas"),
        window=128_000,
        source="cloud.google.com/vertex-ai/generative-ai/docs/maas/call-open-model-apis",
        note="the key is a token of an hour: gcloud auth print-access-token",
        unsure="the names of the three variables are agentkit's own",
    ),
    Provider(
        name="watsonx",
        title="IBM watsonx.ai model gateway",
        url="https://{WATSONX_REGION}.ml.cloud.ibm.com/ml/gateway/v1",
        key="WATSONX_TOKEN",
        models=("meta-llama/llama-3-3-70b-instruct",),
        window=_WINDOW,
        completes=True,
        source="ibm.com/docs/en/watsonx/saas?topic=generation-inferencing-gateway-models",
        note="the key is a bearer token; the model must be set up in the gateway",
        unsure="the host of a region, and the model's name in your gateway",
    ),
    Provider(
        name="snowflake",
        title="Snowflake Cortex",
        url="https://{SNOWFLAKE_ACCOUNT}.snowflakecomputing.com/api/v2/cortex/v1",
        key="SNOWFLAKE_PAT",
        models=("llama3.1-70b", "llama3.1-8b"),
        window=128_000,
        source="docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-rest-api",
        unsure="the names of the two variables are agentkit's own",
    ),
    Provider(
        name="oci",
        title="Oracle OCI Generative AI",
        url="https://inference.generativeai.{OCI_REGION}.oci.oraclecloud.com/openai/v1",
        key="OCI_GENAI_API_KEY",
        models=(f"meta.{_LLAMA_33}",),
        window=128_000,
        source="docs.oracle.com/en-us/iaas/Content/generative-ai/"
        "openai-compatible-api.htm",
        unsure="the name of the model was seen in others' lists only",
    ),
    Provider(
        name="ollama-openai",
        title="Ollama, its OpenAI endpoint",
        url="http://127.0.0.1:11434/v1",
        models=("llama3.2:3b", "llama3.2:1b"),
        source="docs.ollama.com/api/openai-compatibility",
        note="`--backend ollama:MODEL` sends agentkit's own prompt and is the better way",
    ),
    Provider(
        name="vllm",
        title="vLLM",
        url="http://127.0.0.1:8000/v1",
        models=("meta-llama/Llama-3.3-70B-Instruct",),
        completes=True,
        source="docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
        note="for a server elsewhere, use openai:MODEL with OPENAI_BASE_URL",
    ),
    Provider(
        name="llamacpp-server",
        title="llama.cpp's server",
        url="http://127.0.0.1:8080/v1",
        models=("default",),
        completes=True,
        source="github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
        note="it serves the one model that it was started with, whatever the name",
    ),
)

_BY_NAME = {one.name: one for one in PROVIDERS}


def find_provider(name: str) -> Provider | None:
    """Return the provider of a name; None when there is none."""
    return _BY_NAME.get(name)


def split_model(text: str) -> tuple[Provider | None, str]:
    """Split `PROVIDER/MODEL` of `openai:PROVIDER/MODEL`.

    A text whose first part is no provider is a model's name as it is, such as
    `meta-llama/Llama-3.3-70B-Instruct`.
    """
    first, slash, rest = text.partition("/")
    found = find_provider(first) if slash else None
    return (found, rest) if found else (None, text)
