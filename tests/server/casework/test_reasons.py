"""Every restriction yields a statement of reasons that can be published, or says why not yet."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.cases import open_account_case
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.published_words import publish_words
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import Case, PublishedWords, Sanction
from dutybound_server.casework.reasons import (
    WITHOUT_WORDS,
    reasons_of,
    restriction_for,
    restrictions,
    taken_back_at,
)
from dutybound_server.casework.refusals import CaseNotFound, DecisionRefused
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Service
from dutybound_server.people.roles import Scope
from tests import make
from tests.cast import NOW, Cast


def statement(service: Service) -> dict[str, Any]:
    reasons = reasons_of(restrictions(service).get())
    assert reasons.is_ready, reasons.troubles
    return reasons.statement


def test_what_takes_nothing_away_has_no_statement(cast: Cast) -> None:
    case = make.case(cast.ridge, author=cast.bram)

    make.decide(case, by=cast.mo, enforcement_kind="none", ground="none", rule="")

    assert not restrictions(cast.ridge).exists()


@pytest.mark.parametrize("kind", ["take_down", "restrict", "label"])
@pytest.mark.parametrize("ground", ["law", "terms"])
def test_every_restriction_has_a_statement_in_order(cast: Cast, kind: str, ground: str) -> None:
    make.decide(
        make.case(cast.ridge, author=cast.bram), by=cast.mo, enforcement_kind=kind, ground=ground
    )

    told = statement(cast.ridge)

    assert told["automated_detection"] == "Yes"
    assert told["source_type"] == "SOURCE_VOLUNTARY"
    assert told["category"] == "STATEMENT_CATEGORY_CYBER_VIOLENCE"
    assert ("illegal_content_legal_ground" in told) is (ground == "law")


@pytest.mark.parametrize("kind", ["take_down", "restrict", "label"])
def test_so_has_one_about_an_account(cast: Cast, kind: str) -> None:
    case = open_account_case(account=cast.bram, harm="fraud", why="Zonk.", by=cast.mo, now=NOW)

    make.decide(case, by=cast.mo, enforcement_kind=kind)

    assert statement(cast.ridge)["content_type_other"] == "Account"


@pytest.mark.parametrize(
    ("kind", "days", "expected"),
    [
        ("warn", None, {}),
        (
            "limit",
            3,
            {
                "decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION",
                "end_date_service_restriction": "2026-11-26",
            },
        ),
        (
            "suspend",
            3,
            {
                "decision_account": "DECISION_ACCOUNT_SUSPENDED",
                "end_date_account_restriction": "2026-11-26",
            },
        ),
        ("close", None, {"decision_account": "DECISION_ACCOUNT_TERMINATED"}),
    ],
)
def test_a_sanction_stands_beside_what_happened_to_the_item(
    cast: Cast, kind: str, days: int | None, expected: dict[str, str]
) -> None:
    decision = make.decide(make.case(cast.ridge, author=cast.bram), by=cast.mo)
    Sanction.objects.create(
        decision=decision,
        account=cast.bram,
        kind=kind,
        starts_at=NOW,
        ends_at=NOW + timedelta(days=days) if days else None,
    )

    told = statement(cast.ridge)

    assert expected.items() <= told.items()
    assert ("decision_account" in told) is ("decision_account" in expected)


def test_a_report_is_a_notification_and_nobody_is_named_for_it(cast: Cast) -> None:
    watch = make.flagger(cast.ridge, by=cast.ada)
    fay = make.flagger_person(watch, by=cast.ada)
    told = Told(
        kind=Kind.ILLEGAL_CONTENT,
        words="My name is Bram Hill.",
        channel="page",
        subjects=(Subject("item", "post-1"),),
    )
    take_concern(service=cast.ridge, told=told, now=NOW)
    make.decide(Case.objects.get(), by=cast.mo)
    assert statement(cast.ridge)["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert "Bram" not in str(statement(cast.ridge))

    make.flagged(watch, "post-2", by=fay)
    second = make.decide(Case.objects.get(subject="post-2"), by=cast.mo)

    flagged = reasons_of(second).statement
    # Trusted here is not yet trusted under Article 22 of the DSA.
    assert flagged["source_type"] == "SOURCE_TYPE_OTHER_NOTIFICATION"
    assert "Fraud Watch" not in str(flagged)
    assert flagged["automated_detection"] == "No"


def test_one_that_names_somebody_is_kept_back_until_it_is_worded_anew(cast: Cast) -> None:
    case = make.case(cast.ridge, author=cast.bram)
    decision = make.decide(case, by=cast.mo, statement="You wrote to @cleo_hill, which is unkind.")
    assert [one.field for one in reasons_of(decision).troubles] == [
        "incompatible_content_explanation"
    ]

    for words in (" ", "z" * 2001, "It went to cleo@example.com."):
        with pytest.raises(DecisionRefused):
            publish_words(decision_id=decision.pk, words=words, by=cast.sena, now=NOW)
    assert not PublishedWords.objects.exists()

    publish_words(
        decision_id=decision.pk, words="It was unkind to a person.", by=cast.sena, now=NOW
    )

    told = statement(cast.ridge)
    assert told["incompatible_content_explanation"] == "It was unkind to a person."
    assert Entry.objects.filter(kind="statement.worded").count() == 1


def test_a_restricted_case_gives_no_words_and_shows_only_to_who_may(cast: Cast) -> None:
    case = make.case(cast.ridge, author=cast.bram, harm="csea_image_csam")
    decision = make.decide(case, by=cast.ren, ground="law", rule="Protection of Children Act")

    assert statement(cast.ridge)["illegal_content_explanation"] == WITHOUT_WORDS
    assert restriction_for(cast.ren, cast.ridge, decision.pk) == decision
    for person in (cast.sena, cast.ode, cast.vic):
        with pytest.raises(CaseNotFound):
            restriction_for(person, cast.ridge, decision.pk)


def test_a_service_pulls_its_own_and_what_is_kept_back_does_not_leave(cast: Cast) -> None:
    make.decide(make.case(cast.ridge, author=cast.bram), by=cast.mo)
    named = make.decide(
        make.case(cast.ridge, author=cast.bram), by=cast.mo, statement="Ask 07700 900123."
    )
    undone = make.decide(make.case(cast.ridge, author=cast.bram), by=cast.mo)
    undo_decision(decision_id=undone.pk, by=cast.mo, now=NOW)
    make.decide(make.case(cast.harbour), by=cast.vic)
    key = make.key(cast.ridge, scopes=[Scope.ENFORCEMENTS])
    ridge = Client(headers={"authorization": f"Bearer {key}"})

    answer = ridge.get("/api/v1/statements")

    whole, kept, back = answer.json()["statements"]
    assert whole["statement"]["puid"].endswith(f"-{whole['number']}")
    assert (kept["statement"], kept["number"]) == (None, named.pk)
    assert kept["kept_back"][0]["says"] == "has a phone number"
    assert b"900123" not in answer.content
    assert back["taken_back_at"]
    items = Client(headers={"authorization": f"Bearer {make.key(cast.ridge)}"})
    assert items.get("/api/v1/statements").status_code == 403


def test_one_whose_appeal_was_right_says_so_and_one_whose_was_not_stands(cast: Cast) -> None:
    for outcome, taken_back in (("restore", NOW), ("take_down", None)):
        first = make.decide(make.case(cast.ridge, author=cast.bram), by=cast.mo)
        lodge_appeal(token=first.notices.get().token, grounds="It was satire.", now=NOW)
        kind: dict[str, Any] = {"enforcement_kind": outcome}
        if outcome == "restore":
            kind |= {"ground": "none", "rule": ""}
        make.decide(first.case, by=cast.nell, **kind)

        decision = restrictions(cast.ridge).get(id=first.pk)

        assert taken_back_at(decision) == taken_back
        assert ("taken back" in reasons_of(decision).statement["decision_facts"]) is bool(
            taken_back
        )
