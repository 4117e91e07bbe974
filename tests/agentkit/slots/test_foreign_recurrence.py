"""How often something comes back, as it is said in seven languages."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agentkit.slots import find_foreign_recurrence, resolve_recurrence

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
DAILY, WEEKDAYS = "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
SUNDAYS, FORTNIGHT = "FREQ=WEEKLY;BYDAY=SU", "FREQ=WEEKLY;INTERVAL=2"
MIDMONTH, FIRST_MONDAY = "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=MONTHLY;BYDAY=1MO"

SAID = [
    ("de", "jeden Sonntag um 18 Uhr", SUNDAYS, "18:00"),
    ("de", "um 18 Uhr jeden Sonntag", SUNDAYS, "18:00"),
    ("de", "täglich um 20 Uhr", DAILY, "20:00"),
    ("de", "jeden Abend um acht", DAILY, "20:00"),
    ("de", "werktags um 7", WEEKDAYS, "07:00"),
    ("de", "von Montag bis Freitag um 7", WEEKDAYS, "07:00"),
    ("de", "montags und mittwochs um 9", "FREQ=WEEKLY;BYDAY=MO,WE", "09:00"),
    ("de", "jeden zweiten Dienstag", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", ""),
    ("de", "alle zwei Wochen", FORTNIGHT, ""),
    ("de", "alle 2 Stunden", "FREQ=HOURLY;INTERVAL=2", ""),
    ("de", "jeden Monat am 15", MIDMONTH, ""),
    ("de", "am 1. jedes Monats", "FREQ=MONTHLY;BYMONTHDAY=1", ""),
    ("de", "jedes Jahr am 3. Mai", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=3", ""),
    ("fr", "tous les dimanches à 18 h", SUNDAYS, "18:00"),
    ("fr", "chaque soir à 20 h", DAILY, "20:00"),
    ("fr", "en semaine à 7 h", WEEKDAYS, "07:00"),
    ("fr", "du lundi au vendredi à 7h", WEEKDAYS, "07:00"),
    ("fr", "toutes les deux semaines", FORTNIGHT, ""),
    ("fr", "une semaine sur deux", FORTNIGHT, ""),
    ("fr", "chaque mois le 15", MIDMONTH, ""),
    ("fr", "le premier lundi de chaque mois", FIRST_MONDAY, ""),
    ("it", "ogni domenica alle 18", SUNDAYS, "18:00"),
    ("it", "tutti i giorni alle 20", DAILY, "20:00"),
    ("it", "nei giorni feriali alle 7", WEEKDAYS, "07:00"),
    ("it", "dal lunedì al venerdì alle 7", WEEKDAYS, "07:00"),
    ("it", "ogni due settimane", FORTNIGHT, ""),
    ("it", "ogni mese il 15", MIDMONTH, ""),
    ("it", "il primo lunedì di ogni mese", FIRST_MONDAY, ""),
    ("pt", "todo domingo às 18h", SUNDAYS, "18:00"),
    ("pt", "todos os dias às 20h", DAILY, "20:00"),
    ("pt", "nos dias de semana às 7", WEEKDAYS, "07:00"),
    ("pt", "de segunda a sexta às 7", WEEKDAYS, "07:00"),
    ("pt", "a cada duas semanas", FORTNIGHT, ""),
    ("pt", "todo dia 5", "FREQ=MONTHLY;BYMONTHDAY=5", ""),
    ("pt", "todo mês no dia 15", MIDMONTH, ""),
    ("es", "cada domingo a las 18", SUNDAYS, "18:00"),
    ("es", "todos los días a las 20", DAILY, "20:00"),
    ("es", "entre semana a las 7", WEEKDAYS, "07:00"),
    ("es", "de lunes a viernes a las 7", WEEKDAYS, "07:00"),
    ("es", "los lunes a las 9", "FREQ=WEEKLY;BYDAY=MO", "09:00"),
    ("es", "cada dos semanas", FORTNIGHT, ""),
    ("es", "el día 15 de cada mes", MIDMONTH, ""),
    ("es", "el primer lunes de cada mes", FIRST_MONDAY, ""),
    ("hi", "हर रविवार शाम 6 बजे", SUNDAYS, "18:00"),
    ("hi", "रोज़ रात 8 बजे", DAILY, "20:00"),
    ("hi", "सोमवार से शुक्रवार सुबह 7 बजे", WEEKDAYS, "07:00"),
    ("hi", "हर दो हफ़्ते", FORTNIGHT, ""),
    ("hi", "हर महीने की 15 तारीख", MIDMONTH, ""),
    ("th", "ทุกวันอาทิตย์หกโมงเย็น", SUNDAYS, "18:00"),
    ("th", "ทุกวันสองทุ่ม", DAILY, "20:00"),
    ("th", "วันจันทร์ถึงศุกร์เจ็ดโมงเช้า", WEEKDAYS, "07:00"),
    ("th", "ทุกวันทำงาน 7:00", WEEKDAYS, "07:00"),
    ("th", "ทุก 2 สัปดาห์", FORTNIGHT, ""),
    ("th", "ทุกเดือนวันที่ 15", MIDMONTH, ""),
]  # fmt: skip
# A frame of each language, so that what stands around is left alone.
AROUND = {
    "de": "Erinnere mich {often} an den Müll",
    "fr": "Rappelle-moi {often} les poubelles",
    "it": "Ricordami {often} la spazzatura",
    "pt": "Me lembra {often} do lixo",
    "es": "Recuérdame {often} la basura",
    "hi": "{often} कचरा फेंकने की याद दिलाना",
    "th": "เตือนทิ้งขยะ{often}",
}
IDS = [f"{language}-{said}" for language, said, _, _ in SAID]


@pytest.mark.parametrize(("language", "said", "rule", "clock"), SAID, ids=IDS)
def test_a_repeat_is_found_in_a_request(
    language: str, said: str, rule: str, clock: str
) -> None:
    """The rule is that of RFC 5545, with the time of day that was said with it."""
    text = AROUND[language].format(often=said)
    found = find_foreign_recurrence(text, NOW, language)
    assert found is not None
    assert found.recurrence.rule == rule
    told = found.recurrence.clock
    assert (f"{told:%H:%M}" if told else "") == clock


@pytest.mark.parametrize(("language", "said", "rule", "clock"), SAID, ids=IDS)
def test_its_words_are_a_value(language: str, said: str, rule: str, clock: str) -> None:
    """A tool is given the words as they were said, and reads the same rule."""
    del language, clock
    assert resolve_recurrence(said, NOW).rule == rule


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Alle Termine am Sonntag"),
        ("de", "Erinnere mich am Sonntag um 18 Uhr an den Müll"),
        ("fr", "Annule tous les rendez-vous de lundi"),
        ("it", "Metti tutto il latte sulla lista"),
        ("es", "¿Qué tengo el lunes?"),
        ("th", "เตือนทิ้งขยะวันอาทิตย์"),
    ],
)
def test_one_time_is_no_repeat(language: str, text: str) -> None:
    """A single day, and "all" of something else, come back no more."""
    assert find_foreign_recurrence(text, NOW, language) is None
