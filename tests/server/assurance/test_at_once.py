"""Two people at one moment: one is first, the other sees it, and nothing is lost."""

from functools import partial

import pytest

from dutybound_server.assurance.actions.drafts import Saving, answer_question, set_risk, start_draft
from dutybound_server.assurance.actions.versions import approve_draft
from dutybound_server.assurance.models import Change, Draft, Version
from dutybound_server.assurance.parts import seen
from dutybound_server.assurance.refusals import ChangedMeanwhile, NoDraft
from tests.cast import NOW, Cast
from tests.server.assurance.filled import document, finish
from tests.server.casework.test_at_once import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_answers_to_one_question_the_second_is_set_aside(cast: Cast) -> None:
    draft = start_draft(service=cast.ridge, by="staff:1", now=NOW)

    def answer(number: int) -> None:
        value = {"facts": {"uk_provider": bool(number)}}
        saving = Saving(seen(None), f"staff:{number}", NOW)
        answer_question(draft=draft, question="uk_provider", answer=value, saving=saving)

    done = at_once(partial(answer, 0), partial(answer, 1))

    assert refusals(done) == [ChangedMeanwhile]
    assert Change.objects.filter(revision=None).count() == 1
    assert document(draft).facts["uk_provider"] in {True, False}


def test_answers_to_different_questions_are_all_kept(cast: Cast) -> None:
    draft = start_draft(service=cast.ridge, by="staff:1", now=NOW)
    harms = ["fraud", "hate", "terrorism", "drugs"]

    def rate(harm: str) -> None:
        set_risk(
            draft=draft, harm=harm, risk={"level": "low"}, saving=Saving(seen(None), "staff:1", NOW)
        )

    done = at_once(*[partial(rate, harm) for harm in harms])

    assert refusals(done) == []
    assert document(draft).risks.keys() == set(harms)
    assert Draft.objects.get().revision == len(harms)


def test_two_starts_at_once_make_one_draft(cast: Cast) -> None:
    start = partial(start_draft, service=cast.ridge, by="staff:1", now=NOW)

    done = at_once(start, start, start)

    assert refusals(done) == []
    assert Draft.objects.count() == 1


def test_two_approvals_at_once_make_one_version(cast: Cast) -> None:
    draft = finish(cast)
    approve = partial(approve_draft, draft=draft, revision=draft.revision, by=cast.grace, now=NOW)

    done = at_once(approve, approve)

    assert refusals(done) == [NoDraft]
    assert Version.objects.count() == 1
