"""Write the catalogues anew from the code: what is new has no translation, what is gone is dropped.

`python tools/messages.py` writes them; with `--check` it exits 1 if one of them is not what would
be written. What stands in tables is asked of the tables themselves, which were marked while they
were imported; the rest is read from the code and the templates. There are neither dates nor line
numbers in a catalogue, so that what changes in it is what is said.
"""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from earnest.words import catalogues
from earnest.words.languages import LANGUAGES
from earnest.words.saying import ENGLISH, MARKED

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE: Final = Path(__file__).parent.parent / "src" / "earnest"
#: Where there is something that people read.
PACKAGES: Final = ("words", "wire", "http.web", "http.signin", "mail")
_METHODS: Final = [
    *((f"{each.replace('.', '/')}/**.py", "python") for each in PACKAGES),
    ("**/templates/**", "jinja2"),
]
_OPTIONS: Final = {"**/templates/**": {"silent": "false", "encoding": "utf-8"}}
#: In templates; in the code what is marked has marked itself.
_KEYWORDS: Final = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "N_": None}
_WIDTH: Final = 100
_HEAD: Final = """\
# What Earnest says, in {name}. Written by `make messages`; the translations are people's.
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals};\\n"

"""


def messages() -> Catalog:
    """Everything that is said, in English."""
    found = Catalog(charset="utf-8", fuzzy=False)
    for package in PACKAGES:
        root = import_module(f"earnest.{package}")
        for each in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            import_module(each.name)
    for text, context in [*MARKED, *_written()]:
        found.add(text, context=context or None)
    return found


def _written() -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """What stands in functions and templates, and in which context."""
    for _, _, text, _, context in extract_from_dir(SOURCE, _METHODS, _OPTIONS, _KEYWORDS):
        yield text, context


def catalogue(language: str, said: Catalog) -> bytes:
    """The catalogue of one language as it is to be."""
    locale = language.replace("-", "_")
    kept = parsed(language)
    kept.update(said, no_fuzzy_matching=True, update_header_comment=False)
    kept.obsolete.clear()
    kept.fuzzy = False
    body = BytesIO()
    write_po(
        body, kept, width=_WIDTH, no_location=True, omit_header=True, sort_output=True,
        ignore_obsolete=True,
    )  # fmt: skip
    plurals = f"nplurals={kept.num_plurals}; plural={kept.plural_expr}"
    head = _HEAD.format(name=LANGUAGES[language], locale=locale, plurals=plurals)
    return head.encode() + body.getvalue().rstrip(b"\n") + b"\n"


def parsed(language: str) -> Catalog:
    """A catalogue as Babel reads it; a new language begins with an empty one."""
    locale, file = language.replace("-", "_"), catalogues.path(language)
    if not file.is_file():
        return Catalog(locale)
    with file.open("rb") as text:
        return read_po(text, locale=locale)


def main() -> None:
    """Write every catalogue, or tell whether that would change one."""
    said = messages()
    stale = []
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        file = Path(str(catalogues.path(language)))
        text = catalogue(language, said)
        if "--check" not in sys.argv:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)
        elif not file.is_file() or file.read_bytes() != text:
            stale.append(file.name)
    if stale:
        sys.exit(f"make messages would change {', '.join(stale)}")
    print(f"{len(said)} messages, {len(LANGUAGES) - 1} catalogues")


if __name__ == "__main__":
    main()
