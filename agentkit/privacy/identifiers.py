"""Numbers that stand for a person or an account: bank, card, tax, health, identity.

Each is known by its check digits or by a form that nothing else has; others only behind
a word that says what they are ("passport", "USt-IdNr"). Sources of the check digits: ISO
13616 (IBAN), ISO/IEC 7812 (cards), ISO 7064, and the offices that give the numbers.
Not covered: numbers of other countries without such a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# What stands between the groups of a number: spaces, dashes of all kinds, dots, slashes.
_GAP = r"[ \u00a0\u2009\u202f.\u2010-\u2015/-]"
# Of ISO 7064: they catch every single wrong digit, and all but a few swapped ones.
_MOD_97, _MOD_11 = 97, 11
_VERHOEFF = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_TURNS = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip
# Of an Italian tax code, what letters and digits count at odd places.
_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18,
         20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)  # fmt: skip


def bare(text: str) -> str:
    """Return letters and digits alone, in capitals."""
    return "".join(char for char in text if char.isalnum()).upper()


def is_iban(text: str) -> bool:
    """Tell whether the check digits of an IBAN fit (ISO 13616, mod 97)."""
    plain = bare(text)
    turned = plain[4:] + plain[:4]
    # The shortest IBAN (Norway) has 15 signs; the standard allows 34.
    if not (15 <= len(plain) <= 34 and turned.isascii() and turned.isalnum()):
        return False
    return int("".join(str(int(char, 36)) for char in turned)) % _MOD_97 == 1


def is_card(text: str) -> bool:
    """Tell whether the check digit of a card number fits (Luhn, ISO/IEC 7812)."""
    digits = [int(char) for char in text if char.isdigit()]
    # From the right, every second digit doubled, its own digits added.
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _weighed(weights: tuple[int, ...], text: str) -> int:
    return sum(w * int(d) for w, d in zip(weights, text, strict=False))


def _is_german(text: str) -> bool:
    """German VAT and tax numbers (ISO 7064, mod 11, 10)."""
    digits, product = [int(char) for char in bare(text) if char.isdigit()], 10
    for digit in digits[:-1]:
        product = ((digit + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == digits[-1]


def _is_italian(text: str) -> bool:
    """Italian tax code: its last letter checks the others."""
    plain = bare(text)
    total = sum(_ODD[char] for char in plain[:15:2])
    total += sum(
        int(char) if char.isdigit() else ord(char) - ord("A") for char in plain[1:15:2]
    )
    return chr(ord("A") + total % 26) == plain[15]


def _is_spanish(text: str) -> bool:
    """Spanish DNI and NIE: the letter is the number mod 23."""
    plain = bare(text)
    number = int(plain[:-1].translate(str.maketrans("XYZ", "012")))
    return plain[-1] == "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]


def _is_french(text: str) -> bool:
    """French number of social security: its key makes it divisible by 97."""
    plain = bare(text).replace("2A", "19").replace("2B", "18")
    return (int(plain[:-2]) + int(plain[-2:])) % _MOD_97 == 0


def _is_brazilian(text: str) -> bool:
    """Brazilian CPF: two check digits, mod 11."""
    digits = bare(text)
    firsts = (tuple(range(10, 1, -1)), tuple(range(11, 1, -1)))
    made = (_weighed(weights, digits) * 10 % _MOD_11 % 10 for weights in firsts)
    # Eleven equal digits pass the check, and are never given out.
    return "".join(map(str, made)) == digits[9:] and len(set(digits)) > 1


def _is_indian(text: str) -> bool:
    """Aadhaar (Verhoeff's check digit)."""
    check = 0
    for place, digit in enumerate(reversed(bare(text))):
        check = int(_VERHOEFF[check][int(_TURNS[place % 8][int(digit)])])
    return check == 0


def _is_swiss(text: str) -> bool:
    """Swiss AHV number (EAN-13)."""
    digits = bare(text)
    return _weighed((1, 3) * 6 + (1,), digits) % 10 == 0


def _is_chinese(text: str) -> bool:
    """Chinese identity number (ISO 7064, mod 11-2)."""
    plain = bare(text)
    total = _weighed(tuple(2**place % 11 for place in range(17, 0, -1)), plain[:17])
    return "10X98765432"[total % _MOD_11] == plain[-1]


def _is_finnish(text: str) -> bool:
    """Finnish HETU: the remainder by 31 of its digits."""
    plain = bare(text)
    return (
        "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(plain[:6] + plain[-4:-1]) % 31]
        == plain[-1]
    )


def _always(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Form:
    """What one kind of number looks like, and whether its check digits fit."""

    kind: str
    pattern: re.Pattern[str]
    fits: Callable[[str], bool]


def _form(kind: str, pattern: str, fits: Callable[[str], bool] = _always) -> _Form:
    return _Form(kind, re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])"), fits)


_FORMS = (
    _form("account", rf"[A-Za-z]{{2}}\d{{2}}(?:{_GAP}?[A-Za-z0-9]{{4}}){{2,7}}"
          rf"(?:{_GAP}?[A-Za-z0-9]{{1,3}})?", is_iban),
    _form("card", rf"\d(?:{_GAP}?\d){{12,18}}"
          # Four groups of four, whatever parts them: "4111 - 1111 - 1111 - 1111".
          r"|\d{4}(?:\s{0,2}[^\w\s]?\s{0,2}\d{4}){3}|\d{4}(?:_\d{4}){3}", is_card),
    _form("tax number", r"DE ?\d{9}", _is_german),
    _form("tax number", r"\d{2} \d{3} \d{3} \d{3}", _is_german),
    _form("tax number", r"IT ?\d{11}", is_card),
    _form("tax number", r"(?i:[A-Z]{3} ?[A-Z]{3} ?\d\d[A-EHLMPRST]\d\d ?[A-Z]\d{3} ?[A-Z])",
          _is_italian),
    _form("tax number", r"ATU\d{8}|BE[01]\d{9}|FR[A-HJ-NP-Z\d]{2}\d{9}|NL\d{9}B\d\d"
          r"|ES[A-Z]\d{7}[A-Z\d]|GB\d{9}|PL\d{10}|PT\d{9}|SE\d{10}01|DK\d{8}|FI\d{8}"
          r"|CZ\d{8,10}|IE\d{7}[A-Z]{1,2}|LU\d{8}|HU\d{8}|EL\d{9}|CHE-?\d{3}\.?\d{3}\.?\d{3}"),
    _form("tax number", r"\d{3}\.\d{3}\.\d{3}-\d\d", _is_brazilian),
    _form("tax number", r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]"),
    _form("identity", r"(?:\d{8}|[XYZ]\d{7})-?[A-Z]", _is_spanish),
    _form("identity", r"[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d",
          _is_french),
    _form("identity", r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]"),
    _form("identity", r"(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}"),
    _form("identity", r"756\.\d{4}\.\d{4}\.\d\d", _is_swiss),
    _form("identity", r"[2-9]\d{3} \d{4} \d{4}", _is_indian),
    _form("identity", r"[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}"
          r"[\dX]", _is_chinese),
    _form("identity", r"\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])-[1-8]\d{6}"),
    _form("identity", r"\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[-+]\d{4}", is_card),
    _form("identity", r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d[-+A]\d{3}[\dA-Y]",
          _is_finnish),
    _form("vehicle", r"(?=[A-Z\d]*\d)(?=[A-Z\d]*[A-Z])[A-HJ-NPR-Z\d]{17}"),
    _form("device", r"(?i:(?:[\da-f]{2}[:-]){5}[\da-f]{2})"),
    _form("wallet", r"0x[\da-fA-F]{40}|[13][a-km-zA-HJ-NP-Z1-9]{25,34}|bc1[a-z\d]{25,60}"),
    _form("place", r"-?\d{1,2}\.\d{4,10},\s?-?\d{1,3}\.\d{4,10}"),
    _form("identity", r"[A-Z]{4}\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[HM][A-Z]{5}[A-Z\d]\d"),
)  # fmt: skip
_NAMED = re.compile(
    r"(?i)(?<![^\W_])(?:passport|reisepass|personalausweis|ausweis|driver'?s licen[cs]e"
    r"|f[üu]hrerschein|ssn|social security|sozialversicherung|nhs|krankenversicherung"
    r"|s[\u00e9e]curit[\u00e9e] sociale|nino|national insurance|number plate|licen[cs]e plate|kennzeichen|\bip(?= address| is|:)|medicare|insurance|versicherung|policy|police|vat|ust|uid|tva|iva|btw|mwst|tax"
    r"|steuer|nif|nie|dni|cif|nip|pesel|bsn|cpf|cnpj|curp|rfc|aadhaar|pan|iban|bic|konto"
    r"|rodn[\u00e9e] [\u010dc][\u00edi]slo|cnp|egn|tfn|oib|jmbg|cpr|nir|ahv|f[\u00f8o]dselsnummer"
    r"|person(?:nummer|enkennung)|henkil[\u00f6o]tunnus|account|sort code|routing|customer|kunden|member|mitglied|patient)[\w.'-]{0,20}"
    r"(?: (?:number|no\.?|nr\.?|nummer|num[eé]ro|id|code))?"
    r"\s{0,2}(?:(?:is|ist|:|=|#)\s{0,2}){0,2}"
    r"(?-i:(?P<value>[A-Z0-9](?:[ ./-]?[A-Z0-9]){4,24}))(?![^\W_])"
)
# What stands behind "ID" with fewer digits is a word: "ID photo", "passport A1".
_LEAST_DIGITS = 4
# Short numbers behind a word that says that they open something.
_CODE = re.compile(
    r"(?i)(?<![^\W_])(?:pin|cvv2?|cvc2?|tan|otp|passcode|(?:door|gate|access|security|entry"
    r"|alarm|safe|verification|confirmation|login|t[\u00fcu]r)[ -]?code"
    # A code of fewer digits, or behind another word, is one of a country or an error.
    r"|(?:the|my|your|der|mein) code(?=\D{1,6}\d(?:[ -]?\d){5,9}(?!\w)))"
    r"\s{0,2}(?:(?:is|ist|:|=|#)\s{0,2}){0,2}(?P<value>\d(?:[ -]?\d){2,9})(?![^\W_])"
)
_BORN = re.compile(
    r"(?i)(?<![^\W_])(?:born(?: on)?|date of birth|dob|geboren(?: am)?|geburtsdatum)"
    r"\W{0,3}(?P<value>\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{4}"
    r"|\d{1,2}\.? [a-z]{3,9} \d{4}|[a-z]{3,9} \d{1,2},? \d{4})"
)
_DIALLED = re.compile(
    r"(?i)(?<![^\W_])(?:call|phone|tel|telephone|mobile|cell|ring|text|sms|whatsapp|fax"
    r"|nummer|handy|anrufen|number)(?: (?:me|us|him|her|at|on|is|unter))*\W{1,3}"
    r"(?P<value>\+?\d(?:[ ()/.-]{0,3}\d){6,14})(?![^\W_])"
)
_HOUSE = re.compile(
    r"(?<![^\W_])(?:\d{1,4}[a-zA-Z]? (?:[A-Z][\w'-]{1,30} ){1,3}(?:Lane|Ln|Street|St|Road|Rd"
    r"|Avenue|Ave|Drive|Dr|Court|Ct|Way|Square|Sq|Terrace|Close|Crescent|Boulevard|Blvd)"
    r"|[A-Z\u00c4\u00d6\u00dc][\w-]{2,30}(?i:stra\u00dfe|strasse|str\.|weg|platz|allee|gasse)"
    r" \d{1,4} ?[a-z]?"
    r"|\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|all\u00e9e|impasse|quai|chemin)"
    r"(?: (?:de|du|des|la|le|les|d'|l')){0,2} ?[A-Z\u00c9][\w'-]{1,30}"
    r"|(?:Calle|Avenida|Avda\.|Paseo|Plaza(?= de)|Via|Viale|Piazza|Corso|Rua|Travessa|Pra\u00e7a)"
    r"(?: (?:de|del|della|dei|do|da|dos|la|el|los|las)){0,2}(?: [A-Z][\w'-]{1,30}){1,3}"
    r",? (?:n\.? ?)?\d{1,4} ?[a-z]?)(?![^\W_])"
)
_TOLD = ((_CODE, "secret"), (_BORN, "birthday"), (_DIALLED, "phone"))


def identifiers(text: str) -> Iterator[tuple[str, str]]:
    """Yield each number of a person or an account in a text, and its kind."""
    # Every such number has a digit, and most texts have none.
    if not any(map(str.isdigit, text)):
        return
    for form in _FORMS:
        for match in form.pattern.finditer(text):
            if form.fits(match[0]):
                yield match[0], form.kind
    for pattern, kind in _TOLD:
        for match in pattern.finditer(text):
            yield match["value"], kind
    for match in _HOUSE.finditer(text):
        yield match[0], "place"
    # Last, since its word may stand before a number that a form above knows better.
    for match in _NAMED.finditer(text):
        if sum(map(str.isdigit, match["value"])) >= _LEAST_DIGITS:
            yield match["value"], "identity"
