"""What has happened at Ridge Forum, a made-up hill-walking forum, when the demo begins.

Every word and picture is harmless. `zonk` stands for a slur; a cat stands for a picture that
somebody wants gone, a cup of coffee for an advertisement of drugs.
"""

from dataclasses import dataclass

from dutybound.cases.guides import Answer, Given, Judged
from dutybound_server.people.roles import Role

PASSWORD = "a long walk along the ridge"  # noqa: S105 - the demo prints it for everyone
SERVICE, SERVICE_NAME = "ridge", "Ridge Forum"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: Role

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@ridge.example"


STAFF = (
    Person("Mo", Role.MODERATOR),
    Person("Nell", Role.MODERATOR),
    Person("Sena", Role.SENIOR),
    Person("Ren", Role.RESTRICTED),
    Person("Ada", Role.ADMINISTRATOR),
    Person("Grace", Role.ACCOUNTABLE),
    Person("Ode", Role.AUDITOR),
)
ACCOUNTABLE, AUDITOR = "Grace", "Ode"


@dataclass(frozen=True, slots=True)
class DemoBank:
    """A bank; `signals` are pairs of kind and value, and `pictures` names of photographs."""

    name: str
    harm: str
    effect: str
    description: str
    pictures: tuple[str, ...] = ()
    signals: tuple[tuple[str, str], ...] = ()
    leetspeak: bool = False
    dry_run: bool = False


BANKS = (
    DemoBank(
        name="intimate-images",
        harm="iia",
        effect="block",
        description="Pictures people asked us to keep away. Here: a cat.",
        pictures=("chelsea",),
    ),
    DemoBank(
        name="known-child-abuse",
        harm="csea_image_csam",
        effect="block",
        description="Shown to nobody without the restricted role. Here: gravel.",
        pictures=("gravel",),
    ),
    DemoBank(
        name="drug-adverts",
        harm="drugs",
        effect="hold",
        description="Advertisements seen before. Here: a cup of coffee.",
        pictures=("coffee",),
    ),
    DemoBank(
        name="stolen-goods",
        harm="fraud",
        effect="flag",
        description="Pictures from earlier false sales. Here: a motorcycle and some coins.",
        pictures=("motorcycle_left", "coins"),
    ),
    DemoBank(
        name="our-own-pictures",
        harm="fraud",
        effect="never",
        description="What we publish ourselves and must never block. Here: the same coins.",
        pictures=("coins",),
    ),
    DemoBank(
        name="weapons-trial",
        harm="weapons",
        effect="block",
        description="On trial: matches are recorded and change no verdict. Here: a rocket.",
        pictures=("rocket",),
        dry_run=True,
    ),
    DemoBank(
        name="slurs",
        harm="hate",
        effect="hold",
        description="Words that mean trouble. Here: zonk, also written z0nk.",
        signals=(("phrase", "zonk"), ("phrase", "zonks")),
        leetspeak=True,
    ),
    DemoBank(
        name="scam-links",
        harm="fraud",
        effect="block",
        description="Sites that take money and send nothing.",
        signals=(
            ("host", "prize-claims.example"),
            ("url_prefix", "https://cheap-boots.example/offer"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Post:
    """Something an account posted, so many hours before the demo begins."""

    hours_ago: float
    author: str
    text: str = ""
    picture: str = ""
    edit: str = "original"
    links: tuple[str, ...] = ()
    reach: int = 1
    visibility: str = "public"


POSTS = (
    Post(46.0, "old_boots", "Kinder by torchlight. Cold hands, good stars.", "hubble_deep_field"),
    Post(45.2, "wren", "First time on the ridge. Which way down is kindest to knees?", reach=40),
    Post(44.5, "stile_counter", "Found this on another site, thought it was funny.", "chelsea",
         reach=310),
    Post(43.1, "cairn", "My old camera still works.", "camera", reach=22),
    Post(41.7, "peaty", "Boots for half the price, ends tonight", reach=95,
         links=("https://cheap-boots.example/offer?id=7",)),
    Post(40.9, "map_and_flask", "A brew at the top.", "coffee", "cropped", reach=60),
    Post(38.0, "tarn_swimmer", "Water at 6 degrees. Lovely.", reach=18),
    Post(36.4, "quick_sale_77", "Selling my bike, collect today, cash.", "motorcycle_left",
         "smaller", reach=240),
    Post(33.3, "wren", "Thanks all. Went down by the reservoir and saw a ring ouzel.", reach=35),
    Post(30.8, "lantern", "All of you from the other valley are zonks", reach=420),
    Post(29.9, "old_boots", "Moonrise over the plantation.", "moon", reach=51),
    Post(28.5, "newcomer_5519", "", "gravel", "smaller", reach=3),
    Post(27.0, "cairn", "Treasurer's note: what the hut fund holds.", "coins", reach=80),
    Post(25.6, "fellwalker", "Does anyone have the 1974 map of the quarry path?", "page"),
    Post(24.2, "stile_counter", "Same again, other way round", "chelsea", "mirrored", reach=1200),
    Post(22.9, "peaty", "You have won. Claim before midnight.", reach=640,
         links=("https://prize-claims.example/claim",)),
    Post(21.0, "tarn_swimmer", "Club night is on Thursday, bring soup.", reach=44),
    Post(19.5, "bracken", "what a z0nk, go home", reach=75),
    Post(18.2, "map_and_flask", "Sunday's launch, seen from the trig point.", "rocket", reach=130),
    Post(16.6, "lantern", "Stop moaning about the gate, it was shut when I got there.", reach=33),
    Post(14.9, "quick_sale_77", "Bike still here, lower price, message me.", "motorcycle_left",
         "brighter", reach=510),
    Post(13.0, "wren", "Wall repair day: this is the stone we want.", "brick", reach=28),
    Post(11.4, "dusk_till", "new stock in, ask", "coffee", "brighter", reach=350),
    Post(10.1, "fellwalker", "The stopwatch from the fell race.", "clock_motion", reach=19),
    Post(8.7, "stile_counter", "", "chelsea", "turned", reach=90),
    Post(7.5, "old_boots", "Forecast: wind dropping by noon.", reach=61,
         links=("https://weather.example/ridge",)),
    Post(6.3, "peaty", "Boots again, last pairs", reach=205,
         links=("https://cheap-boots.example/offer/last",)),
    Post(5.2, "bracken", "Zonk zonk zonk", reach=15),
    Post(4.4, "cairn", "An astronaut signed my flask.", "astronaut", reach=77),
    Post(3.1, "sock_drawer", "look at this before it goes", "chelsea", "cropped", reach=860),
    Post(2.2, "tarn_swimmer", "Grass is finally growing on the repaired path.", "grass", reach=30),
    Post(1.3, "dusk_till", "same place as last week", "coffee", "smaller", reach=140),
    Post(0.6, "wren", "Ring ouzel again, no photo, you will have to believe me.", reach=25),
    Post(0.2, "lantern", "Fine, I am sorry about the gate.", reach=12),
    Post(29.0, "bracken", "Learn to read a map before you ask here again.", reach=150),
    Post(33.0, "loose_lace", "look who this is", "horse", reach=60),
    Post(31.5, "dusk_till", "", "horse", "cropped", reach=210),
    Post(24.9, "sock_drawer", "the other way round", "horse", "mirrored", reach=35),
    Post(44.0, "loose_lace", "and this one", "cell", "smaller", reach=20),
)  # fmt: skip


def item_id(number: int) -> str:
    """What the forum calls the nth post."""
    return f"post-{1001 + number}"


@dataclass(frozen=True, slots=True)
class DemoDecision:
    """What a moderator decided about the nth post, some time after it came in; again, on appeal."""

    post: int
    hours_later: float
    by: str
    enforcement_kind: str
    ground: str
    rule: str
    reasons: str
    judged: Judged | None = None


# Somebody reposted it, and nothing shows that they asked the person in it.
RESHARED = Judged(
    "iia",
    {
        "reshared": Given(Answer.YES, "The author found it on another site, as the post says."),
        "checked_consent": Given(Answer.NO),
        "intimate": Given(Answer.YES, "It is the picture of the signal; a harmless one stands in."),
        "shared": Given(Answer.YES),
        "no_consent": Given(Answer.YES, "The person in it asked for it to go."),
        "exempt": Given(Answer.NO),
        "excuse": Given(Answer.NO),
    },
)
DECISIONS = (
    DemoDecision(
        2, 1.5, "Mo", "take_down", "law", "Sexual Offences Act 2003, section 66B",
        "The same picture as the signal, mirrored or not. The person in it asked for it to go.",
        RESHARED,
    ),
    DemoDecision(
        4, 3.0, "Nell", "take_down", "terms", "House rules, 4: no false sales",
        "The shop sends nothing; four members wrote to us about it.",
    ),
    DemoDecision(
        5, 0.8, "Mo", "none", "none", "",
        "A cup of coffee on a summit. Nothing is for sale.",
    ),
    DemoDecision(
        9, 2.1, "Sena", "take_down", "terms", "House rules, 2: no slurs",
        "A slur against everyone from a place. The author has been asked before.",
    ),
    DemoDecision(
        15, 2.9, "Nell", "take_down", "terms", "House rules, 4: no false sales",
        "A claim page that takes card numbers. Hill Fraud Watch has seen it elsewhere.",
    ),
    DemoDecision(
        19, 2.1, "Nell", "take_down", "terms", "House rules, 1: be kind",
        "It picks on one person.",
    ),
    DemoDecision(
        19, 8.6, "Sena", "restore", "none", "",
        "It is about a gate and names nobody. Our first reading was too quick.",
    ),
)  # fmt: skip
CLAIMED_POST, CLAIMED_BY = 14, "Mo"
