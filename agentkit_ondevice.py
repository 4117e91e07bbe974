"""The `agentkit` command, from the package beside this file.

This file has the name of the distribution. Another distribution may put a package named
`agentkit` before ours on Python's path: the command works all the same, so that
`agentkit doctor` can tell of it.
"""

from __future__ import annotations

import gc
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from os.path import abspath, dirname


def main() -> None:
    """Load the `agentkit` beside this file, and run its command line."""
    # Loading makes no garbage, and looking for some takes a tenth of the time. A command
    # that is loaded lets it be looked for again.
    gc.disable()
    spec = PathFinder.find_spec("agentkit", [dirname(abspath(__file__))])
    if spec is not None and spec.loader is not None:
        module = sys.modules["agentkit"] = module_from_spec(spec)
        spec.loader.exec_module(module)
    from agentkit.cli import main as run

    try:
        run()
    finally:
        gc.freeze()  # what ends with the process is not looked through once more
