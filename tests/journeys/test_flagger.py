"""A trusted flagger by API: it reports, a person decides, it learns the outcome and its record."""

import json
from typing import Any

import urllib3

from tests.journeys.installation import Installation
from tests.journeys.staff import Staff

FLAG = {
    "request_id": "2026-117",
    "harm": "fraud",
    "words": "A shop that takes money and sends nothing.",
    "subjects": [{"kind": "address", "id": "https://ridge.example/shop/9"}],
}


def read(answer: urllib3.BaseHTTPResponse) -> Any:  # noqa: ANN401 - JSON
    return json.loads(answer.data)


def test_a_flagger_reports_by_api_and_learns_what_came_of_it(dutybound: Installation) -> None:
    service = dutybound.ask(
        "tests.journeys.prepare",
        slug="market", staff=["mo", "sena"], endpoint="http://127.0.0.1:9/", pdq=[],
    )  # fmt: skip
    key = dutybound.ask("tests.journeys.agree", "market")["key"]
    assert dutybound.call("POST", "/api/v1/flags", key=service["key"], body=FLAG).status == 401

    first = dutybound.call("POST", "/api/v1/flags", key=key, body=FLAG)
    again = dutybound.call("POST", "/api/v1/flags", key=key, body=FLAG)
    assert (first.status, again.status) == (201, 200)

    [case] = dutybound.ask("tests.journeys.facts", "market")["cases"]
    mo = Staff(dutybound.address, email="mo@market.example")
    taken_down = {
        "enforcement_kind": "take_down",
        "ground": "terms",
        "rule": "No fraud",
        "harm": "fraud",
        "reasons": "A shop that sends nothing.",
        "statement": "We took down your page because it breaks our rules (No fraud).",
    }
    assert mo.post(f"/console/market/cases/{case}/decide/", taken_down) == 200

    told = read(dutybound.call("GET", f"/api/v1/flags/{read(first)['reference']}", key=key))
    assert (told["outcome"], told["subjects"][0]["state"]) == ("acted", "take_down")
    record = read(dutybound.call("GET", "/api/v1/flagger", key=key))
    assert (record["things_acted_on"], record["answered_in_time"]) == (1, 1)
    page = read(dutybound.call("GET", "/api/v1/statements", key=service["key"]))
    statement = page["statements"][0]["statement"]
    assert statement["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert "Fraud Watch" not in str(statement)
