"""Money by symbol and name: which currency "$" and "pesos" are, by country, or open."""

from dataclasses import dataclass
from decimal import Decimal

from agentkit.slots.folding import fold

_ALL = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD "
    "BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN "
    "ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD "
    "IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD "
    "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD "
    "OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP "
    "SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"
)
_MILLS = "BHD IQD JOD KWD LYD OMR TND"
CODES = frozenset(_ALL.split())
THREE_DECIMALS = frozenset(_MILLS.split())
_EURO = "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"
_SURE = {
    "EUR": "€ euro euros यूरो ยูโร",
    "GBP": "£ quid sterling",
    "USD": "us$ usd$",
    "CAD": "ca$ c$ cad$",
    "AUD": "a$ au$ aud$",
    "NZD": "nz$",
    "SGD": "s$ sg$",
    "HKD": "hk$",
    "TWD": "nt$",
    "BRL": "r$ real reais",
    "INR": "₹",
    "JPY": "yen jp¥ 円",
    "CNY": "yuan rmb renminbi cn¥ 元",
    "KRW": "₩ won",
    "THB": "฿ baht บาท",
    "VND": "₫ dong",
    "RUB": "₽ ruble rubles rouble roubles",
    "UAH": "₴ hryvnia",
    "PLN": "zł zloty zlotys złoty",
    "CZK": "kč koruna korunas",
    "HUF": "ft. forint forints",
    "TRY": "₺ lira liras",
    "ILS": "₪ shekel shekels",
    "ZAR": "rand",
    "NGN": "₦ naira",
    "PHP": "₱",
    "CHF": "sfr",
}


@dataclass(frozen=True, slots=True)
class Family:
    """A word that several countries have for their money.

    Attributes:
        words: symbols and names, folded.
        by_region: country to currency.
        by_language: language to currency, where no country is told.
        asked: what is offered, commonest first.
        languages: in which the word is open without a country; all when empty.
        otherwise: the currency in every other language; empty to ask.
        part: what one is of a whole one: 0.01 for cents.
    """

    words: str
    by_region: dict[str, str]
    asked: tuple[str, ...]
    by_language: dict[str, str]
    languages: frozenset[str] = frozenset()
    otherwise: str = ""
    part: Decimal = Decimal(1)


_DOLLARS = {
    "US": "USD", "PR": "USD", "EC": "USD", "SV": "USD", "CA": "CAD", "AU": "AUD",
    "NZ": "NZD", "SG": "SGD", "HK": "HKD", "TW": "TWD", "JM": "JMD", "TT": "TTD",
    "BB": "BBD", "BS": "BSD", "BZ": "BZD", "FJ": "FJD", "NA": "NAD",
}  # fmt: skip
_PESOS = {
    "MX": "MXN", "AR": "ARS", "CL": "CLP", "CO": "COP", "UY": "UYU", "PH": "PHP",
    "CU": "CUP", "DO": "DOP",
}  # fmt: skip
_RUPEES = {"IN": "INR", "PK": "PKR", "LK": "LKR", "NP": "NPR", "MU": "MUR"}
_CROWNS = {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK"}
_EUROS = dict.fromkeys(_EURO.split(), "EUR")
_FAMILIES = (
    Family(
        "$ dollar dollars buck bucks",
        {**_PESOS, **_DOLLARS},
        ("USD", "CAD", "AUD"),
        {},
        frozenset({"en", "es", "zh", ""}),
        "USD",
    ),
    Family(
        "cent cents ¢ c centime centimes centimo centimos centesimo centesimi",
        {**_DOLLARS, **_EUROS, "CH": "CHF"},
        ("USD", "EUR", "CAD", "AUD"),
        {"de": "EUR", "it": "EUR"},
        part=Decimal("0.01"),
    ),
    Family("penny pence p", {}, ("GBP",), {}, frozenset({"-"}), "GBP", Decimal("0.01")),
    Family(
        "¥ ￥", {"JP": "JPY", "CN": "CNY"}, ("JPY", "CNY"), {"ja": "JPY", "zh": "CNY"}
    ),
    Family("peso pesos", _PESOS, ("MXN", "ARS", "COP", "PHP"), {}),
    Family(
        "rs rupee rupees rupie rupien roupie roupies rupia rupias रुपये रुपए रुपया",
        _RUPEES,
        ("INR", "PKR", "LKR"),
        {"hi": "INR", "ur": "PKR", "ne": "NPR"},
    ),
    Family(
        "kr krona kronor krone kroner kronur crown crowns",
        _CROWNS,
        ("SEK", "NOK", "DKK"),
        {"sv": "SEK", "nb": "NOK", "no": "NOK", "nn": "NOK", "da": "DKK", "is": "ISK"},
    ),
    Family(
        "franc francs franken fr",
        {"CH": "CHF", "LI": "CHF", "SN": "XOF", "CI": "XOF", "CM": "XAF"},
        ("CHF", "XOF", "XAF"),
        {"de": "CHF", "it": "CHF"},
    ),
    Family("dirham dirhams", {"AE": "AED", "MA": "MAD"}, ("AED", "MAD"), {}),
)


def currencies(word: str, locale: str, mine: str) -> tuple[str, ...]:
    """The currencies that a word may mean: one is sure, more are a question.

    Args:
        word: a symbol, name or ISO 4217 code.
        locale: language tag of the user's words.
        mine: the user's own currency; empty when not told.
    """
    if word.upper() in CODES and (word.isupper() or len(word) == 3):
        return (word.upper(),)
    name = fold(word)
    for code, words in _SURE.items():
        if name in map(fold, words.split()):
            return (code,)
    family = _family(name)
    return _of_family(family, locale, mine) if family else ()


def may_be(word: str, code: str) -> bool:
    """Tell whether a word can stand for a currency somewhere: "$5 USD"."""
    family = _family(fold(word))
    return code in (_members(family) if family else currencies(word, "", ""))


def _members(family: Family) -> set[str]:
    return {*family.by_region.values(), *family.asked}


def part_of(word: str) -> Decimal:
    """What one is of a whole one: 0.01 for a cent, 1 for a dollar."""
    family = _family(fold(word))
    return family.part if family else Decimal(1)


def _family(name: str) -> Family | None:
    return next((f for f in _FAMILIES if name in map(fold, f.words.split())), None)


def _of_family(family: Family, locale: str, mine: str) -> tuple[str, ...]:
    language, region = tags(locale)
    if mine in _members(family):
        return (mine,)
    sure = family.by_region.get(region) or family.by_language.get(language)
    if sure:
        return (sure,)
    open_here = not family.languages or language in family.languages
    return family.asked if open_here or not family.otherwise else (family.otherwise,)


def tags(locale: str) -> tuple[str, str]:
    """Language and country of a language tag: ("pt", "BR"); empty when not told."""
    parts = locale.replace("_", "-").split("-")
    region = next((p.upper() for p in parts[1:] if len(p) == 2 and p.isalpha()), "")
    return parts[0].lower(), region
