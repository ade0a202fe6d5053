"""Whether people can tell us, begin beside the content, get to the end, and are told beforehand."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dutybound.cases.kinds import Kind
from dutybound.evidence.complaints_beforehand import INFORMED, SIGNPOSTED
from dutybound.evidence.complaints_form import FORM, FORM_USE
from dutybound.evidence.probe import find
from dutybound.evidence.probes import PROBES
from dutybound.evidence.status import Status
from dutybound_server.assurance.measuring import complaints_beforehand
from dutybound_server.casework.actions.desks import change_desk, desk_of
from dutybound_server.casework.actions.drafts import Wishes, begin_draft, forget_draft, send_draft
from dutybound_server.casework.actions.forgetting import expire_drafts
from dutybound_server.casework.hearing import Subject
from dutybound_server.casework.models import Draft, FormDay
from tests import make
from tests.cast import NOW, Cast
from tests.server.assurance.hearings import DAY, HOUR, answered

pytestmark = pytest.mark.django_db

ANSWERED = {"done": ["words"], "language": "en"}


def change(cast: Cast, *, at: timedelta, **changes: object) -> None:
    change_desk(desk=desk_of(cast.ridge), changes=changes, by=cast.ada, now=NOW + at)


def status_of(cast: Cast, measure: str) -> Status:
    reads = PROBES[measure].reads
    answers = {query.name: answered(cast.ridge, query.name) for query in reads}
    return find(PROBES[measure], measure, answers).status


def test_a_form_that_is_closed_is_not_met_at_once_and_was_closed_for_so_long(cast: Cast) -> None:
    change(cast, at=-30 * DAY, is_open=False)
    change(cast, at=-28 * DAY, is_open=True)
    assert answered(cast.ridge, FORM.name).closed_seconds == (2 * DAY).total_seconds()
    assert status_of(cast, "ICU D1") is Status.AT_RISK

    change(cast, at=-HOUR, is_open=False)

    seen = answered(cast.ridge, FORM.name)
    assert (seen.is_open, seen.closed_seconds) == (False, (2 * DAY + HOUR).total_seconds())
    assert status_of(cast, "ICU D1") is Status.NOT_MET
    # What came before the window began leaves it as it was.
    assert answered(cast.ridge, FORM.name, at=NOW - 100 * DAY).closed_seconds == 0


def test_a_form_that_takes_no_kind_for_children_is_not_met_for_them_alone(cast: Cast) -> None:
    change(cast, at=-HOUR, children=False)

    assert status_of(cast, "PCU D1") is Status.NOT_MET
    assert status_of(cast, "ICU D1") is Status.NOT_ENOUGH


def test_who_came_by_the_form_is_told_from_who_came_by_the_service(cast: Cast) -> None:
    make.concern(cast.ridge, now=NOW - DAY)
    make.concern(cast.ridge, kind=Kind.HARMFUL_TO_CHILDREN, channel="widget", now=NOW - DAY)
    make.concern(cast.ridge, account=cast.bram, now=NOW - DAY)
    make.concern(cast.ridge, channel="api", account=cast.bram, now=NOW - DAY)
    make.concern(cast.ridge, now=NOW - 91 * DAY)

    seen = answered(cast.ridge, FORM.name)

    assert (seen.by_form, seen.without_account, seen.of_children) == (3, 2, 1)
    assert seen.through_service == 1


def begun(cast: Cast, answers: Mapping[str, object]) -> Draft:
    return begin_draft(service=cast.ridge, answers=answers, now=NOW - 3 * DAY).draft


def test_forms_are_counted_by_how_they_end_and_then_forgotten(cast: Cast) -> None:
    begun(cast, {"language": "en"})
    begun(cast, ANSWERED)
    forget_draft(draft=begun(cast, ANSWERED))
    send_draft(draft=begun(cast, ANSWERED), told=make.told(), wishes=Wishes(), now=NOW - 3 * DAY)
    assert expire_drafts(now=NOW - 2 * DAY) == 3

    assert not Draft.objects.exists()
    seen = answered(cast.ridge, FORM_USE.name)
    assert (seen.sent, seen.left) == (1, 2)
    # Of the last days not all is counted yet, so that no figure of them changes later.
    assert answered(cast.ridge, FORM_USE.name, at=NOW - 2 * DAY).left == 0


def test_whoever_leaves_the_form_by_its_button_is_counted_once(cast: Cast) -> None:
    browser = Client()
    form = browser.post("/report/ridge/", {})["Location"]
    browser.post(f"{form}words/", {"words": "A zonk."})

    browser.post(f"{form}leave/")

    row = FormDay.objects.get()
    assert (row.sent, row.left, row.day) == (0, 1, timezone.localdate())


def test_a_report_begun_beside_the_content_is_told_from_an_address_that_was_typed(
    cast: Cast,
) -> None:
    make.concern(cast.ridge, about=[make.item(cast.ridge)], now=NOW - DAY)
    typed = (Subject("address", "https://ridge.example/p/1"),)
    make.concern(cast.ridge, subjects=typed, now=NOW - DAY)
    make.concern(cast.ridge, now=NOW - DAY)
    make.concern(cast.ridge, channel="api", about=[make.item(cast.ridge)], now=NOW - DAY)

    seen = answered(cast.ridge, FORM_USE.name)

    assert (seen.about_content, seen.from_content) == (2, 1)


def test_what_the_form_says_beforehand_is_read_in_each_language_it_has(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(cast, at=-DAY, languages=["cy"])
    make.concern(cast.ridge, now=NOW - HOUR)
    seen = answered(cast.ridge, INFORMED.name)
    assert (seen.silent, seen.by_page, seen.through_service) == ((), 1, 0)

    monkeypatch.setattr(complaints_beforehand, "_who_learns", lambda *_: "We tell nobody.")

    silent = ("cy, for adults", "cy, for children")
    assert answered(cast.ridge, INFORMED.name).silent == silent
    assert status_of(cast, "ICU D3") is Status.NOT_MET


@pytest.mark.parametrize("page", ["start.html", "check.html"])
def test_the_pages_before_sending_show_what_is_read_here(page: str) -> None:
    from django.template.loader import get_template

    source = get_template(f"public/report/{page}").template.source  # type: ignore[attr-defined]
    assert f'include "{complaints_beforehand.WHO_LEARNS}"' in source


def test_the_page_of_an_appeal_says_beforehand_who_learns_of_it(cast: Cast) -> None:
    decision = make.decide(make.case(cast.ridge, author=cast.bram), by=cast.mo)
    token = decision.notices.get().token

    page = Client().get(reverse("public:appeal", args=[token])).content.decode()

    assert "are not told that you appeal" in page


def test_children_who_report_self_harm_are_named_who_helps(cast: Cast) -> None:
    make.concern(cast.ridge, harm="suicide_self_harm", version="child", now=NOW - DAY)
    make.concern(cast.ridge, harm="bullying", kind=Kind.HARMFUL_TO_CHILDREN, now=NOW - DAY)
    make.concern(cast.ridge, harm="fraud", version="child", now=NOW - DAY)
    make.concern(cast.ridge, harm="suicide_self_harm", channel="api", now=NOW - DAY)

    seen = answered(cast.ridge, SIGNPOSTED.name)

    assert (seen.by_page, seen.by_children, seen.through_service) == (2, 1, 1)
    assert seen.helpers >= 1
    assert answered(cast.ridge, SIGNPOSTED.name, at=NOW + 800 * DAY).overdue > 0
