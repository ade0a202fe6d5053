"""What is left of each risk, by the records; what contradicts the assessment asks for a look."""

from datetime import timedelta

import pytest
from django.test import Client

from dutybound.evidence.residual import Residual, Works
from dutybound.risk.document import Assessment
from dutybound_server.assurance.actions.drafts import import_document
from dutybound_server.assurance.actions.looks import look_at
from dutybound_server.assurance.actions.reviews import open_due_reviews
from dutybound_server.assurance.actions.versions import approve_draft
from dutybound_server.assurance.models import ReviewTask
from dutybound_server.assurance.queries import document_of, draft_of
from dutybound_server.assurance.residual_queries import residual_of
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.models import Decision
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.filled import finish
from tests.server.assurance.papers import document

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HARM = "harassment"


def approve(cast: Cast, *, argued: str = "") -> None:
    """An assessment in which a letter of appointment stands against harassment, which is low."""
    draft = finish(cast)
    whole = document_of(draft).as_json()
    whole["risks"][HARM] = {
        "level": "low",
        "reasons": "We are few and know each other.",
        "argued": argued,
    }
    whole["controls"] = [
        {**control, "state": "in_place", "harms": [HARM]}
        if "ICU A2" in control.get("measures", ())
        else control
        for control in whole["controls"]
    ]
    import_document(
        service=cast.ridge, document=Assessment.model_validate(whole), by="staff:1", now=NOW
    )
    draft = draft_of(cast.ridge)
    approve_draft(draft=draft, revision=draft.revision, by=cast.grace, now=NOW)


def left(cast: Cast, *, days: int = 0) -> Residual:
    return next(one for one in residual_of(cast.ridge, NOW + days * DAY) if one.harm.id == HARM)


def kinds(cast: Cast) -> list[str]:
    return list(ReviewTask.objects.order_by("id").values_list("kind", flat=True))


def test_without_an_assessment_nothing_is_said(cast: Cast) -> None:
    assert residual_of(cast.ridge, NOW) == ()


def test_a_control_is_borne_out_by_its_measure_and_not_before_anybody_looked(cast: Cast) -> None:
    approve(cast)
    assert left(cast).against[0].works is Works.UNPROVEN
    look_at(service=cast.ridge, now=NOW)
    assert left(cast).against[0].works is Works.FAILS

    document(cast.ridge, owner=cast.ada, by=cast.ada)
    look_at(service=cast.ridge, now=NOW)

    assert left(cast).against[0].works is Works.BORNE_OUT
    # Nobody looked for a day, so nothing is known again.
    assert left(cast, days=1).against[0].works is Works.UNPROVEN


def test_what_was_found_keeps_it_up_until_it_is_undone(cast: Cast) -> None:
    approve(cast)
    for _ in range(3):
        make.decided_case(cast.ridge, by=cast.mo, now=NOW)

    assert (left(cast).upheld, left(cast).left) == (3, "medium")
    assert left(cast, days=91).left == "low"

    decision = Decision.objects.earliest("id")
    undo_decision(decision_id=decision.pk, by=cast.mo, now=NOW + timedelta(minutes=1))
    assert (left(cast).upheld, left(cast).left) == (2, "low")


def test_outcomes_that_contradict_an_argued_level_open_one_review(cast: Cast) -> None:
    approve(cast, argued="It was one quarrel.")
    for hours in range(3):
        make.decided_case(cast.ridge, by=cast.mo, now=NOW + timedelta(hours=hours))
    open_due_reviews(now=NOW + DAY)
    make.decided_case(cast.ridge, by=cast.mo, now=NOW + DAY)

    open_due_reviews(now=NOW + 2 * DAY)

    (task,) = ReviewTask.objects.all()
    assert task.kind == "outcome"
    assert "3 decisions against it in 90 days still stand" in task.says


def test_a_control_whose_measure_is_not_met_for_a_week_opens_a_review(cast: Cast) -> None:
    approve(cast)
    for days in (0, 6):
        look_at(service=cast.ridge, now=NOW + days * DAY)
        open_due_reviews(now=NOW + days * DAY)
    assert kinds(cast) == []

    # A worker that does not run tells of nothing.
    open_due_reviews(now=NOW + 8 * DAY)
    assert kinds(cast) == []
    look_at(service=cast.ridge, now=NOW + 8 * DAY)
    open_due_reviews(now=NOW + 8 * DAY)

    assert set(kinds(cast)) == {"control_failing"}
    assert any("ICU A2 is not met since 2026-11-23" in one.says for one in ReviewTask.objects.all())


def test_the_page_shows_level_controls_and_why(cast: Cast, client: Client) -> None:
    client.force_login(cast.ode)
    assert "No risks yet" in client.get("/console/ridge/residual/").content.decode()
    approve(cast)
    look_at(service=cast.ridge, now=NOW)

    page = client.get("/console/ridge/residual/").content.decode()

    assert "Harassment" in page
    assert "By version 1 of the assessment" in page
    assert "No control in place stands against it." in page
