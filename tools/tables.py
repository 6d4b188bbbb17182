"""Write src/earnest/prove/tables: what becomes of every state of each preset if nobody acts.

Look at what has changed of them: each line is a promise to people.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from earnest.core.terms import PRESETS
from earnest.prove.claims import judge_credits, written
from earnest.prove.searching import search
from earnest.prove.silence import lines
from earnest.prove.world import Place

TABLES: Final = Path(__file__).resolve().parents[1] / "src/earnest/prove/tables"
HEAD: Final = "# state | what pays by time alone, in its order | who gets it | the longest wait\n"


def main() -> None:
    """Search the small world of each preset, and write what was found."""
    for name, terms in PRESETS.items():
        found = search(terms, judge_credits(Place(terms)))
        told = written(lines(found))
        TABLES.joinpath(f"{name}.txt").write_text(HEAD + "\n".join(told) + "\n", "utf-8")
        print(f"{name}: {len(found.states)} states, {len(told)} lines")


if __name__ == "__main__":
    main()
