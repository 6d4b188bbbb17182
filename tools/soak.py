"""Put the table that `make soak` wrote into docs/explanation/soak.md, with the day and machine."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "var" / "soak" / "report.md"
PAGE = ROOT / "docs" / "explanation" / "soak.md"
FIGURES = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)


def main() -> None:
    day = dt.datetime.now(tz=dt.UTC).date()
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    table = f"Run on {day} ({machine}).\n\n{REPORT.read_text()}"
    page, count = FIGURES.subn(lambda _: table, PAGE.read_text())
    if count != 1:
        raise SystemExit(f"{PAGE} has no place for the figures")
    PAGE.write_text(page)
    print(f"{PAGE.relative_to(ROOT)} has the figures of this run.")


if __name__ == "__main__":
    main()
