"""Writing: texts for a shop, a novel that is edited, and translations in four languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.demo.dealing import offer

if TYPE_CHECKING:
    from earnest.demo.telling import Telling
    from earnest.demo.timeline import Days

#: What is described in Emma's shop, one batch after the other, and what it costs.
BATCHES: Final = (
    ("lavender soaps, eight of them", "120.00"),
    ("citrus soaps, six of them", "90.00"),
    ("shaving soaps and the brush", "75.00"),
    ("candles, eleven of them", "165.00"),
    ("bath salts, and what not to promise about them", "82.50"),
    ("gift boxes, four of them", "60.00"),
    ("soap dishes, of wood and of stone", "52.50"),
    ("linen towels in five colours", "75.00"),
    ("oils, with what the law wants to be said", "140.00"),
    ("refills, in words that make people want them", "37.50"),
)


async def the_descriptions(story: Telling) -> Days:
    """Siobhán describes what Emma sells; the last batch but one has to be changed."""
    yield 40
    await story.deposit("emma", "1500.00 USD")
    texts = await offer(story, "emma", "siobhan", "USD")
    made = await texts.fund(*(
        (f"Descriptions: {what}", f"{amount} USD", 62 + 16 * number)
        for number, (what, amount) in enumerate(BATCHES)
    ))  # fmt: skip
    yield 41
    await texts.accept()
    await texts.say(
        "siobhan", "Send me one of each, please. I cannot describe what I cannot smell."
    )
    for number, batch in enumerate(made):
        yield 58 + 16 * number
        await texts.submit(batch, "In the table, English and Danish.")
        yield 60 + 16 * number
        await texts.release(batch)
    yield 340
    perfumes, tags = await texts.fund(
        ("Descriptions: three perfumes, 80 words each", "95.00 USD", 358),
        ("Forty tags of at most five words, to hang on baskets in the shop", "64.00 USD", 372),
    )
    yield 352
    await texts.submit(perfumes, "Three times 80 words, not one more.")
    await texts.submit(tags, "Forty, and three that I liked too much to leave out.")
    yield 354
    await texts.ask_changes(
        perfumes, "“Notes of grandfather's boat” made me laugh. May it stay serious?"
    )
    yield 357
    await texts.request(
        "Descriptions: a calendar with 24 doors, a text behind each", "144.00 USD", 377
    )


async def the_newsletter(story: Telling) -> Days:
    """Siobhán writes Emma's newsletter: ten small amounts, and one that is on its way."""
    yield 60
    await story.deposit("emma", "700.00 USD")
    letters = await offer(story, "emma", "siobhan", "USD")
    yield 61
    await letters.accept()
    for number in range(1, 11):
        day = 62 + 29 * (number - 1)
        yield day
        (letter,) = await letters.fund((f"Newsletter no. {number}", "48.50 USD", day + 9))
        yield day + 7
        await letters.submit(letter, f"No. {number}, with a subject that is no question.")
        yield day + 8
        await letters.release(letter)
    yield 351
    await letters.fund(("Newsletter no. 11", "48.50 USD", 366))
    await letters.say("emma", "This time about the refills, please. And about the team's dog.")


_NOVEL: Final = """\
Editing of “The Salt Road”, second half, chapters 14 to 27, about 61,000 words.

I read twice: once for the story, once for the sentences. You get the file with every change \
marked, a letter of some pages about what I would cut, and a list of names, places and dates \
that do not agree with each other yet (Aunt Brigid is buried in two different churchyards).

Paid in parts as chapters are done; whatever we do not get to is yours again."""


async def the_novel(story: Telling) -> Days:
    """Siobhán edits a novel for Noah, who pays as the chapters come."""
    yield 215
    await story.deposit("noah", "4200.00 USD")
    novel = await offer(story, "noah", "siobhan", "USD")
    first, second = await novel.fund(
        ("Editing of “The Salt Road”, chapters 1 to 13", "1450.00 USD", 265),
        (_NOVEL, "1600.00 USD", 374),
    )
    yield 216
    await novel.accept()
    yield 238
    await novel.release(first, "500.00 USD")
    yield 262
    await novel.submit(
        first, "To the end of chapter 13. The letter is honest; have some tea first."
    )
    yield 265
    await novel.say("noah", "The author has stopped sulking and says that you are right.")
    await novel.release(first)
    yield 300
    await novel.release(second, "400.00 USD")
    yield 301
    large = await story.withdraw("siobhan", "1800.00 USD", "IE29AIBK93115212345678")
    yield 302
    await story.ask("olga", "withdrawal.approve", large)
    yield 344
    await novel.release(second, "350.00 USD")
    yield 355
    await novel.request("Text for the back of the book, 90 words", "110.00 USD", 379)


async def the_comic_in_japanese(story: Telling) -> Days:
    """Hanako, who pays elsewhere, translates the comic's script for Noah."""
    yield 128
    await story.deposit("noah", "300000 JPY")
    script = await offer(story, "noah", "hanako", "JPY")
    first, second = await script.fund(
        ("Japanese version of chapter one, balloons and sounds", "88000 JPY", 160),
        ("Glossary: 140 names and sounds, with how they are spoken", "24000 JPY", 368),
    )
    yield 129
    await script.accept()
    await script.say("hanako", "擬音語 take longest: in Japanese, snow has a sound. しんしん。")
    yield 158
    await script.submit(first, "With notes where I had to choose.")
    yield 160
    await script.release(first)
    yield 262
    await script.say("hanako", "The glossary grows: 90 names, and the wind has a sound of its own.")
    yield 356
    await script.submit(second, "142 in the end; the dog needed two more.")


async def the_menu(story: Telling) -> Days:
    """A small contract in dinars: Omar's menu in English, paid and ended."""
    yield 190
    await story.deposit("omar", "40.000 KWD")
    menu = await offer(story, "omar", "siobhan", "KWD")
    dishes, drinks = await menu.fund(
        ("The menu in English: 31 dishes", "28.750 KWD", 200),
        ("The card of drinks", "4.750 KWD", 203),
    )
    yield 191
    await menu.accept()
    yield 197
    await menu.submit(dishes, "31. “Mother of Ali” keeps its name and gets half a sentence.")
    await menu.submit(drinks, "Short, like the coffee.")
    yield 198
    await menu.release(dishes)
    await menu.release(drinks)
    await menu.say("omar", "شكراً جزيلاً! The first guest has already ordered by your half sentence.")
    await menu.end("siobhan")


async def tea_in_english(story: Telling) -> Days:
    """Siobhán and Hanako: texts for tea, with requests that wait for an answer."""
    yield 310
    await story.deposit("hanako", "250000 JPY")
    tea = await offer(story, "hanako", "siobhan", "JPY")
    (about,) = await tea.fund(("“About us”, told by the third generation", "42000 JPY", 330))
    yield 311
    await tea.accept()
    yield 326
    await tea.submit(about, "I cried a little at the part with the bicycle.")
    yield 328
    await tea.release(about)
    yield 346
    await tea.request("How to brew: five small leaflets", "60000 JPY", 385)
    await tea.request("Names of the teas in English, fourteen", "28000 JPY", 371)
    yield 348
    await tea.say("hanako", "Both sound right. My husband and I decide on Sunday.")


async def proofs(story: Telling) -> Days:
    """Ana has her portfolio read by Siobhán: the smallest contract, ended on its third day."""
    yield 131
    texts = await offer(story, "ana", "siobhan", "USD")
    (read,) = await texts.fund(("Twelve captions, read for mistakes", "18.00 USD", 134))
    yield 132
    await texts.accept()
    await texts.submit(read, "One comma.")
    yield 133
    await texts.release(read)
    await texts.end("siobhan")


async def into_czech(story: Telling) -> Days:
    """Tomáš, who also looks after the site, translates for Noah."""
    yield 235
    await story.deposit("noah", "3600.00 USD")
    book = await offer(story, "noah", "tomas", "USD")
    first, _second = await book.fund(
        ("“Eleven Winters” in Czech, part one", "1700.00 USD", 320),
        ("“Eleven Winters” in Czech, part two", "1700.00 USD", 400),
    )
    yield 236
    await book.accept()
    yield 318
    await book.submit(first, "212 pages. Winter no. 6 is my favourite.")
    yield 321
    await book.release(first)


WRITING: Final = (
    the_descriptions,
    the_newsletter,
    the_novel,
    the_comic_in_japanese,
    the_menu,
    tea_in_english,
    proofs,
    into_czech,
)
