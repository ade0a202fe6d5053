"""The shapes of reports, complaints and links. Their names are a contract: add, never rename."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from dutybound_server.api.item_schemas import CONTROLS
from dutybound_server.casework.hearing import (
    LONGEST_ACCOUNT,
    LONGEST_SUBJECT,
    LONGEST_WORDS,
    MOST_SUBJECTS,
)
from dutybound_server.casework.item_tokens import LONGEST_TITLE

LONGEST_ID = 64
LONGEST_ANSWER = 2_000
MOST_HASHES = 50
MOST_DAYS = 30

Answers = dict[
    Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")],
    bool | Annotated[str, StringConstraints(max_length=LONGEST_ANSWER)],
]
NAME = rf"^[^{CONTROLS}]*$"
AccountId = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_ACCOUNT, pattern=NAME)
]
SubjectId = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_SUBJECT)
]


class SubjectIn(Schema):
    """One thing it is about: an item or account by your own id, or an address of your pages."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["item", "account", "address"] = "item"
    id: Annotated[SubjectId, Field(examples=["post-1"])]


class ReportedHashIn(Schema):
    """A picture by its PDQ hash alone."""

    model_config = ConfigDict(extra="forbid")

    value: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    quality: Annotated[int, Field(ge=0, le=100)]


class ToldIn(Schema):
    """What every report and complaint may say."""

    model_config = ConfigDict(extra="forbid")

    words: Annotated[
        str,
        StringConstraints(max_length=LONGEST_WORDS),
        Field(description="The person's own words.", examples=["This post threatens me."]),
    ] = ""
    account: Annotated[
        AccountId, Field(description="Your own id of the person's account, if they have one.")
    ] = ""
    email: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=254),
        Field(description="Where we may write to them; leave it empty if they do not want that."),
    ] = ""
    wants_messages: bool = True
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "en"
    version: Annotated[
        Literal["adult", "child"], Field(description="`child` for the words made for children.")
    ] = "adult"
    ip: Annotated[
        str,
        StringConstraints(max_length=45),
        Field(
            description="Where they wrote from. A keyed digest of its network is kept for a day."
        ),
    ] = ""
    request_id: Annotated[
        str,
        StringConstraints(max_length=LONGEST_ID, pattern=NAME),
        Field(description="Your own id of it: sent twice, it is taken once."),
    ] = ""


class ReportIn(ToldIn):
    """A person tells you that something is wrong with content."""

    kind: Annotated[
        Literal["illegal_content", "harmful_to_children", "intimate_image"],
        Field(description="`illegal_content` also where the person does not know."),
    ] = "illegal_content"
    harm: Annotated[str, Field(description="A kind of harm of the register, or empty.")] = ""
    subjects: Annotated[list[SubjectIn], Field(max_length=MOST_SUBJECTS)] = []
    hashes: Annotated[list[ReportedHashIn], Field(max_length=MOST_HASHES)] = []
    answers: Annotated[
        Answers, Field(description="To the questions of its kind, as on the page.", max_length=20)
    ] = {}


class ComplaintIn(ToldIn):
    """A person objects to how you act. An appeal is made by its notice instead."""

    kind: Literal[
        "expedited",
        "duties",
        "proactive_technology",
        "age",
        "category_1_terms",
        "category_1_news",
        "category_1_journalistic",
        "category_1_democratic",
    ]
    about: Annotated[
        str,
        StringConstraints(pattern=NAME),
        Field(description="Reference of the earlier report or complaint that it is about."),
    ] = ""
    answers: Annotated[Answers, Field(max_length=20)] = {}


class ReceiptOut(Schema):
    """Show both to the person at once: it is all they have to follow it by."""

    reference: Annotated[str, Field(examples=["4f2c7h9kmp"])]
    url: Annotated[str, Field(description="Their private page. Show it to nobody else.")]
    received_at: datetime
    expected_by: Annotated[datetime, Field(description="When it is usually decided by.")]


class ConcernSubjectOut(Schema):
    kind: Literal["item", "account", "address"]
    id: str


class ConcernOut(Schema):
    """Where a report, complaint or appeal stands. The person's words are not told."""

    id: Annotated[int, Field(description="Grows; send the last one as `after`.")]
    reference: str
    kind: Annotated[str, Field(examples=["illegal_content"])]
    harm: Annotated[str, Field(description="Of the register; empty where nobody said one.")]
    channel: Literal["page", "widget", "api", "flagger", "notice", "staff"]
    account: Annotated[str | None, Field(description="Your own id of who told us.")]
    request_id: str
    subjects: list[ConcernSubjectOut]
    state: Literal["waiting", "decided", "withdrawn"]
    received_at: datetime
    expected_by: datetime
    decided_at: datetime | None
    outcome: Annotated[
        str | None,
        Field(
            description=(
                "acted, partly, no_action, refused, overturned, upheld, not_ours, unfounded or "
                "withdrawn."
            )
        ),
    ]
    url: Annotated[
        str | None, Field(description="The person's private page, of what you passed on yourself.")
    ]


class ConcernPage(Schema):
    concerns: list[ConcernOut]
    next: Annotated[int, Field(description="Send it as `after` to go on, now or later.")]


class LinkIn(Schema):
    """What a link to the report page says, so that nobody has to paste an address."""

    model_config = ConfigDict(extra="forbid")

    subject: SubjectIn
    title: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=LONGEST_TITLE),
        Field(description="Shown to the person, so that they see what they report."),
    ] = ""
    reporter: Annotated[AccountId, Field(description="Your own id of who follows the link.")] = ""
    author: Annotated[AccountId, Field(description="Your own id of whose it is.")] = ""
    days: Annotated[int, Field(ge=1, le=MOST_DAYS, description="How long the link works.")] = 7


class LinkOut(Schema):
    url: str
    expires_at: datetime
