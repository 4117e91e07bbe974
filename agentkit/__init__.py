"""agentkit: agentic tool calling for personal assistants that run on the device.

The face re-exports and does nothing else; nothing inside agentkit imports it.
Names are loaded at first use, so that `import agentkit` costs a few milliseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.agent import Agent as Agent
    from agentkit.agent import EventStream as EventStream
    from agentkit.agent.extraction import aextract as aextract
    from agentkit.agent.extraction import extract as extract
    from agentkit.agent.hooks import Hooks as Hooks
    from agentkit.agent.ladder.border import home_policy as home_policy
    from agentkit.agent.ladder.border import release as release
    from agentkit.backends.usage import Usage as Usage
    from agentkit.bells.rounds import Due as Due
    from agentkit.bells.rounds import rung_last as rung_last
    from agentkit.context import Context as Context
    from agentkit.context import Limits as Limits
    from agentkit.context import MailServer as MailServer
    from agentkit.context import do_again as do_again
    from agentkit.context import fresh_id as fresh_id
    from agentkit.context import in_effect as in_effect
    from agentkit.context import take_back as take_back
    from agentkit.errors import AgentkitError as AgentkitError
    from agentkit.errors import BackendError as BackendError
    from agentkit.errors import BackendProtocolError as BackendProtocolError
    from agentkit.errors import BackendTimeout as BackendTimeout
    from agentkit.errors import BackendUnavailable as BackendUnavailable
    from agentkit.errors import ConfigError as ConfigError
    from agentkit.errors import CorruptStore as CorruptStore
    from agentkit.errors import EgressDenied as EgressDenied
    from agentkit.errors import InputNeeded as InputNeeded
    from agentkit.errors import InvalidArguments as InvalidArguments
    from agentkit.errors import KeyRefused as KeyRefused
    from agentkit.errors import MissingPackage as MissingPackage
    from agentkit.errors import NoAnswer as NoAnswer
    from agentkit.errors import PromptError as PromptError
    from agentkit.errors import PromptTooLong as PromptTooLong
    from agentkit.errors import QuotaUsedUp as QuotaUsedUp
    from agentkit.errors import RateLimited as RateLimited
    from agentkit.errors import RunBusy as RunBusy
    from agentkit.errors import ServerFailed as ServerFailed
    from agentkit.errors import SessionHeld as SessionHeld
    from agentkit.errors import StoreError as StoreError
    from agentkit.errors import ToolDefinitionError as ToolDefinitionError
    from agentkit.errors import ToolError as ToolError
    from agentkit.errors import ToolsetError as ToolsetError
    from agentkit.errors import ToolTimeout as ToolTimeout
    from agentkit.messages import Conversation as Conversation
    from agentkit.messages import Label as Label
    from agentkit.messages import Message as Message
    from agentkit.messages import Question as Question
    from agentkit.messages import ToolCall as ToolCall
    from agentkit.messages import ToolResult as ToolResult
    from agentkit.messages.documents import Document as Document
    from agentkit.messages.images import Image as Image
    from agentkit.messages.seen_html import text_of_html as text_of_html
    from agentkit.outcomes import Approval as Approval
    from agentkit.outcomes import ApprovalAsked as ApprovalAsked
    from agentkit.outcomes import ApprovalGiven as ApprovalGiven
    from agentkit.outcomes import CallFinished as CallFinished
    from agentkit.outcomes import CallStarted as CallStarted
    from agentkit.outcomes import Compacted as Compacted
    from agentkit.outcomes import Delegation as Delegation
    from agentkit.outcomes import Done as Done
    from agentkit.outcomes import EffectsSettled as EffectsSettled
    from agentkit.outcomes import Event as Event
    from agentkit.outcomes import NeedsApproval as NeedsApproval
    from agentkit.outcomes import NeedsInput as NeedsInput
    from agentkit.outcomes import Outcome as Outcome
    from agentkit.outcomes import PartialAnswer as PartialAnswer
    from agentkit.outcomes import Plan as Plan
    from agentkit.outcomes import ReasoningDelta as ReasoningDelta
    from agentkit.outcomes import Repaired as Repaired
    from agentkit.outcomes import RunFinished as RunFinished
    from agentkit.outcomes import ShieldChecked as ShieldChecked
    from agentkit.outcomes import StepFinished as StepFinished
    from agentkit.outcomes import StepStarted as StepStarted
    from agentkit.outcomes import Stopped as Stopped
    from agentkit.outcomes import StopReason as StopReason
    from agentkit.outcomes import TextDelta as TextDelta
    from agentkit.outcomes import ToolsSelected as ToolsSelected
    from agentkit.privacy import PersonalValue as PersonalValue
    from agentkit.privacy import PrivacyPolicy as PrivacyPolicy
    from agentkit.privacy import assert_no_egress as assert_no_egress
    from agentkit.prompting import render_prompt as render_prompt
    from agentkit.pythonic import CallStream as CallStream
    from agentkit.pythonic import ParsedCalls as ParsedCalls
    from agentkit.pythonic import format_calls as format_calls
    from agentkit.pythonic import parse_calls as parse_calls
    from agentkit.routing import Route as Route
    from agentkit.routing import RoutePolicy as RoutePolicy
    from agentkit.safety.llama_guard import LlamaGuard as LlamaGuard
    from agentkit.safety.policy import Policy as Policy
    from agentkit.safety.policy import Shield as Shield
    from agentkit.safety.provenance import Content as Content
    from agentkit.safety.provenance import Identifier as Identifier
    from agentkit.safety.provenance import Plain as Plain
    from agentkit.safety.provenance import Recipient as Recipient
    from agentkit.safety.provenance import StandingRule as StandingRule
    from agentkit.safety.provenance import Sum as Sum
    from agentkit.safety.provenance import Url as Url
    from agentkit.safety.rules import Approved as Approved
    from agentkit.safety.rules import Denied as Denied
    from agentkit.safety.rules import Rule as Rule
    from agentkit.safety.rules import Rules as Rules
    from agentkit.slots import Amount as Amount
    from agentkit.slots import Contact as Contact
    from agentkit.slots import Duration as Duration
    from agentkit.slots import Recurrence as Recurrence
    from agentkit.slots import When as When
    from agentkit.slots import match_contact as match_contact
    from agentkit.stores.database import open_store as open_store
    from agentkit.stores.journal import Journal as Journal
    from agentkit.stores.secrets import find_secret as find_secret
    from agentkit.stores.secrets import keep_secret as keep_secret
    from agentkit.stores.sessions import Sessions as Sessions
    from agentkit.stores.shared_files import file_lock as file_lock
    from agentkit.stores.shared_files import make_folder as make_folder
    from agentkit.stores.shared_files import make_private as make_private
    from agentkit.stores.shared_files import set_aside as set_aside
    from agentkit.tools import Effect as Effect
    from agentkit.tools import Tool as Tool
    from agentkit.tools import ToolLike as ToolLike
    from agentkit.tools import Toolset as Toolset
    from agentkit.tools import tool as tool

_ROOMS = {
    "agent": ("Agent", "EventStream"),
    "agent.hooks": ("Hooks",),
    "agent.extraction": ("aextract", "extract"),
    "agent.ladder.border": (
        "home_policy",
        "release",
    ),
    "backends.usage": ("Usage",),
    "bells.rounds": (
        "Due",
        "rung_last",
    ),
    "context": (
        "Context",
        "Limits",
        "MailServer",
        "fresh_id",
        "in_effect",
        "do_again",
        "take_back",
    ),
    "errors": (
        "AgentkitError",
        "BackendError",
        "BackendProtocolError",
        "BackendTimeout",
        "BackendUnavailable",
        "ConfigError",
        "CorruptStore",
        "EgressDenied",
        "InputNeeded",
        "InvalidArguments",
        "KeyRefused",
        "MissingPackage",
        "NoAnswer",
        "PromptError",
        "PromptTooLong",
        "QuotaUsedUp",
        "RateLimited",
        "RunBusy",
        "ServerFailed",
        "SessionHeld",
        "StoreError",
        "ToolDefinitionError",
        "ToolError",
        "ToolTimeout",
        "ToolsetError",
    ),
    "messages": (
        "Conversation",
        "Label",
        "Message",
        "Question",
        "ToolCall",
        "ToolResult",
    ),
    "messages.documents": ("Document",),
    "messages.images": ("Image",),
    "messages.seen_html": ("text_of_html",),
    "outcomes": (
        "Approval",
        "ApprovalAsked",
        "ApprovalGiven",
        "CallFinished",
        "CallStarted",
        "Compacted",
        "Delegation",
        "Done",
        "EffectsSettled",
        "Event",
        "NeedsApproval",
        "NeedsInput",
        "Outcome",
        "PartialAnswer",
        "Plan",
        "ReasoningDelta",
        "Repaired",
        "RunFinished",
        "ShieldChecked",
        "StepFinished",
        "StepStarted",
        "StopReason",
        "Stopped",
        "TextDelta",
        "ToolsSelected",
    ),
    "privacy": (
        "PersonalValue",
        "PrivacyPolicy",
        "assert_no_egress",
    ),
    "prompting": ("render_prompt",),
    "pythonic": (
        "CallStream",
        "ParsedCalls",
        "format_calls",
        "parse_calls",
    ),
    "routing": (
        "Route",
        "RoutePolicy",
    ),
    "safety.llama_guard": ("LlamaGuard",),
    "safety.policy": (
        "Policy",
        "Shield",
    ),
    "safety.provenance": (
        "Content",
        "Identifier",
        "Plain",
        "Recipient",
        "StandingRule",
        "Sum",
        "Url",
    ),
    "safety.rules": (
        "Approved",
        "Denied",
        "Rule",
        "Rules",
    ),
    "slots": (
        "Amount",
        "Contact",
        "Duration",
        "Recurrence",
        "When",
        "match_contact",
    ),
    "stores.journal": ("Journal",),
    "stores.database": ("open_store",),
    "stores.secrets": ("find_secret", "keep_secret"),
    "stores.sessions": ("Sessions",),
    "stores.shared_files": ("file_lock", "make_folder", "make_private", "set_aside"),
    "tools": (
        "Effect",
        "Tool",
        "ToolLike",
        "Toolset",
        "tool",
    ),
}

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(__name__, _ROOMS)
__version__ = "0.1.0"
