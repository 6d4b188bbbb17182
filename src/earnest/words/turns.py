"""Characters that turn around what stands after them: a text of somebody's ends within itself."""

from __future__ import annotations

import re
from typing import Final

#: Embeddings, overrides and isolates, as a part of a pattern.
TURNS: Final = "\u202a-\u202e\u2066-\u2069"
_TURN: Final = re.compile(f"[{TURNS}]")
_BEGIN, _END = "\u2068", "\u2069"


def without(text: str) -> str:
    """A text where nothing else holds it in, such as a mail: none of them is left."""
    return _TURN.sub("", text)


def held_in(text: str) -> str:
    """A text with others after it in one string: what it turns around ends with it."""
    return f"{_BEGIN}{without(text)}{_END}" if _TURN.search(text) else text
