"""Run beside an installation: makes Ridge Forum in it, through the actions, and prints its key.

Use: python -m tests.journeys.prepare '{"endpoint": "http://…", "pdq": ["<64 hex digits>", …]}'
"""

import json
import sys
from typing import Any

import django

PASSWORD = "a long walk along the ridge"


def prepare(wishes: dict[str, Any]) -> dict[str, str]:
    from django.utils import timezone

    from dutybound_server.banks.actions import NewSignal, add_signals, create_bank
    from dutybound_server.casework.actions.endpoints import create_endpoint
    from dutybound_server.people.actions import create_service, create_staff, grant_role, issue_key
    from dutybound_server.people.roles import Role, Scope

    now, by = timezone.now(), "system"
    ridge = create_service(slug="ridge", name="Ridge Forum", by=by, now=now)
    _, token = issue_key(
        service=ridge, name="journey", scopes=list(Scope), expires_at=None, by=by, now=now
    )
    roles = (("mo", Role.MODERATOR), ("sena", Role.SENIOR), ("grace", Role.ACCOUNTABLE))
    for name, role in roles:
        user = create_staff(
            email=f"{name}@ridge.example", name=name.title(), password=PASSWORD, by=by, now=now
        )
        grant_role(user=user, service=ridge, role=role, by=by, now=now)
    bank = create_bank(
        service=ridge, name="known-pictures", source="journey", harm="iia", effect="block",
        why="A journey.", by=by, now=now,
    )  # fmt: skip
    signals = [NewSignal(kind="pdq", value=value) for value in wishes["pdq"]]
    add_signals(bank=bank, signals=signals, why="A journey.", by=by, now=now)
    endpoint = create_endpoint(service=ridge, url=wishes["endpoint"], by=by, now=now)
    return {"key": token, "secret": endpoint.secret}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(prepare(json.loads(sys.argv[1]))))  # noqa: T201
