"""What Ridge Forum has written down, and who was trained: some is held, some missing or old."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from dutybound_server.assurance.actions.documents import Paper, add_document
from dutybound_server.assurance.actions.training import record_training
from dutybound_server.people.models import Service

OWNER = "Grace"


@dataclass(frozen=True, slots=True)
class Written:
    """A document: the kinds it serves, how old it is and in how many days it is due again."""

    kinds: tuple[str, ...]
    title: str
    words: str
    days_old: int
    days_left: int
    owner: str = OWNER


WRITTEN = (
    Written(
        ("accountable_person",),
        "Letter of appointment",
        "Grace answers to the committee of Ridge Walkers for the safety duties, for reports and "
        "complaints, and for the protection of children. 2 March.",
        days_old=120,
        days_left=245,
    ),
    Written(
        ("terms", "terms_children"),
        "Rules of the forum",
        "Be kind. Post about hills. You may not post anything that is against the law, and "
        "nothing that may harm a child. We take such posts down. If you see one, press Report "
        "beside it: a person reads every report. If we take your post down, we tell you why, "
        "and you can appeal. Somebody else then looks at it again. We also check pictures by "
        "machine against lists of known abuse. You can complain about that too. Children read "
        "this forum, too, with their parents. So we hide posts that may harm a child until one "
        "of us has looked. We answer every report within a few days, and most on the same day. "
        "You need no account to report. You can ask us not to write to you. If you think that "
        "we do not do what the law asks of us, tell us, and Grace will answer you.",
        days_old=60,
        days_left=300,
    ),
    Written(
        ("content_policies", "moderator_materials"),
        "How we decide",
        "Which rule stands for which law, examples of each, and whom to ask when in doubt.",
        days_old=340,
        days_left=20,
    ),
    Written(
        ("volunteer_materials",),
        "How we decide, for helpers",
        "The same examples as for moderators, on one page.",
        days_old=100,
        days_left=200,
    ),
    Written(
        ("code_of_conduct",),
        "What we expect of helpers",
        "Nobody looks at what they need not see. Nobody decides about a friend.",
        days_old=200,
        days_left=-6,
    ),
)
"""The last is past its day, and the third soon will be; what is not here is missing."""
TRAINED = {"Mo": 40, "Sena": 90, "Ren": 20}
"""How many days ago each was trained. Nell was not."""
HOLDS = timedelta(days=365)


def write_papers(
    service: Service, staff: Mapping[str, User], *, began: datetime, now: datetime
) -> None:
    """Bring the documents as the service begins, and write down who was trained."""
    for one in WRITTEN:
        today = now.date()
        paper = Paper(
            f"{one.kinds[0]}.txt",
            io.BytesIO(one.words.encode()),
            today - timedelta(days=one.days_old),
            today + timedelta(days=one.days_left),
        )
        add_document(
            service=service,
            kinds=one.kinds,
            title=one.title,
            paper=paper,
            owner=staff[one.owner],
            by=staff[OWNER],
            now=began,
        )
    for name, days in TRAINED.items():
        on = (began - timedelta(days=days)).date()
        record_training(
            service=service,
            user=staff[name],
            subject="moderation",
            on=on,
            expires_on=on + HOLDS,
            told="Rules, examples and ten cases of the forum.",
            by=staff[OWNER],
            now=began,
        )
