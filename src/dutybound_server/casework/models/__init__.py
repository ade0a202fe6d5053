from dutybound_server.casework.models.appeals import Appeal, Notice
from dutybound_server.casework.models.cases import Case, CaseEvent, Match, Queue, Reveal
from dutybound_server.casework.models.decisions import Decision, Enforcement
from dutybound_server.casework.models.deliveries import Delivery, Endpoint

__all__ = [
    "Appeal",
    "Case",
    "CaseEvent",
    "Decision",
    "Delivery",
    "Endpoint",
    "Enforcement",
    "Match",
    "Notice",
    "Queue",
    "Reveal",
]
