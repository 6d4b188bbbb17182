"""Projects: from what somebody wants done to the contract in which it is paid, or to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.demo.bidding import post

if TYPE_CHECKING:
    from earnest.demo.telling import Telling
    from earnest.demo.timeline import Days


async def a_song(story: Telling) -> Days:
    """Ana looks for a song and finds nobody; after 44 days what she reserved is back."""
    yield 200
    await story.deposit("ana", "150.00 USD")
    song = await post(
        story, "ana", "A song of twelve seconds for my showreel",
        "No voice. Something between a kettle and a cello.",
        ("60.00 USD", "150.00 USD"), "music_production", "audio_editing",
    )  # fmt: skip
    await song.reserve("100.00 USD")
    yield 206
    await song.talk("jose", "May it be a kettle drum?", "It may not.")


async def the_tax_office(story: Telling) -> Days:
    """Omar needs a table for the tax office; Łukasz makes it, and the project is completed."""
    yield 245
    await story.deposit("omar", "260.000 KWD")
    table = await post(
        story, "omar", "Three years of bills, in the tax office's own format",
        "4,100 bills as PDF, some of them photographed. I need one table a year.",
        ("120.000 KWD", "260.000 KWD"), "data_entry", "excel", "arabic",
    )  # fmt: skip
    yield 246
    await table.bid(
        "lukasz", 20, "I have a program that reads such bills, and I check what it reads.",
        ("The first year", "70.000 KWD", 8), ("The other two", "110.000 KWD", 20),
    )  # fmt: skip
    await table.bid("siobhan", 40, "By hand, with care.", ("All of it", "250.000 KWD", 40))
    yield 248
    deal = await table.award("lukasz")
    await table.decline("siobhan")
    yield 249
    await deal.accept()
    yield 250
    first, rest = await deal.fund(
        ("The first year", "70.000 KWD", 260), ("The other two", "110.000 KWD", 272)
    )
    for day, each in ((258, first), (270, rest)):
        yield day
        await deal.submit(each, "With a list of the bills that nobody can read.")
        yield day + 1
        await deal.release(each)
    # So late that both can still say how it was.
    yield 300
    await deal.end("omar")


async def a_trailer(story: Telling) -> Days:
    """Noah wants a film about a book, and then no film."""
    yield 300
    await story.deposit("noah", "400.00 USD")
    trailer = await post(
        story, "noah", "A trailer for a novel",
        "Forty seconds, no actors, one lighthouse.",
        ("300.00 USD", "800.00 USD"), "video_editing", "animation",
    )  # fmt: skip
    await trailer.reserve("300.00 USD")
    yield 302
    await trailer.bid(
        "kenji", 30, "The lighthouse in ink, and the light moves.",
        ("Drawings", "350.00 USD", 15), ("The film", "400.00 USD", 30),
    )  # fmt: skip
    yield 306
    await trailer.retract("kenji")
    await trailer.close()


async def a_book_of_recipes(story: Telling) -> Days:
    """Emma's recipes: two bid, one is on her shortlist, the other one draws them."""
    yield 330
    await story.deposit("emma", "900.00 USD")
    book = await post(
        story, "emma", "Twenty recipes for soap, drawn",
        "For a small book that we give away. One page each, two colours, for printing.",
        ("300.00 USD", "700.00 USD"), "illustration", "graphic_design",
    )  # fmt: skip
    await book.reserve("300.00 USD")
    yield 331
    await book.talk("kenji", "Who writes the recipes?", "They are written, and tested on us.")
    yield 333
    await book.bid(
        "kenji", 40, "Ink and one green. I draw each soap as if it were a person.",
        ("Three trial pages", "90.00 USD", 7), ("The other seventeen", "420.00 USD", 32),
        ("The cover", "130.00 USD", 40),
    )  # fmt: skip
    await book.bid(
        "ana", 45, "Two pages a week, so that you always know where we are.",
        *((f"Pages {2 * week - 1} and {2 * week}", "55.00 USD", 4 * week + 3)
        for week in range(1, 11)),
    )  # fmt: skip
    await book.shortlist("kenji")
    yield 335
    deal = await book.award("ana")
    await book.decline("kenji")
    yield 336
    await deal.accept()
    yield 337
    pages = await deal.fund(
        *((f"Pages {2 * week - 1} and {2 * week}", "55.00 USD", 340 + 4 * week)
        for week in range(1, 11)),
    )  # fmt: skip
    for day, each in ((343, pages[0]), (347, pages[1]), (352, pages[2])):
        yield day
        await deal.submit(each, "Both, at full size.")
        yield day + 1
        await deal.release(each)


async def a_catalogue_in_english(story: Telling) -> Days:
    """Hanako's project is open: two have bid, one is on her shortlist, and a question waits."""
    yield 357
    await story.deposit("hanako", "120000 JPY")
    teas = await story.file("hanako", "お茶の一覧.csv", TEAS)
    wishes = await story.file("hanako", "What matters to us.md", WISHES)
    catalogue = await post(
        story, "hanako", "Our catalogue of teas, in English",
        "48 pages. The names of teas stay as they are, and I explain each. 一緒に作りましょう。",
        ("90000 JPY", "160000 JPY"), "translation", "japanese", "english",
        files=(teas, wishes),
    )  # fmt: skip
    await catalogue.reserve("80000 JPY")
    yield 359
    page = await story.file("siobhan", "One page, as a sample.txt", SAMPLE)
    await catalogue.bid(
        "siobhan", 30, "I have written about soap for a year; tea smells better.",
        ("Twenty-four pages", "70000 JPY", 14), ("The rest", "70000 JPY", 30), files=(page,),
    )  # fmt: skip
    yield 360
    await catalogue.bid("jose", 10, "Fast.", ("All of it", "95000 JPY", 10))
    await catalogue.shortlist("siobhan")
    yield 364
    await catalogue.ask("lukasz", "Is there a version that a program can read?")


async def a_map(story: Telling) -> Days:
    """Noah has awarded a map, and waits for the answer."""
    yield 361
    await story.deposit("noah", "300.00 USD")
    chart = await post(
        story, "noah", "A map of an island that is not there",
        "For the inside of a cover. The author will tell you where the wells are.",
        ("150.00 USD", "300.00 USD"), "illustration", "gis",
    )  # fmt: skip
    await chart.reserve("200.00 USD")
    yield 363
    await chart.bid(
        "lukasz", 20, "Drawn by a program that thinks it is the sea.",
        ("The coast", "120.00 USD", 10), ("Everything else", "120.00 USD", 20),
    )  # fmt: skip
    yield 365
    await chart.award("lukasz")


#: What Hanako and Siobhán attach.
TEAS: Final = (
    "name,reading,harvest,pages\n玉露,gyokuro,May,4\n煎茶,sencha,May,6\n焙じ茶,hōjicha,June,2\n"
)
WISHES: Final = (
    "# What matters to us\n\n- The names stay as they are.\n- No exclamation marks.\n"
    "- A tea is never a journey.\n"
)
SAMPLE: Final = (
    "Gyokuro stands in the shade for three weeks, and one can taste what it thought about.\n"
)
PROJECTS: Final = (
    a_song,
    the_tax_office,
    a_trailer,
    a_book_of_recipes,
    a_catalogue_in_english,
    a_map,
)
