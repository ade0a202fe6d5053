"""Why assurance says no. Doors turn each into a page."""

from dataclasses import dataclass

from dutybound_server.assurance.models import Change
from dutybound_server.assurance.parts import Value
from dutybound_server.lib.refusals import FieldRefused


class DraftMoved(Exception):
    """Answers were saved since the person looked, and what they do would take their place."""


class NoDraft(Exception):
    """Nobody has started an assessment, or it was approved meanwhile."""


class AuditRefused(FieldRefused):
    """An audit, or a step of one, that makes no sense; `field` is what to change."""


class VersionNotFound(Exception):
    """The service has no approved version of that number."""


@dataclass(eq=False)
class ChangedMeanwhile(Exception):
    """Somebody else saved the same part since the person looked at it. Theirs stands."""

    part: str
    mine: Value
    theirs: Value
    change: Change | None
    """Who saved it and when; None if it came with the draft."""

    def __str__(self) -> str:
        return f"somebody else changed {self.part} meanwhile"


@dataclass(eq=False)
class CannotApprove(Exception):
    """What stands between the draft and its approval, a sentence each."""

    hindrances: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.hindrances)
