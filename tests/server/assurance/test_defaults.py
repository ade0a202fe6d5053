"""Default controls move with the answers; what somebody wrote about one stays."""

import pytest

from dutybound_server.assurance.actions.drafts import answer_question, set_control, start_draft
from dutybound_server.assurance.models import Draft
from dutybound_server.assurance.parts import value_of
from tests.cast import NOW, Cast
from tests.server.assurance.filled import document, saving

pytestmark = pytest.mark.django_db
PART, CONTROL = "question/communication", "control/for-livestreaming"


def say_livestreaming(draft: Draft, *, is_there: bool) -> None:
    answer = {"facts": {"livestreaming": is_there}}
    answer_question(
        draft=draft, question="communication", answer=answer, saving=saving(draft, PART)
    )


def test_who_does_a_task_and_by_when_is_kept_when_an_answer_changes_and_changes_back(
    cast: Cast,
) -> None:
    draft = start_draft(service=cast.ridge, by="staff:1", now=NOW)
    say_livestreaming(draft, is_there=True)
    task = value_of(document(draft), CONTROL) | {"owner": "Asha", "due": "2027-03-01"}
    set_control(draft=draft, control=task["id"], value=task, saving=saving(draft, CONTROL))

    say_livestreaming(draft, is_there=False)
    say_livestreaming(draft, is_there=True)

    assert value_of(document(draft), CONTROL) == task


def test_a_default_that_nobody_touched_goes_with_its_answer(cast: Cast) -> None:
    draft = start_draft(service=cast.ridge, by="staff:1", now=NOW)
    say_livestreaming(draft, is_there=True)
    assert value_of(document(draft), CONTROL) is not None

    say_livestreaming(draft, is_there=False)

    assert value_of(document(draft), CONTROL) is None
