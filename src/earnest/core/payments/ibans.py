"""IBANs by ISO 13616: a length for each country, and check digits that find what is mistyped.

Whether there is such an account only a bank can say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: By length: the countries of the registry of SWIFT, release 101.
_COUNTRIES: Final = {
    15: "NO",
    16: "BE",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
LENGTHS: Final[Mapping[str, int]] = {
    country: length for length, several in _COUNTRIES.items() for country in several.split()
}
_FORM: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+")


def compact(typed: str) -> str:
    """An IBAN as machines have it: in capitals, without the spaces that people read it by."""
    return "".join(typed.split()).upper()


def is_iban(text: str) -> bool:
    """Whether the length is that of its country, and the check digits are right."""
    if not _FORM.fullmatch(text) or LENGTHS.get(text[:2]) != len(text):
        return False
    # ISO 7064, MOD 97-10: the beginning goes to the end, and A counts 10, B 11, and so on.
    return int("".join(str(int(each, 36)) for each in text[4:] + text[:4])) % 97 == 1
