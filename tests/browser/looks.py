"""What a page looks like, as lines of text that a review reads: what is where, and how large.

A line for each thing that the eye finds, in the order of reading: what it is, what stands on it,
and its box at 1280 and at 390 pixels: from the edge, below what is before it, width and height,
in steps of eight pixels. What differs from run to run, dates, references, counts, is put in a
common form before anything is measured.
"""

from __future__ import annotations

import difflib
import os
import re
from itertools import zip_longest
from pathlib import Path
from typing import Final

from playwright.async_api import Page
from tests.browser.chromium import SIZES
from tests.browser.pictures import look, picture

LOOKS: Final = Path(__file__).with_name("looks")
#: A box may be one step off: fonts are hinted differently from machine to machine.
STEP: Final = 8
#: Of a longer page the first lines say how it looks.
LINES_MAX: Final = 90

#: Dates, moments and distances of time, references, digests and figures, all in one form each.
_COMMON: Final = """() => {
  const months = 'Jan(uary)?|Feb(ruary)?|Mar(ch)?|Apr(il)?|June?|July?|Aug(ust)?|Sept?(ember)?'
    + '|Oct(ober)?|Nov(ember)?|Dec(ember)?';
  const forms = [
    [new RegExp(`\\\\d{1,2} (${months}|May) \\\\d{4}`, 'g'), '1 Jan 2000'],
    [new RegExp(`\\\\b(${months}|May(?= \\\\d|\\\\s*$))\\\\b`, 'g'), 'Jan'],
    [/\\d{4}-\\d\\d-\\d\\d/g, '2000-01-01'],
    [/\\d\\d:\\d\\d/g, '00:00'],
    [/\\b(second|minute|hour|day|month)s?\\b/g, 'days'],
    [/\\d+(?= days)/g, '0'],
    [/_[0-9A-Z]{13}\\b/g, '_' + '0'.repeat(13)],
    [/\\b[0-9a-f]{12,}/g, found => '0'.repeat(found.length)],
    [/\\d/g, '0'],
  ];
  window.common = text => forms.reduce((said, [from, to]) => said.replace(from, to), text);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode;
    if (text.parentElement.closest('script, style, textarea')) continue;
    const common = window.common(text.data);
    if (common !== text.data) text.data = common;
  }
  const shown = 'header.top, h1, h2, h3, nav, .card, .note, .pill, .empty, table, figure, '
    + 'svg[role=img], button, a.btn, input:not([type=hidden]), select, textarea, summary, '
    + 'legend, dl, [popover]';
  const within = document.querySelectorAll(shown);
  // A toast leaves when its time has come, however fast the machine is.
  const left = 'tbody tr:nth-child(n + 3) *, header.top :not([popover]), .vh';
  window.looked = [...within].filter(each => !each.matches(left) && !each.closest('.toast'));
}"""
_BOXES: Final = """() => {
  const spoken = each => {
    const label = each.labels?.[0]?.textContent || each.getAttribute('aria-label');
    if (label) return label;
    if (each.matches('.card, nav, figure, dl, table, [popover], .empty'))
      return each.querySelector('h1, h2, h3, caption, legend')?.textContent || '';
    return each.matches('input, select, textarea, header') ? '' : each.textContent;
  };
  const kind = each => {
    const tag = each.localName, classes = ['card', 'note', 'pill', 'empty'];
    if (tag === 'table') return `table of ${each.rows[0]?.cells.length ?? 0}`;
    if (each.matches('[popover]')) return 'menu';
    if (tag === 'input') return each.type;
    const named = classes.find(name => each.classList.contains(name));
    if (named) return [named, ...each.classList].filter((one, at) => at === 0 || one !== named)
      .join(' ');
    return tag === 'a' ? 'link' : tag;
  };
  const round = number => Math.round(number / 8) * 8;
  let above = 0;
  return window.looked.map(each => {
    const text = window.common(spoken(each).replace(/\\s+/g, ' ').trim()).slice(0, 40).trim();
    const said = `${kind(each)} "${text}"`;
    const box = each.getBoundingClientRect(), top = box.top + scrollY;
    if (!each.checkVisibility({visibilityProperty: true}) || box.width * box.height < 4)
      return [said, '-'];
    const below = round(top - above), sign = below < 0 ? '' : '+';
    above = top;
    return [said, `${round(box.left)} ${sign}${below} ${round(box.width)}x${round(box.height)}`];
  });
}"""
_NUMBER: Final = re.compile(r"(?<= )[+-]?\d+(?=[ x])|(?<=x)\d+")


async def seen(page: Page) -> list[str]:
    """The lines of a page, which nobody else may look at afterwards: its words are changed."""
    await page.evaluate(_COMMON)
    boxes: list[list[tuple[str, str]]] = []
    for size in SIZES:
        await look(page, size, "light")
        boxes.append(await page.evaluate(_BOXES))
    lines = [
        f"{said} | {large} | {small}"
        for (said, large), (_, small) in zip(*boxes, strict=True)
        if (large, small) != ("-", "-")
    ]
    return lines[:LINES_MAX]


def is_alike(one: str, other: str) -> bool:
    """The same thing with the same words, and no side of its boxes more than one step off."""
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(abs(int(a) - int(b)) <= STEP for a, b in pairs)


def difference(expected: list[str], found: list[str]) -> list[str]:
    """What a review would want to see; nothing, if all are alike."""
    pairs = list(zip_longest(expected, found, fillvalue=""))
    if all(is_alike(*pair) for pair in pairs):
        return []
    known = {each: each for each in expected}
    settled = [was if is_alike(was, now) else known.get(now, now) for was, now in pairs if now]
    return list(difflib.unified_diff(expected, settled, "checked in", "now", n=2, lineterm=""))


def are_written() -> bool:
    """Whether this is `make looks`, for a review."""
    return os.environ.get("LOOKS") == "write"


async def looks_as_checked_in(page: Page, name: str) -> None:
    """As in ``looks/NAME.txt``; `make looks` writes all of them anew, and a new page its own."""
    path, found = LOOKS / f"{name}.txt", await seen(page)
    pictured = picture(f"{name}-1280-light")
    is_new = not path.exists() and os.environ.get("CI") != "true"
    if is_new or are_written():
        LOOKS.mkdir(exist_ok=True)
        if not is_new and not difference(path.read_text().splitlines(), found):
            return  # One step is no change.
        path.write_text("\n".join(found) + "\n")
        return
    assert path.exists(), f"{path} is not checked in: make looks"
    changed = "\n".join(difference(path.read_text().splitlines(), found))
    assert not changed, (
        f"{name} looks different: see {pictured}; if it should, make looks\n{changed}"
    )
