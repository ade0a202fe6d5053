"""docs/how-to/webhooks.md does what it says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from dutybound.cases.sanctions import ForAccount, SanctionKind
from dutybound_server.casework.actions.clocks import watch_clocks
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.models import Case, Delivery
from dutybound_server.casework.webhooks import signed_request
from tests import make
from tests.cast import NOW, Cast

PAGE = (Path(__file__).parents[3] / "docs/how-to/webhooks.md").read_text()


@pytest.fixture
def deliveries(cast: Cast) -> list[Delivery]:
    make.endpoint(cast.ridge)
    make.decide(make.case(cast.ridge, author=cast.bram), by=cast.mo)
    return list(Delivery.objects.select_related("endpoint").order_by("id"))


def test_the_example_obeys_each_message_once_and_no_stranger(
    deliveries: list[Delivery], capsys: pytest.CaptureFixture[str]
) -> None:
    example = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)[0]
    service: dict[str, Any] = {}
    exec(compile(example, "webhooks.md", "exec"), service)
    answers = []
    for delivery in deliveries:
        strange = signed_request(delivery, now=timezone.now())
        delivery.endpoint.secret = service["SECRET"]
        request = signed_request(delivery, now=timezone.now())
        sent = (strange, request, request)
        answers += [service["take"](one.body, one.headers) for one in sent]

    assert answers == [401, 204, 204] * 2
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("take_down item post-")
    assert second.startswith("tell bram We took down your post")


def test_the_page_names_every_field_of_every_message(
    cast: Cast, deliveries: list[Delivery]
) -> None:
    report = make.concern(cast.ridge, about=[make.item(cast.ridge, text="zonk")])
    watch_clocks(now=report.received_at + (report.due_at - report.received_at) / 2)
    watch_clocks(now=report.due_at)
    make.decide(Case.objects.get(concerned__concern=report), by=cast.mo)
    weeks = ForAccount(sanction=SanctionKind.LIMIT, days=14)
    limited = make.case(cast.ridge, author=cast.bram)
    undo_decision(
        decision_id=make.decide(limited, by=cast.mo, for_account=weeks).pk, by=cast.mo, now=NOW
    )
    told = list(Delivery.objects.order_by("id"))
    assert len({delivery.event for delivery in told}) == 7

    for delivery in told:
        (row,) = re.findall(rf"^\| `{delivery.event}` \| (.*) \|$", PAGE, flags=re.MULTILINE)
        named = set(re.findall(r"`(\w+)`", row))
        assert set(json.loads(delivery.payload)["data"]) <= named
