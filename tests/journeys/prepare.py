"""Run beside an installation: makes a service in it, through the actions, and prints its key.

Use: python -m tests.journeys.prepare \
  '{"slug": "ridge", "staff": ["mo"], "endpoint": "http://…", "pdq": ["<64 hex digits>", …]}'
"""

import json
import sys
from typing import Any

import django

PASSWORD = "a long walk along the ridge"
STAFF = {"mo": "moderator", "sena": "senior_moderator", "grace": "accountable_person"}


def prepare(wishes: dict[str, Any]) -> dict[str, str]:
    from django.utils import timezone

    from dutybound_server.banks.actions import NewSignal, add_signals, create_bank
    from dutybound_server.casework.actions.endpoints import create_endpoint
    from dutybound_server.people.actions import create_service, create_staff, grant_role, issue_key
    from dutybound_server.people.roles import Role, Scope

    now, by = timezone.now(), "system"
    slug = wishes["slug"]
    service = create_service(slug=slug, name=f"{slug.title()} Forum", by=by, now=now)
    _, token = issue_key(
        service=service, name="journey", scopes=list(Scope), expires_at=None, by=by, now=now
    )
    for name in wishes["staff"]:
        user = create_staff(
            email=f"{name}@{slug}.example", name=name.title(), password=PASSWORD, by=by, now=now
        )
        grant_role(user=user, service=service, role=Role(STAFF[name]), by=by, now=now)
    bank = create_bank(
        service=service, name="known-pictures", source="journey", harm="iia", effect="block",
        why="A journey.", by=by, now=now,
    )  # fmt: skip
    signals = [NewSignal(kind="pdq", value=value) for value in wishes["pdq"]]
    add_signals(bank=bank, signals=signals, why="A journey.", by=by, now=now)
    endpoint = create_endpoint(service=service, url=wishes["endpoint"], by=by, now=now)
    return {"key": token, "secret": endpoint.secret}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(prepare(json.loads(sys.argv[1]))))  # noqa: T201
