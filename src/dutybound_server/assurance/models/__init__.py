"""Assessments, and what shows that they are carried out."""

from dutybound_server.assurance.models.assessment import Change, Draft, ReviewTask, Version
from dutybound_server.assurance.models.audits import Audit
from dutybound_server.assurance.models.documents import Document, DocumentVersion, Training
from dutybound_server.assurance.models.findings import (
    Finding,
    Look,
    MeasureOwner,
    MeasureTask,
    Standing,
)
from dutybound_server.assurance.models.publications import Publication

__all__ = [
    "Audit",
    "Change",
    "Document",
    "DocumentVersion",
    "Draft",
    "Finding",
    "Look",
    "MeasureOwner",
    "MeasureTask",
    "Publication",
    "ReviewTask",
    "Standing",
    "Training",
    "Version",
]
