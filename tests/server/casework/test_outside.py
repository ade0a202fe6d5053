"""A case goes outside without names, signed, and what was found comes back into it."""

import json
from datetime import timedelta

import pytest
from django.conf import settings

from dutybound.cases.bundle import opened
from dutybound.cases.kinds import Kind
from dutybound.ledger.notes import open_note, verifier_key
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.outside import export_case, take_outcome
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import Case, OutsideReview
from dutybound_server.casework.refusals import ReviewRefused
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

DAY = timedelta(days=1)


@pytest.fixture
def case(cast: Cast) -> Case:
    """Reported by cleo, taken down by Mo, appealed by bram, upheld by Nell."""
    item = make.item(
        cast.ridge, author=cast.bram, text="zonk @cleo_c, says bram, ring 07700 900123"
    )
    told = Told(
        kind=Kind.ILLEGAL_CONTENT,
        words="bram wrote to me, I am cleo@example.com",
        channel="page",
        account=cast.cleo,
        subjects=(Subject("item", item.external_id),),
    )
    take_concern(service=cast.ridge, told=told, now=NOW)
    case = Case.objects.get()
    decision = make.decide(case, by=cast.mo, reasons="Mo thinks that bram means it.")
    lodge_appeal(token=decision.notices.get().token, grounds="I, bram, joke.", now=NOW + DAY)
    make.decide(case, by=cast.nell, now=NOW + 2 * DAY)
    case.refresh_from_db()
    return case


def exported(case: Case, cast: Cast, *leave_out: str) -> tuple[OutsideReview, bytes]:
    made = export_case(
        case_id=case.pk, body="Appeals Centre", leave_out=leave_out, by=cast.sena, now=NOW + 3 * DAY
    )
    return made.review, made.content


def test_the_bundle_is_signed_with_the_key_of_the_journal(cast: Cast, case: Case) -> None:
    review, content = exported(case, cast)

    found = opened(content)
    key = verifier_key(settings.JOURNAL_ORIGIN, settings.JOURNAL_KEY)
    assert open_note(found.note, key) == found.statement
    assert (found.findings, found.digest) == ((), review.digest)
    assert found.manifest["body"] == "Appeals Centre"


def test_nobody_is_named_in_the_bundle(cast: Cast, case: Case) -> None:
    _, content = exported(case, cast, "zonk")

    whole = b"".join(opened(content).files.values()).decode()
    for name in ("bram", "cleo", "07700", "Mo ", "Nell", "ridge.example", case.subject, "zonk"):
        assert name not in whole
    told = json.loads(opened(content).files["case.json"])
    assert [one["decided_by"] for one in told["decisions"]] == ["person 1", "person 2"]
    assert told["appeals"][0]["answered_by"] == "person 2"
    assert told["appeals"][0]["grounds"] == "I, [left out], joke."
    assert told["content"]["words"] == "[left out] [handle], says [left out], ring [phone number]"


def test_restricted_content_is_never_given_away(cast: Cast) -> None:
    case = make.case(cast.ridge, author=cast.bram, harm="csea_image_csam")
    make.decide(case, by=cast.ren)

    _, content = exported(case, cast)

    told = json.loads(opened(content).files["case.json"])
    assert list(told["content"]) == ["note"]
    assert "zonk" not in json.dumps(told["content"])


def test_words_that_are_about_something_restricted_besides_are_not_given_away(cast: Cast) -> None:
    plain, other = make.item(cast.ridge, author=cast.bram), make.item(cast.ridge)
    make.concern(cast.ridge, about=(plain, other), words="canary: both of them")
    make.concern(cast.ridge, about=(other,), harm="csea")
    case = Case.objects.get(subject=plain.external_id)
    make.decide(case, by=cast.mo)

    _, content = exported(case, cast)

    assert b"canary" not in b"".join(opened(content).files.values())


@pytest.mark.parametrize("body", ["", " ", "x" * 201])
def test_a_body_without_a_name_gets_nothing(cast: Cast, case: Case, body: str) -> None:
    with pytest.raises(ReviewRefused):
        export_case(case_id=case.pk, body=body, leave_out=[], by=cast.sena, now=NOW)

    assert not OutsideReview.objects.exists()


def test_a_case_that_nobody_decided_stays_inside(cast: Cast) -> None:
    with pytest.raises(ReviewRefused, match="Nothing was decided"):
        exported(make.case(cast.ridge), cast)


def test_a_body_that_disagrees_opens_the_case_and_the_answer_is_bound(
    cast: Cast, case: Case
) -> None:
    review, _ = exported(case, cast)

    take_outcome(
        review_id=review.pk,
        outcome="disagrees",
        words="It is a joke.",
        by=cast.sena,
        now=NOW + 4 * DAY,
    )

    case.refresh_from_db()
    assert case.status == "open"
    answer = make.decide(
        case, by=cast.sena, now=NOW + 5 * DAY, enforcement_kind="none", ground="none", rule="",
        statement="You were right.",
    )  # fmt: skip
    review.refresh_from_db()
    assert review.decided == answer
    undo_decision(decision_id=answer.pk, by=cast.sena, now=NOW + 6 * DAY)
    review.refresh_from_db()
    assert review.decided is None


def test_a_body_that_agrees_leaves_the_case_decided(cast: Cast, case: Case) -> None:
    review, _ = exported(case, cast)

    take_outcome(review_id=review.pk, outcome="agrees", words="Fine.", by=cast.sena, now=NOW)

    case.refresh_from_db()
    assert case.status == "decided"
    assert case.events.latest("id").note == "Appeals Centre agrees with us."


@pytest.mark.parametrize(("outcome", "words"), [("perhaps", "x"), ("agrees", " "), ("", "x")])
def test_an_outcome_that_is_none_is_refused(
    cast: Cast, case: Case, outcome: str, words: str
) -> None:
    review, _ = exported(case, cast)

    with pytest.raises(ReviewRefused):
        take_outcome(review_id=review.pk, outcome=outcome, words=words, by=cast.sena, now=NOW)


def test_an_outcome_is_written_down_once_and_the_journal_holds_no_words(
    cast: Cast, case: Case
) -> None:
    review, _ = exported(case, cast)
    take_outcome(review_id=review.pk, outcome="partly", words="In part.", by=cast.sena, now=NOW)

    with pytest.raises(ReviewRefused, match="already"):
        take_outcome(review_id=review.pk, outcome="agrees", words="No.", by=cast.sena, now=NOW)

    entries = Entry.objects.filter(kind__startswith="review.").order_by("id")
    assert [one.kind for one in entries] == ["review.exported", "review.outcome"]
    assert not any(b"Appeals Centre" in bytes(one.body) for one in entries)
