"""The calls of a run that do not come again: effects done, denied, or left."""

from __future__ import annotations

from agentkit.agent.stopping import call_key
from agentkit.messages import Call, Result
from agentkit.tools import Toolset


class Memory:
    """What was settled for good in one run, by the literal call."""

    def __init__(self, toolset: Toolset) -> None:
        """Take the tools, whose effects say what comes again: reads do."""
        self._toolset = toolset
        self._final: dict[str, Result] = {}

    def __contains__(self, call: Call) -> bool:
        """Tell whether a call was settled."""
        return call_key(call) in self._final

    def note(self, result: Result) -> None:
        """Keep an effect that was done, or a call that was denied."""
        if result.name not in self._toolset:
            return
        effect = self._toolset[result.name].effect
        if result.status == "denied" or (result.status == "done" and effect != "read"):
            self.keep(result)

    def keep(self, result: Result) -> None:
        """Keep what came of a call, whatever it is."""
        self._final[call_key(result.call)] = result

    def recall(self, call: Call) -> Result | None:
        """Return what came of the same call before; None when it is new."""
        final = self._final.get(call_key(call))
        return final and Result(call, final.status, final.value)
