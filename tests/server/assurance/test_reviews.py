"""What happens after an approval opens a task that says what and why; a person closes it."""

from datetime import timedelta

import pytest
from django.db import connection

from dutybound_server.assurance.actions.drafts import answer_question, start_draft
from dutybound_server.assurance.actions.reviews import (
    NoteMissing,
    close_review,
    open_due_reviews,
)
from dutybound_server.assurance.guards import guard, unguard
from dutybound_server.assurance.models import ReviewTask
from dutybound_server.assurance.queries import open_tasks
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved, saving

pytestmark = pytest.mark.django_db
A_DAY, A_YEAR = timedelta(days=1), timedelta(days=366)


def kinds() -> list[str]:
    found = Entry.objects.filter(kind__startswith="review").order_by("id")
    return list(found.values_list("kind", flat=True))


def test_nothing_is_due_on_the_day_of_the_approval(cast: Cast) -> None:
    approved(cast)

    assert open_due_reviews(now=NOW) == 0


def test_a_year_later_one_task_asks_for_a_look_and_is_opened_once(cast: Cast) -> None:
    version = approved(cast)

    opened = open_due_reviews(now=NOW + A_YEAR)
    again = open_due_reviews(now=NOW + A_YEAR + A_DAY)

    tasks = open_tasks(cast.ridge)
    assert (opened >= 1, again) == (True, 0)
    assert {task.version for task in tasks} == {version}
    assert all(task.says for task in tasks)
    assert kinds() == ["review.opened"] * opened


def test_a_harm_seen_since_the_approval_opens_a_task(cast: Cast) -> None:
    approved(cast)
    make.decided_case(cast.ridge, by=cast.mo, now=NOW + A_DAY)

    open_due_reviews(now=NOW + 2 * A_DAY)

    (task,) = open_tasks(cast.ridge)
    assert "Harassment" in task.says


def test_a_planned_change_asks_to_be_assessed_before_it_is_switched_on(cast: Cast) -> None:
    approved(cast)
    draft = start_draft(service=cast.ridge, by="staff:1", now=NOW)
    assert open_due_reviews(now=NOW) == 0
    for answer in (True, None):
        value = {"facts": {"uk_provider": not answer}}
        part = "question/uk_provider"
        answer_question(
            draft=draft, question="uk_provider", answer=value, saving=saving(draft, part)
        )
        open_due_reviews(now=NOW)

    (task,) = open_tasks(cast.ridge)
    assert task.kind == "profile"
    assert "before it is switched on" in task.says


def test_records_that_differ_from_the_approved_answers_open_one_task(cast: Cast) -> None:
    approved(cast)
    for hours in (1, 2):
        linked = make.item(cast.ridge, received_at=NOW + hours * A_DAY / 24)
        linked.links = '["https://a.example/"]'
        linked.save()
        open_due_reviews(now=NOW + A_DAY)

    (task,) = open_tasks(cast.ridge)
    assert task.kind == "records_differ"
    assert "posts cannot hold links. In the last 30 days 1 of 1 items had links" in task.says


def test_a_person_closes_a_task_with_a_note_and_it_stays_closed(cast: Cast) -> None:
    approved(cast)
    open_due_reviews(now=NOW + A_YEAR)
    task = open_tasks(cast.ridge)[0]

    with pytest.raises(NoteMissing):
        close_review(task=task, note=" ", by=cast.grace, now=NOW)
    assert close_review(task=task, note="We went through it.", by=cast.grace, now=NOW)
    assert not close_review(task=task, note="Me too.", by=cast.ada, now=NOW)

    open_due_reviews(now=NOW + A_YEAR + A_DAY)
    closed = ReviewTask.objects.get(id=task.pk)
    assert (closed.closed_by, closed.note) == (cast.grace, "We went through it.")
    assert task not in open_tasks(cast.ridge)
    body = bytes(Entry.objects.get(kind="review.closed").body).decode()
    assert "We went through it." not in body


def test_a_law_that_changed_since_then_opens_tasks(cast: Cast) -> None:
    """The law of a year ago, as if the service had been assessed under it."""
    version = approved(cast)
    older = {**version.document, "law_as_of": "2025-11-23"}
    unguard(connection)
    type(version).objects.filter(id=version.pk).update(document=older)
    guard(connection)

    open_due_reviews(now=NOW + A_DAY)

    assert "law" in {task.kind for task in open_tasks(cast.ridge)}


def test_a_service_without_an_approved_version_has_no_reviews(cast: Cast) -> None:
    assert open_due_reviews(now=NOW) == 0
