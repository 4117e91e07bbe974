"""Confidence: how likely a local answer is wrong, from what the device can see."""

from agentkit.routing.confidence.prediction import (
    Confidence,
    judge_answer,
    predict_wrong,
    threshold,
)
from agentkit.routing.confidence.probability import (
    Model,
    packaged_model,
    read_model,
    safe_threshold,
)
from agentkit.routing.confidence.signals import Signals, gather

__all__ = [
    "Confidence",
    "Model",
    "Signals",
    "gather",
    "judge_answer",
    "packaged_model",
    "predict_wrong",
    "read_model",
    "safe_threshold",
    "threshold",
]
