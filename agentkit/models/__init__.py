"""The models on this device: what they are, where they lie, how fast they run."""

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.models.local import LocalModel as LocalModel
    from agentkit.models.local import describe as describe
    from agentkit.models.rates import Rates as Rates
    from agentkit.models.rates import device_rates as device_rates
    from agentkit.models.rates import keep_rates as keep_rates
    from agentkit.models.registry import ModelRegistry as ModelRegistry

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(
        __name__,
        {
            "local": ("LocalModel", "describe"),
            "rates": ("Rates", "device_rates", "keep_rates"),
            "registry": ("ModelRegistry",),
        },
    )
