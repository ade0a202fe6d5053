"""Run beside an installation: prints how many things are in it, as JSON.

Use: python -m tests.journeys.facts
"""

import json
from typing import Any

import django


def facts() -> dict[str, Any]:
    from dutybound_server.casework.models import Case
    from dutybound_server.items.models import Item

    references = list(Case.objects.order_by("id").values_list("reference", flat=True))
    return {"items": Item.objects.count(), "cases": len(references), "references": references}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(facts()))  # noqa: T201
