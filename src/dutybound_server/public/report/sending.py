"""From what a person answered on the pages to what is received."""

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.drafts import Wishes
from dutybound_server.casework.hearing import ConcernNotFound, GivenHash, Subject, Told
from dutybound_server.casework.models import Concern, Draft
from dutybound_server.casework.subjects import ADDRESS
from dutybound_server.public.report.questions import lines_of
from dutybound_server.public.report.steps import Answers


def told_of(draft: Draft, answers: Answers, *, network: str, queued: bool) -> Told:
    """What the form says, for `take_concern` to check and receive."""
    linked = tuple(Subject(one["kind"], one["id"]) for one in answers.get("subjects", []))
    is_intimate = answers["kind"] == Kind.INTIMATE_IMAGE
    written = tuple(Subject(ADDRESS, line) for line in lines_of(answers.get("places", "")))
    return Told(
        kind=Kind(answers["kind"]),
        harm=answers.get("harm", ""),
        words=answers.get("words", ""),
        channel=answers.get("channel", "page"),
        subjects=linked + written,
        # What was asked on a way that the person left again is not sent.
        answers=answers.get("asked", {}) if is_intimate else {},
        hashes=tuple(GivenHash(**one) for one in answers.get("hashes", []) if is_intimate),
        email=answers.get("email", ""),
        language=answers.get("language", "en"),
        version=answers.get("version", "adult"),
        about=_about(draft, answers),
        network=network,
        queued=queued,
    )


def wishes_of(answers: Answers) -> Wishes:
    blocks = answers.get("block") == "yes"
    return Wishes(
        reporter=answers.get("account", ""), block=answers.get("author", "") if blocks else ""
    )


def _about(draft: Draft, answers: Answers) -> Concern | None:
    reference = answers.get("about")
    if not reference:
        return None
    try:
        return Concern.objects.get(service=draft.service, reference=reference)
    except Concern.DoesNotExist:
        raise ConcernNotFound from None
