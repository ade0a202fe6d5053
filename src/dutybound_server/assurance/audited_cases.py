"""A sampled case from end to end, as its auditor reads it and takes it along.

The journal's entries lead: each step is one entry, and the words beside it are the rows'. Words of
those who report and post are masked unless the service granted them; of something restricted they
always are. Media are never shown.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User

from dutybound.cases.priority import due_at
from dutybound.cases.redaction import redacted
from dutybound.evidence.complaints_letters import ACKNOWLEDGED_WITHIN
from dutybound.register.harms import HARMS
from dutybound_server.assurance.audit_queries import concerns_of, entries_of_case
from dutybound_server.assurance.models import Audit
from dutybound_server.casework.concern_queries import is_restricted
from dutybound_server.casework.models import Appeal, Case, Concern, Decision, Match, Notice
from dutybound_server.casework.queries import RESTRICTED_HARMS
from dutybound_server.casework.subjects import ITEM
from dutybound_server.journal.models import Entry
from dutybound_server.people.actors import name_of

WITHHELD = "Not shown: this kind of content is shown to no auditor."


@dataclass(frozen=True, slots=True)
class _Telling:
    """Who and what may be named while one case is told."""

    case: Case
    concerns: list[Concern]
    granted: bool
    """Whether names and words are shown."""
    restricted: bool
    known: list[str]
    """What is taken out of words of staff."""

    def theirs(self, words: str, *, restricted: bool = False) -> str:
        """Words of somebody who reports or posts."""
        if self.granted and not restricted:
            return words
        count = len(words.split())
        return f"[{count:,} {'word' if count == 1 else 'words'}, masked]" if count else ""

    def ours(self, words: str) -> str:
        """Words of staff: without names and addresses unless those were granted."""
        if self.restricted:
            return self.theirs(words)
        return words if self.granted else redacted(words, leave_out=self.known)


def case_for_auditor(case: Case, audit: Audit) -> dict[str, Any]:
    """The case as plain JSON: what it is about, what happened, and how long that took."""
    concerns = list(concerns_of(case))
    restricted = is_about_restricted(case)
    telling = _Telling(
        case=case,
        concerns=concerns,
        granted=audit.sees_personal and not restricted,
        restricted=restricted,
        known=_known(case, concerns),
    )
    entries = list(entries_of_case(case, concerns))
    return {
        "case": case.reference,
        "service": case.service.slug,
        "about": case.subject_kind,
        "kind_of_harm": HARMS[case.harm].name,
        "severity": case.severity,
        "status": case.status,
        "restricted": restricted,
        "masked": not telling.granted,
        "subject": telling.theirs(case.subject),
        "account": telling.theirs(case.account.external_id) if case.account else "",
        "concerns": [one.reference for one in concerns],
        "content": _content(telling),
        "times": list(_times(case, concerns)),
        "steps": [_step(entry, telling) for entry in entries],
    }


def is_about_restricted(case: Case) -> bool:
    """Whether only staff who may see restricted harms may see it, for any reason there is."""
    if case.restricted:
        return True
    met = Match.objects.filter(item__service=case.service, harm__in=RESTRICTED_HARMS)
    return case.subject_kind == ITEM and met.filter(item__external_id=case.subject).exists()


def _known(case: Case, concerns: Iterable[Concern]) -> list[str]:
    """Whom we know by name or address in this case."""
    known = [case.subject]
    for account in (case.account, *(one.account for one in concerns)):
        if account is not None:
            known += [account.external_id, account.email]
    known += [one.email for one in concerns]
    staff = User.objects.filter(memberships__service=case.service).distinct()
    for person in staff:
        known += [name_of(person), person.email]
    return [one for one in known if one]


def _content(telling: _Telling) -> dict[str, Any]:
    item = telling.case.item
    if telling.restricted:
        return {"note": WITHHELD}
    if item is None:
        return {"note": "The case is about an account or a page; no single item was sent."}
    if item.erased_at is not None:
        return {"note": f"Erased on schedule on {_at(item.erased_at)}."}
    return {
        "kind": item.kind,
        "visibility": item.visibility,
        "seen_by": item.reach,
        "received_at": _at(item.received_at),
        "first_answer": item.verdict,
        "words": telling.theirs(item.text),
        "links": len(json.loads(item.links)),
        "files": [
            {"type": one.content_type, "bytes": one.size} for one in item.media.order_by("id")
        ],
    }


# Times against targets


def _times(case: Case, concerns: Iterable[Concern]) -> Iterator[dict[str, Any]]:
    for one in concerns:
        about = f"{one.kind} {one.reference}"
        yield _time(
            f"{about}: acknowledged",
            one.received_at,
            one.acknowledged_at,
            one.received_at + ACKNOWLEDGED_WITHIN,
        )
        yield _time(f"{about}: first opened by staff", one.received_at, one.looked_at, None)
        yield _time(f"{about}: decided", one.received_at, one.decided_at, one.due_at)
        yield _time(f"{about}: outcome told", one.received_at, one.told_at, None)
    decisions = list(case.decisions.order_by("id"))
    due = due_at(severity=case.severity, since=case.opened_at)
    decided = decisions[0].decided_at if decisions else None
    yield _time("first decision of the case", case.opened_at, decided, due)
    for told in case.enforcements.exclude(decision=None).order_by("id"):
        what = f"{told.kind}: the service said it was done"
        yield _time(what, told.created_at, told.acknowledged_at, None)
    appeals = Appeal.objects.filter(decision__case=case).select_related("outcome", "decision")
    for appeal in appeals.order_by("id"):
        yield _time(*_appeal(appeal), None)


def _appeal(appeal: Appeal) -> tuple[str, datetime, datetime | None]:
    outcome = appeal.outcome
    if outcome is None:
        return "appeal answered", appeal.lodged_at, None
    who = "the same" if outcome.by_id == appeal.decision.by_id else "another"
    return f"appeal answered by {who} person", appeal.lodged_at, outcome.decided_at


def _time(
    what: str, since: datetime, until: datetime | None, due: datetime | None
) -> dict[str, Any]:
    return {
        "what": what,
        "from": _at(since),
        "until": _at(until),
        "took_seconds": round((until - since).total_seconds()) if until else None,
        "target_seconds": round((due - since).total_seconds()) if due else None,
        "in_time": until <= due if until and due else None,
    }


# Steps


def _step(entry: Entry, telling: _Telling) -> dict[str, Any]:
    body = json.loads(bytes(entry.body))
    told = dict(_words_beside(entry, body["facts"], telling))
    step = {
        "entry": entry.number,
        "at": body["at"],
        "kind": entry.kind,
        "about": "" if entry.subject.startswith("case:") else entry.subject,
        "by": entry.actor,
        "facts": body["facts"],
        "words": {name: shown for name, (_, shown) in told.items() if shown},
    }
    if telling.granted:
        step["personal"] = dict(_disclosed(entry, body["personal"], told, telling))
    return step


def _disclosed(
    entry: Entry,
    digests: Mapping[str, str],
    told: Mapping[str, tuple[str, str]],
    telling: _Telling,
) -> Iterator[tuple[str, str]]:
    """The personal values that the entry holds digests of, as far as the rows still have them."""
    account = telling.case.account
    values = [telling.case.subject, account.external_id if account else ""]
    values += [value for value, shown in told.values() if shown == value]
    for name, digest in digests.items():
        salt = bytes.fromhex(entry.salts.get(name, ""))
        for value in values:
            if salt and sha256(salt + value.encode()).hexdigest() == digest:
                yield name, value
                break


def _words_beside(
    entry: Entry, facts: Mapping[str, Any], telling: _Telling
) -> Iterator[tuple[str, tuple[str, str]]]:
    """What the rows have of the entry: (what it is, (the words, the words as shown))."""
    case = telling.case
    match entry.kind:
        case "concern.received":
            for one in telling.concerns:
                if entry.subject == f"concern:{one.reference}":
                    shown = telling.theirs(one.words, restricted=is_restricted(one))
                    yield "words", (one.words, shown)
        case "case.decided":
            for decision in Decision.objects.filter(case=case, pk=facts.get("decision") or 0):
                yield "reasons", (decision.reasons, telling.ours(decision.reasons))
                yield "statement", (decision.statement, telling.ours(decision.statement))
        case "notice.created":
            for notice in Notice.objects.filter(decision__case=case, pk=facts.get("notice") or 0):
                yield "told", (notice.words, telling.ours(notice.words))
        case "appeal.lodged":
            for appeal in Appeal.objects.filter(decision__case=case, pk=facts.get("appeal") or 0):
                yield "grounds", (appeal.grounds, telling.theirs(appeal.grounds))


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
