"""Reports to the NCA and others: begun, answered item by item, sent by a person, and kept."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet

from dutybound.cases.authority import AUTHORITY_NAMES, ITEMS, Answer, Authority, Urgency, unanswered
from dutybound.register.book import register
from dutybound_server.evidence.actions.holds import HoldKind, finish_hold, place_legal_hold
from dutybound_server.evidence.actions.snapshots import restrict_snapshots
from dutybound_server.evidence.models import AuthorityReport, Snapshot
from dutybound_server.evidence.queries import ACCOUNT
from dutybound_server.journal.actions import append, erase_salts
from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.actors import SYSTEM, staff_actor
from dutybound_server.people.models import Service
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

PORTAL = "portal"
LONGEST_ANSWER = 5000
LONGEST_REFERENCE = 200


class ReportRefused(FieldRefused):
    """A report cannot be begun, answered or sent like this; `field` names what to change."""


@transaction.atomic
def begin_report(
    *,
    snapshot: Snapshot,
    authority: Authority,
    urgency: Urgency,
    earlier: str,
    by: User,
    now: datetime,
) -> AuthorityReport:
    """Begin a report about what was sealed, and hold it and the account behind it from now on.

    What was reported already is refused, unless `earlier` is the reference of that report: then it
    adds to it. Raises ReportRefused.
    """
    _refuse_who_may_not(snapshot, authority, by)
    if snapshot.erased_at is not None:
        raise ReportRefused("authority", "Its content was erased on schedule.")
    # Two who begin at once do it one after the other, so that the second sees the first.
    Service.objects.select_for_update().get(pk=snapshot.service_id)
    _refuse_duplicate(snapshot, earlier=earlier.strip())
    report = AuthorityReport.objects.create(
        service=snapshot.service,
        snapshot=snapshot,
        authority=authority,
        urgency=urgency,
        answers="{}",
        earlier=earlier.strip(),
        begun_at=now,
        by=by,
    )
    if authority.is_for_csea:
        restrict_snapshots(
            snapshots=Snapshot.objects.filter(
                service=snapshot.service,
                subject_kind=snapshot.subject_kind,
                subject=snapshot.subject,
            )
        )
    _hold(report, by=by, now=now)
    _record("authority_report.begun", report, by=by, now=now)
    return report


@transaction.atomic
def answer_report(
    *, report_id: int, answers: Mapping[str, Answer], by: User, now: datetime
) -> AuthorityReport:
    """Keep what is said so far; other items stay as they were. Raises ReportRefused."""
    report = _open_report(report_id)
    for name, answer in answers.items():
        if name not in ITEMS:
            raise ReportRefused(name, "There is no such item in a report.")
        if len(answer.words) > LONGEST_ANSWER or "\0" in answer.words:
            raise ReportRefused(name, f"Keep it to {LONGEST_ANSWER:,} characters of text.")
    kept = {**answers_of(report), **answers}
    report.answers = json.dumps(
        {name: {"held": one.held, "words": one.words.strip()} for name, one in kept.items()},
        ensure_ascii=False,
    )
    report.save(update_fields=["answers"])
    _record("authority_report.answered", report, by=by, now=now)
    return report


@transaction.atomic
def record_sent(
    *, report_id: int, reference: str, through: str, by: User, now: datetime
) -> AuthorityReport:
    """Keep the reference the authority gave back, and everything else for as long as the law says.

    Raises ReportRefused while an item has no answer; "not held", with a reason, is one.
    """
    report = _open_report(report_id)
    if missing := unanswered(answers_of(report)):
        names = ", ".join(item.title.lower() for item in missing)
        raise ReportRefused("reference", f"These items have no answer yet: {names}.")
    if not 0 < len(reference.strip()) <= LONGEST_REFERENCE or "\0" in reference:
        raise ReportRefused(
            "reference", "Write the reference it gave back, in 1 to 200 characters."
        )
    report.reference, report.sent_through, report.sent_at = reference.strip(), through, now
    report.send_due_at, report.send_problem = None, ""
    report.save()
    kept_until = register().retention["content"].until(now)
    report.holds.filter(ended_at__isnull=True).update(until=kept_until)
    snapshot = report.snapshot
    snapshot.keep_until = max(snapshot.keep_until, kept_until)
    snapshot.save(update_fields=["keep_until"])
    _record("authority_report.sent", report, by=by, now=now)
    return report


@transaction.atomic
def withdraw_report(*, report_id: int, why: str, by: User, now: datetime) -> AuthorityReport:
    """End a report that was begun by mistake and not sent, and what it holds."""
    report = _open_report(report_id)
    if not 0 < len(why.strip()) <= LONGEST_ANSWER or "\0" in why:
        raise ReportRefused("why", "Say why it is not sent.")
    report.withdrawn_at, report.withdrawn_why, report.send_due_at = now, why.strip(), None
    report.save(update_fields=["withdrawn_at", "withdrawn_why", "send_due_at"])
    for hold in report.holds.filter(ended_at__isnull=True).select_related("service"):
        finish_hold(hold=hold, why="Its report was withdrawn.", by=by, now=now)
    _record("authority_report.withdrawn", report, by=by, now=now)
    return report


def erase_old_answers(*, now: datetime) -> int:
    """Erase answers a year after they were sent, and references after five; how many rows."""
    kept = register().retention
    done = 0
    for report in AuthorityReport.objects.filter(sent_at__isnull=False).exclude(
        erased_at__isnull=False, reference=""
    ):
        assert report.sent_at is not None
        if kept["reference"].until(report.sent_at) <= now:
            done += _erase(report, reference="", now=now)
        elif kept["information"].until(report.sent_at) <= now and report.erased_at is None:
            done += _erase(report, reference=report.reference, now=now)
    return done


def answers_of(report: AuthorityReport) -> dict[str, Answer]:
    """What is said so far, by item."""
    return {
        name: Answer(held=one["held"], words=one["words"])
        for name, one in json.loads(report.answers).items()
    }


def earlier_reports(snapshot: Snapshot) -> QuerySet[AuthorityReport]:
    """Reports about the same subject, or about the very same files."""
    same = Q(snapshot__subject_kind=snapshot.subject_kind, snapshot__subject=snapshot.subject)
    if snapshot.item is not None:
        files = snapshot.item.media.exclude(sha256="").values_list("sha256", flat=True)
        same |= Q(snapshot__item__media__sha256__in=list(files))
    reports = AuthorityReport.objects.filter(same, service=snapshot.service)
    return reports.filter(withdrawn_at__isnull=True).distinct().order_by("id")


def _refuse_who_may_not(snapshot: Snapshot, authority: Authority, by: User) -> None:
    allowed = may(by, snapshot.service, May.KEEP)
    if authority.is_for_csea:
        # From here on it is hidden from everybody else, and so from whoever could not go on.
        allowed = allowed and may(by, snapshot.service, May.SEE_RESTRICTED)
    if not allowed:
        raise ReportRefused("authority", "Ask a moderator for restricted harms to begin it.")


def _refuse_duplicate(snapshot: Snapshot, *, earlier: str) -> None:
    known = list(earlier_reports(snapshot))
    if not known or earlier in {report.reference for report in known if report.reference}:
        return
    last = known[-1]
    name = AUTHORITY_NAMES[Authority(last.authority)]
    if last.reference:
        raise ReportRefused(
            "earlier",
            f"This was reported to {name} as {last.reference}. If you have something new to tell, "
            "write that reference here; otherwise do not report it twice.",
        )
    raise ReportRefused("earlier", f"A report of this to {name} is begun already. Finish it first.")


def _hold(report: AuthorityReport, *, by: User, now: datetime) -> None:
    """Hold the item and its account until it is sent; then `record_sent` sets the day."""
    snapshot = report.snapshot
    subjects = [(snapshot.subject_kind, snapshot.subject)]
    if snapshot.item is not None and snapshot.item.account is not None:
        subjects.append((ACCOUNT, snapshot.item.account.external_id))
    name = AUTHORITY_NAMES[Authority(report.authority)]
    for_csea = Authority(report.authority).is_for_csea
    for subject_kind, subject in subjects:
        place_legal_hold(
            service=report.service,
            subject_kind=subject_kind,
            subject=subject,
            kind=HoldKind.CSEA if for_csea else HoldKind.REPORT,
            why=f"A report to {name}.",
            reference="",
            by=by,
            until=None,
            now=now,
            authority_report=report,
        )


def _open_report(report_id: int) -> AuthorityReport:
    reports = AuthorityReport.objects.select_for_update(of=("self",))
    report = reports.select_related("service", "snapshot").get(pk=report_id)
    if report.sent_at is not None:
        raise ReportRefused("reference", "It was sent already.")
    if report.withdrawn_at is not None:
        raise ReportRefused("reference", "It was withdrawn.")
    return report


@transaction.atomic
def _erase(report: AuthorityReport, *, reference: str, now: datetime) -> int:
    row = AuthorityReport.objects.filter(pk=report.pk, reference=report.reference)
    done = row.update(answers="{}", reference=reference, erased_at=report.erased_at or now)
    if done:
        about, whose = f"authority_report:{report.pk}", report.service.slug
        salts = 0 if reference else erase_salts(service=whose, subjects=[about])
        append(
            kind="authority_report.erased",
            service=whose,
            subject=about,
            actor=SYSTEM,
            now=now,
            facts={"reference_kept": bool(reference), "salts": salts},
        )
    return done


def _record(kind: str, report: AuthorityReport, *, by: User, now: datetime) -> None:
    append(
        kind=kind,
        service=report.service.slug,
        subject=f"authority_report:{report.pk}",
        actor=staff_actor(by),
        now=now,
        facts={"urgency": report.urgency},
        personal={"authority": report.authority, "reference": report.reference},
    )
