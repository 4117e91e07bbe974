"""Units of quantity and of money: their names, and how they are made up."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from agentkit.slots.tokens import fold

_NAMES = """
% | percent | per cent | pct | prozent | pour cent | pourcent | per cento | percento
  | por ciento | por cento | प्रतिशत | เปอร์เซ็นต์
kg | kilo | kilos | kilogram | kilograms | kilogramm | kilogramme | kilogrammes | chilo
  | chili | quilo | quilos | kilogramo | kilogramos | किलो | किलोग्राम | กิโล | กิโลกรัม
g | gram | grams | gramm | gramme | grammes | grammo | grammi | grama | gramas | gramo
  | gramos | gr | ग्राम | กรัม
mg | milligram | milligrams | milligramm
t | tonne | tonnes | metric ton | metric tons | tonnen | tonnellata | tonelada
ton | tons | short ton | short tons
lb | lbs | pound | pounds | pfund | livre | livres
oz | ounce | ounces | unze | unzen | once
st | stone | stones
km | kilometer | kilometers | kilometre | kilometres | kilometro | kilometri
  | kilometros | quilometro | quilometros | किलोमीटर | กิโลเมตร | กม
m | meter | meters | metre | metres | metro | metri | metros | मीटर | เมตร
cm | centimeter | centimeters | centimetre | centimetres | zentimeter | centimetro
  | centimetri | centimetros | सेंटीमीटर | เซนติเมตร
mm | millimeter | millimeters | millimetre | millimetres
mi | mile | miles | meile | meilen | miglia | miglio | milla | millas | milha | milhas
yd | yard | yards
ft | foot | feet | ' | \u2032
in | inch | inches | zoll | pouce | pouces | pollice | pollici | pulgada | pulgadas
  | " | \u2033
L | l | liter | liters | litre | litres | litro | litri | litros | लीटर | ลิตร
dl | deciliter | decilitre
cl | centiliter | centilitre | zentiliter
ml | milliliter | milliliters | millilitre | millilitres | cc
gal | gallon | gallons
qt | quart | quarts
pt | pint | pints
cup | cups
fl oz | fluid ounce | fluid ounces
tbsp | tablespoon | tablespoons | esslöffel
tsp | teaspoon | teaspoons | teelöffel
m² | m2 | square meter | square meters | square metre | square metres | sqm
  | quadratmeter | metri quadrati | metros cuadrados | metros quadrados
ft² | sq ft | square foot | square feet
km² | km2 | square kilometer | square kilometers | square kilometre | square kilometres
m³ | m3 | cubic meter | cubic meters | cubic metre | cubic metres
ha | hectare | hectares | hektar
ac | acre | acres
km/h | kmh | kph | kilometers per hour | kilometres per hour
mph | miles per hour
m/s | meters per second | metres per second
°C | degrees celsius | degree celsius | celsius | degrees c | grad celsius
°F | degrees fahrenheit | degree fahrenheit | fahrenheit | degrees f
K | kelvin
° | degree | degrees | grad
kB | kilobyte | kilobytes
MB | megabyte | megabytes | meg | megs
GB | gigabyte | gigabytes | gig | gigs
TB | terabyte | terabytes
kcal | kilocalorie | kilocalories | calorie | calories
kJ | kilojoule | kilojoules
J | joule | joules
W | watt | watts
kW | kilowatt | kilowatts
kWh | kilowatt hour | kilowatt hours
V | volt | volts
A | amp | amps | ampere | amperes
"""
# Pairs that are said together: the smaller unit, and how many of it are one.
SMALLER = {
    "ft": ("in", 12), "yd": ("ft", 3), "mi": ("yd", 1760), "lb": ("oz", 16),
    "st": ("lb", 14), "kg": ("g", 1000), "g": ("mg", 1000), "m": ("cm", 100),
    "km": ("m", 1000), "cm": ("mm", 10), "L": ("ml", 1000), "t": ("kg", 1000),
}  # fmt: skip
MULTIPLIERS = {
    fold(word): Decimal(value)
    for value, words in (
        (12, "dozen dozens dutzend douzaine douzaines dozzina duzia docena दर्जन โหล"),
        (20, "score"),
        (100, "hundred hundreds hundert cento"),
        (144, "gross"),
        (1000, "k thousand thousands grand tausend mille mil हज़ार हजार พัน"),
        (100_000, "lakh lakhs लाख แสน"),
        (1_000_000, "million millions mio mn mln millionen millones milhões ล้าน"),
        (10_000_000, "crore crores करोड़"),
        (1_000_000_000, "billion billions bn milliarde milliarden milliard mrd"),
        (10**12, "trillion trillions"),
    )
    for word in words.split()
}
# One letter means a number only beside money: $5m is no length.
MONEY_MULTIPLIERS = {"m": Decimal(10**6), "b": Decimal(10**9), "t": Decimal(10**12)}


@cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Units by their very spelling, and by their folded names."""
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for line in _NAMES.replace("\n  |", " |").strip().splitlines():
        names = [name.strip() for name in line.split("|")]
        exact |= dict.fromkeys(names, names[0])
        folded = dict.fromkeys(map(fold, names), names[0]) | folded
    return exact, folded


def unit_of(name: str) -> str:
    """The symbol of a unit; empty when there is none of this name."""
    exact, folded = _table()
    return exact.get(name) or folded.get(fold(name), "")


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
