"""What a user answers to a question, and the rules that they set with it."""

from agentkit.approvals.answers import Answer, Approved, Denied, answer_of
from agentkit.approvals.rules import Rule, RuleAnswer
from agentkit.approvals.store import Rules

__all__ = ["Answer", "Approved", "Denied", "Rule", "RuleAnswer", "Rules", "answer_of"]
