"""A message's own sentences: no quotes or signature, small talk and orders told apart.

The words by which a sentence shows what it does stand in `cues.toml`, by language.

Not covered: orders that read like any person's request. Those are shown to the user
as requests, and everything that is sent is asked for first.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from pathlib import Path

from agentkit.language import read_table

# Said in mails of every language: "Re", "call", "please".
_EVERYWHERE = "en"


def cue(kind: str, text: str, language: str = "") -> re.Match[str] | None:
    """Find the first words of a kind; of all languages where none is named."""
    return _pattern(kind, language).search(text)


def cues(kind: str, text: str, language: str = "") -> list[re.Match[str]]:
    """Find all words of a kind."""
    return list(_pattern(kind, language).finditer(text))


@cache
def _pattern(kind: str, language: str) -> re.Pattern[str]:
    rows = _table()[kind]
    chosen = {language, _EVERYWHERE} if language in rows else rows.keys()
    patterns = [one for name, row in rows.items() if name in chosen for one in row]
    edge = r"(?<![^\W_])(?:{})(?![^\W_])" if kind in _WORDS else "{}"
    return re.compile("|".join(edge.format(one) for one in patterns), re.I)


# Tables that list bare words.
_WORDS = ("thing", "short")


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return read_table(Path(__file__).with_name("cues.toml"))


# A dot after one of these, or after an initial, ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|Prof|St|No|approx|vs|etc|e\.g|i\.e|a\.m|p\.m|Jan|Feb|Mar"
    r"|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
    r"|\b(?-i:[A-Z]))\.$",
    re.I,
)
_END = re.compile(r"(?<=[.!?…])[\"'”)]*\s+(?=\S)")
# "-- " on a line of its own begins a signature (RFC 3676, 4.3).
_SIGNATURE = re.compile(r"^--\s*$")
_QUOTED = re.compile(r"^\s*>")
_BULLET = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")
# Characters of a message, sentences of it, and characters of one: bounds for the judge.
_LONGEST, _MOST, _LONGEST_SENTENCE = 20_000, 200, 600


def sentences(text: str) -> list[str]:
    """Split a message into sentences, left to right."""
    found: list[str] = []
    for line in _own_lines(text[:_LONGEST].replace("\u2019", "'")):
        found += _split(_ungreeted(line))
    worded = (one[:_LONGEST_SENTENCE] for one in found if re.search(r"\w", one))
    return list(islice(worded, _MOST))


def _own_lines(text: str) -> list[str]:
    """Return the writer's own lines: no quotes, and nothing that was forwarded."""
    lines: list[str] = []
    quoted = False
    for line in text.splitlines():
        if _SIGNATURE.match(line):
            break
        if cue("below", line):
            quoted = True
        elif _QUOTED.match(line):
            # What comes after quoted lines, and is not quoted, answers them.
            quoted = False
        elif line.strip() and not quoted:
            lines.append(_BULLET.sub("", line.strip()))
    return lines


def _ungreeted(line: str) -> str:
    """Take a greeting off a line: "Hi Sam, could you" -> "could you"."""
    match = cue("greeting", line)
    if not match or match.start():
        return line
    rest = _NAMES.match(line, match.end())
    return line[rest.end() :] if rest else line


# Names are capitalized; what else follows a greeting is said to all.
_NAMES = re.compile(
    r"(?:\s+(?:(?i:there|all|both|everyone|team|again|love|zusammen|alle|à tous|a todos"
    r"|a tutti|pessoal|gente|mr\.?|ms\.?|mrs\.?|dr\.?|herr|frau|madame|monsieur|und|and|et"
    r"|y|e)\b|[^\W\d_a-z][\w'-]*))*\s*[,!.:\u2013-]+\s*"
)


# "Montag, 16. März", "am 19. um acht": a dot after a day of the month ends nothing.
_DAY = re.compile(
    r"(?:(?<!\w)(?:am|der|den|dem|vom|zum|bis|ab|\w+,)\s+)\d{1,2}\.$", re.I
)
_MONTH = re.compile(
    r"(?:jan|jän|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)\w*\b", re.I
)


def _goes_on(before: str, after: str) -> bool:
    """Whether a dot ends no sentence."""
    if _ABBREVIATION.search(before) or _DAY.search(before):
        return True
    return bool(re.search(r"\d\.$", before) and _MONTH.match(after))


def _split(line: str) -> list[str]:
    parts: list[str] = []
    for part in _END.split(line):
        # Fourteen letters are enough for any abbreviation or day before the dot.
        if parts and _goes_on(parts[-1][-14:], part):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part.strip())
    return parts


# Greetings, thanks, wishes, applause and farewells of English chats, each alone in its
# sentence: up to eight more words may follow, and no more.
_PHRASE = r"""(?ix)^\W*(?:(?:oh|well|and|so|but|yes|yeah|yep|no|ok|okay|aw+|wow)\W+)*(?:
    (?:ha(?:ha)+|he(?:he)+|lol|rofl|lmao|yay|woo\s?hoo|wow|ugh|phew|oops)\b(?:\W+[\w']+){0,8}
    |(?:hi|hello|hey|hiya|howdy|dear)\b(?:\W+\w+){0,3}
    |good\s(?:morning|night|evening|afternoon|luck)\b(?:\W+[\w']+){0,8}|sleep\swell\b(?:\W+[\w']+){0,8}
    |(?:many\s|a\smillion\s)?thank(?:s|\syou)\b(?:\W+[\w']+){0,8}|cheers\b(?:\W+[\w']+){0,8}|much\sappreciated
    |you(?:'re|\sare)\s(?:very\s)?(?:welcome|the\sbest|amazing|a\sstar)(?:\W+[\w']+){0,8}
    |(?:how|what)(?:'s|\sis|\sare|\swas|\swere)\s(?:you|it|things|life|everything|up
        |your\s(?:day|weekend|week|evening|holiday|trip|night))\b(?:\W+[\w']+){0,8}
    |how\s(?:did|do)\s(?:it|you)\s(?:go|feel|sleep|do|like)\b(?:\W+[\w']+){0,8}
    |(?:i\s)?hope\s(?:you|your|all|everything|it)\b(?:\W+[\w']+){0,8}|hoping\s(?:you|all)\b(?:\W+[\w']+){0,8}
    |(?:see|talk\sto|speak\sto|catch)\s(?:you|ya|u)\b(?:\W+[\w']+){0,8}|bye\b(?:\W+[\w']+){0,8}|take\scare\b(?:\W+[\w']+){0,8}
    |(?:enjoy|have)\s(?:a|your|the|it|yourself|fun)\b(?:\W+[\w']+){0,8}|safe\s(?:travels|trip)(?:\W+[\w']+){0,8}
    |(?:happy|merry)\s(?:birthday|new\syear|christmas|easter|friday
        |weekend|holidays?|anniversary)(?:\W+[\w']+){0,8}|congrat\w*(?:\W+[\w']+){0,8}|well\sdone\b(?:\W+[\w']+){0,8}|(?:great|good|nice)\sjob\b(?:\W+[\w']+){0,8}
    |(?:that|it|this)(?:'s|\sis|\swas|\sreally\swas|\ssounds?|\slooks?|\smade|\sfelt)
        \s(?:just\s|really\s|so\s|pure\s|such\s|a\s|an\s|very\s|all\s|my\s|me\s)*
        (?:fun|funny|great|nice|lovely|awesome|amazing|good|hilarious|luck|cool
        |perfect|delicious|fantastic|wonderful|day|laugh|smile|blast|shame|pity)\b(?:\W+[\w']+){0,8}
    |(?:so|too|very|really|how|what\sa)\s(?:\w+\s){0,2}(?:funny|cute|sweet|true|nice
        |cool|lovely|great|kind|good|fun|game|goal|night|day|evening|match|party)\b(?:\W+[\w']+){0,8}
    |(?:sounds?|looks?|seems?|all)\s(?:good|great|fine|perfect|lovely|right)(?:\W+[\w']+){0,8}
    |(?:got|will\sdo|on\sit|noted|understood|agreed|same(?:\shere)?|me\stoo|of\scourse
        |sure(?:\sthing)?|no\s(?:worries|problem)|perfect|great|lovely|cool|nice
        |awesome|fine|alright|right|exactly|indeed|absolutely|definitely)
        (?:\sit|\sthen|\sone)?(?:\W+\w+){0,2}
    |(?:i\s)?(?:miss|love|like)d?\s(?:you|u|it|that|this|your)\b(?:\W+[\w']+){0,8}
    |(?:can't|cannot|can\snot)\s(?:wait|believe|stop\slaughing)\b(?:\W+[\w']+){0,8}
    |(?:all\sthe\sbest|best|kind\sregards|best\sregards|regards|warm\sregards|love
        |cheers|hugs|kisses|x+|xo+)(?:\W+\w+){0,2}
    |(?:looking\sforward|long\stime\sno\ssee|guess\swhat)\b(?:\W+[\w']+){0,8}
    )\W*$"""
# So few words say nothing, unless there is a number, an address or a question in them.
_SHORT = 3
_FACT = re.compile(r"\d|https?://|@\w|\?")


def is_chatter(sentence: str) -> bool:
    """Return whether a sentence is a greeting, thanks, a joke or the like."""
    if re.match(_PHRASE, sentence):
        return True
    return len(sentence.split()) <= _SHORT and not _FACT.search(sentence)


def telling(text: str) -> list[str]:
    """Return the sentences of a message that tell something."""
    return [sentence for sentence in sentences(text) if not is_chatter(sentence)]


_MACHINE = r"(?:ai|assistant|chat ?bot|bot|language model|llm|agent|gpt|model)"
# Words for an assistant and not for a person: rules to be ignored, a machine that is
# addressed, marks of chat templates, data to be sent away, calls of tools.
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
    """Return whether a message speaks to the assistant instead of to the user."""
    whole = f"{subject}\n{text}"[:20_000]
    # The text alone too: some patterns look only at the beginning.
    parts = (whole, text[:20_000]) if subject else (text[:20_000],)
    return any(
        re.search(pattern, part, re.I | re.S) for pattern in _PATTERNS for part in parts
    )
