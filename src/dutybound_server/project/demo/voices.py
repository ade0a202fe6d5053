"""What people told Ridge Forum, and what its staff did about it, when the demo begins.

Pictures are harmless: a drawing of a horse and a photograph of cells stand for intimate images.
"""

from dataclasses import dataclass, field

from dutybound.cases.kinds import Kind, Outcome
from dutybound_server.casework.intimate import AGENT, SUBJECT

COLOUR = "#2f5d3a"
PROOF_BITS = 14
"""Work that a browser does in a blink, and many programs do not do."""
TARGETED_ACCOUNT = "quick_sale_77"
COMPLAINTS_BY = "Sena"


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody told, so many hours before the demo begins; `posts` are numbers of POSTS."""

    name: str
    hours_ago: float
    words: str
    kind: Kind = Kind.ILLEGAL_CONTENT
    harm: str = ""
    posts: tuple[int, ...] = ()
    account: str = ""
    channel: str = "page"
    language: str = "en"
    version: str = "adult"
    role: str = ""
    """Of who reports an intimate image."""
    about: str = ""
    """Name of the voice that this one complains about."""
    times: int = 1
    """So many people say so, seconds apart, by browsers that did none of the form's work."""


VOICES = (
    Voice("boots", 40.5, "I paid for boots in May. Nothing came and nobody answers.",
          harm="fraud", posts=(4,)),
    Voice("brew", 40.6, "Is this the coffee advert again?", harm="drugs", posts=(5,),
          account="stile_counter"),
    Voice("slur", 30.0, "I come from the other valley. That word is not all right.", harm="hate",
          posts=(9,), account="wren"),
    Voice("late", 27.5, "He says this to everybody who asks something. I feel sick when I open "
          "the forum.", harm="harassment", posts=(34,), account="fellwalker"),
    Voice("hidden", 3.2, "Please look at this picture. I did not want to see it.",
          harm="csea_image_csam", posts=(11,), channel="widget"),
    Voice("walker", 18.4, "That is a rude word for people like me, with a number in it.",
          harm="hate", posts=(17,), account="tarn_swimmer"),
    Voice("gate", 15.8, "This is about me. I shut that gate.", harm="harassment", posts=(19,),
          account="wren"),
    Voice("flood", 10.5, "Drugs for sale. Take it down.", harm="drugs", posts=(22,), times=24),
    Voice("child", 9.0, "he called us a bad word and told us to go home",
          kind=Kind.HARMFUL_TO_CHILDREN, harm="bullying", posts=(17,), version="child"),
    Voice("beic", 6.0, "Mae'r un beic ar werth mewn tri lle. Rwy'n meddwl mai twyll ydyw.",
          harm="fraud", posts=(20,), language="cy"),
    Voice("app", 5.0, "Same shop as in spring.", harm="fraud", posts=(26,), account="cairn",
          channel="api"),
    Voice("garden", 4.0, "Somebody wrote where my garden is, and now people come to look. I do not "
          "know what kind of thing this is."),
    Voice("place", 1.0, "What does he sell?", harm="drugs", posts=(31,), channel="widget"),
    Voice("intimate", 30.0, "That is me. I never said yes to this.", kind=Kind.INTIMATE_IMAGE,
          role=SUBJECT, posts=(35,)),
    Voice("refused", 43.0, "My sister is in this picture. Take it away, please.",
          kind=Kind.INTIMATE_IMAGE, role=AGENT, posts=(38,)),
    Voice("expedited", 20.0, "You say it is not intimate. It is. Please look again.",
          kind=Kind.EXPEDITED, about="refused"),
    Voice("answered", 170.0, "I could not find how to report something on my phone.",
          kind=Kind.DUTIES, account="map_and_flask"),
    Voice("duties", 146.0, "Your rules do not say what happens to my posts.", kind=Kind.DUTIES),
    Voice("machine", 38.0, "Your machine hid my picture of a brew.",
          kind=Kind.PROACTIVE_TECHNOLOGY, account="map_and_flask"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """How staff answered a complaint."""

    voice: str
    hours_ago: float
    by: str
    outcome: Outcome
    reasons: str
    words: str


ANSWERS = (
    Answer(
        "answered", 100.0, "Sena", Outcome.ACTED,
        "The link was below the fold on narrow screens. It is beside each post now.",
        "You were right: on a phone the link was hard to find. It is beside each post now. Thank "
        "you for telling us.",
    ),
)  # fmt: skip
REFUSED_BY, REFUSED_HOURS_AGO = "Sena", 22.0
REFUSED_WORDS = "We looked at the picture and do not think that it is intimate."
PAUSED, PAUSED_BY, PAUSED_HOURS_AGO = "machine", "Sena", 30.0
PAUSED_WHY = "We asked which picture it is; there are two."

APPEALED_POST, APPEALED_HOURS_AGO = 19, 13.0
APPEAL_GROUNDS = "It is about a gate. I named nobody and meant nobody."

FLAGGER = "Hill Fraud Watch"
FLAGGER_POLICY = (
    "They collect false sales from forty clubs and see a shop before we do. Their reports get no "
    "place ahead of others of the same gravity; we answer them within a day."
)
FLAGS = (
    (22.0, 15, "The same claim went to nine clubs this week. The site is a day old."),
    (5.8, 26, "Third name of the same shop. We have eleven statements of people who paid."),
)
"""Hours ago, post, words."""
FLAGGER_AGREED_HOURS_AGO = 168.0

REPORT_BY, REPORT_HOURS_AGO = "Ren", 2.6
HOLD_BY, HOLD_HOURS_AGO = "Sena", 12.0
HOLD_WHY = "The police asked us in a letter to keep what we have about false sales of bikes."
HOLD_REFERENCE = "Letter of 12 November"


@dataclass(frozen=True, slots=True)
class Looks:
    """Who takes a second look, in turn, and about which post they see it another way."""

    by: tuple[str, ...] = ("Nell", "Mo", "Nell", "Mo", "Sena")
    disagree_about: int = 5
    hours_ago: float = 2.0
    asked_hours_ago: float = 3.0
    rates: dict[str, float] = field(
        default_factory=lambda: {"illegal_content": 0.25, "match": 0.25, "no_action": 0.25}
    )


LOOKS = Looks()
CLOCK_HOURS_AGO = (30.0, 20.0, 12.0, 6.0, 3.0, 1.0, 0.0)
"""When the clocks were looked at; the server does it every few seconds."""
