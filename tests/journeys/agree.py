"""Run beside an installation: agrees with a trusted flagger of a service, and prints its key.

Use: python -m tests.journeys.agree ridge
"""

import json
import sys
from datetime import timedelta

import django


def agree(slug: str) -> dict[str, str]:
    from django.contrib.auth.models import User
    from django.utils import timezone

    from dutybound_server.casework.actions.flaggers import (
        Terms,
        agree_flagger,
        issue_flagger_key,
    )
    from dutybound_server.people.models import Service

    now, by = timezone.now(), User.objects.get(username=f"sena@{slug}.example")
    terms = Terms(
        name="Fraud Watch",
        kind="fraud",
        respond_within=timedelta(hours=24),
        policy="They know fraud better than we do.",
        review_by=now.date() + timedelta(days=180),
        harms=("fraud",),
        first_in_queue=True,
    )
    service = Service.objects.get(slug=slug)
    flagger = agree_flagger(service=service, terms=terms, by=by, now=now)
    _, token = issue_flagger_key(flagger_id=flagger.pk, name="Robot", by=by, now=now)
    return {"key": token}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(agree(sys.argv[1])))  # noqa: T201
