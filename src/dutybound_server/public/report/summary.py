"""What a person said, as the page shows it on which they check their answers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dutybound_server.casework.models import Desk, Draft
from dutybound_server.public.report import questions as q
from dutybound_server.public.report.order import asked
from dutybound_server.public.report.steps import Answers


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was asked, what was said, and where it is changed."""

    asked: str
    said: str
    step: str
    """Empty: it came with the link, and is not theirs to change."""


def rows_of(draft: Draft, answers: Answers, desk: Desk) -> list[Row]:
    rows = [
        Row(words, said, step.name)
        for step in asked(answers, desk)
        for words, said in step.says(answers)
    ]
    linked = [one["title"] or one["id"] for one in answers.get("subjects", [])]
    if linked:
        rows.insert(1, Row(_("The post or account"), "\n".join(linked), ""))
    if linked and answers.get("places"):
        rows.insert(2, Row(_("More of it"), answers["places"], q.PLACES.name))
    if q.FILES.concerns(answers, desk):
        names = "\n".join(one.name for one in draft.files.order_by("pk"))
        rows.append(Row(_("Files"), names or _("None"), q.FILES.name))
    return rows
