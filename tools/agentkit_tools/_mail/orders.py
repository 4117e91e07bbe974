"""Messages that try to give the assistant orders; they are data and never obeyed.

Not covered: orders that read like any person's request. Those are shown to the user
as requests, and everything that is sent is asked for first.
"""

from __future__ import annotations

import re

_MACHINE = r"(?:ai|assistant|chat ?bot|bot|language model|llm|agent|gpt|model)"
_PATTERNS = (
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}"
    r"\b(?:instructions?|rules?|prompts?|guidelines|polic(?:y|ies)|restrictions)\b",
    rf"^\W*(?:(?:dear|hey|hi|hello|attention|important|note to(?: the)?|to the"
    rf"|urgent)\W+)*(?:ai |personal |virtual |digital )?{_MACHINE}\s*[,:!-]",
    rf"\b(?:instructions?|message|note|order|command)s? (?:for|to) "
    rf"(?:the |your |any |an )?(?:ai|virtual|digital|personal)? ?{_MACHINE}\b",
    r"\byou are now\b.{0,60}\b(?:mode|assistant|ai|admin|unrestricted|dan)\b",
    r"\b(?:system prompt|developer mode|jailbreak|prompt injection)\b",
    r"\bnew (?:system )?instructions?\s*:",
    r"<\|?/?(?:system|im_start|im_end|start_header_id|eot_id|python_tag)\b",
    r"\[/?INST\]|<</?SYS>>",
    rf"\b(?:if you are|as) an? (?:ai|artificial)(?: {_MACHINE})?\b",
    r"\b(?:forward|send|export|upload|copy|share|leak|email)\b.{0,30}"
    r"\b(?:all|every|each|entire|whole)\b.{0,60}\b(?:messages?|e-?mails?|contacts?"
    r"|address book|passwords?|files|calendar|inbox|conversations?)\b.{0,80}"
    r"(?:@|https?://)",
    r"\b(?:do not|don't|never|without) (?:tell|telling|inform|informing|notify"
    r"|notifying|alert|alerting|ask|asking|mention\w* (?:this|it) to)\b.{0,20}"
    r"\b(?:the |your )?(?:user|owner|human)\b",
    rf"\b{_MACHINE}\b.{{0,30}}\b(?:must|shall|should|has to|is to|will now)\b"
    r".{0,40}\b(?:forward|send|delete|transfer|execute|run|reveal|ignore)\b",
    r"\b(?:call|invoke|use|execute|run) (?:the )?(?:tool|function)\b",
    r"\b[a-z]\w{1,60}\(\w{1,60}\s?=\s?['\"]",
)


def gives_orders(text: str, subject: str = "") -> bool:
    """Tell whether a message speaks to the assistant instead of to the user."""
    whole = f"{subject}\n{text}"[:20_000]
    parts = (whole, text[:20_000]) if subject else (text[:20_000],)
    return any(
        re.search(pattern, part, re.I | re.S) for pattern in _PATTERNS for part in parts
    )
