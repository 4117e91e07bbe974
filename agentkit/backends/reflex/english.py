"""Generic English for reading requests: verbs by kind, fillers, kin, names.

Nothing here is about a tool: what a tool does is in its own sentences.
"""

from __future__ import annotations

from typing import Literal


def word_set(text: str) -> frozenset[str]:
    """Make a set of the words of a text."""
    return frozenset(text.split())


Act = Literal["", "set", "remove", "show", "send", "move", "finish"]

# Verbs of one row may stand for each other: "put milk on the list" meets "add".
_VERBS: dict[Act, str] = {
    "set": (
        "add put make create set schedule book start begin build generate arrange plan "
        "organize include insert enter place write append establish keep store save "
        "initiate register activate enable mark note pencil program record compose draft "
        "prepare update jot stick input"
    ),
    "remove": (
        "remove delete cancel clear erase drop discard scratch nix dismiss disable stop "
        "eliminate wipe empty cross strike deactivate undo silence trash abolish purge "
        "scrap nuke clean"
    ),
    "show": (
        "show tell list display check find see look read search view say describe "
        "name locate retrieve recite pull inform fetch report iterate "
        "identify access review browse state"
    ),
    "send": "send reply respond forward compose shoot write answer",
    "move": "move reschedule push postpone shift change delay bump switch edit modify",
    "finish": "finish complete done tick",
}

# A verb that stands in two rows belongs to the first one.
_IRREGULAR = {
    "made": "make", "sent": "send", "told": "tell", "gave": "give", "given": "give",
    "wrote": "write", "written": "write", "took": "take",
    "taken": "take", "found": "find", "saw": "see", "seen": "see", "said": "say",
    "kept": "keep", "began": "begin", "begun": "begin", "knew": "know",
    "heard": "hear", "built": "build", "done": "done", "needs": "need",
    "wanna": "want", "gotten": "got", "is": "be", "are": "be", "was": "be",
    "were": "be", "am": "be", "been": "be", "being": "be", "has": "have",
    "had": "have", "having": "have", "does": "do", "did": "do", "doing": "do",
    "people": "person", "times": "times", "children": "child", "todo": "todo", "went": "go",
    "going": "go", "goes": "go", "met": "meet", "meets": "meet",
    "emailed": "email", "emailing": "email", "texted": "text", "texting": "text",
    "messaged": "message", "messaging": "message", "reminded": "remind",
    "reminding": "remind", "waking": "wake", "woken": "wake", "summarise": "summarize",
    "summarised": "summarize", "groceries": "grocery", "e-mail": "email",
    "e-mails": "email", "mails": "mail", "timezone": "timezone",
    "converting": "convert", "converted": "convert", "alright": "okay",
}  # fmt: skip

# Phrases that mean one verb; the key's words stand side by side.
_PHRASES: dict[str, str] = {
    "get rid of": "remove", "take off": "remove", "take away": "remove",
    "take out": "remove", "turn off": "turn_off", "switch off": "turn_off",
    "shut off": "turn_off", "shut down": "turn_off", "cross off": "remove",
    "cross out": "remove", "scratch off": "remove", "scratch out": "remove",
    "throw away": "remove", "throw out": "remove", "wipe out": "remove",
    "clear out": "clear", "clear off": "clear", "call off": "cancel",
    "turn on": "turn_on", "switch on": "turn_on", "set up": "set", "set off": "set",
    "put in": "put", "put down": "put", "write down": "write_down", "jot down": "write_down",
    "pencil in": "schedule", "mark down": "write_down", "note down": "write_down",
    "let me know": "tell", "let me see": "show", "let me hear": "show",
    "i want to know": "tell", "i want to check": "check", "see if": "check", "i need to know": "tell", "can i know": "tell",
    "may i know": "tell", "i would like to know": "tell", "do you know": "tell",
    "i want to hear": "show", "i want to see": "show", "i need to hear": "show",
    "i need to see": "show", "i would like to hear": "show",
    "i would like to see": "show", "can i see": "show", "can i hear": "show",
    "can i get": "show", "can i have": "get", "give me": "show", "read out": "read",
    "read back": "read", "pull up": "show", "bring up": "show", "look up": "find",
    "look for": "find", "look to see": "check", "look at": "show", "find out": "find",
    "check to see": "check", "check if": "check", "go over": "show",
    "go through": "show", "walk me through": "show", "run through": "show",
    "get me": "get", "fill me in on": "tell", "i need information on": "tell",
    "i would like information on": "tell", "i am needing to know": "tell",
    "to do": "todo", "to dos": "todo",
    "time zone": "timezone", "time zones": "timezone", "e mail": "email",
    "e mails": "email", "electronic mail": "email", "wake up": "wake",
    "get up": "wake", "pick out": "find", "push back": "move", "pull out": "find",
    "move up": "move", "hold off": "postpone", "give a": "show", "a m": "am",
    "right now": "now", "at the moment": "now", "at this time": "now",
    "how many": "how_many", "how much": "how_much", "how long": "how_long",
    "what is": "what", "what are": "what", "what s": "what", "what was": "what",
    "list out": "list_all", "call back": "call", "are out of": "run_out",
    "am out of": "run_out", "run out of": "run_out", "ran out of": "run_out",
}  # fmt: skip

# Lead-ins that say nothing; taken off the front of a clause, again and again.
_LEADS = (
    "please", "pls", "plz", "kindly", "hey", "hi", "hello", "ok", "okay", "yo", "um",
    "uh", "well", "so", "now", "and", "then", "also", "just", "can you",
    "could you", "would you", "will you", "can u", "can we", "could we", "can ya",
    "i want you to", "i need you to", "i would like you to", "i would like for you to",
    "you need to", "you can", "you should", "i would like to", "i want to",
    "i wanna", "i would love to", "i would love for you to", "i wish to", "i wish",
    "help me to", "help me", "go ahead and", "be sure to", "make sure to",
    "make sure you", "do me a favor and", "are you able to", "is it possible to",
    "is it possible for you to", "would you mind", "do you mind", "would it be ok to",
    "i am going to need to", "i am going to need you to", "let us", "lets",
    "how about", "i was wondering if you could", "would you be able to",
    "would you be so kind as to", "it would be great if you could", "go and",
    "if you can", "if possible", "if you get a chance", "when you get a chance",
    "when you have a moment", "if you do not mind", "if you like", "if you please",
    "try to", "assist me in", "i have to", "i got to", "i am trying to",
    "i am looking to", "will ya", "can i please", "may i please", "if you could",
    "i said", "quickly", "maybe", "perhaps", "siri", "alexa", "google", "assistant",
    "computer", "olly", "thanks", "yes", "yeah", "sure", "actually", "by the way",
    "i need to", "i shall", "i must", "i gotta", "gotta", "i should", "need to",
    "tell me how do i", "show me how do i", "what do i do to", "what are the steps to",
    "what is the process to", "i need help to", "how do i", "how can i", "how would i", "how to",
    "tell me how to", "show me how to", "teach me to", "teach me how to",
    "i want to know how to", "i want to know how do i", "do you know how do i", "i need to know how to", "hurry up and", "if you could", "you must", "may you", "please can you", "can you go",
)  # fmt: skip
# The same at the end of a clause.
_TAILS = (
    "please", "thanks", "thank you", "for me", "if you can", "if possible", "ok", "okay",
    "pls", "now", "right away", "asap", "immediately", "if you would", "will you",
    "would you", "can you", "could you", "if you please", "for me please",
)  # fmt: skip

# Taken out of a clause: "the milk", "my milk" and "some milk" are one.
ARTICLES = word_set(
    "a an the my our your some any please me us this these those that its"
)
# Words of grammar: next to nothing is lost when one is left over.
FUNCTION = ARTICLES | word_set(
    "to of in on at for from by with as into onto off out up upon about i you it we "
    "be do have will would can could should may might must shall there here and or if "
    "then than so too also just currently now not no yes really very 's he she they "
    "him her them his their one ones thing things something anything everything "
    "okay actually already still yet ever let like am pm o'clock sharp "
    "myself mine who whom whose which what when where be go come coming every each "
    "all both only another other others again back down over is are was were been "
    "u ya got around between before after until till per during within"
)
# Words that ask: one that is left over means that something else is asked.
ASKING = word_set(
    "what when where who which how why whose whom how_many how_much how_long"
)
# Words that narrow down or are said of anything: they tell tools apart a little.
WEAK = word_set(
    "new next last first second all many much more current currently today tomorrow "
    "left set today's upcoming recent latest whole entire full full-on exact "
    "available important following previous coming right different certain "
    "good great kind sort lot couple few bit way name names called named "
    "info information details detail status contents content phone mobile device "
    "app application system regular normal separate specific particular existing "
    "active scheduled planned left remaining able sure early earliest late later "
    "morning evening night afternoon day week month year hour minute time date "
    "get give want need take run open produce provide keep help know hear like "
    "got go going happen happening exist tonight somebody someone anybody anyone"
)
# Words of everyday use that a tool may be about all the same.
TOPICS = word_set("time date day write_down")
# Verbs that are nouns as well: "list my alarms", "my list".
NOUNS_TOO = word_set(
    "list schedule note plan name record change check state report view book mark run "
    "answer reply program review start stop store place search"
)
# Behind one of these a word of both kinds is a verb: "and list my alarms".
BEFORE_VERB = word_set("please you and then i just also not will")
# Times that ask for nothing but the present: a tool needs no slot for them.
NOW_WORDS = frozenset({"now", "right now", "today", "at the moment", "this moment"})
NEGATIONS = word_set("not never")
# How values of recurrence are said; tools spell them as one word.
ENUM_WORDS: dict[str, tuple[str, ...]] = {
    "daily": ("every day", "each day", "everyday", "daily", "all days"),
    "weekly": ("every week", "each week", "weekly", "every monday", "every tuesday",
               "every wednesday", "every thursday", "every friday", "every saturday",
               "every sunday"),
    "weekdays": ("weekdays", "every weekday", "on weekdays", "each weekday",
                 "monday to friday", "monday through friday"),
    "monthly": ("every month", "each month", "monthly", "of every month"),
    "yearly": ("every year", "each year", "yearly", "annually", "annual"),
}  # fmt: skip
# Which of several things is meant, as a closed set's values have it.
RANK_WORDS: dict[str, tuple[str, ...]] = {
    "next": ("upcoming",),
    "first": ("earliest",),
    "last": ("latest", "most recent", "previous"),
}


def _forms(verb: str) -> list[str]:
    """Inflect a regular verb: s, ed, ing, with the usual spelling changes."""
    # Wrong forms are made too ("setes"); nobody says them, so they do no harm.
    stem = verb[:-1] if verb.endswith("e") else verb
    found = [verb, f"{verb}s", f"{verb}es", f"{stem}ed", f"{stem}ing"]
    if verb.endswith("y"):
        found += [f"{verb[:-1]}ied", f"{verb[:-1]}ies"]
    # "Stopped", "planning": short verbs double their last letter.
    if len(verb) < 7 and verb[-1] not in "aeiouwxy":
        found += [f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing"]
    return found


def _verb_tables() -> tuple[dict[str, str], dict[str, Act]]:
    stems: dict[str, str] = {}
    acts: dict[str, Act] = {"turn_off": "remove", "turn_on": "set", "write_down": "set"}
    for act, row in _VERBS.items():
        for verb in row.split():
            acts.setdefault(verb, act)
            for form in _forms(verb):
                stems.setdefault(form, verb)
    return stems | _IRREGULAR, acts


STEMS, ACTS = _verb_tables()
PHRASES = {tuple(key.split()): stem for key, stem in _PHRASES.items()}
LEADS = tuple(sorted((tuple(lead.split()) for lead in _LEADS), key=len, reverse=True))
TAILS = tuple(sorted((tuple(tail.split()) for tail in _TAILS), key=len, reverse=True))


def stem_of(word: str) -> str:
    """Reduce a word to the form that sentences are compared by."""
    if word in STEMS:
        return STEMS[word]
    # Plurals; "boss", "bus" and "this" are none. "Parties" is "party", "ties" is "tie".
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    return word


def said_as(value: str) -> tuple[str, ...]:
    """List the ways to say a closed set's value, the value itself first."""
    plain = value.lower()
    spaced = plain.replace("_", " ").replace("-", " ")
    return (plain, spaced, *ENUM_WORDS.get(plain, ()), *RANK_WORDS.get(plain, ()))
