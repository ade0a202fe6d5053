"""An assessment from a file: our JSON, a profile in TOML, or OSCAL; checked whole, or refused."""

import json

from dutybound.risk.document import Assessment
from dutybound.risk.oscal import BadOscal, Imported, from_oscal
from dutybound.risk.profiles import BadProfile, read_document, read_profile

__all__ = ["BadProfile", "read_assessment", "without_approval"]

_OSCAL = ("catalog", "profile", "system-security-plan", "plan-of-action-and-milestones")


def read_assessment(text: str, *, file: str) -> Imported:
    """The assessment, and notes for a person. Raises BadProfile with every trouble."""
    if not text.lstrip().startswith("{"):
        return Imported(read_profile(text, file=file), ())
    if not _is_oscal(text):
        return Imported(read_document(text, file=file), ())
    try:
        imported = from_oscal(json.loads(text))
    except BadOscal as bad:
        raise BadProfile([f"{file}: {bad}"]) from None
    except RecursionError:
        raise BadProfile([f"{file}: too many things stand inside each other"]) from None
    # What stands inside is held to the same rules as a document of its own.
    inside = read_document(json.dumps(imported.assessment.as_json()), file=f"{file}, inside")
    return Imported(inside, imported.notes)


def without_approval(document: Assessment) -> Assessment:
    """The document as a draft has it: nobody has approved or reported it."""
    days = document.days.model_copy(update={"approved": None, "completed": None, "reported": None})
    people = document.people.model_copy(update={"approved_by": ""})
    return document.model_copy(update={"days": days, "people": people, "law_as_of": None})


def _is_oscal(text: str) -> bool:
    try:
        top = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return any(key in _OSCAL or key.endswith(".json") for key in top)
