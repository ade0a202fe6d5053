"""Run beside an installation: prints the answers and cases that are in it, as JSON.

Use: python -m tests.journeys.facts
"""

import json
from typing import Any

import django


def facts() -> dict[str, Any]:
    from dutybound_server.casework.models import Case
    from dutybound_server.items.models import Item

    return {
        "answers": dict(Item.objects.values_list("external_id", "answer")),
        "cases": list(Case.objects.order_by("id").values_list("reference", flat=True)),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(facts()))  # noqa: T201
