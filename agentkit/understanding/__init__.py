"""Trained understanding: which tool a request asks for, whether at all, and with what.

`read` judges, and the rules fill arguments. Its weights come with agentkit; numpy comes
with the extra `meaning`. Where either is not there, `read` raises one sentence, and the
rules serve.
"""

from agentkit.errors import ConfigError, MissingPackage
from agentkit.language.telling import weighed
from agentkit.tools import Toolset
from agentkit.understanding.request_meaning import ROLES, Choice, Reading, Span, Word

__all__ = [
    "ROLES",
    "Choice",
    "Reading",
    "Span",
    "Word",
    "is_trained",
    "language_of",
    "read",
]


def read(
    text: str,
    toolset: Toolset,
    language: str | None = None,
    *,
    begins: bool = False,
) -> Reading:
    """Understand a request.

    Args:
        text: what was said.
        toolset: the tools that may be called.
        language: in which it was said, where that is known.
        begins: whether nothing was done or found before it, so that it hardly follows
            up on anything.

    Raises:
        MissingPackage: numpy is not installed.
        ConfigError: the weights are missing, damaged or of another version.
    """
    try:
        from agentkit.understanding.judgement import judge
    except ModuleNotFoundError as exc:
        # Another module that is missing is a fault of the installation, and said as it
        # is.
        if exc.name != "numpy":
            raise
        raise MissingPackage("numpy", "meaning", "the trained understanding") from exc
    return judge(text, toolset, language, begins=begins)


def is_trained(tool: str) -> bool:
    """Tell whether the network was trained on requests for a tool of this name."""
    try:
        from agentkit.understanding.network import network

        return tool in network().labels
    # Without numpy or weights nothing was trained: the rules serve, and no error is
    # told.
    except (ModuleNotFoundError, ConfigError):
        return False


# Of a few words the language is often a guess: one below the first bound is none, unless
# it is above the second, and English, the likeliest of short requests, below the third.
_SURE, _LIKELY, _NOT_ENGLISH = 0.8, 0.55, 0.05


def language_of(text: str) -> str:
    """Tell the language of a text, such as "de"; empty where that is not sure."""
    try:
        from agentkit.understanding.features import read_tokens
        from agentkit.understanding.network import network

        model, tokens = network(), read_tokens(text)
    except (ModuleNotFoundError, ConfigError):
        return ""
    if not tokens:
        return ""
    shares = weighed(model.language(model.pool(tokens)[0]), text)
    best = max(shares, key=shares.__getitem__)
    likely = shares[best] >= _LIKELY and shares.get("en", 0.0) <= _NOT_ENGLISH
    return best if shares[best] >= _SURE or likely else ""
