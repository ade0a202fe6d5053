"""Run beside an installation: prints what people told it, with how often each was written to.

Use: python -m tests.journeys.concerns
"""

import json
from typing import Any

import django


def concerns() -> dict[str, Any]:
    from django.db.models import Count

    from dutybound_server.casework.models import Case, Concern

    rows = Concern.objects.order_by("id").annotate(written=Count("letters"))
    return {
        "concerns": [
            {"request_id": one.request_id, "reference": one.reference, "letters": one.written}
            for one in rows
        ],
        "cases": list(Case.objects.values_list("reference", flat=True)),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(concerns()))  # noqa: T201
