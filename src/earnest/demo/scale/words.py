"""What people of the demo at scale are called, and what they write: from lists of words.

Some words are in a tenth of all texts or more ("website", "design", "final"), most are in few, as
it is in life.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.skills import Skill

if TYPE_CHECKING:
    from random import Random


def _listed(text: str, between: str | None = None) -> tuple[str, ...]:
    """The words of a text, or what stands between these."""
    return tuple(each.strip() for each in text.split(between))


_FIRST: Final = _listed(
    """Ada Adam Agnieszka Ahmed Aisha Akira Alejandro Alice Amara Amina Ana Anders Andrea Anja
    Antoine Arjun Astrid Aylin Beatriz Ben Bianca Bo Camila Carlos Carmen Chen Chiara Chloé Claire
    Clara Daan Daniel David Diego Dmitri Elena Elif Elisa Emil Emily Emma Erik Esra Eva Fatima
    Felix Fiona Florian Fouad Francesca Gabriel Giulia Grace Greta Hana Hannah Hassan Helena Henrik
    Hiroshi Hugo Ibrahim Ida Imran Inés Ingrid Irina Isabel Ivan Jakub James Jan Jana Javier Jin
    Joana João Johan Jonas José Julia Jun Kaan Karin Karim Katarzyna Kenji Kofi Lars Laura Layla
    Lea Lena Leo Li Liam Lin Linh Lucas Lucía Luka Lukas Luis Maja Malik Manon Marco Maria Marie
    Marta Martin Mateo Matteo Max Maya Mehmet Mei Mia Michael Miguel Mila Min Mira Mohammed Nadia
    Naomi Natalia Nikola Nina Nils Noah Nora Oksana Olga Oliver Omar Oscar Pablo Paolo Paul Pedro
    Petra Pia Priya Rafael Rahul Rania Ravi Rosa Ruth Salma Sam Samir Sanna Sara Sebastian Selin
    Sergei Simon Siobhán Sofia Stefan Sven Tariq Tereza Thomas Tomás Uma Valentina Vera Victor
    Wei Xavier Yara Yasmin Yuki Yusuf Zofia Zoë Łukasz Øyvind Ömer Şule"""
)
_LAST: Final = _listed(
    """Abe Adeyemi Ahmed Akhtar Ali Almeida Andersen Andersson Arslan Bakker Banerjee Barbosa Bauer
    Becker Berg Bernard Bianchi Björk Bonnet Braun Brown Campbell Carvalho Castillo Chen Choi
    Christensen Clark Costa Cruz Dahl Da Silva Das Davies De Jong De Vries Demir Diallo Díaz Doğan
    Dubois Dupont Eriksen Evans Fernandes Fernández Ferrari Fischer Fontaine Fuchs García Garnier
    Gomes González Green Greco Gruber Gupta Haddad Hall Hansen Haas Hayashi Hernández Hoffmann
    Horvat Hughes Huber Ibrahim Ito Ivanov Jackson Janssen Jensen Johansson Johnson Jones Jung
    Kang Kapoor Kaya Keller Khan Kim Klein Kobayashi Koch Kowalczyk Kowalski Krause Kumar Lam
    Lambert Larsen Lee Lefèvre Lehmann Lindberg Liu Lombardi López Lopes Lund Mahmoud Malik Marino
    Martin Martínez Mendes Meyer Mishra Mitchell Moreau Moreno Mori Morris Müller Mwangi Nakamura
    Nguyen Nielsen Nilsson Novak Novotný Okafor Okoye Oliveira Olsen Ortega Osei Öztürk Park Patel
    Pereira Pérez Petersen Petrov Pham Phillips Popescu Pospíšil Ramírez Ramos Rao Ricci Richter
    Rivera Roberts Rodríguez Romano Rossi Roux Ruiz Sánchez Santos Sato Schmidt Schneider Schulz
    Schwarz Shah Sharma Silva Simon Singh Smith Soares Sokolov Souza Suzuki Svensson Takahashi
    Tanaka Taylor Thomas Torres Tran Vargas Visser Vogel Wagner Walker Wang Watanabe Weber White
    Wilson Wójcik Wolf Wood Wright Wu Yamamoto Yang Şahin Young Zhang Zimmermann"""
)

#: What is made, and which skills that asks for.
_THINGS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("website", ("web_design", "css", "typescript", "wordpress")),
    ("online shop", ("shopify", "web_design", "css", "seo")),
    ("mobile app", ("android", "swift", "ui_design", "api_design")),
    ("logo", ("branding", "graphic_design", "illustration")),
    ("brand guide", ("branding", "graphic_design", "copywriting")),
    ("newsletter", ("copywriting", "content_writing", "social_media")),
    ("catalogue", ("graphic_design", "translation", "copywriting")),
    ("training video", ("video_editing", "animation", "scriptwriting")),
    ("podcast series", ("audio_editing", "music_production", "voice_over")),
    ("database of customers", ("sql", "data_entry", "excel")),
    ("monthly report", ("excel", "statistics", "data_science")),
    ("translation of a manual", ("translation", "technical_writing", "german")),
    ("set of illustrations", ("illustration", "graphic_design")),
    ("pipeline for our data", ("python", "sql", "aws", "terraform")),
    ("dashboard", ("data_science", "vue", "sql")),
    ("book cover", ("illustration", "graphic_design")),
    ("landing page", ("web_design", "copywriting", "seo")),
    ("booking system", ("api_design", "typescript", "sql")),
    ("bookkeeping of last year", ("bookkeeping", "accounting", "excel")),
    ("survey of our readers", ("research", "statistics", "ux_research")),
    ("3D model of a chair", ("three_d_modeling", "cad")),
    ("search in our archive", ("python", "sql", "api_design")),
    ("help centre", ("technical_writing", "customer_support")),
    ("menu in four languages", ("translation", "graphic_design")),
)
#: What most people want.
_WANTED: Final = (*_THINGS, *_THINGS[:1] * 4)
_KINDS: Final = _listed(
    """small new simple modern second accessible bilingual printed interactive complete quiet
    seasonal"""
)
_VERBS: Final = ("Design", "Build", "Redesign", "Make", "Write", "Plan", "Repair", "Prepare")
_FOR: Final = _listed(
    """a bakery|a museum|a dentist|a school of music|a cycling club|two lawyers|a publisher|
    our members|a tea importer|a climbing hall|a food bank|a hotel by the sea|a pharmacy|
    a city library|a start-up|a theatre|a vineyard|our customers|a choir|a repair shop|
    a nature reserve|a language school|a coffee roaster|an architect""",
    "|",
)
_WISHES: Final = (
    "It should load fast and work on old phones.",
    "We have texts and photographs; what is missing is somebody who puts them in order.",
    "Please say how you would begin, and what you would leave out.",
    "The design is there as a draft; the final version has to be accessible.",
    "Two rounds of feedback are enough for us.",
    "We work in the mornings and answer within a day.",
    "Everything has to be editable by us afterwards.",
    "The last person who tried left us with a half-finished website and no passwords.",
    "We need it before the summer, but we would rather have it right.",
    "There is a style guide; please keep to it.",
)
_STAGES: Final = (
    "First draft", "Design", "Final version", "Research", "Sketches", "Revision", "Tests",
    "Delivery", "Texts", "Photographs", "Layout", "Prototype", "Import of the data", "Training",
    "Review with the team", "Design of the details", "Final corrections", "Handover",
)  # fmt: skip
_PARTS: Final = (
    "the first page", "the menu", "chapter {n}", "page {n}", "week {n}", "version {n}",
    "the English text", "the Spanish text", "the mobile layout", "the archive", "the forms",
    "the contact page", "the images", "part {n}", "month {n}", "batch {n}", "the checkout",
    "the index", "module {n}", "episode {n}",
)  # fmt: skip
_PITCHES: Final = (
    "I have made three of these in the last year and can show you all of them.",
    "I would begin with a draft of the design, so that you can say no early.",
    "I work alone, answer fast and deliver in small steps.",
    "You get the sources, a short manual and a month of corrections.",
    "My price includes two rounds of changes and the final files.",
    "I would rather ask too much before I start than too little.",
    "We are two, a designer and a programmer, and we split the work.",
    "I can start on Monday.",
)
_NOTES: Final = (
    "Done, please have a look.", "Final version, with your corrections.", "As discussed.",
    "Ready. The files are in the usual place.", "First draft, as promised.", "",
    "All of it, and a short note on how to change it.", "Tested on three phones.",
)  # fmt: skip
_TALK: Final = (
    "When would you like to talk about the next part?", "Thank you, this looks very good.",
    "I will be away on Friday, and back on Monday.", "Could you send me the photographs?",
    "The draft is on your website's test page.", "I have sent the money for the next step.",
    "There is one question about the design.", "Perfect!", "Please see my comments on page 2.",
)  # fmt: skip
_QUESTIONS: Final = (
    "Is there a draft that one can see?", "Which languages are needed?", "How final is the text?",
    "Who hosts the website?", "May it be done in two phases?", "Do you have a design already?",
)  # fmt: skip
_ANSWERS: Final = ("Yes.", "Not yet.", "English first, the others later.", "That is up to you.")
_REASONS: Final = (
    "The colours are not ours.", "Two pages are missing.", "The text is still the draft.",
    "Please use the final photographs.", "It does not work on my phone.",
)  # fmt: skip


def name(rng: Random) -> str:
    """What somebody is called."""
    return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"


def project(rng: Random) -> tuple[str, str, tuple[Skill, ...]]:
    """What somebody wants done: its title, what there is to say about it, and the skills."""
    thing, wanted = rng.choice(_WANTED)
    skills = tuple(Skill(each) for each in rng.sample(wanted, min(len(wanted), rng.randint(1, 3))))
    title = f"{rng.choice(_VERBS)} a {rng.choice(_KINDS)} {thing} for {rng.choice(_FOR)}"
    wishes = rng.sample(_WISHES, rng.randint(1, 4))
    return title, f"A {thing}. {' '.join(wishes)}", skills


def milestone(rng: Random) -> str:
    """A piece of work."""
    part = rng.choice(_PARTS).format(n=rng.randint(1, 40))
    text = f"{rng.choice(_STAGES)}: {part}"
    if rng.random() < 0.25:  # noqa: PLR2004
        return f"{text} of the {rng.choice(_WANTED)[0]} for {rng.choice(_FOR)}"
    return text


def pitch(rng: Random) -> str:
    """What somebody writes who bids."""
    return " ".join(rng.sample(_PITCHES, rng.randint(1, 3)))


def note(rng: Random) -> str:
    """What comes with finished work."""
    return rng.choice(_NOTES)


def remark(rng: Random) -> str:
    """Something said in a contract."""
    return rng.choice(_TALK)


def question(rng: Random) -> tuple[str, str]:
    """Something asked about a project, and the answer."""
    return rng.choice(_QUESTIONS), rng.choice(_ANSWERS)


def reason(rng: Random) -> str:
    """What is missing yet."""
    return rng.choice(_REASONS)
