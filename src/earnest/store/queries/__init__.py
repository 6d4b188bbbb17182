"""Every read of the product, named and described, one `<noun>.sql` a noun.

-- milestones.page --
-- The newest milestones of a person. --
SELECT …
"""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import Final

_HEADER: Final = re.compile(r"^-- (\w+)\.(\w+) --\n((?:-- .* --\n)+)", re.MULTILINE)


@functools.cache
def _all() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".sql"):
            continue
        text = file.read_text(encoding="utf-8")
        headers = list(_HEADER.finditer(text))
        for header, following in zip(headers, [*headers[1:], None], strict=True):
            name = f"{header[1]}.{header[2]}"
            assert name not in found, f"{name} is there twice"
            found[name] = text[header.end() : following.start() if following else None].strip()
    return found


def sql(name: str) -> str:
    """The text of a read by its name: ``milestones.page``."""
    return _all()[name]


def names() -> list[str]:
    """The names of all reads."""
    return sorted(_all())
