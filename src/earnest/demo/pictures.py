"""Pictures: what Kenji draws, what Viktor photographs, and the covers of Noah's books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.demo.dealing import Deal, offer

if TYPE_CHECKING:
    from earnest.demo.telling import Telling
    from earnest.demo.timeline import Days

#: What Noah and Kenji say to each other about the comic: on which day, who, what.
TALK: Final = (
    (122, "noah", "The script is in the folder. Begin with Mira, she carries the whole book."),
    (122, "kenji", "Read it on the train and missed my stop. How old is Mira exactly?"),
    (123, "noah", "Eleven. Nearly twelve, she would say."),
    (123, "kenji", "Then her hands are too big for her, and she keeps them in her pockets."),
    (124, "noah", "Yes! Exactly her."),
    (126, "kenji", "First six heads are in the folder. The lighthouse keeper gave me trouble."),
    (127, "noah", "He looks like my uncle, which is perfect and a little frightening."),
    (127, "kenji", "I never met your uncle, I promise. 😄"),
    (129, "noah", "May the dog be older? It should look as if it had seen the war."),
    (130, "kenji", "One ear less, then."),
    (131, "noah", "One ear less."),
    (134, "kenji", "Question for the printer: is the paper white, or a warm white?"),
    (135, "noah", "Warm. I post you a sheet, then you need not believe the screen."),
    (139, "kenji", "The sheet is here. All blues a step colder, and it works."),
    (140, "noah", "How do you want to letter it: by hand, or a typeface made of your hand?"),
    (141, "kenji", "By hand in chapter one. If my wrist complains, we talk again."),
    (144, "kenji", "Ms. Yamada asks for taller balloons: her lines run from top to bottom."),
    (145, "noah", "She is right, she always is. Taller, please, also where it hurts."),
    (146, "kenji", "Then page 14 loses the seagull."),
    (146, "noah", "Anything but the seagull."),
    (147, "kenji", "The seagull sits on the balloon now. Everybody is happy, above all the gull."),
    (160, "noah", "The plates can take their time; the fair is far away."),
    (161, "kenji", "Thank you. I want to paint the storm with real water."),
    (190, "kenji", "The storm took three sheets and one carpet. 嵐は難しい。"),
    (191, "noah", "I saw the photograph. Send me the bill for the carpet, I mean it."),
    (192, "kenji", "It was an ugly carpet. It has a storm on it now, that is an improvement."),
    (201, "kenji", "May the keeper have a cat? I know that the script says he is alone."),
    (202, "noah", "The author says: a cat, but nobody in the book ever notices it."),
    (203, "kenji", "Then it is on every page, and I tell nobody where."),
    (
        218,
        "kenji",
        "Page 9, third panel: the lamp turns the wrong way round. Shall I paint it again?",
    ),
    (219, "noah", "Which way do lamps turn?"),
    (219, "kenji", "I asked the lighthouse at Inubōsaki. They were very kind. Clockwise."),
    (220, "noah", "Then again, please, and send me a bill for that one too."),
    (230, "noah", "How far are we? I ask because of the catalogue, not because I worry."),
    (231, "kenji", "Nine of sixteen plates. Seven and a half if you count as my mother does."),
    (244, "noah", "A bookshop in Osaka asks for a signing next year. Would you?"),
    (246, "kenji", "If I may draw instead of talking."),
    (247, "noah", "They will love you for it."),
    (258, "kenji", "My wrist complained. We talk again about the lettering."),
    (259, "noah", "Rest it. A typeface made of your hand, then, and only the sounds by hand."),
    (260, "kenji", "The sounds are the best part anyway. ドーン…"),
    (275, "kenji", "Twelve. The keeper's kitchen is done; every cup is a cup that I own."),
    (276, "noah", "I could live in that kitchen."),
    (288, "kenji", "Fourteen. Do you want the list of cups with their makers?"),
    (289, "noah", "As the last page of the book! Yes!"),
    (300, "noah", "For the cover: Mira from behind, and what she sees only on the back?"),
    (301, "kenji", "Then whoever buys it has to turn it round. I like that very much."),
    (329, "noah", "The plates that I have seen are wonderful; I release a part, as agreed."),
    (329, "kenji", "That pays for the heating. Thank you."),
    (
        340,
        "kenji",
        "The cover is dry. I leave it on the wall for two weeks and look at it askance.",
    ),
    (341, "noah", "What does it say?"),
    (352, "kenji", "That the sea was too blue. It is no longer."),
    (359, "noah", "I have the cover before me and have turned it round eleven times."),
    (361, "kenji", "That is the right number. It is how old Mira is."),
)

_CHAPTER_TWO: Final = """\
Chapter two, the first ten pages: pencil, ink and colour.

Mira goes down into the lighthouse's cellar, finds the second lamp, and understands why the dog \
does not go there. Pages 17 to 19 are one drawing that goes on over the fold; I would paint it at \
full size. Lettering is included, the cover is not."""


async def the_comic(story: Telling) -> Days:
    """Noah has a comic drawn by Kenji, in yen: it is in the middle of things."""
    yield 120
    await story.deposit("noah", "600000 JPY")
    comic = await offer(story, "noah", "kenji", "JPY")
    sketches, plates, cover = await comic.fund(
        ("Character sketches, six people", "120000 JPY", 150),
        ("Colour plates of chapter one", "180000 JPY", 372),
        ("Cover", "90000 JPY", 380),
    )
    yield 121
    await comic.accept()
    yield _talk(comic)
    yield 148
    await comic.submit(sketches, "Six people, three views each.")
    yield 149
    await comic.release(sketches)
    yield 150
    poster = await comic.request("Poster of all six", "70000 JPY")
    yield 152
    await comic.turn_down(poster)
    yield 330
    await comic.release(plates, "100000 JPY")
    yield 358
    await comic.submit(cover, "Front and back.")
    await comic.request(_CHAPTER_TWO, "150000 JPY", 410)
    await comic.request("One drawing for the fair's newspaper", "800 JPY", 369)


async def _talk(comic: Deal) -> Days:
    for day, who, text in TALK:
        yield day
        await comic.say(who, text)


async def the_covers(story: Telling) -> Days:
    """Three covers by Ana for Noah's novels: paid and ended."""
    yield 20
    await story.deposit("noah", "2000.00 USD")
    covers = await offer(story, "noah", "ana", "USD")
    made = await covers.fund(
        ("Cover: “The Salt Road”", "420.00 USD", 45),
        ("Cover: “Eleven Winters”", "420.00 USD", 60),
        ("Cover: “A Short History of Rain”", "480.00 USD", 80),
    )
    yield 21
    await covers.accept()
    for day, cover in zip((41, 58, 77), made, strict=True):
        yield day
        await covers.submit(cover, "With spine and back, for the printer.")
        yield day + 2
        await covers.release(cover)
    yield 90
    await covers.say("noah", "All three are on my wall. Until the next season!")
    await covers.end("noah")


async def tea_labels(story: Telling) -> Days:
    """Hanako's teas get labels by Kenji; one of them is not needed, and its money is back."""
    yield 45
    await story.deposit("hanako", "800000 JPY")
    labels = await offer(story, "hanako", "kenji", "JPY")
    sencha, hojicha, matcha = await labels.fund(
        ("Label for sencha: the river at Uji", "85000 JPY", 70),
        ("Label for hōjicha: smoke over roofs", "85000 JPY", 85),
        ("Label for matcha: the bridge in snow", "85000 JPY", 100),
    )
    yield 46
    await labels.accept()
    yield 66
    await labels.submit(sencha, "川の音が聞こえるように。")
    yield 67
    await labels.release(sencha)
    yield 82
    await labels.submit(hojicha, "煙は手描きです。")
    yield 83
    await labels.ask_changes(hojicha, "The roofs look like Kyoto's; ours are lower. 少し低く。")
    yield 88
    await labels.submit(hojicha, "Lower roofs, more smoke.")
    yield 89
    await labels.release(hojicha)
    yield 92
    await labels.cancel(matcha)
    await labels.say("kenji", "The harvest failed, so there is nothing to put a label on.")
    yield 93
    await labels.end("hanako")
    yield 95
    await story.withdraw("kenji", "150000 JPY", "kenji-mori-mizuho")


async def the_soaps(story: Telling) -> Days:
    """Viktor photographs Emma's soaps; she has asked for the last money back, he says nothing."""
    yield 150
    await story.deposit("emma", "2400.00 USD")
    photographs = await offer(story, "emma", "viktor", "USD")
    made = await photographs.fund(
        ("Photographs of the lavender soaps, white ground", "210.00 USD", 170),
        ("Photographs of the citrus soaps, white ground", "210.00 USD", 184),
        ("Photographs of candles, lit and unlit", "260.00 USD", 198),
        ("Hands at work, four pictures in the workshop", "340.00 USD", 212),
        ("Portraits of the team, seven people", "490.00 USD", 226),
        ("The old town branch in the evening", "180.00 USD", 330),
    )
    yield 151
    await photographs.accept()
    *series, team, branch = made
    for day, each in zip((168, 181, 196, 210), series, strict=True):
        yield day
        await photographs.submit(each, "In the folder, full size and small.")
        yield day + 2
        await photographs.release(each)
    yield 224
    await photographs.release(team, "350.00 USD")
    await photographs.say("emma", "Two of seven were ill; would you give back what is left?")
    yield 226
    await photographs.cancel(team, "140.00 USD")
    yield 345
    reason = "For three months it has been next week. I would rather have it back."
    await photographs.ask_cancel(branch, reason)


async def the_dishes(story: Telling) -> Days:
    """Viktor photographs what Omar cooks: one part given back, and the contract has ended."""
    yield 210
    await story.deposit("omar", "260.000 KWD")
    dishes = await offer(story, "omar", "viktor", "KWD")
    breakfast, sweets = await dishes.fund(
        ("Photographs of nine breakfasts", "120.500 KWD", 230),
        ("Photographs of the sweets, with steam", "64.750 KWD", 240),
    )
    yield 211
    await dishes.accept()
    yield 228
    await dishes.submit(breakfast, "Nine, from above and from the side.")
    yield 229
    await dishes.release(breakfast)
    yield 238
    await dishes.say("viktor", "I cannot come a second time this month, so this is yours again.")
    await dishes.cancel(sweets)
    yield 242
    await dishes.end("omar")
    await story.withdraw("viktor", "110.000 KWD", "DE89370400440532013000")


async def a_catalogue(story: Telling) -> Days:
    """Viktor photographs cups for Hanako; he was suspended since, and goes on with what he has."""
    yield 305
    await story.deposit("hanako", "400000 JPY")
    cups = await offer(story, "hanako", "viktor", "JPY")
    small, _large = await cups.fund(
        ("Photographs of 24 small cups, each with its maker's mark", "96000 JPY", 335),
        ("Photographs of 12 large bowls", "72000 JPY", 378),
    )
    yield 306
    await cups.accept()
    yield 339
    await story.ask("olga", "contract.inspect", cups.contract)
    yield 340
    await story.suspend("viktor")
    yield 342
    await cups.submit(small, "24, and the marks at twice the size.", "https://example.com/cups")
    yield 343
    await cups.say("hanako", "Beautiful. My husband counts them against the list tonight.")


PICTURES: Final = (the_comic, the_covers, tea_labels, the_soaps, the_dishes, a_catalogue)
