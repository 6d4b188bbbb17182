"""The files that pages need: what they are, how they are served, that colours can be read."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
from importlib.resources import files
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it ships no types
import httpx
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it ships no types
from starlette.applications import Starlette
from starlette.routing import Route

from earnest.http.web import assets

STATIC = Path(str(files("earnest.http") / "static"))
VENDOR = STATIC / "vendor"
STYLES = sorted((STATIC / "css").glob("*.css"))
NAMES = ["app.css", *(p.rpartition("/")[2] for p in (*assets.SCRIPTS, *assets.PICTURES))]
NAMES += [path.rpartition("/")[2] for path in assets.FONTS]

#: A property that means a side of the screen, not of the text, or a direction of it.
PHYSICAL = re.compile(
    r"^\s*(?:(?:margin|padding|border|inset|scroll-margin)-)?(?:left|right|top|bottom)\b[\w-]*\s*:"
    r"|^\s*(?:(?:min|max)-)?(?:width|height)\s*:"
    r"|^\s*(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
    r"|^\s*border-(?:top|bottom)-(?:left|right)-radius\s*:",
    re.MULTILINE,
)
TOKEN = re.compile(
    r"--([\w-]+):\s*(?:light-dark\(\s*)?#([0-9a-f]{6})\b(?:\s*,\s*#([0-9a-f]{6})\s*\))?"
)
TEXT, LINE = 4.5, 3.0


# --- what they are ---------------------------------------------------------------------------


def test_what_others_made_is_what_the_list_says() -> None:
    said = dict(
        re.findall(
            r"^(\S+) .*\n    sha256 ([0-9a-f]{64})$", read(VENDOR / "VENDOR.txt"), re.MULTILINE
        )
    )
    there = {path.name: path for path in VENDOR.iterdir() if path.suffix != ".txt"}
    assert {name: sha256(path) for name, path in there.items()} == said


def test_every_file_of_the_folder_is_served_or_explains_one_that_is() -> None:
    found = {path.name for path in STATIC.rglob("*") if path.is_file()}
    styles = {f"{name}.css" for name in assets.STYLES}
    assert found == {*NAMES, *styles, "VENDOR.txt", "LICENSES.txt"} - {"app.css"}


def test_every_address_holds_the_hash_of_what_it_gives() -> None:
    for name in NAMES:
        body = get(assets.url(name)).content
        stem, _, suffix = name.rpartition(".")
        digest = hashlib.sha256(body).hexdigest()[:12]
        assert assets.url(name) == f"/static/{stem}.{digest}.{suffix}"


def test_the_style_names_other_files_by_their_addresses() -> None:
    style = body_of("app.css").decode()
    named = re.findall(r"url\(([^)]*)\)", style)
    assert named == [assets.url("inter-sub.woff2")]
    assert style.startswith("@layer tokens, base, layout, parts;")


def test_a_letter_that_no_font_has_is_seen_as_a_box() -> None:
    """It is drawn by the first font: a name in another script must not be nothing."""
    missing = TTFont(VENDOR / "inter-sub.woff2")["glyf"][".notdef"]
    assert missing.numberOfContours > 0


def test_a_name_that_nobody_gave_has_no_address() -> None:
    with pytest.raises(KeyError):
        assets.url("app.js")


# --- how they are served ---------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_kept_for_ever(name: str) -> None:
    response = get(assets.url(name))
    assert response.status_code == 200
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["content-type"] == assets.TYPES[name.rpartition(".")[2]]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("BR", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("br;q=0.000, gzip;q=0", None),
        ("identity", None),
        ("", None),
        ("no, such;q=, header", None),
    ],
)
def test_a_browser_gets_a_coding_that_it_takes(accepted: str, coding: str | None) -> None:
    response = get(assets.url("app.css"), accepted)
    assert response.headers.get("content-encoding") == coding
    assert response.content == body_of("app.css")


def test_every_coding_holds_the_same_bytes() -> None:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "identity": bytes}
    for asset in assets._all().values():
        whole = asset.bodies["identity"]
        assert {coding: unpack[coding](body) for coding, body in asset.bodies.items()} == (
            dict.fromkeys(asset.bodies, whole)
        )


def test_a_font_is_not_packed_twice() -> None:
    response = get(assets.url("inter-sub.woff2"), "br, gzip")
    assert "content-encoding" not in response.headers


def test_head_tells_the_same_as_get() -> None:
    for name in NAMES:
        head, whole = get(assets.url(name), method="HEAD"), get(assets.url(name))
        assert head.status_code == 200
        assert head.headers == whole.headers


@pytest.mark.parametrize(
    "path",
    [
        *("app.css", "app.000000000000.css", "css/tokens.css", "vendor/icons.svg", ""),
        *("../web/assets.py", "..%2fweb%2fassets.py", "%2e%2e/web/assets.py", "//etc/passwd"),
    ],
)
def test_what_has_no_such_address_is_not_found(path: str) -> None:
    assert get(f"/static/{path}").status_code == 404


# --- what the style says ---------------------------------------------------------------------


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_styles_speak_of_the_text_not_of_the_screen(path: Path) -> None:
    assert physical(read(path)) == []


def test_the_rule_about_sides_can_fail() -> None:
    for bad in ("  margin-left: 0;", "top: 1px;", "  width: 1rem;", "text-align: right;"):
        assert physical(bad), bad
    for good in ("@media (max-width: 9rem) {", "border-block-start: 0;", "text-align: end;"):
        assert physical(good) == [], good


def test_every_pair_of_colours_can_be_read_in_both_themes() -> None:
    tokens = tokens_of(read(STATIC / "css" / "tokens.css"))
    pairs = pairs_of(tokens)
    assert len(pairs) > 40
    found = [
        f"{ink} on {ground}: {ratio:.2f} < {least}"
        for ink, ground, least in pairs
        for i in (0, 1)
        if (ratio := contrast(tokens[ink][i], tokens[ground][i])) < least
    ]
    assert found == []


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.01)


def test_no_token_is_named_that_is_not_there() -> None:
    style = body_of("app.css").decode()
    made = set(re.findall(r"(--[\w-]+)\s*:", style))
    assert set(re.findall(r"var\((--[\w-]+)", style)) - made == set()


# --- reading them ----------------------------------------------------------------------------


def get(path: str, accepted: str = "", method: str = "GET") -> httpx.Response:
    """Ask as a browser does, without one and without a socket."""

    async def ask() -> httpx.Response:
        site = Starlette(routes=[Route("/static/{name:path}", assets.serve)])
        transport = httpx.ASGITransport(app=site)
        async with httpx.AsyncClient(transport=transport, base_url="http://site") as client:
            return await client.request(method, path, headers={"accept-encoding": accepted})

    return asyncio.run(ask())


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def body_of(name: str) -> bytes:
    (found,) = (a for a in assets._all().values() if a.url == assets.url(name))
    return found.bodies["identity"]


def physical(text: str) -> list[str]:
    return [match[0].strip() for match in PHYSICAL.finditer(text)]


def tokens_of(text: str) -> dict[str, tuple[str, str]]:
    return {name: (light, dark or light) for name, light, dark in TOKEN.findall(text)}


def pairs_of(tokens: dict[str, tuple[str, str]]) -> list[tuple[str, str, float]]:
    """Every text on every ground that it can stand on, and every line that must be seen."""
    grounds = ("bg", "surface", "surface-2")
    inks = [name for name in tokens if name in {"ink", "ink-2", "brand"} or name.endswith("-ink")]
    own = [(ink, f"{ink.removesuffix('-ink')}-bg", TEXT) for ink in inks]
    marked = [("ink", name, TEXT) for name in tokens if name.endswith("-bg")]
    on = [
        *(("on-brand", "brand", TEXT), ("on-brand", "brand-strong", TEXT)),
        *(("on-bad", "bad-ink", TEXT), ("brand", "brand-bg", TEXT)),
    ]
    lines = [(name, g, LINE) for name in ("line-strong", "focus") for g in grounds]
    texts = [(ink, ground, TEXT) for ink in inks for ground in grounds]
    return [*texts, *(p for p in own if p[1] in tokens), *marked, *on, *lines]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2: from 1 to 21."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
