"""Sentences for terms of service, each with what must stand behind it before it may be said."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence or two, said only if each measure has a control in place and each fact holds.

    `measures`: one of each group (written `A or B`) must be in place. `facts`: each must be true;
    `not_facts`: each must be false. What is not known supports nothing.
    """

    text: str
    measures: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    not_facts: tuple[str, ...] = ()


TERRORISM = (
    Clause("You must not post terrorism content here."),
    Clause("We review posts that may be terrorism content.", ("ICU C1",)),
    Clause("We remove accounts that banned terrorist groups run.", ("ICU H1",)),
)
CHILD_ABUSE = (
    Clause("You must not post anything that shows or helps the sexual abuse of children."),
    Clause("We review posts that may show or help such abuse.", ("ICU C1",)),
    Clause("We compare pictures and videos with lists of known abuse images.", ("ICU C9",)),
    Clause("We check links against lists of pages that show such abuse.", ("ICU C10",)),
    Clause("We report what we find to the National Crime Agency.", ("OSA-66",)),
)
OTHER_ILLEGAL = (
    Clause("You must not post other illegal content, such as fraud or threats."),
    Clause("We review posts that may be illegal.", ("ICU C1",)),
    Clause("We compare pictures with lists of intimate images that were shared without consent.",
           ("ICU C14",)),
)  # fmt: skip
TAKING_DOWN = (
    Clause("We take down illegal content quickly once we know of it.", ("ICU C2",),
           ("takedown_feasible",)),
)  # fmt: skip
INTIMATE_IMAGES = (
    Clause(
        "If an intimate image of you was shared here and you did not agree, tell us. Somebody who "
        "acts for you can tell us too. We take the image down within 48 hours of your report. We "
        "take down copies of it as well. We need not do so if it is no intimate image. Nor need "
        "we do so if the report is not by you or for you.",
        ("OSA-10-3A", "OSA-20A"),
    ),
    Clause("If you think we handled such a report badly, we look at that faster.", ("OSA-21-2A",)),
)
SOFTWARE = (
    Clause("Software looks for harmful content before anybody reports it.", (),
           ("proactive_technology",)),
    Clause("It compares pictures and videos with lists of known abuse images.", ("ICU C9",),
           ("proactive_technology",)),
    Clause("It checks links against lists of known pages.", ("ICU C10",),
           ("proactive_technology",)),
    Clause("We use no software that looks for harmful content before it is reported.", (), (),
           ("proactive_technology",)),
)  # fmt: skip
COMPLAINTS = (
    Clause("You can report content to us. You need no account for it.", ("ICU D1", "ICU D2")),
    Clause("You can complain if you think we do not keep our duties.", ("ICU D1", "ICU D12")),
    Clause("We tell you that we have your complaint, and how long it may take.", ("ICU D4",)),
    Clause("We look at reports of illegal content promptly.", ("ICU D7",)),
    Clause("If we take down your post or limit your account, you can appeal.",
           ("ICU D8 or ICU D9",)),
    Clause("If your appeal succeeds, we put things back as they were.", ("ICU D10",)),
    Clause("You can complain if our software goes beyond these terms.", ("ICU D11",),
           ("proactive_technology",)),
)  # fmt: skip
CHILDREN = (
    Clause("Nobody may post pornography here.", (), ("prohibits_pornography",)),
    Clause("Nobody may post content that urges suicide.", (), ("prohibits_suicide",)),
    Clause("Nobody may post content that urges self-harm.", (), ("prohibits_self_harm",)),
    Clause("Nobody may post content that urges eating disorders.", (),
           ("prohibits_eating_disorder",)),
    Clause("Nobody may post abuse for who somebody is.", (), ("prohibits_abuse",)),
    Clause("Nobody may stir up hatred here.", (), ("prohibits_hate_content",)),
    Clause("Nobody may bully others here.", (), ("prohibits_bullying",)),
    Clause("Nobody may urge others to hurt people badly.", (),
           ("prohibits_violence_instructions",)),
    Clause("Nobody may show gore or cruel acts against people.", (),
           ("prohibits_violence_people",)),
    Clause("Nobody may show gore or cruel acts against animals.", (),
           ("prohibits_violence_animals",)),
    Clause("Nobody may urge others to take harmful drugs.", (), ("prohibits_harmful_substances",)),
    Clause("Nobody may urge others to dangerous stunts.", (), ("prohibits_dangerous_stunts",)),
    Clause("We review content that may harm children.", ("PCU C1",)),
    Clause("We act quickly on content that harms children.", ("PCU C2",)),
    Clause("We check ages, so that children do not meet content for adults.",
           ("PCU B2 or PCU B4",), ("highly_effective_age_assurance",)),
    Clause("Children and those who care for them can report content to us.", ("PCU D1",)),
    Clause("If we wrongly took you for a child, you can tell us.", ("PCU D11 or PCU D12",)),
)  # fmt: skip

TERMS = (
    ("terrorism", "Terrorism content", TERRORISM),
    ("child-abuse", "Sexual abuse of children", CHILD_ABUSE),
    ("other-illegal", "Other illegal content", OTHER_ILLEGAL),
    ("taking-down", "Taking content down", TAKING_DOWN),
    ("intimate-images", "Intimate images", INTIMATE_IMAGES),
    ("software", "Software that looks for content", SOFTWARE),
    ("complaints", "Reports, complaints and appeals", COMPLAINTS),
)
