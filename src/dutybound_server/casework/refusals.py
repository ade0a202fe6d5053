"""Why casework says no. Doors turn each into a page or a problem document."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.actors import name_of


class CaseNotFound(Exception):
    """There is no such case, or none that this person may see; which of the two is not told."""


@dataclass(eq=False)
class AlreadyClaimed(Exception):
    """Somebody else works on the case until then."""

    by: User
    until: datetime

    def __str__(self) -> str:
        return f"{name_of(self.by)} works on this case until {self.until:%H:%M} UTC"


class DecisionRefused(FieldRefused):
    """A decision, or its undoing, that makes no sense; `field` is what to change."""


class NoticeNotFound(Exception):
    """No notice has this token; whether one ever had is not told."""


class AppealRefused(Exception):
    """The decision cannot be appealed, or not any more; the sentence is for its reader."""


class ResendRefused(Exception):
    """The message must not go out again; the sentence says why."""


class LookNotFound(Exception):
    """There is no such second look, or it is not this person's."""


class QualityRefused(FieldRefused):
    """A second look, golden item or calibration that makes no sense; `field` is what to change."""


class ReviewRefused(FieldRefused):
    """A case that cannot go to a body outside, or an outcome that is none."""
