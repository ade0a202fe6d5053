"""Run beside an installation: prints the answers and cases of a service, as JSON.

Use: python -m tests.journeys.facts ridge
"""

import json
import sys
from typing import Any

import django


def facts(slug: str) -> dict[str, Any]:
    from dutybound_server.casework.models import Case
    from dutybound_server.items.models import Item

    return {
        "answers": dict(
            Item.objects.filter(service__slug=slug).values_list("external_id", "answer")
        ),
        "cases": list(
            Case.objects.filter(service__slug=slug)
            .order_by("id")
            .values_list("reference", flat=True)
        ),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(facts(sys.argv[1])))  # noqa: T201
