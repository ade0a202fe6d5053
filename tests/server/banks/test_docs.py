"""docs/how-to/banks.md does what it says."""

import json
import re
from pathlib import Path

from django.test import Client

from dutybound.matching import SignalKind
from dutybound_server.banks.checks import BankSettings
from dutybound_server.people.roles import Scope
from tests import make
from tests.cast import Cast

PAGE = (Path(__file__).parents[3] / "docs/how-to/banks.md").read_text()


def test_its_calls_make_a_bank_and_add_a_signal(cast: Cast) -> None:
    make_bank, add_signals = (
        json.loads(body) for body in re.findall(r"-d '\n(.*?)'\n", PAGE, re.DOTALL)
    )
    token = make.key(cast.ridge, scopes=[Scope.BANKS])
    service = Client(headers={"Authorization": f"Bearer {token}"})
    at = f"/api/v1/banks/{make_bank['name']}/signals"

    made = service.post("/api/v1/banks", make_bank, content_type="application/json")
    added = service.post(at, add_signals, content_type="application/json").json()

    assert made.status_code == 201
    assert (added["added"], added["already"]) == (1, 0)


def test_it_tells_of_every_setting_and_every_kind_of_signal() -> None:
    told = PAGE.replace(" ", "_")

    assert [name for name in BankSettings.__annotations__ if name not in told] == ["description"]
    assert [kind for kind in SignalKind if f"`{kind}`" not in PAGE] == []
