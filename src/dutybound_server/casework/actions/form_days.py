"""How forms end is counted by day, so that something is known of them once they are forgotten."""

import json

from django.db.models import F
from django.utils import timezone

from dutybound_server.casework.models import Draft, FormDay

ANSWERED = "done"
"""Names the steps of a form that were answered; see `public/report/steps.py`."""


def count_form(*, draft: Draft) -> None:
    """Count a form that is about to be forgotten, in the transaction of the caller.

    One in which nothing was answered counts as not begun.
    """
    was_sent = draft.sent_id is not None
    if not was_sent and not json.loads(draft.answers).get(ANSWERED):
        return
    day = timezone.localdate(draft.touched_at)
    row, _ = FormDay.objects.get_or_create(service_id=draft.service_id, day=day)
    end = "sent" if was_sent else "left"
    FormDay.objects.filter(pk=row.pk).update(**{end: F(end) + 1})
