from dutybound_server.casework.models.appeals import Appeal, Notice
from dutybound_server.casework.models.cases import Case, CaseEvent, Match, Queue, Reveal
from dutybound_server.casework.models.concerns import (
    Attachment,
    Concern,
    ConcernEvent,
    ConcernSubject,
    Draft,
    DraftFile,
    FormDay,
    Letter,
    ReportedHash,
)
from dutybound_server.casework.models.consequences import (
    Judging,
    Learned,
    Sanction,
    SanctionTold,
    Strike,
)
from dutybound_server.casework.models.decisions import Decision, Enforcement, PublishedWords
from dutybound_server.casework.models.deliveries import Delivery, Endpoint
from dutybound_server.casework.models.desk import Desk, Disregard, Pause, UnfoundedPolicy
from dutybound_server.casework.models.flaggers import Flagger, FlaggerKey, FlaggerPerson
from dutybound_server.casework.models.quality import (
    Calibration,
    GoldenItem,
    OutsideReview,
    SecondLook,
)

__all__ = [
    "Appeal",
    "Attachment",
    "Calibration",
    "Case",
    "CaseEvent",
    "Concern",
    "ConcernEvent",
    "ConcernSubject",
    "Decision",
    "Delivery",
    "Desk",
    "Disregard",
    "Draft",
    "DraftFile",
    "Endpoint",
    "Enforcement",
    "Flagger",
    "FlaggerKey",
    "FlaggerPerson",
    "FormDay",
    "GoldenItem",
    "Judging",
    "Learned",
    "Letter",
    "Match",
    "Notice",
    "OutsideReview",
    "Pause",
    "PublishedWords",
    "Queue",
    "ReportedHash",
    "Reveal",
    "Sanction",
    "SanctionTold",
    "SecondLook",
    "Strike",
    "UnfoundedPolicy",
]
