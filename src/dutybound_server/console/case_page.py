"""Everything the page of one case shows, gathered for its template."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils import timezone

from dutybound.cases.claims import is_claimed
from dutybound.cases.guides import Judges
from dutybound.cases.judgement import (
    CHOICES,
    UNDO_WINDOW,
    EnforcementKind,
    can_still_undo,
    to_enforce,
)
from dutybound.cases.priority import AT_RISK, lasting, why
from dutybound.cases.status import WAITING, EventKind, Status
from dutybound_server.casework import queries
from dutybound_server.casework.concern_queries import concerns_about
from dutybound_server.casework.evidence_queries import visible_snapshots
from dutybound_server.casework.models import Appeal, Case, CaseEvent, Decision, Match
from dutybound_server.casework.refusals import CaseNotFound
from dutybound_server.casework.subjects import ITEM
from dutybound_server.console.consequences import for_the_account, will_happen
from dutybound_server.console.figures import figures
from dutybound_server.console.guided import GuideForm
from dutybound_server.console.judgement import DecisionForm, first_answers, rules_used
from dutybound_server.console.pictures import Look
from dutybound_server.console.templatetags.cases import outcome_words
from dutybound_server.console.thread import around
from dutybound_server.console.undo_bar import undoable
from dutybound_server.evidence.models import Snapshot
from dutybound_server.people.access import StaffRequest
from dutybound_server.people.actors import name_of
from dutybound_server.people.queries import may
from dutybound_server.people.roles import May

BREAK_EVERY = 20  # pictures; then the page suggests a few minutes away from it
MOST_EARLIER = 10
MOST_TOLD = 20
MOST_SEALED = 20


def case_page(
    request: StaffRequest,
    case: Case,
    *,
    now: datetime,
    form: DecisionForm | None = None,
    guided: GuideForm | None = None,
) -> dict[str, Any]:
    """The context of the case's page or of its pane."""
    matches = matches_of(case)
    form = form or DecisionForm(initial=first_answers(case, matches))
    return {
        "case": case,
        "item": case.item,
        "account": case.account,
        "links": json.loads(case.item.links) if case.item else [],
        "shown_media": _figures(request, case, now=now),
        "matches": matches,
        "raised": _raised(case),
        "appeals": _appeals(case),
        "why": why(severity=case.severity, reach=case.reach, waiting=now - case.waiting_since),
        "clock": _clock(case, now=now),
        "events": case.events.select_related("by"),
        "same_count": queries.identical_open_cases(case, request.user).count(),
        "earlier": _earlier(request.user, case),
        **context_of(request.user, case),
        **guide_piece(case, guided=guided or GuideForm(harm=case.harm)),
        **looked_at(request.user, now=now),
        "snapshots": _snapshots(request.user, case),
        **claim_piece(request.user, case, now=now),
        **_decision(request.user, case, now=now),
        **statement_piece(case, form=form),
    }


def case_or_404(request: StaffRequest, reference: str) -> Case:
    """The case, or the same 404 for absent, of another service, and not for this person."""
    try:
        return queries.case_for(request.user, request.service, reference)
    except CaseNotFound:
        raise Http404("There is no case of this reference that you may see.") from None


def matches_of(case: Case) -> Sequence[Match]:
    """How the subject met signals, in any revision: what counted first, then the nearest."""
    if case.subject_kind != ITEM:
        return []
    met = Match.objects.filter(item__service=case.service, item__external_id=case.subject)
    met = met.select_related("signal__bank", "media", "item")
    return list(met.order_by("set_aside", "dry_run", "-item__revision", "distance", "id"))


def looked_at(user: User, *, now: datetime) -> dict[str, Any]:
    """How many pictures the person has looked at today, for their own sake."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    looked = queries.reveals_since(user, midnight)
    return {"looked": looked, "break_due": looked >= BREAK_EVERY}


def claim_piece(user: User, case: Case, *, now: datetime) -> dict[str, Any]:
    """Who works on the case, and what the person may do about that."""
    held = is_claimed(until=case.claimed_until, now=now)
    holder = case.claimed_by if held else None
    return {
        "is_waiting": case.status in WAITING,
        "may_decide": may(user, case.service, May.DECIDE),
        "for_another": case.status in WAITING and queries.answers_to_another(case, user),
        "may_bulk": may(user, case.service, May.OVERTURN),
        "is_mine": holder == user,
        "holder": name_of(holder) if holder else "",
    }


def statement_piece(case: Case, *, form: DecisionForm) -> dict[str, Any]:
    """The draft for the author, and what will happen, for the outcome the form holds."""
    chosen = form["enforcement_kind"].value()
    enforce = None
    if chosen in CHOICES:
        enforce = to_enforce(EnforcementKind(chosen), state=queries.case_state(case))
    preview = queries.preview_decision([case])
    sentence = will_happen(preview, enforce=enforce, subject_kind=case.subject_kind)
    chosen, now = form.for_account(), timezone.now()
    account = for_the_account(case, enforce=enforce, chosen=chosen, now=now)
    form.fit(case)
    return {"form": form, "will_happen": f"{sentence} {account}".strip()}


def guide_piece(case: Case, *, guided: GuideForm) -> dict[str, Any]:
    """The questions, what the answers give so far, and the rules that are offered."""
    laws = [offence.law for offence in guided.result.offences or guided.chosen.offences]
    offered = [*laws, *rules_used(case)] if guided.chosen.judges is Judges.LAW else rules_used(case)
    return {"guided": guided, "rules": list(dict.fromkeys(offered))}


def context_of(user: User, case: Case) -> dict[str, Any]:
    """What stands beside the questions: the conversation, what people told us, what was decided."""
    told = concerns_about(user, case).order_by("-id")
    has_words = case.item is not None and case.item.erased_at is None
    return {
        "around": around(case.item.context, item_id=case.subject)
        if case.item and has_words
        else None,
        # Counted for the few that are shown: a database would count those of all.
        "told": told.prefetch_related("attachments")[:MOST_TOLD],
        "told_more": max(told.count() - MOST_TOLD, 0),
        "decided_before": _decided_before(user, case),
        "counted": _counted(user, case),
    }


def _decided_before(user: User, case: Case) -> Sequence[Decision]:
    """Without the one that the page shows in full."""
    before = queries.decided_alike(case, user)
    shown = queries.last_decision(case) if case.status == Status.DECIDED else None
    return list((before.exclude(pk=shown.pk) if shown else before)[:MOST_EARLIER])


def _counted(user: User, case: Case) -> dict[str, int]:
    """How the account's other cases ended, all of them, as far as the person may see them."""
    if case.account is None:
        return {}
    others = queries.visible_cases(user, case.service).filter(account=case.account)
    stand = Decision.objects.filter(case__in=others.exclude(pk=case.pk), undone_at=None)
    kinds = stand.values_list("enforcement_kind").annotate(times=Count("id")).order_by()
    return {outcome_words(kind): times for kind, times in kinds}


def _figures(request: StaffRequest, case: Case, *, now: datetime) -> Sequence[Any]:
    """Without JavaScript the address says which picture was asked for; the log says if it was."""
    if case.item is None:
        return []
    asked = request.GET.get("shown", "")
    shown = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    if shown is not None and not queries.looked_lately(case, shown, by=request.user, now=now):
        shown = None
    look = Look.COLOUR if request.GET.get("look") == Look.COLOUR else Look.GREY
    return figures(case.item.media.order_by("id"), shown=shown, look=look)


def _raised(case: Case) -> Collection[CaseEvent]:
    """Who or what asked for a look without a match, each reason once; a doubt is nobody's."""
    asked = case.events.filter(kind__in=(EventKind.OPENED, EventKind.RAISED)).exclude(note="")
    return {event.note: event for event in asked.select_related("by")}.values()


def _snapshots(user: User, case: Case) -> Sequence[Snapshot]:
    """What was sealed of the case's subject, for those who keep evidence and may see it."""
    if not may(user, case.service, May.KEEP):
        return []
    sealed = visible_snapshots(user, case.service)
    same = sealed.filter(subject_kind=case.subject_kind, subject=case.subject)
    return list(same[:MOST_SEALED])


def _clock(case: Case, *, now: datetime) -> dict[str, Any]:
    allowed, rest = case.due_at - case.waiting_since, case.due_at - now
    late = rest < timedelta()
    return {
        "share": 1 if late else 1 - rest / allowed,
        "words": f"{lasting(-rest)} late" if late else f"{lasting(rest)} left",
        "colour": "red" if late else "amber" if rest <= AT_RISK else "slate",
    }


def _decision(user: User, case: Case, *, now: datetime) -> dict[str, Any]:
    decision = queries.last_decision(case)
    return {
        "decision": decision,
        "can_undo": decision is not None and _may_undo(user, decision, now=now),
        "undo_until": decision.decided_at + UNDO_WINDOW if decision else None,
        "undoable": undoable(user, case.service, now=now),
    }


def _may_undo(user: User, decision: Decision, *, now: datetime) -> bool:
    if decision.case.status == Status.APPEALED:
        return False
    allowed = decision.by == user or may(user, decision.case.service, May.OVERTURN)
    return allowed and can_still_undo(decided_at=decision.decided_at, now=now)


def _appeals(case: Case) -> Sequence[Appeal]:
    """What the author said against decisions about this case, the newest first."""
    appeals = Appeal.objects.filter(decision__case=case).order_by("-id")
    return list(appeals.select_related("decision__by", "outcome"))


def _earlier(user: User, case: Case) -> QuerySet[Case]:
    if case.account is None:
        return Case.objects.none()
    others = queries.visible_cases(user, case.service).filter(account=case.account)
    return (
        others.exclude(pk=case.pk)
        .prefetch_related("decisions")
        .order_by("-opened_at")[:MOST_EARLIER]
    )
