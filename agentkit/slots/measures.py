"""Units of quantity: their names in eight languages, and how they are made up."""

from decimal import Decimal
from functools import cache

from agentkit.slots.folding import fold

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
