"""The `agentkit` command: one file per command."""

from agentkit.cli.app import main

__all__ = ["main"]
