"""Whether some words name a person: pronouns, kin, roles, and common first names."""

from __future__ import annotations

from agentkit.backends.reflex.english import FUNCTION, WEAK, word_set
from agentkit.backends.reflex.request_tokens import RequestWord

# They stand for somebody who was named before.
PRONOUNS = word_set("her him them he she they")
# People without a name: "my boss", "mom", "the team".
KIN = word_set(
    "mom mum mommy mother dad daddy father parents wife husband partner spouse brother "
    "sister son daughter uncle aunt grandma grandmother grandpa grandfather cousin "
    "nephew niece boyfriend girlfriend fiance boss manager supervisor colleague "
    "colleagues coworker coworkers friend friends family team neighbor neighbour "
    "roommate landlord doctor dentist lawyer teacher professor client customer "
    "assistant secretary babysitter kids children son-in-law mother-in-law folks "
    "accountant buddy everyone everybody group staff in-laws co-worker co-workers "
    "dr mr mrs ms miss sir professor employee employees kid child relative relatives stepmom stepdad"
)
# First names that are common in English; others are known by their capital. "Will" and
# "May" are left out: they are verbs far more often.
NAMES = word_set(
    "aaron adam adrian aisha alan albert alec alex alexander alexis alfred ali alice "
    "alicia allen allison amanda amber amy ana andrea andrew andy angela anita ann "
    "anna anne annie anthony antonio april arthur ashley barbara ben benjamin beth "
    "betty bill billy bob bobby brad brandon brenda brian bruce bryan caleb carl "
    "carla carlos carol caroline carrie catherine charles charlie charlotte cheryl "
    "chris christian christina christine christopher cindy claire clara connor craig "
    "cynthia dan dana daniel danny dave david dawn dean deborah debbie denise dennis "
    "derek diana diane don donald donna doris dorothy doug douglas dylan ed eddie "
    "edward elaine elena eli elizabeth ella ellen emily emma eric erica erik erin "
    "ethan eva evelyn frances frank fred gabriel gary george gina gloria grace greg "
    "gregory hannah harold harry heather heidi helen henry holly howard hugh ian irene "
    "isaac isabella ivan jack jackie jacob jake james jamie jan jane janet janice "
    "jared jasmine jason jay jean jeff jeffrey jen jennifer jenny jeremy jerry jesse "
    "jessica jill jim jimmy joan joanne joe joel john johnny jon jonathan jordan jose "
    "joseph josh joshua joyce juan judith judy julia julian julie justin karen kate "
    "katherine kathy katie keith kelly ken kenneth kevin kim kimberly kyle larry laura "
    "lauren lee leo leon leonard leslie lily linda lisa liz logan lori louis lucas "
    "lucy luis luke lydia lynn maggie marcus margaret maria marie marilyn mario "
    "martha martin marty mary matt matthew maureen max maya megan melissa michael "
    "michelle miguel mike molly monica nancy natalie nathan neil nicholas nick nicole "
    "nina noah norman olivia omar oscar pam pamela pat patricia patrick paul paula "
    "pedro peggy pete peter phil philip phillip rachel ralph ray raymond rebecca "
    "richard rick rita rob robert robin rodney roger ron ronald rosa roy russell ruth "
    "ryan sally sam samantha samuel sandra sandy sara sarah scott sean sergio shannon "
    "sharon sheila shirley simon sophia sophie stacy stan stephanie stephen steve "
    "steven stuart sue susan suzanne sylvia tamara tara ted teresa terry theresa "
    "thomas tiffany tim timothy tina todd tom tommy tony tracy travis tyler valerie "
    "vanessa veronica victor victoria vincent virginia walter wanda warren wayne wendy "
    "william willie yolanda zach zoe"
)


# More than a whole pattern is worth: no fit can afford it.
NO_PERSON = 9.0
# "Maria del Carmen Ruiz" has four; five are a phrase.
_LONGEST_NAME = 4
# Numbers for short messages have five digits; shorter ones are counts.
_SHORTEST_NUMBER = 5
# One or two words that nobody knows may be a name all the same.
_STRANGE = {1: 0.3, 2: 0.5}


def person_cost(words: tuple[RequestWord, ...]) -> float:
    """How unlike a person's name some words are; NO_PERSON when they cannot be one."""
    if len(words) > _LONGEST_NAME:
        return NO_PERSON
    if len(words) == 1 and words[0].kind in ("address", "quote", "phone"):
        return 0.0
    if len(words) == 1 and words[0].kind == "number":
        # A short number is how many, and nobody's.
        return 0.0 if len(words[0].norm) >= _SHORTEST_NUMBER else NO_PERSON
    if words[0].norm in PRONOUNS:
        # "Her" is a person, and a name beside it a likelier one.
        return 0.05 if len(words) == 1 else NO_PERSON
    if any(not _may_be_name(word) for word in words):
        return NO_PERSON
    # Behind an article something strange is a thing: "the printer".
    if words[0].led and not likely_name(words[0]) and not likely_name(words[-1]):
        return NO_PERSON
    odd = [word for word in words if not likely_name(word)]
    if len(odd) == len(words):
        return _STRANGE.get(len(words), NO_PERSON)
    # "Anna Xyz": a strange word beside a known one is mostly a last name.
    return 0.35 * len(odd)


def likely_name(word: RequestWord) -> bool:
    """Whether a word is known as a name or role, or written like a name."""
    return word.norm in NAMES or word.norm in KIN or word.capital


def _may_be_name(word: RequestWord) -> bool:
    known = word.norm in KIN or word.norm in NAMES
    if known:
        return True
    # What is a word of grammar is no name, whatever is beside it.
    closed = word.norm in FUNCTION or word.stem in FUNCTION or word.stem in WEAK
    return word.kind == "word" and not word.act and not closed


def people_cost(words: tuple[RequestWord, ...]) -> float:
    """People joined by "and"; each of them has to be one."""
    total, group = 0.0, list[RequestWord]()
    for word in words:
        if word.norm != "and":
            group.append(word)
            continue
        if not group:
            return NO_PERSON
        total += person_cost(tuple(group))
        group = []
    return total + person_cost(tuple(group)) if group else NO_PERSON
