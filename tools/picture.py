"""Write ``docs/pictures/dashboard.png``, the picture of the README: Emma's dashboard in the demo.

Run it (``make picture``) after a change of how pages look, and commit what it wrote. It needs
Chromium, and takes the picture as the tour of all pages does (``tests/browser/readme.py``).
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Final

from tests.browser.chromium import MISSING, program
from tests.browser.readme import SIZE_KB_MAX, taken

TARGET: Final = Path(__file__).parents[1] / "docs" / "pictures" / "dashboard.png"


def main() -> None:
    path = program()
    if path is None:
        sys.exit(MISSING)
    picture = asyncio.run(taken(path))
    if len(picture) > SIZE_KB_MAX * 1024:
        sys.exit(f"the picture has {len(picture) // 1024} kB, more than {SIZE_KB_MAX}")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(picture)
    print(f"{TARGET}: {len(picture) // 1024} kB")


if __name__ == "__main__":
    main()
