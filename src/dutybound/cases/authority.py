"""A report to an authority: what it has to say, how fast it goes, and what is still missing.

The items are Schedule 1 of the regulations about reports to the NCA, in our own words and as the
register's sources summarise it (OSA-66: CC, QTICSEA, PQP); the text itself was not at hand. They
are given where they are available: nobody has to start collecting anything, and "not held" is an
answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Authority(StrEnum):
    NCA = "nca"
    NCMEC = "ncmec"
    IWF = "iwf"
    POLICE = "police"

    @property
    def is_for_csea(self) -> bool:
        """Whether a report to it says that something is child sexual exploitation or abuse."""
        return self is not Authority.POLICE


AUTHORITY_NAMES: Mapping[Authority, str] = MappingProxyType(
    {
        Authority.NCA: "National Crime Agency (NCA)",
        Authority.NCMEC: "National Center for Missing and Exploited Children (NCMEC)",
        Authority.IWF: "Internet Watch Foundation (IWF)",
        Authority.POLICE: "Police",
    }
)


class Urgency(IntEnum):
    AT_ONCE = 1
    SOON = 2
    WITHOUT_DELAY = 3


URGENCY_WORDS: Mapping[Urgency, str] = MappingProxyType(
    {
        Urgency.AT_ONCE: "1, immediately: a life is in danger, or a child may come to serious harm",
        Urgency.SOON: "2, as soon as reasonably practicable",
        Urgency.WITHOUT_DELAY: "3, without undue delay",
    }
)


@dataclass(frozen=True, slots=True)
class ReportItem:
    """One thing that a report says, where we hold it."""

    id: str
    title: str
    hint: str


SCHEDULE_1 = (
    ReportItem(
        "reporter",
        "Who reports",
        "Name and contact of the person who answers for this report, and their declaration.",
    ),
    ReportItem(
        "content",
        "The content",
        "What it is, in a sentence, and which files of the bag show it. Do not describe more.",
    ),
    ReportItem("detected", "How it was found", "A report, a match with a bank, or a moderator."),
    ReportItem("platform", "The service", "Its name, and the part of it where the content was."),
    ReportItem(
        "earlier",
        "Earlier reports",
        "References of reports about the same content or account, to whichever body.",
    ),
    ReportItem("upload", "The upload", "Time, IP address, and metadata of the file (EXIF)."),
    ReportItem("address", "Address and hashes", "URL of the content, and the hashes of its files."),
    ReportItem(
        "account", "The account", "Identifiers: user name, e-mail address, telephone number."
    ),
    ReportItem("billing", "Payment", "Name, address and means of payment."),
    ReportItem("logins", "Sign-ins", "IP addresses and times of the last sign-ins."),
)
ITEMS: Mapping[str, ReportItem] = MappingProxyType({item.id: item for item in SCHEDULE_1})


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to one item: words, or why we do not hold it."""

    held: bool
    words: str


def unanswered(answers: Mapping[str, Answer]) -> tuple[ReportItem, ...]:
    """The items that have neither words nor a reason why there are none."""
    return tuple(
        item for item in SCHEDULE_1 if item.id not in answers or not answers[item.id].words.strip()
    )
