"""The models on this device: what they are, where they lie, how fast they run."""

from agentkit.models.local import LocalModel, describe
from agentkit.models.rates import Rates, device_rates, keep_rates
from agentkit.models.registry import ModelRegistry

__all__ = [
    "LocalModel",
    "ModelRegistry",
    "Rates",
    "describe",
    "device_rates",
    "keep_rates",
]
