"""What a user types: numbers, keys and addresses that are in no store stay here too."""

from __future__ import annotations

import pytest

from agentkit.language.vocabularies import word_table
from agentkit.privacy.identifiers import identifiers
from agentkit.privacy.personal import PersonalValue, detect, detect_surely
from agentkit.privacy.personal_values import Values
from agentkit.privacy.spellings import flat

# Each with a digit or letter that makes its check fail, where it has one.
NUMBERS = {
    "IBAN, dashes": ("GB82-WEST-1234-5698-7654-32", "GB83-WEST-1234-5698-7654-32"),
    "IBAN, dots": ("FR14.2004.1010.0505.0001.3M02.606", "FR15.2004.1010.0505.0001.3M02.606"),
    "IBAN, hard spaces": ("NL91\u00a0ABNA\u00a00417\u00a01643\u00a000", ""),
    "card, dashes": ("5555-5555-5555-4444", "5555-5555-5555-4445"),
    "card, dots": ("4012.8888.8888.1881", "4012.8888.8888.1882"),
    "card, long dashes": ("4012\u20138888\u20138888\u20131881", ""),
    "German VAT": ("DE129273398", "DE129273399"),
    "German tax number": ("65 929 970 489", "65 929 970 488"),
    "Italian VAT": ("IT00743110157", "IT00743110158"),
    "Italian code": ("MRTMTT91D08F205J", "MRTMTT91D08F205K"),
    "Spanish DNI": ("54362315K", "54362315L"),
    "Spanish NIE": ("X2482300W", "X2482300A"),
    "French number": ("2 55 08 14 168 025 38", "2 55 08 14 168 025 39"),
    "Brazilian CPF": ("529.982.247-25", "529.982.247-26"),
    "Swiss AHV": ("756.1234.5678.97", "756.1234.5678.98"),
    "Aadhaar": ("2341 2341 2346", "2341 2341 2347"),
    "Chinese identity": ("11010519491231002X", "110105194912310021"),
    "British NINO": ("AB 12 34 56 C", "DB 12 34 56 E"),
    "American SSN": ("536-90-4399", "000-90-4399"),
    "Indian PAN": ("ACUPA7085R", ""),
    "Austrian VAT": ("ATU37675002", "ATX37675002"),
    "Dutch VAT": ("NL004495445B01", "NL004495445C01"),
    "Finnish HETU": ("131052-308T", "131052-308U"),
    "spaced Italian code": ("MRTMTT 91D08 F205J", ""),
    "MAC address": ("3C:22:FB:0A:9D:11", "3C:22:FB:0A:9D"),
    "vehicle": ("1HGCM82633A004352", "1HGCM82633A00435"),
    "coordinates": ("48.85837, 2.29448", "48.8, 2.2"),
    "house": ("47 Willow Bend Road", "47 willow bends"),
    "German house": ("Lindenallee 8b", ""),
}  # fmt: skip


@pytest.mark.parametrize(("number", "wrong"), NUMBERS.values(), ids=NUMBERS)
def test_numbers_of_persons_and_accounts(number: str, wrong: str) -> None:
    """They are known by their check digits, alone and in a sentence."""
    for text in (number, f"Please note {number}, thanks"):
        assert number in [value for value, _ in identifiers(text)]
        assert Values(detect_surely(text)).find(text)
    assert wrong not in [value for value, _ in identifiers(wrong)] or not wrong


@pytest.mark.parametrize(
    "text",
    ["passport C01X00T47", "my passport number is L898902C", "Reisepass: C4J4X1234",
     "account no. 12345678", "Kundennummer 4711 0815", "USt-IdNr.: ATU13585627",
     "NHS number 943 476 5919", "member id AB-1234-99", "Kennzeichen HH-AB 1234",
     "my IP is 203.0.113.9", "NINO QQ 12 34 56 C", "my pin is 8102", "cvv: 731",
     "the gate code is 5521#", "otp 402 117", "born on 04/11/1979", "DOB 1979-11-04",
     "date of birth: 4 November 1979", "call 4155550199", "text me at 07700900456"],
)  # fmt: skip
def test_numbers_behind_a_word_that_tells(text: str) -> None:
    """What has no check digits is known by what stands before it."""
    assert Values(detect_surely(text)).find(text)


@pytest.mark.parametrize(
    "text",
    ["What is 12345678 * 9?", "version 10.2.30.4", "at 10:30 on 2026-03-05", "room 1234",
     "policy meeting at 9", "the account of the trip", "2 + 2 = 4", "ISBN 3-16-148410-0",
     "one two three four five six seven eight nine", "insurance for 2 people in 2026",
     "look at example.com", "we met at noon. it was nice", "the key of C major",
     "the secret is to add salt", "reset the password", "token by token"],
)  # fmt: skip
def test_what_is_nobodys(text: str) -> None:
    """Sums, versions, times, counting and advice stay as they are."""
    assert list(detect_surely(text)) == []


KEYS = [
    "sk-ant-api03-Ab12Cd34Ef56Gh78Ij90", "sk-proj-Ab12Cd34Ef56Gh78Ij90Kl",
    "ghp_0123456789abcdefABCDEF0123456789abcd", "github_pat_11ABCDEFG0abcdefghijkl_x1",
    "glpat-Ab12Cd34Ef56Gh78Ij90", "hf_AbCdEfGhIjKlMnOpQrStUvWxYz012345",
    "xoxb-123456789012-Ab12Cd34Ef56", "AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "AKIAIOSFODNN7EXAMPLE", "gsk_Ab12Cd34Ef56Gh78Ij90Kl12", "npm_Ab12Cd34Ef56Gh78Ij90",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("frame", ["{}", "use {} please", "token={}", "my key is {}."])
def test_keys_of_their_makers(key: str, frame: str) -> None:
    """They are kept, with and without a word before them."""
    assert Values(detect_surely(frame.format(key))).find(key)


@pytest.mark.parametrize(
    "text", ["password: hunter2!", "my password is swordfish", "the passcode is 90210",
             "pwd=Tr0ub4dor", "passphrase: correct horse",
             "Passwort: Sommer2026", "mot de passe : soleil9", "contrase\u00f1a: luna88"],
)  # fmt: skip
def test_passwords(text: str) -> None:
    """What stands behind the word is one."""
    assert [one.kind for one in detect_surely(text)].count("secret")


ADDRESSES = [
    "zoe.k [at] mail [dot] example", "zoe.k(at)mail(dot)com", "zoe at mail dot org",
    "zoe.k at sub dot mail dot example", "zo\u200be@mail\u200b.example",
    "zoe\u2060@\u2060mail.example", "zoe {at} mail {dot} de", "zoe\uff20mail.example",
    "zoe@mail\u3002example",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_that_hide(address: str) -> None:
    """Signs in words and unseen characters make an address no other."""
    text = f"Write to {address} today"
    assert "email" in [one.kind for one in detect(text)]
    assert Values(detect_surely(text)).find(text)


@pytest.mark.parametrize(
    "said",
    ["four one five five five five zero one three two", "null eins sieben eins fünf fünf "
     "fünf zwei drei", "double five one 555 zero one nine", "zéro six douze trente-quatre "
     "cinquante-six soixante"],
)  # fmt: skip
def test_numbers_that_are_spoken(said: str) -> None:
    """They are found as they stand."""
    assert said in [one.text for one in detect(f"call me at {said}!")]


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("+49 30 5550177", "call 5550177"), ("+49 30 5550177", "call 030 5550177"),
        ("+49 30 5550177", "555 01 77"), ("0171 5550188", "ring 5550188 now"),
        ("+1 415 555 0132", "555-0132"), ("+44 20 7946 0018", "020 7946 0018"),
    ],
)  # fmt: skip
def test_phone_numbers_as_they_are_dialled(kept: str, said: str) -> None:
    """With the area and without, a number is the same."""
    assert Values([PersonalValue(kept, "phone")]).find(said)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("12 Rosewood Lane", "at 12 rosewood ln"), ("12 Rosewood Ln", "12 Rosewood Lane"),
        ("48 North Main Street", "48 N Main St."), ("Rosenstraße 12", "Rosenstr. 12"),
        ("Rosenstr. 12", "rosenstrasse 12"), ("7 Mill Road, Leeds", "7 mill rd, leeds"),
        ("5 Rue de la Paix", "5 r. de la paix"), ("12 Rosewood Lane", "12 rosewood"),
    ],
)  # fmt: skip
def test_streets_as_they_are_shortened(kept: str, said: str) -> None:
    """An address is found by its house and its name."""
    assert Values([PersonalValue(kept, "place")]).find(said)


def test_digits_of_other_scripts_are_digits() -> None:
    """A number is one however its digits are drawn."""
    for said in (
        "\uff0b\uff14\uff19 30 5550177",
        "\u0660\u0661\u0667\u0661 \u0665\u0665\u0665\u0660\u0661\u0668\u0668",
    ):
        assert Values(detect_surely(said)).find(said)


def test_unicodes_look_alikes_are_read() -> None:
    """Each letter of the list is folded to the Latin letter that it looks like."""
    letters: dict[str, str] = word_table("look_alikes")["letters"]
    wrong = [char for letter, chars in letters.items() for char in chars
             if flat(char) != letter]  # fmt: skip
    assert wrong == []
