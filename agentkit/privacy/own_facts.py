"""Sentences in which somebody tells of their own, or their family's, health or money.

What is asked in general is nobody's: "what is a normal dose of insulin". Not covered: what
hurts ("my knee hurts"), and illnesses, remedies and words that the lists below lack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MINE = r"(?:my|our|mein(?:e[mnrs]?)?|mon|ma|mes|mi|mis|mio|mia|meu|minha)"
_KIN = (
    r"(?:wife|husband|partner|spouse|son|daughter|child|kids?|baby|mother|mom|mum|father|dad"
    r"|sister|brother|grandm\w+|grandf\w+|frau|mann|sohn|tochter|mutter|vater)"
)
_HEALTH = (
    r"(?:insulin|dose|dosage|medication|blood|glucose|cholesterol|hba1c|bmi|heart rate|pulse"
    r"|resting rate|hiv|cd4|viral load|biopsy|tumou?r|blutdruck|blutzucker|blutgruppe|gewicht"
    r"|cholesterin|dosis|tension art\w+|glyc[\u00e9e]mie|poids|presi[\u00f3o]n arterial|glucosa"
    r"|glicemia|pressione|press[\u00e3a]o arterial)"
)
# What of it is told: "blood pressure this morning".
_MEASURE = (
    r"(?:(?:test|tests|dose|level|levels|count|pressure|sugar|type|group|rate|reading|results?"
    r"|value|today|now|this|morning|evening|last|week) ){0,4}?"
)
_MONEY = (
    r"(?:salary|wages?|income|paycheck|debts?|savings|pension|net worth|credit score"
    r"|(?:bank|account) balance|balance|mortgage|gehalt|einkommen|lohn|schulden|kontostand"
    r"|ersparnisse|rente|salaire|revenu|dettes|sueldo|salario|deudas|stipendio|reddito"
    r"|sal[\u00e1a]rio|renda)"
)
_ILL = (
    r"(?:lupus|epilepsy|diabetes|cancer|hiv|aids|depression|bipolar|schizophrenia|autism|adhd"
    r"|ptsd|dementia|alzheimer\w*|parkinson\w*|arthritis|asthma|psoriasis|leuk(?:a)?emia"
    r"|hepatitis|herpes|chlamydia|syphilis|gonorrh\w+|anorexia|bulimia|endometriosis|crohn\w*"
    r"|multiple sclerosis|anxiety disorder|epilepsie|krebs|depressionen?|demenz)"
)
_IS = r"(?:is|are|was|were|has been|ist|sind|war|lag|betr[\u00e4a]gt|est|es|[\u00e8\u00e9]|=|:)"
_DOSE = r"(?:mg|mcg|\u00b5g|units?|einheiten|unit[\u00e9e]s|unidades)(?!\w)"
_WEIGHT = r"(?:kg|kilos?|lbs?|pounds|stone)(?!\w)"
_SUM = (
    r"(?:[$\u20ac\u00a3]\s?\d[\d.,]{0,12}k?"
    r"|\d[\d.,]{0,12}\s?(?:k\b|[$\u20ac\u00a3]|euros?\b|dollars?\b|pounds\b|francs?\b))"
)
# Up to so many words in between, none of which ends the clause.
_FEW = r"(?:[\w'%/-]{1,20} ){0,4}?"
_NUMBER = rf"{_FEW}\d[\d.,]{{0,6}} ?"
_RESULT = (
    r"(?:\d[\d.,/]{0,10}(?: (?:zu|over|\u00fcber|sur|sobre) \d{2,3})?"
    r"|positive|negative|(?:A|B|AB|O)\b)"
)
# "Do I owe tax on 500 euros" and "if I weigh 150 pounds on the moon" tell of nothing.
_TOLD = (
    r"(?<!\bdo )(?<!\bif )(?<!\bcan )(?<!\bshould )(?<!\bwould )(?<!\bdid )(?<!\bwill )"
)
_WHO = rf"{_TOLD}(?:I|we|he|she|{_MINE} {_KIN})"
_OF_WHAT = r"(?: of \w{3,30})?"
_ILLNESS = r"diagnosed with(?: a| an)? \w{2,30}"

_SENTENCES: tuple[tuple[str, str], ...] = (
    # "My insulin dose is 12 units", "my HIV test came back positive".
    ("health", rf"{_MINE} (?:[\w'-]{{1,20}} )?{_HEALTH} {_MEASURE}(?:{_IS}|came back|reads?)"
               rf" {_FEW}{_RESULT}(?: ?(?:{_DOSE}|{_WEIGHT}))?"),
    ("health", rf"{_WHO} (?:takes?|injects?|(?:am|is) on|(?:was|am|is) prescribed) "
               rf"{_NUMBER}{_DOSE}{_OF_WHAT}"),
    ("health", rf"{_WHO} weighs? {_NUMBER}{_WEIGHT}"),
    ("health", rf"prescribed (?:me|us|him|her|{_MINE} {_KIN}) {_NUMBER}{_DOSE}{_OF_WHAT}"),
    ("health", rf"(?:I|{_MINE} {_KIN}) (?:was|were|am|is|got|(?:have|has) been)"
               rf" (?:just |recently |newly )?{_ILLNESS}"),
    ("health", rf"diagnosed (?:me|{_MINE} {_KIN}) with(?: an?)? \w{{2,30}}"),
    ("health", rf"(?:I have|I'm having|{_MINE} {_KIN} has|(?:I|{_MINE} {_KIN}) suffers? from"
               rf"|ich habe|{_MINE} {_KIN} hat) (?:\w{{1,15}} )?{_ILL}(?!\w)"),
    ("health", r"(?:I'm|I\u2019m|I am|ich bin) (?:\w{1,10} (?:weeks|months) )?(?:pregnant"
               r"|schwanger|hiv[ -]positive?|an alcoholic|suicidal)(?!\w)"),
    ("money", rf"{_MINE} (?:[\w'-]{{1,20}} ){{0,2}}?{_MONEY} {_IS} {_FEW}"
              r"[$\u20ac\u00a3]?\d[\d.,]{2,12}"),
    ("money", rf"{_TOLD}(?:I|we) (?:earn|owe) {_FEW}{_SUM}"
              rf"|{_TOLD}I make {_FEW}{_SUM} (?:a|an|per|every)\b"),
)  # fmt: skip
_FACTS = tuple(
    (kind, re.compile(rf"(?i)(?<![\w'-])(?:{pattern})")) for kind, pattern in _SENTENCES
)


def own_facts(text: str) -> Iterator[tuple[str, str]]:
    """Yield each such sentence's part, and its kind: health or money."""
    for kind, pattern in _FACTS:
        for match in pattern.finditer(text):
            yield match[0], kind
