"""Names of charsets in mails, and what programs that write them mean by them.

Mails name a charset and use its superset: gb2312 for gbk, iso-8859-1 for Windows-1252.
The table is that of the Encoding Standard, as far as Python knows the codecs.
"""

from __future__ import annotations

import codecs
import re

_MEANT = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252",
    "latin1": "cp1252", "iso-8859-9": "cp1254", "tis-620": "cp874",
    "iso-8859-11": "cp874", "windows-874": "cp874", "dos-874": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "chinese": "gb18030", "hz-gb-2312": "hz",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "ms_kanji": "cp932", "windows-31j": "cp932", "iso-2022-jp": "iso2022_jp_2",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc_5601": "cp949",
    "ks_c_5601-1989": "cp949", "korean": "cp949", "windows-949": "cp949",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6", "iso-8859-6-e": "iso-8859-6",
    "x-mac-roman": "mac_roman", "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic", "x-cp1250": "cp1250", "x-cp1251": "cp1251",
    "x-cp1252": "cp1252", "koi8": "koi8-r", "cp-850": "cp850",
    "unicode-1-1-utf-8": "utf-8", "utf8": "utf-8", "x-unicode20utf8": "utf-8",
    "unicode-1-1-utf-7": "utf-7", "unicode": "utf-16",
}  # fmt: skip
# "windows-1252", "x-cp1251", "ibm850": Python calls all of them cpNNN.
_WINDOWS = re.compile(r"(?:x-)?(?:windows|cp|ibm)[-_]?(\d{3,5})")


def decode(content: bytes, charset: str) -> str:
    """Decode text, whatever its charset claims to be."""
    # UTF-8 is seldom right by accident; Windows-1252 leaves five bytes open, for
    # Latin-1.
    for name in (_codec(charset), "utf-8", "cp1252"):
        try:
            return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("latin-1")


def _codec(charset: str) -> str:
    """Return Python's name of the codec that is meant; empty where there is none."""
    told = charset.strip().strip("\"'").casefold()
    known = _MEANT.get(told, told)
    number = _WINDOWS.fullmatch(known)
    try:
        return codecs.lookup(f"cp{number[1]}" if number else known).name
    except (LookupError, ValueError):
        return ""
