"""An export of accepted sessions as a dataset of torchtune.

torchtune's own `chat_dataset` refuses a conversation in which an assistant's turn
follows a tool's result, whatever the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from agentkit.errors import ConfigError
from agentkit.installation import install_command


class MessagesToTokens:
    """Gives the messages of a line to a tokenizer; what the assistant says is learnt."""

    def __init__(self, tokenizer: Any) -> None:
        """Take a tokenizer of torchtune's, such as that of `llama3_tokenizer`."""
        self._message: Any = _torchtune("torchtune.data").Message
        self._tokenizer = tokenizer

    def __call__(self, sample: Mapping[str, Any]) -> Any:
        """Return tokens, and the mask of what is not learnt."""
        messages = [
            self._message(
                role=turn["role"],
                content=turn["content"],
                masked=turn["role"] != "assistant",
            )
            for turn in sample["messages"]
        ]
        return self._tokenizer({"messages": messages})


def tuning_dataset(tokenizer: Any, *, data_files: str, **more: Any) -> Any:
    """Make torchtune's dataset of a file that `sessions export --format llama32` wrote.

    Args:
        tokenizer: torchtune's; its recipes give it.
        data_files: the file.
        more: for `datasets.load_dataset`; all of the file is `split="train"`.

    Raises:
        ConfigError: torchtune is not installed.
    """
    datasets = _torchtune("torchtune.datasets")
    return datasets.SFTDataset(
        source="json",
        message_transform=None,
        model_transform=MessagesToTokens(tokenizer),
        data_files=data_files,
        **{"split": "train", **more},
    )


def _torchtune(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as exc:
        raise ConfigError(
            f"torchtune cannot be loaded ({exc}): {install_command('torchtune torchao')}"
        ) from exc
