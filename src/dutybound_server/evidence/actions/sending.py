"""Reports that a sender of the installation sends: by the worker, outside any transaction."""

from datetime import datetime, timedelta
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction

from dutybound.cases.authority import Authority, Urgency, unanswered
from dutybound_server.evidence.actions.authority_reports import (
    ReportRefused,
    answers_of,
    record_sent,
)
from dutybound_server.evidence.models import AuthorityReport
from dutybound_server.evidence.queries import files_to_copy
from dutybound_server.evidence.senders import NotSent, Prepared, PreparedFile, senders
from dutybound_server.items.blobs import open_blob
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import staff_actor

AT_ONCE = 5
WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_PROBLEM = 500


@transaction.atomic
def hand_to_sender(*, report_id: int, sender: str, by: User, now: datetime) -> AuthorityReport:
    """Let the worker send a report whose items are all answered. Raises ReportRefused."""
    report = AuthorityReport.objects.select_for_update().get(pk=report_id)
    if sender not in senders():
        raise ReportRefused("sender", "There is no sender of that name here.")
    if report.sent_at is not None or report.withdrawn_at is not None:
        raise ReportRefused("sender", "It was sent or withdrawn already.")
    if unanswered(answers_of(report)):
        raise ReportRefused("sender", "Some items have no answer yet.")
    report.sent_through, report.send_due_at = sender, now
    report.save(update_fields=["sent_through", "send_due_at"])
    append(
        kind="authority_report.handed_on",
        service=report.service.slug,
        subject=f"authority_report:{report.pk}",
        actor=staff_actor(by),
        now=now,
        facts={"sender": sender},
    )
    return report


def send_due(*, now: datetime) -> int:
    """Send what is due; how many attempts were made. A report is never given up.

    Killed after the authority took it and before that is written down, it is sent again under the
    same key, by which the sender can know it.
    """
    due = AuthorityReport.objects.filter(send_due_at__lte=now).order_by("urgency", "send_due_at")
    return sum(_send(one, now=now) for one in due.select_related("service", "by")[:AT_ONCE])


def _send(report: AuthorityReport, *, now: datetime) -> bool:
    mine = AuthorityReport.objects.filter(pk=report.pk, send_due_at=report.send_due_at)
    wait = min(WAIT * (1 << min(report.send_attempts, 10)), LONGEST_WAIT)
    if mine.update(send_due_at=now + wait, send_attempts=report.send_attempts + 1) != 1:
        return False  # Another worker has it.
    try:
        reference = _through(report)
        record_sent(
            report_id=report.pk,
            reference=reference,
            through=report.sent_through,
            by=report.by,
            now=now,
        )
    except (NotSent, ReportRefused) as problem:
        AuthorityReport.objects.filter(pk=report.pk, sent_at__isnull=True).update(
            send_problem=str(problem)[:LONGEST_PROBLEM]
        )
    return True


def _through(report: AuthorityReport) -> str:
    sender = senders().get(report.sent_through)
    if sender is None:
        raise NotSent(f"The sender {report.sent_through!r} is not installed any longer.")
    if files_to_copy().filter(snapshot=report.snapshot_id).exists():
        raise NotSent("Its files are still being copied.")
    return sender(prepared(report))


def prepared(report: AuthorityReport) -> Prepared:
    """The report as a sender gets it."""
    files = report.snapshot.files.exclude(blob="").order_by("id")
    return Prepared(
        key=f"{report.snapshot.uuid}/{report.pk}",
        authority=Authority(report.authority),
        urgency=Urgency(report.urgency),
        service=report.service.name,
        answers=answers_of(report),
        files=tuple(
            PreparedFile(
                name=file.name,
                content_type=file.content_type,
                size=file.size,
                sha512=file.sha512,
                open=partial(open_blob, file.blob),
            )
            for file in files
        ),
    )
