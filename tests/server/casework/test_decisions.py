"""What a decision does to the case, the service and the author, and how it is taken back."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from dutybound_server.casework.actions.cases import claim_case
from dutybound_server.casework.actions.decisions import (
    decide_identical,
    undo_batch,
    undo_decision,
)
from dutybound_server.casework.models import Case, Decision, Delivery, Enforcement, Notice
from dutybound_server.casework.queries import identical_open_cases, preview_decision
from dutybound_server.casework.refusals import AlreadyClaimed, CaseNotFound, DecisionRefused
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import NOW, Cast

DAY = timedelta(days=1)
LEAVE_UP: dict[str, Any] = {
    "enforcement_kind": "none",
    "ground": "none",
    "rule": "",
    "statement": "",
}


def enforcement_kinds(case: Case) -> list[str]:
    told = Enforcement.objects.filter(decision__case=case).order_by("id")
    return list(told.values_list("kind", flat=True))


def notice_kinds(case: Case) -> list[str]:
    told = Notice.objects.filter(decision__case=case).order_by("id")
    return list(told.values_list("kind", flat=True))


def test_a_decision_tells_the_service_and_the_author_in_one_transaction(cast: Cast) -> None:
    case = make.case(cast.ridge, author=cast.bram)
    make.endpoint(cast.ridge)

    decision = make.decide(case, by=cast.mo)

    case.refresh_from_db()
    assert (case.status, case.claimed_by) == ("decided", None)
    enforcement = decision.enforcements.get()
    assert (enforcement.kind, enforcement.subject) == ("take_down", case.subject)
    notice = decision.notices.get()
    assert (notice.account, notice.kind) == (cast.bram, "decided")
    assert notice.words.startswith(f"{decision.statement}\n\nIt counts against your account")
    events = Delivery.objects.order_by("id").values_list("event", flat=True)
    assert list(events) == ["enforcement.created", "notice.created"]
    assert [event.kind for event in case.events.all()] == ["opened", "claimed", "decided"]
    assert Entry.objects.filter(kind="case.decided", actor=f"staff:{cast.mo.pk}").count() == 1


def test_the_message_says_what_to_do_with_what_and_never_changes_its_id(cast: Cast) -> None:
    case = make.case(cast.ridge)
    make.endpoint(cast.ridge)

    enforcement = make.decide(case, by=cast.mo).enforcements.get()

    delivery = Delivery.objects.get()
    body = json.loads(delivery.payload)
    assert body["type"] == "enforcement.created"
    assert body["data"]["id"] == str(enforcement.uuid)
    assert body["data"]["subject"] == {"kind": "item", "id": case.subject, "revision": 1}
    assert delivery.message_id == f"msg_enforcement_{enforcement.uuid.hex}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("enforcement_kind", "hold"),
        ("ground", "none"),
        ("rule", ""),
        ("harm", "boredom"),
        ("reasons", " "),
        ("statement", ""),
    ],
)
def test_a_decision_that_makes_no_sense_names_its_field_and_leaves_nothing(
    cast: Cast, field: str, value: str
) -> None:
    case = make.case(cast.ridge)
    judgement: dict[str, Any] = {field: value}

    with pytest.raises(DecisionRefused) as refused:
        make.decide(case, by=cast.mo, **judgement)

    assert refused.value.field == field
    assert not Decision.objects.exists()
    assert [event.kind for event in case.events.all()] == ["opened"]


def test_nobody_decides_a_case_that_somebody_else_works_on(cast: Cast) -> None:
    case = make.case(cast.ridge)
    claim_case(case_id=case.id, by=cast.mo, now=NOW)

    with pytest.raises(AlreadyClaimed):
        make.decide(case, by=cast.nell)
    make.decide(case, by=cast.mo)


def test_a_case_is_decided_once(cast: Cast) -> None:
    case = make.decided_case(cast.ridge, by=cast.mo)

    with pytest.raises(DecisionRefused, match="Undo the decision"):
        make.decide(case, by=cast.nell)


@pytest.mark.parametrize(
    ("verdict", "told"), [("block", ["restore"]), ("hold", ["restore"]), ("allow", [])]
)
def test_nothing_wrong_brings_back_what_was_kept_from_view(
    cast: Cast, verdict: str, told: list[str]
) -> None:
    item = make.item(cast.ridge, author=cast.bram, verdict=verdict)
    case = make.case(cast.ridge, about=item)

    make.decide(case, by=cast.mo, **LEAVE_UP)

    assert enforcement_kinds(case) == told
    # Where nothing ever happened to the post, its author is not told of anything.
    assert notice_kinds(case) == ["decided" for _ in told]


def test_a_decision_that_finds_a_restricted_harm_restricts_the_case(cast: Cast) -> None:
    case = make.case(cast.ridge)

    make.decide(case, by=cast.ren, harm="csea_image_csam")

    case.refresh_from_db()
    assert case.restricted
    assert case.queue.restricted


def test_an_item_whose_author_is_unknown_is_decided_without_a_notice(cast: Cast) -> None:
    case = make.decided_case(cast.ridge, by=cast.mo)

    assert enforcement_kinds(case) == ["take_down"]
    assert notice_kinds(case) == []


def test_new_matches_reopen_a_decided_case_with_its_age_starting_anew(cast: Cast) -> None:
    item = make.item(cast.ridge)
    case = make.case(cast.ridge, about=item)
    make.decide(case, by=cast.mo)

    make.case(cast.ridge, about=item, now=NOW + DAY)

    case.refresh_from_db()
    assert (case.status, case.waiting_since, case.opened_at) == ("open", NOW + DAY, NOW)


def test_a_new_revision_is_judged_from_its_own_verdict(cast: Cast) -> None:
    first = make.item(cast.ridge, external_id="post-1", verdict="allow")
    case = make.case(cast.ridge, about=first)
    make.decide(case, by=cast.mo, **LEAVE_UP)
    edited = make.item(cast.ridge, external_id="post-1", revision=2, verdict="hold")
    make.case(cast.ridge, about=edited)

    make.decide(case, by=cast.mo, **LEAVE_UP)

    assert enforcement_kinds(case) == ["restore"]


# Undoing


@pytest.mark.parametrize(
    ("verdict", "inverse"), [("allow", "restore"), ("hold", "hold"), ("block", "hold")]
)
def test_an_undone_decision_leaves_the_item_as_before_and_its_case_open(
    cast: Cast, verdict: str, inverse: str
) -> None:
    item = make.item(cast.ridge, author=cast.bram, verdict=verdict)
    case = make.case(cast.ridge, about=item)
    decision = make.decide(case, by=cast.mo)

    undo_decision(decision_id=decision.id, by=cast.mo, now=NOW + DAY)

    case.refresh_from_db()
    assert case.status == "open"
    assert enforcement_kinds(case) == ["take_down", inverse]
    undo = Enforcement.objects.get(undoes__isnull=False)
    assert undo.undoes == decision.enforcements.get(undoes__isnull=True)
    assert notice_kinds(case) == ["decided", "undone"]
    assert Entry.objects.filter(kind="case.undone").count() == 1
    make.decide(case, by=cast.mo, now=NOW + DAY)


def test_an_undo_hides_no_lateness(cast: Cast) -> None:
    case = make.case(cast.ridge)
    due = case.due_at
    decision = make.decide(case, by=cast.mo, now=NOW + DAY)

    undo_decision(decision_id=decision.id, by=cast.mo, now=NOW + 2 * DAY)

    case.refresh_from_db()
    assert (case.waiting_since, case.due_at) == (NOW, due)


def test_undoing_the_later_decision_brings_back_what_the_earlier_said(cast: Cast) -> None:
    item = make.item(cast.ridge, verdict="allow")
    case = make.case(cast.ridge, about=item)
    earlier = make.decide(case, by=cast.mo, enforcement_kind="label")
    make.case(cast.ridge, about=item)
    later = make.decide(case, by=cast.mo)

    with pytest.raises(DecisionRefused, match="later decision"):
        undo_decision(decision_id=earlier.id, by=cast.mo, now=NOW)
    undo_decision(decision_id=later.id, by=cast.mo, now=NOW)

    assert enforcement_kinds(case) == ["label", "take_down", "label"]


def test_a_decision_is_undone_once_within_30_days_by_its_maker_or_a_senior(cast: Cast) -> None:
    def undo(decision: Decision, by: User, after: timedelta = DAY) -> None:
        undo_decision(decision_id=decision.id, by=by, now=NOW + after)

    first = make.decide(make.case(cast.ridge), by=cast.mo)
    second = make.decide(make.case(cast.ridge), by=cast.mo)

    with pytest.raises(DecisionRefused, match="30 days"):
        undo(first, cast.mo, 31 * DAY)
    with pytest.raises(DecisionRefused, match="senior moderator"):
        undo(first, cast.nell)
    undo(first, cast.mo)
    undo(second, cast.sena)
    with pytest.raises(DecisionRefused, match="undone already"):
        undo(first, cast.mo)

    assert Enforcement.objects.filter(undoes__isnull=False).count() == 2


# The same content, many times


def copies(cast: Cast, count: int = 3) -> list[Case]:
    cases = []
    for number in range(count):
        author = cast.bram if number % 2 else cast.cleo
        item = make.item(cast.ridge, author=author, text=f"copy {number}")
        make.media(item, content=b"the same picture")
        cases.append(make.case(cast.ridge, about=item))
    return cases


def decide_all(cases: list[Case], by: User) -> list[Decision]:
    return decide_identical(
        case_ids=[case.id for case in cases],
        by=by,
        now=NOW,
        enforcement_kind="take_down",
        ground="terms",
        rule="Be kind",
        harm="harassment",
        reasons="All the same.",
        statement="We took down your post.",
    )


def test_the_same_file_or_the_same_words_make_cases_identical(cast: Cast) -> None:
    first, *others = copies(cast)
    same_words = make.case(cast.ridge, about=make.item(cast.ridge, text="copy\n 0"))
    make.case(cast.ridge, about=make.item(cast.ridge, text="something else"))
    elsewhere = make.item(cast.harbour, text="copy 0")
    make.case(cast.harbour, about=elsewhere)
    restricted = make.item(cast.ridge, text="copy 0")
    make.case(cast.ridge, about=restricted, harm="csea_image_csam")

    assert list(identical_open_cases(first, cast.mo)) == [*others, same_words]
    assert identical_open_cases(first, cast.ren).count() == 4
    assert not identical_open_cases(first, cast.vic).exists()


def test_a_preview_says_how_many_items_and_people_a_bulk_decision_touches(cast: Cast) -> None:
    cases = copies(cast)

    preview = preview_decision(cases)

    assert (preview.items, preview.accounts, preview.by_mail, preview.untold) == (3, 2, 2, 0)
    assert not Decision.objects.exists()


def test_a_bulk_decision_is_one_decision_each_and_can_be_undone_as_one(cast: Cast) -> None:
    cases = copies(cast)

    decisions = decide_all(cases, by=cast.sena)

    assert len({decision.batch for decision in decisions}) == 1
    assert {decision.case_id for decision in decisions} == {case.id for case in cases}
    assert Notice.objects.count() == 3
    assert decisions[0].batch is not None
    undone = undo_batch(batch=decisions[0].batch, by=cast.sena, now=NOW)
    assert len(undone) == 3
    assert Case.objects.filter(status="open").count() == 3


def test_an_undone_bulk_leaves_alone_what_changed_since(cast: Cast) -> None:
    decisions = decide_all(copies(cast), by=cast.sena)
    undo_decision(decision_id=decisions[0].id, by=cast.sena, now=NOW)
    batch = decisions[0].batch
    assert batch is not None

    assert len(undo_batch(batch=batch, by=cast.sena, now=NOW)) == 2

    with pytest.raises(DecisionRefused, match="undone already"):
        undo_batch(batch=batch, by=cast.sena, now=NOW)


def test_who_may_not_see_a_case_does_not_undo_it_with_a_bulk(cast: Cast) -> None:
    first, *others = decide_all(copies(cast), by=cast.sena)
    Case.objects.filter(pk__in=[other.case_id for other in others]).update(restricted=True)
    assert first.batch is not None

    undone = undo_batch(batch=first.batch, by=cast.sena, now=NOW)

    assert undone == [first]


def test_a_bulk_decision_is_all_or_nothing(cast: Cast) -> None:
    cases = copies(cast)
    claim_case(case_id=cases[-1].id, by=cast.nell, now=NOW)

    with pytest.raises(AlreadyClaimed):
        decide_all(cases, by=cast.sena)

    assert not Decision.objects.exists()
    assert not Enforcement.objects.exists()


def test_a_bulk_decision_is_about_the_same_content_of_one_service(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = copies(cast)

    with pytest.raises(DecisionRefused, match="not about the same content"):
        decide_all([*cases, make.case(cast.ridge)], by=cast.sena)
    with pytest.raises(CaseNotFound):
        decide_all([*cases, make.case(cast.harbour)], by=cast.sena)
    with pytest.raises(DecisionRefused, match="at least one"):
        decide_all([], by=cast.sena)
    monkeypatch.setattr("dutybound_server.casework.actions.decisions.MOST_AT_ONCE", 2)
    with pytest.raises(DecisionRefused, match="at most 2"):
        decide_all(cases, by=cast.sena)


def test_a_restricted_case_is_not_decided_in_bulk_by_who_may_not_see_it(cast: Cast) -> None:
    item = make.item(cast.ridge)
    make.media(item, content=b"the same picture")
    cases = [*copies(cast), make.case(cast.ridge, about=item, harm="csea_image_csam")]

    with pytest.raises(CaseNotFound):
        decide_all(cases, by=cast.sena)
