"""Trained understanding: which tool a request asks for, whether at all, and with what.

`read` judges, and the rules fill arguments. Its weights come with agentkit; numpy comes
with the extra `meaning`. Where either is not there, `read` raises one sentence, and the
rules serve.
"""

from agentkit.errors import MissingPackage
from agentkit.tools import Toolset
from agentkit.understanding.reading import ROLES, Choice, Reading, Span, Word

__all__ = ["ROLES", "Choice", "Reading", "Span", "Word", "read"]


def read(text: str, toolset: Toolset, language: str | None = None) -> Reading:
    """Understand a request.

    Args:
        text: what was said.
        toolset: the tools that may be called.
        language: in which it was said, where that is known.

    Raises:
        MissingPackage: numpy is not installed.
        ConfigError: the weights are missing, damaged or of another version.
    """
    try:
        from agentkit.understanding.judgement import judge
    except ModuleNotFoundError as exc:
        if exc.name != "numpy":
            raise
        raise MissingPackage("numpy", "meaning", "the trained understanding") from exc
    return judge(text, toolset, language)
