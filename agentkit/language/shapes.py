r"""What mail addresses, pages of the web and phone numbers look like.

Each pattern is for finding one in a text, save those that say `WRITTEN`: what a user wrote
as an address is taken whole, with signs (`a&b@x.org`) that would end it in a text.
"""

from __future__ import annotations

import re

# As RFC 5321 has it: up to 64 characters before the sign.
MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+")
WRITTEN_MAIL = re.compile(
    r"[^@\s<>\"',;]{1,64}@[^@\s<>\"',;]{1,190}\.[^@\s<>\"',;.]{1,63}"
)
URL = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
# From seven digits on, ITU-T E.164 has fifteen at most; signs stand between them.
PHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d ()/.-]{5,18}\d(?!\w)")
# What a user wrote as a number, short ones of a service too.
WRITTEN_PHONE = re.compile(r"\+?[\d\s()./-]{5,20}")
# Letters and digits, without the underscore that `\w` counts among them.
WORD = re.compile(r"[^\W_]+")
