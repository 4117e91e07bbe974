"""What importing the slot types costs."""

import subprocess
import sys


def test_import_loads_nothing_heavy() -> None:
    """Neither pydantic nor dateparser is loaded by importing the slot types."""
    code = (
        "import sys, agentkit.slots;"
        "print([m for m in ('pydantic', 'dateparser', 'zoneinfo') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
