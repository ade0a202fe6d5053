"""An assessment as OSCAL 1.2.1, and back: catalog, profile, system security plan, and what is left.

The catalog is the law as the register has it, the profile what applies, the plan what is done, and
the plan of action what is left. They are plain dicts, ready for JSON.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from dutybound.risk.document import Assessment
from dutybound.risk.oscal_check import Trouble, check
from dutybound.risk.oscal_import import BadOscal, Imported, from_oscal
from dutybound.risk.oscal_law import NothingApplies, the_catalog, the_profile
from dutybound.risk.oscal_left import the_milestones
from dutybound.risk.oscal_parts import (
    CATALOG,
    MILESTONES,
    OSCAL_VERSION,
    PLAN,
    PROFILE,
    Draft,
    Json,
)
from dutybound.risk.oscal_plan import the_plan
from dutybound.risk.record import document_date
from dutybound.risk.record_basis import Basis

__all__ = [
    "OSCAL_VERSION",
    "BadOscal",
    "Imported",
    "NothingApplies",
    "Trouble",
    "as_oscal",
    "check",
    "from_oscal",
]


def as_oscal(
    assessment: Assessment, *, as_of: date, last_modified: datetime | None = None
) -> Mapping[str, Json]:
    """The four documents by the file names they call each other by.

    The same arguments give the same documents, numbers included. `last_modified` is aware; without
    it, it is the day on which something was last done to the assessment. Raises `NothingApplies`
    where no measure is in force that is known to apply.
    """
    if last_modified is None:
        last_modified = datetime.combine(document_date(assessment, as_of=as_of), time(), UTC)
    draft = Draft(Basis(assessment, as_of), last_modified)
    return {
        CATALOG: {"catalog": the_catalog(draft)},
        PROFILE: {"profile": the_profile(draft)},
        PLAN: {"system-security-plan": the_plan(draft)},
        MILESTONES: {"plan-of-action-and-milestones": the_milestones(draft)},
    }
