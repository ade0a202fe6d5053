"""What we hold ourselves for the items of a report to an authority, for a person to look over."""

import json

from dutybound_server.casework.evidence_queries import case_about, told_about
from dutybound_server.evidence.actions.authority_reports import earlier_reports
from dutybound_server.evidence.models import AuthorityReport


def hints_for(report: AuthorityReport) -> dict[str, str]:
    """Words to begin from, by item; none for what only the service itself can hold."""
    snapshot = report.snapshot
    content = json.loads(snapshot.content)
    item, account = content.get("item") or {}, content.get("account") or {}
    earlier = earlier_reports(snapshot).exclude(pk=report.pk).exclude(reference="")
    hints = {
        "content": _content(report),
        "detected": _detected(report),
        "platform": snapshot.service.name,
        "earlier": ", ".join(f"{one.authority.upper()} {one.reference}" for one in earlier),
        "upload": f"Written {item['created_at']}; received {item['received_at']}" if item else "",
        "address": _hashes(item, snapshot.subject_kind, snapshot.subject),
        "account": ", ".join(filter(None, [account.get("id", ""), account.get("email", "")])),
    }
    return {name: words for name, words in hints.items() if words}


def _content(report: AuthorityReport) -> str:
    count = report.snapshot.files.count()
    return f"{_counted(count, 'file')} in the bag, under data/files" if count else ""


def _detected(report: AuthorityReport) -> str:
    snapshot = report.snapshot
    told, case = told_about(snapshot).count(), case_about(snapshot)
    matches = case.item.matches.filter(set_aside=False).count() if case and case.item else 0
    found = [f"{_counted(told, 'report')} by people"] if told else []
    found += [f"{_counted(matches, 'match', 'matches')} with banks"] if matches else []
    return f"{snapshot.why}; {' and '.join(found)}" if found else snapshot.why


def _hashes(item: dict[str, object], subject_kind: str, subject: str) -> str:
    lines = [f"{subject_kind} {subject}"]
    media = item.get("media")
    for medium in media if isinstance(media, list) else []:
        lines += [f"{name} {medium[name]}" for name in ("sha256", "md5") if medium[name]]
    return "\n".join(lines)


def _counted(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"
