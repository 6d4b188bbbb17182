"""Write ``src/earnest/http/static/vendor``: htmx, the icons and the font, from pinned npm packages.

Run it (``make vendor``) after a change of a pin or of the list of icons, and commit what it wrote:
neither the build nor the tests nor production then need npm or a network. It needs npm, to
download and for nothing else; the same pins always give the same bytes, which VENDOR.txt lists.
"""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fontTools import subset  # type: ignore[import-untyped]  # it ships no types

TARGET = Path(__file__).parents[1] / "src" / "earnest" / "http" / "static" / "vendor"


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package at one version, and the licence that it comes under."""

    name: str
    version: str
    licence: str


HTMX: Final = Package("htmx.org", "4.0.1", "0BSD")
INTER: Final = Package("@fontsource-variable/inter", "5.3.0", "OFL-1.1")
LUCIDE: Final = Package("lucide-static", "1.62.0", "ISC")
PACKAGES: Final = (HTMX, INTER, LUCIDE)

#: What pages and macros name. An icon costs about 60 bytes on the wire.
ICONS: Final = """
    arrow-down-left arrow-left arrow-left-right arrow-right arrow-up-right ban banknote bell
    book-open calendar check chevron-down chevron-left chevron-right circle circle-alert
    circle-check circle-dot circle-help clock code coins copy download ellipsis external-link eye
    file-check file-text flag gavel handshake history hourglass house inbox info key-round
    landmark link list-checks list-filter lock log-in log-out mail message-square moon paperclip
    pencil plus printer receipt receipt-text scale search send settings shield-check sun
    triangle-alert undo-2 upload user users wallet x
"""

#: The signs of western European languages, and those that amounts and sentences use. Other scripts
#: come from the reader's system. `unicode-range` in base.css says the same.
LETTERS: Final = (
    "U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+2013-2014,U+2018-201A,U+201C-201E,"
    "U+2022,U+2026,U+2030,U+20AC,U+2122,U+2190-2193,U+2212"
)
#: `tnum` lines figures up in columns; `locl` draws letters as a language wants them.
FEATURES: Final = ("calt", "ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum")

HEAD: Final = """\
Files made by others, written by `make vendor` (tools/vendor.py): do not edit them.
LICENSES.txt holds the full licences.

"""


def main() -> int:
    """Write every file anew, and the list of them."""
    TARGET.mkdir(parents=True, exist_ok=True)
    htmx, inter, lucide = map(contents, PACKAGES)
    made = (
        ("htmx.min.js", HTMX, without_map(htmx["dist/htmx.min.js"])),
        ("hx-csp.min.js", HTMX, without_map(htmx["dist/ext/hx-csp.min.js"])),
        ("icons.svg", LUCIDE, sprite(lucide)),
        ("inter-sub.woff2", INTER, font(inter["files/inter-latin-wght-normal.woff2"])),
    )
    for name, _, data in made:
        (TARGET / name).write_bytes(data)
    rows = [
        f"{name:16} {package.name} {package.version} {package.licence}\n"
        f"    sha256 {hashlib.sha256(data).hexdigest()}\n"
        for name, package, data in made
    ]
    (TARGET / "VENDOR.txt").write_text(HEAD + "".join(rows), encoding="utf-8")
    notices = zip(PACKAGES, (htmx, inter, lucide), strict=True)
    texts = [
        f"==== {package.name} {package.version}\n\n{files['LICENSE'].decode().strip()}\n"
        for package, files in notices
    ]
    (TARGET / "LICENSES.txt").write_text("\n\n".join(texts), encoding="utf-8")
    for name, _, data in made:
        sys.stdout.write(f"{len(data):>7}  {name}\n")
    return 0


def contents(package: Package) -> dict[str, bytes]:
    """Download one package and return its files by path; nothing of it is run."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--ignore-scripts"]
        command.append(f"{package.name}@{package.version}")
        subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603 (pinned above)
        (archive,) = Path(folder).iterdir()
        data = archive.read_bytes()
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        found = {entry.name: tar.extractfile(entry) for entry in tar if entry.isfile()}
        return {name.partition("/")[2]: file.read() for name, file in found.items() if file}


def without_map(script: bytes) -> bytes:
    """Drop the address of a source map that is not served."""
    return re.sub(rb"\s*//# sourceMappingURL=\S*\s*$", b"\n", script)


def sprite(lucide: dict[str, bytes]) -> bytes:
    """Put the icons into one file of symbols; how thick their strokes are, the style sheet says."""
    symbols = []
    for name in ICONS.split():
        drawing = lucide[f"icons/{name}.svg"].decode()
        inner = re.search(r"<svg\b[^>]*>(.*)</svg>", drawing, re.DOTALL)
        assert inner, f"{name} is not a drawing"
        shapes = re.sub(r">\s+<", "><", " ".join(inner[1].split())).replace(" />", "/>")
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
            f' stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>\n'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n'.encode()


def font(woff2: bytes) -> bytes:
    """Keep of the font what pages use, with its whole range of weights.

    A letter that no font here has is drawn as its box: a name that cannot be read is still seen.
    """
    options = subset.Options(layout_features=list(FEATURES), flavor="woff2", notdef_outline=True)
    whole = subset.load_font(io.BytesIO(woff2), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(LETTERS.replace("U+", "")))
    cutter.subset(whole)
    small = io.BytesIO()
    subset.save_font(whole, small, options)
    return small.getvalue()


if __name__ == "__main__":
    sys.exit(main())
