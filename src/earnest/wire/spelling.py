"""How values are spelled on the wire: patterns that readers and the OpenAPI document share.

They are written so that ECMAScript, Python and Rust read the same language in them.
"""

from __future__ import annotations

from typing import Final

from earnest.core.money import MINOR_MAX

DIGEST: Final = "^[0-9a-f]{64}$"

#: What nobody sees: a text of nothing else is blank.
_UNSEEN: Final = (
    r"\t\n\u000b\f\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060"
    r"\u3000\ufeff"
)
VISIBLE: Final = rf"[^\u0000{_UNSEEN}]"
TEXT: Final = r"^[^\u0000]*$"
TEXT_NOT_BLANK: Final = rf"^[^\u0000]*{VISIBLE}[^\u0000]*$"

_YEAR: Final = "(?:19[7-9][0-9]|2[0-9]{3})"
_LEAP_YEAR: Final = "(?:19(?:7[26]|8[048]|9[26])|2[0-9](?:0[48]|[2468][048]|[13579][26])|2[048]00)"
_DAY: Final = (
    f"(?:{_YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP_YEAR}-02-29)"
)
_CLOCK: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
_OFFSET: Final = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
#: RFC 3339 with an offset, of 1970 to 2999, on days that there are; no leap seconds.
TIME: Final = f"^{_DAY}T{_CLOCK}{_OFFSET}$"
#: As every answer spells it.
TIME_SHOWN: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$"


#: With at most two decimals; what follows the point is a group of its own.
PERCENT: Final = r"^(?:(0|[1-9][0-9]?)(?:\.([0-9]{1,2}))?|(100)(?:\.0{1,2})?)$"


def reference(prefix: str) -> str:
    """The pattern of what ``references.printed`` prints."""
    return f"^{prefix}_[0-7][0-9A-HJKMNP-TV-Z]{{12}}$"


def amount(exponent: int) -> str:
    """The pattern of the amounts that a currency with so many decimals can have."""
    digits = len(str(MINOR_MAX)) - 1 - exponent
    below_most = f"(?:0|[1-9][0-9]{{0,{digits - 1}}})"
    if exponent == 0:
        return f"^{below_most}$"  # The most would have a digit more than any amount may have.
    return rf"^(?:{below_most}(?:\.[0-9]{{1,{exponent}}})?|10{{{digits}}}(?:\.0{{1,{exponent}}})?)$"
