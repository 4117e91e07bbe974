"""Dates in the eight languages of Llama 3.2, seen from Wed 23 September 2026, 10:00."""

from datetime import UTC, datetime

import pytest

from agentkit.slots import resolve_when

NOW = datetime(2026, 9, 23, 10, 0, tzinfo=UTC)
LANGUAGES = ("en", "de", "fr", "it", "pt", "hi", "es", "th")

# What is meant: start and, for a stretch, its end; then the words in each language.
TABLE: list[tuple[str, ...]] = [
    ("2026-09-23", "", "today", "heute", "aujourd'hui", "oggi", "hoje", "आज", "hoy", "วันนี้"),
    ("2026-09-24", "", "tomorrow", "morgen", "demain", "domani", "amanhã", "कल", "mañana", "พรุ่งนี้"),
    ("2026-09-25", "", "the day after tomorrow", "übermorgen", "après-demain", "dopodomani", "depois de amanhã", "परसों", "pasado mañana", "มะรืนนี้"),
    ("2026-09-25", "", "Friday", "Freitag", "vendredi", "venerdì", "sexta-feira", "शुक्रवार", "el viernes", "วันศุกร์"),
    ("2026-09-28", "", "on Monday", "am Montag", "lundi", "lunedì", "na segunda-feira", "सोमवार को", "el lunes", "วันจันทร์"),
    ("2026-10-02", "", "next Friday", "nächsten Freitag", "vendredi prochain", "venerdì prossimo", "sexta-feira que vem", "अगले शुक्रवार", "el próximo viernes", "วันศุกร์หน้า"),
    ("2026-09-18", "", "last Friday", "letzten Freitag", "vendredi dernier", "venerdì scorso", "sexta-feira passada", "पिछले शुक्रवार", "el viernes pasado", "วันศุกร์ที่แล้ว"),
    ("2026-09-21", "", "this week", "diese Woche", "cette semaine", "questa settimana", "esta semana", "इस हफ्ते", "esta semana", "สัปดาห์นี้"),
    ("2026-09-28", "", "next week", "nächste Woche", "la semaine prochaine", "la prossima settimana", "semana que vem", "अगले हफ्ते", "la próxima semana", "อาทิตย์หน้า"),
    ("2026-10-01", "", "next month", "nächsten Monat", "le mois prochain", "il mese prossimo", "mês que vem", "अगले महीने", "el mes que viene", "เดือนหน้า"),
    ("2025-01-01", "", "last year", "letztes Jahr", "l'année dernière", "l'anno scorso", "ano passado", "पिछले साल", "el año pasado", "ปีที่แล้ว"),
    ("2026-10-03", "2026-10-05", "next weekend", "nächstes Wochenende", "le week-end prochain", "il prossimo fine settimana", "no próximo fim de semana", "अगले सप्ताहांत", "el próximo fin de semana", "สุดสัปดาห์หน้า"),
    ("2026-09-23T12:00", "", "in two hours", "in zwei Stunden", "dans deux heures", "tra due ore", "em duas horas", "दो घंटे में", "en dos horas", "อีกสองชั่วโมง"),
    ("2026-09-23T10:30", "", "in 30 minutes", "in 30 Minuten", "dans 30 minutes", "tra 30 minuti", "daqui a 30 minutos", "30 मिनट में", "dentro de 30 minutos", "อีก 30 นาที"),
    ("2026-09-23T10:30", "", "in half an hour", "in einer halben Stunde", "dans une demi-heure", "tra mezz'ora", "em meia hora", "आधे घंटे में", "en media hora", "อีกครึ่งชั่วโมง"),
    ("2026-09-26T10:00", "", "in three days", "in drei Tagen", "dans trois jours", "tra tre giorni", "em três dias", "तीन दिन बाद", "en tres días", "อีกสามวัน"),
    ("2026-09-20T10:00", "", "3 days ago", "vor 3 Tagen", "il y a 3 jours", "3 giorni fa", "há 3 dias", "3 दिन पहले", "hace 3 días", "3 วันที่แล้ว"),
    ("2026-09-09", "", "two weeks ago", "vor zwei Wochen", "il y a deux semaines", "due settimane fa", "duas semanas atrás", "दो हफ्ते पहले", "hace dos semanas", "สองสัปดาห์ก่อน"),
    ("2026-09-30", "", "in a week", "in einer Woche", "dans une semaine", "fra una settimana", "em uma semana", "एक हफ्ते बाद", "en una semana", "อีกหนึ่งสัปดาห์"),
    ("2026-11-23", "", "in two months", "in zwei Monaten", "dans deux mois", "tra due mesi", "em dois meses", "दो महीने बाद", "dentro de dos meses", "อีกสองเดือน"),
    ("2026-10-05", "", "October 5", "5. Oktober", "le 5 octobre", "il 5 ottobre", "5 de outubro", "5 अक्टूबर", "5 de octubre", "5 ตุลาคม"),
    ("2027-05-03", "", "May 3, 2027", "am 3. Mai 2027", "3 mai 2027", "3 maggio 2027", "3 de maio de 2027", "3 मई 2027", "3 de mayo de 2027", "3 พฤษภาคม 2570"),
    ("2026-11-01", "", "November 1st", "der erste November", "le 1er novembre", "il primo novembre", "1º de novembro", "एक नवंबर", "el primero de noviembre", "วันที่ 1 พ.ย."),
    ("2026-12-01", "", "December", "im Dezember", "en décembre", "a dicembre", "em dezembro", "दिसंबर में", "en diciembre", "เดือนธันวาคม"),
    ("2026-09-24T15:00", "", "tomorrow at 15:00", "morgen um 15 Uhr", "demain à 15h", "domani alle 15", "amanhã às 15h", "कल दोपहर 3 बजे", "mañana a las 15:00", "พรุ่งนี้ 15.00 น."),
    ("2026-09-24T15:00", "", "tomorrow at three in the afternoon", "morgen um drei Uhr nachmittags", "demain à trois heures de l'après-midi", "domani alle tre del pomeriggio", "amanhã às três da tarde", "कल दोपहर तीन बजे", "mañana a las tres de la tarde", "พรุ่งนี้บ่ายสามโมง"),
    ("2026-09-25T09:30", "", "Friday at half past nine", "Freitag um halb zehn", "vendredi à neuf heures et demie", "venerdì alle nove e mezza", "sexta às nove e meia", "शुक्रवार को सुबह साढ़े नौ बजे", "el viernes a las nueve y media", "วันศุกร์เก้าโมงครึ่ง"),
    ("2026-09-28T08:30", "", "Monday at 8:30", "Montag um 8 Uhr 30", "lundi à 8h30", "lunedì alle 8:30", "segunda às 8h30", "सोमवार को सुबह 8:30 बजे", "el lunes a las 8:30", "วันจันทร์ 8.30 น."),
    ("2026-09-23T18:00", "", "today at 6pm", "heute um 18 Uhr", "aujourd'hui à 18 heures", "oggi alle 18", "hoje às 18 horas", "आज शाम 6 बजे", "hoy a las 6 de la tarde", "วันนี้หกโมงเย็น"),
    ("2026-09-23T20:00", "", "tonight at 8", "heute Abend um 8", "ce soir à 8 heures", "stasera alle 8", "hoje à noite às 8", "आज रात 8 बजे", "esta noche a las 8", "คืนนี้สองทุ่ม"),
    ("2026-09-25T08:45", "", "Friday at a quarter to nine", "Freitag um Viertel vor neun", "vendredi à neuf heures moins le quart", "venerdì alle nove meno un quarto", "sexta às 8:45", "शुक्रवार को सुबह पौने नौ बजे", "el viernes a las nueve menos cuarto", "วันศุกร์ 8:45"),
    ("2026-09-24T12:00", "", "tomorrow at noon", "morgen Mittag", "demain à midi", "domani a mezzogiorno", "amanhã ao meio-dia", "कल दोपहर 12 बजे", "mañana al mediodía", "พรุ่งนี้ตอนเที่ยง"),
    ("2026-09-23T20:00", "2026-09-24", "tonight", "heute Abend", "ce soir", "stasera", "hoje à noite", "आज रात", "esta noche", "คืนนี้"),
    ("2026-09-24T08:00", "2026-09-24T12:00", "tomorrow morning", "morgen früh", "demain matin", "domani mattina", "amanhã de manhã", "कल सुबह", "mañana por la mañana", "พรุ่งนี้เช้า"),
    ("2026-09-25T12:00", "2026-09-25T16:00", "Friday afternoon", "Freitagnachmittag", "vendredi après-midi", "venerdì pomeriggio", "sexta à tarde", "शुक्रवार दोपहर", "el viernes por la tarde", "วันศุกร์ตอนบ่าย"),
    ("2026-09-24T09:00", "2026-09-24T11:00", "tomorrow from 9 to 11", "morgen von 9 bis 11 Uhr", "demain de 9h à 11h", "domani dalle 9 alle 11", "amanhã das 9 às 11", "कल सुबह 9 से 11 बजे तक", "mañana de 9 a 11", "พรุ่งนี้ตั้งแต่ 9 โมงถึง 11 โมง"),
    ("2026-10-03", "2026-10-08", "October 3 to 7", "vom 3. bis 7. Oktober", "du 3 au 7 octobre", "dal 3 al 7 ottobre", "de 3 a 7 de outubro", "3 से 7 अक्टूबर तक", "del 3 al 7 de octubre", "3 ถึง 7 ตุลาคม"),
    ("2026-09-24T10:00", "2026-09-24T12:00", "tomorrow between 10 and 12", "morgen zwischen 10 und 12 Uhr", "demain entre 10h et 12h", "domani tra le 10 e le 12", "amanhã entre as 10 e as 12", "कल 10 और 12 बजे के बीच", "mañana entre las 10 y las 12", "พรุ่งนี้ระหว่าง 10 โมงและ 12 นาฬิกา"),
    ("2026-09-21", "2026-10-01", "end of the month", "Ende des Monats", "à la fin du mois", "alla fine del mese", "no fim do mês", "महीने के अंत में", "a finales de mes", "ปลายเดือน"),
    ("2026-10-30", "", "the last Friday of October", "der letzte Freitag im Oktober", "le dernier vendredi d'octobre", "l'ultimo venerdì di ottobre", "a última sexta-feira de outubro", "30 अक्टूबर", "el último viernes de octubre", "30 ตุลาคม"),
    ("2026-09-23T10:00", "2026-09-26", "until Friday", "bis Freitag", "jusqu'à vendredi", "fino a venerdì", "até sexta-feira", "शुक्रवार तक", "hasta el viernes", "ภายในวันศุกร์"),
    ("2026-12-25", "", "at Christmas", "Weihnachten", "à Noël", "a Natale", "no Natal", "क्रिसमस", "en Navidad", "วันคริสต์มาส"),
]  # fmt: skip
CASES = [
    pytest.param(row[at + 2], row[0], row[1], id=f"{code}-{row[at + 2]}")
    for row in TABLE
    for at, code in enumerate(LANGUAGES)
]


@pytest.mark.parametrize(("words", "start", "end"), CASES)
def test_expression(words: str, start: str, end: str) -> None:
    """The words mean the same day and hour in every language."""
    when = resolve_when(words, NOW)
    assert when.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    told = datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None
    assert when.end == told


@pytest.mark.parametrize(
    ("words", "locale", "day"),
    [
        ("mar", "es", "2026-09-29"),
        ("mar", "it-IT", "2026-09-29"),
        ("mar 3 nov", "es", "2026-11-03"),
        ("3 mar 2027", "es_MX", "2027-03-03"),
        ("3 de mar. de 2027", "es", "2027-03-03"),
        ("3 mar", "fr", "2027-03-03"),
        ("3 de dez", "pt", "2026-12-03"),
        ("3. Dez. 2027", "de", "2027-12-03"),
        ("3 janv. 2027", "fr", "2027-01-03"),
        ("next Friday", "de", "2026-10-02"),
    ],
)
def test_own_language_goes_first(words: str, locale: str, day: str) -> None:
    """The locale's language is read before English; abbreviations keep their day."""
    assert f"{resolve_when(words, NOW, locale=locale).start:%F}" == day
