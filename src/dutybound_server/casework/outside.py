"""What of a case a body outside may read: who did what by number, nobody by name."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from dutybound.cases.bundle import as_json, as_text, manifest_of, packed, statement_of
from dutybound.cases.redaction import redacted
from dutybound.ledger.notes import sign
from dutybound.register.harms import HARMS
from dutybound_server.casework.concern_queries import is_restricted
from dutybound_server.casework.models import Appeal, Case, Concern, Decision, Judging
from dutybound_server.items.models import Item
from dutybound_server.journal.queries import journal_key, journal_origin, newest_checkpoint
from dutybound_server.people.actors import name_of

Words = Callable[[str], str]

HOW_REDACTED = (
    "E-mail addresses, links, handles, numbers, network addresses and postcodes are taken out of "
    "all words, and whatever a person named besides; staff are numbers, files are hashes."
)
LEFT_OUT_WHOLE = "Left out: this kind of content is not given away."


def case_as_told(case: Case, *, leave_out: Iterable[str] = ()) -> dict[str, Any]:
    """Facts, rules, reasons, times and redacted content of the case."""
    people: dict[int, str] = {}
    words = _words_of(case, leave_out)

    def person(user: User | None) -> str:
        return people.setdefault(user.pk, f"person {len(people) + 1}") if user else "system"

    decisions = case.decisions.select_related("by", "undone_by").order_by("id")
    return {
        "case": case.reference,
        "service": case.service.name,
        "about": case.subject_kind,
        "kind_of_harm": HARMS[case.harm].name,
        "severity": case.severity,
        "status": case.status,
        "opened_at": _at(case.opened_at),
        "content": _content(case, words),
        "what_people_told_us": [_concern(one, case, words) for one in _concerns(case)],
        "decisions": [_decision(one, words, person) for one in decisions],
        "appeals": [_appeal(one, words, person) for one in _appeals(case)],
        "what_the_author_was_told": [
            {"kind": one.kind, "told_at": _at(one.created_at), "words": words(one.words)}
            for one in case_notices(case)
        ],
        "what_the_service_was_told": [
            {
                "kind": one.kind,
                "told_at": _at(one.created_at),
                "done_at": _at(one.acknowledged_at),
            }
            for one in case.enforcements.order_by("id")
        ],
        "history": [
            {"what": one.kind, "at": _at(one.at), "by": person(one.by)}
            for one in case.events.select_related("by").order_by("id")
        ],
    }


def bundle_of(
    case: Case, *, body: str, leave_out: Iterable[str], now: datetime
) -> tuple[bytes, bytes]:
    """The signed zip, and its manifest."""
    told = case_as_told(case, leave_out=leave_out)
    files = {"case.json": as_json(told), "case.txt": as_text(told).encode()}
    about = {
        "case": case.reference,
        "service": case.service.name,
        "body": body,
        "exported_at": _at(now),
        "redaction": HOW_REDACTED,
    }
    manifest = manifest_of(about, files)
    head = newest_checkpoint()
    note = sign(statement_of(manifest), name=journal_origin(head), key=settings.JOURNAL_KEY)
    whole = packed(files, manifest=manifest, note=note, key=str(journal_key(head)))
    return whole, manifest


def case_notices(case: Case) -> list[Any]:
    """What the author was told of the case, the oldest first."""
    return [
        notice
        for decision in case.decisions.order_by("id").prefetch_related("notices")
        for notice in decision.notices.order_by("id")
    ]


def _words_of(case: Case, leave_out: Iterable[str]) -> Words:
    """How words of this case are redacted: also without those whom we know by name."""
    names = [*leave_out, case.subject]
    accounts = [case.account, *(one.account for one in _concerns(case))]
    for account in accounts:
        if account is not None:
            names += [account.external_id, account.email]
    for decision in case.decisions.select_related("by"):
        names += [name_of(decision.by), decision.by.email]

    def words(text: str) -> str:
        return redacted(text, leave_out=names)

    return words


def _content(case: Case, words: Words) -> dict[str, Any]:
    item = _item(case)
    if item is None:
        return {"note": "The case is about an account or a page; no single item was sent."}
    if case.restricted:
        return {"note": LEFT_OUT_WHOLE}
    if item.erased_at is not None:
        return {"note": f"Erased on schedule on {_at(item.erased_at)}."}
    return {
        "kind": item.kind,
        "visibility": item.visibility,
        "seen_by": item.reach,
        "revision": item.revision,
        "written_at": _at(item.created_at),
        "received_at": _at(item.received_at),
        "first_answer": item.verdict,
        "words": words(item.text),
        "links": len(json.loads(item.links)),
        "files": [
            {"type": one.content_type, "bytes": one.size, "sha256": one.sha256}
            for one in item.media.order_by("id")
        ],
    }


def _item(case: Case) -> Item | None:
    """The revision that was last decided about, else the newest."""
    told = case.enforcements.exclude(decision=None).order_by("-id").first()
    if told is None or told.revision is None:
        return case.item
    revisions = Item.objects.filter(service=case.service, external_id=case.subject)
    return revisions.filter(revision=told.revision).first() or case.item


def _concerns(case: Case) -> list[Concern]:
    told = Concern.objects.filter(subjects__case=case).select_related("account")
    return list(told.distinct().order_by("id"))


def _concern(one: Concern, case: Case, words: Words) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "received_at": _at(one.received_at),
        "due_at": _at(one.due_at),
        # The same words may be about something restricted besides.
        "words": LEFT_OUT_WHOLE if case.restricted or is_restricted(one) else words(one.words),
    }


def _decision(one: Decision, words: Words, person: Callable[[User | None], str]) -> dict[str, Any]:
    judging = Judging.objects.filter(decision=one).first()
    return {
        "outcome": one.enforcement_kind,
        "ground": one.ground,
        "rule": words(one.rule),
        "kind_of_harm": HARMS[one.harm].name,
        "reasons": words(one.reasons),
        "statement": words(one.statement),
        "decided_at": _at(one.decided_at),
        "decided_by": person(one.by),
        "undone_at": _at(one.undone_at),
        "judged_by_guide": _judging(judging, words) if judging else None,
    }


def _judging(one: Judging, words: Words) -> dict[str, Any]:
    return {
        "guide": one.guide,
        "version": one.version,
        "result": one.result,
        "answers": [
            {name: words(said) if isinstance(said, str) else said for name, said in answer.items()}
            for answer in one.answers
        ],
    }


def _appeals(case: Case) -> list[Appeal]:
    found = Appeal.objects.filter(decision__case=case).order_by("id")
    return list(found.select_related("outcome__by", "decision__by"))


def _appeal(one: Appeal, words: Words, person: Callable[[User | None], str]) -> dict[str, Any]:
    return {
        "lodged_at": _at(one.lodged_at),
        "against_the_decision_of": _at(one.decision.decided_at),
        "grounds": words(one.grounds),
        "answered_at": _at(one.outcome.decided_at) if one.outcome else None,
        "answered_by": person(one.outcome.by) if one.outcome else None,
        "answer": one.outcome.enforcement_kind if one.outcome else None,
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
