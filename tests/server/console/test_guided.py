"""Guided judgement on the page of a case: questions, answers, and the context beside them."""

import re
from typing import Any

import pytest
from django.test import Client

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import Case, Concern, Decision, Judging, Notice
from dutybound_server.console.thread import MOST_SAID, around
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Service
from tests import make
from tests.cast import NOW, Cast
from tests.server.console.conftest import SignIn
from tests.server.console.test_cases import answers, at

HTMX = {"HX-Request": "true"}
RESHARED = {
    "guide": "iia",
    "iia-reshared": "yes",
    "iia-checked_consent": "no",
    "iia-intimate": "yes",
    "iia-shared": "yes",
    "iia-no_consent": "yes",
    "iia-exempt": "no",
    "iia-excuse": "no",
}
UNDER_THE_LAW = {"ground": "law", "rule": "Sexual Offences Act 2003 s.66B(1)", "harm": "iia"}


@pytest.fixture
def case(cast: Cast) -> Case:
    return make.case(cast.ridge, harm="iia", author=cast.bram)


@pytest.fixture
def mo(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.mo)


def told(
    service: Service, words: str, *, about: Case, harm: str = "", version: str = "adult"
) -> None:
    subject = Subject(about.subject_kind, about.subject)
    told = Told(
        Kind.ILLEGAL_CONTENT, words, "page", subjects=(subject,), harm=harm, version=version
    )
    take_concern(service=service, told=told, now=NOW)


# Deciding


@pytest.mark.parametrize(
    ("guided", "says"),
    [
        ({}, "Answer the questions first"),
        ({"guide": "iia", "iia-intimate": "yes"}, "The answers do not suffice"),
        ({"guide": "iia", "iia-intimate": "no", "iia-threat": "no"}, "it is not illegal"),
        ({"guide": "zonk"}, "Select a valid choice"),
        ({**RESHARED, "iia-intimate": "perhaps"}, "Select a valid choice"),
        ({**RESHARED, "guide": "fraud"}, "Answer the questions first"),
        ({**RESHARED, "iia-to_distress": "yes"}, "Write down from what you infer it"),
        ({**RESHARED, "iia-intimate-why": "x" * 1001}, "at most 1000 characters"),
    ],
)
def test_nothing_is_called_illegal_that_the_answers_do_not_carry(
    mo: Client, case: Case, guided: dict[str, str], says: str
) -> None:
    refused = mo.post(at(case, "decide/"), answers(**UNDER_THE_LAW, **guided))

    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Nothing is decided yet" in page
    assert says in page
    assert not Decision.objects.exists()


def test_a_refused_answer_is_kept_and_its_error_stands_beside_it(mo: Client, case: Case) -> None:
    guided = {**RESHARED, "iia-to_distress": "yes", "iia-no_consent-why": "She said so."}
    page = mo.post(at(case, "decide/"), answers(**UNDER_THE_LAW, **guided)).content.decode()

    assert 'value="She said so."' in page
    assert 'href="#id_iia-to_distress-why"' in page
    for name in ("iia-intimate_0", "iia-checked_consent_1", "iia-to_distress_0"):
        assert re.search(f'id="id_{name}"[^>]* checked', page)


def test_answers_and_what_was_inferred_are_shown_with_the_decision(mo: Client, case: Case) -> None:
    mo.post(at(case, "decide/"), answers(**UNDER_THE_LAW, **RESHARED))

    judging = Judging.objects.get(decision__case=case)
    assert (judging.guide, judging.result) == ("iia", "illegal")
    page = mo.get(at(case)).content.decode()
    assert "Intimate image abuse, questions of version 2026-11-23" in page
    assert "Does it show, or seem to show, a person in an intimate state?" in page
    assert '<span class="tag">Inferred</span>' in page


def test_under_the_terms_a_case_is_decided_with_their_questions_or_without(
    cast: Cast, mo: Client, case: Case
) -> None:
    mo.post(at(case, "decide/"), answers(guide="iia"))
    assert Decision.objects.get(case=case).ground == "terms"
    assert not Judging.objects.exists()

    other = make.case(cast.ridge)
    guided = {"terms-prohibited": "yes", "terms-broken": "yes", "terms-allowed": "no"}
    mo.post(at(other, "decide/"), answers(guide="terms", **guided))
    assert Judging.objects.get(decision__case=other).result == "terms"


def test_the_kind_of_harm_is_the_one_the_questions_were_about(mo: Client, case: Case) -> None:
    judged = {**UNDER_THE_LAW, "harm": "fraud"}
    page = mo.post(at(case, "decide/"), answers(**judged, **RESHARED)).content.decode()
    assert "The questions were about intimate image abuse: choose that kind of harm." in page


def test_the_same_content_is_judged_once_for_all_of_it(cast: Cast, sign_in: SignIn) -> None:
    first, second = (make.case(cast.ridge, harm="iia") for _ in range(2))
    sena = sign_in(cast.sena)
    ticked = {"case": [first.reference, second.reference], "decide": "yes"}

    refused = sena.post(at(first, "same/"), answers(**UNDER_THE_LAW) | ticked)
    assert refused.status_code == 422
    assert "Answer the questions first" in refused.content.decode()
    sena.post(at(first, "same/"), answers(**UNDER_THE_LAW, **RESHARED) | ticked)

    assert Judging.objects.filter(result="illegal").count() == 2


def test_claiming_from_the_page_changes_who_has_it_and_says_if_somebody_else_does(
    cast: Cast, sign_in: SignIn, mo: Client, case: Case
) -> None:
    claimed = mo.post(at(case, "claim/"), headers=HTMX).content.decode()
    assert "Yours until" in claimed
    assert "Questions to judge by" not in claimed

    refused = sign_in(cast.nell).post(at(case, "claim/"), headers=HTMX).content.decode()
    assert "Not claimed: Mo works on this case" in refused
    assert "Mo has it until" in refused


# Questions


def test_the_page_asks_about_the_harm_of_the_case_and_nothing_is_answered_for_anyone(
    cast: Cast, mo: Client, case: Case
) -> None:
    page = mo.get(at(case)).content.decode()
    assert '<option value="iia" selected>' in page
    assert "Not enough to say yet" in page
    assert not re.search(r'<input [^>]*name="iia-[^>]* checked', page)

    bullying = mo.get(at(make.case(cast.ridge, harm="bullying"))).content.decode()
    assert '<option value="children_priority" selected>' in bullying


def test_what_the_answers_give_is_told_without_storing_anything(mo: Client, case: Case) -> None:
    piece = mo.post(at(case, "guide/"), RESHARED, headers=HTMX).content.decode()
    assert piece.startswith('<div class="notice notice-red')
    assert "sharing an intimate image without consent" in piece
    assert "OSAN25" in piece
    assert '<datalist id="rules" hx-swap-oob="true">' in piece
    assert not Judging.objects.exists()

    otherwise = RESHARED | {"iia-no_belief": "no"}
    assert "You see it otherwise" in mo.post(at(case, "guide/"), otherwise).content.decode()


def test_another_guide_brings_its_own_questions_with_and_without_javascript(
    mo: Client, case: Case
) -> None:
    chosen = {"guide": "harassment", "reasons": "So far."}
    piece = mo.post(at(case, "guide/"), chosen, headers=HTMX | {"HX-Target": "guide"})
    assert piece.content.decode().startswith('<section class="case-section guide" id="guide"')
    page = mo.post(at(case, "guide/"), chosen).content.decode()
    for text in (piece.content.decode(), page):
        assert "Does it threaten to kill a person?" in text
        assert "intimate state" not in text
    assert "So far." in page


def test_an_answer_never_counts_for_a_question_of_another_guide_and_waits_for_its_own(
    mo: Client, case: Case
) -> None:
    drugs = {"drugs-offers": "yes", "drugs-meant": "yes", "drugs-meant-why": "He names a price."}
    page = mo.post(at(case, "guide/"), {"guide": "weapons", **drugs}).content.decode()

    assert not re.search(r'<input [^>]*name="weapons-[^>]* checked', page)
    assert '<input type="hidden" form="decide" name="drugs-meant" value="yes">' in page
    assert 'name="drugs-meant-why" value="He names a price."' in page


def test_the_questions_are_for_who_may_decide_and_of_cases_they_may_see(
    cast: Cast, sign_in: SignIn, case: Case
) -> None:
    assert sign_in(cast.ode).post(at(case, "guide/")).status_code == 403
    assert "Questions to judge by" not in sign_in(cast.ode).get(at(case)).content.decode()
    assert sign_in(cast.vic).post(at(case, "guide/")).status_code in {403, 404}
    restricted = make.case(cast.ridge, harm="csea_image_csam")
    assert sign_in(cast.mo).post(at(restricted, "guide/")).status_code == 404
    assert sign_in(cast.ren).post(at(restricted, "guide/")).status_code == 200


def test_who_decides_an_appeal_answers_anew(cast: Cast, sign_in: SignIn, case: Case) -> None:
    sign_in(cast.mo).post(at(case, "decide/"), answers(**UNDER_THE_LAW, **RESHARED))
    token = Notice.objects.get(decision__case=case).token
    lodge_appeal(token=token, grounds="She agreed.", now=NOW)

    page = sign_in(cast.nell).get(at(case)).content.decode()

    assert "Not enough to say yet" in page
    assert "Questions and answers" not in page


# Context


def test_what_people_told_stands_beside_the_questions_as_text(
    cast: Cast, mo: Client, case: Case
) -> None:
    told(cast.ridge, "<b>That is me</b>", about=case, version="child")
    told(cast.ridge, "Me too", about=case, harm="iia")
    told(cast.ridge, "Another thing", about=make.case(cast.ridge))

    page = mo.get(at(case)).content.decode()

    assert "&lt;b&gt;That is me&lt;/b&gt;" in page
    assert "wrote on the children" in page
    assert "Me too" in page
    assert "Another thing" not in page


def test_the_first_look_is_noted_when_somebody_who_decides_opens_the_case(
    cast: Cast, sign_in: SignIn, case: Case
) -> None:
    told(cast.ridge, "That is me", about=case)

    sign_in(cast.ode).get(at(case))
    assert Concern.objects.get().looked_at is None
    for person in (cast.mo, cast.nell):
        sign_in(person).get(at(case))

    assert Concern.objects.get().looked_at is not None
    assert Entry.objects.filter(kind="concern.looked", actor=f"staff:{cast.mo.pk}").count() == 1
    assert Entry.objects.filter(kind="concern.looked").count() == 1


def test_what_was_told_of_a_restricted_harm_is_there_for_that_role_only(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make.case(cast.ridge)
    told(cast.ridge, "Only for Ren", about=case, harm="csea_image_csam")
    # A senior colleague with the role found it harmless; it is restricted no more.
    Case.objects.filter(pk=case.pk).update(restricted=False)

    seen = sign_in(cast.mo).get(at(case))
    assert seen.status_code == 200
    assert "Only for Ren" not in seen.content.decode()
    assert "Only for Ren" in sign_in(cast.ren).get(at(case)).content.decode()


def test_the_conversation_is_shown_as_it_was_sent_and_this_item_in_it(
    cast: Cast, mo: Client
) -> None:
    item = make.item(cast.ridge, external_id="post-7", text="zonk")
    item.context = {
        "thread": [
            {
                "id": "post-6",
                "author": "cleo",
                "text": "<i>Hello</i>",
                "at": "2026-11-22T09:00:00Z",
            },
            {"id": "post-7", "author": "bram", "text": "zonk"},
            "no author",
        ],
        "board": {"name": "walks"},
    }
    item.save()

    page = mo.get(at(make.case(cast.ridge, about=item))).content.decode()

    assert "&lt;i&gt;Hello&lt;/i&gt;" in page
    assert page.count("This item") == 1
    assert "no author" in page
    assert "{&quot;name&quot;: &quot;walks&quot;}" in page


@pytest.mark.parametrize(
    "thread",
    [None, "words", 7, [], [None], [[1]], [{}], [{"text": 3, "at": "yesterday", "id": []}]],
)
def test_a_context_of_any_shape_is_readable(thread: object) -> None:
    shown = around({"thread": thread, "x": None}, item_id="post-1")
    assert ("x", "null") in shown.facts
    assert len(shown.thread) == (len(thread) if isinstance(thread, list) else 0)


def test_a_long_conversation_says_what_it_leaves_out() -> None:
    shown = around({"thread": [{"text": "zonk" * 1000}] * (MOST_SAID + 3)}, item_id="post-1")
    assert (len(shown.thread), shown.left_out) == (MOST_SAID, 3)
    assert len(shown.thread[0].text) == 2000


def test_a_conversation_goes_with_the_words_when_the_item_is_erased(cast: Cast, mo: Client) -> None:
    item = make.item(cast.ridge)
    item.context, item.erased_at = {"thread": [{"text": "long gone"}]}, NOW
    item.save()
    page = mo.get(at(make.case(cast.ridge, about=item))).content.decode()
    assert "long gone" not in page


def test_earlier_decisions_about_the_same_content_stand_beside_the_questions(
    cast: Cast, sign_in: SignIn, mo: Client, case: Case
) -> None:
    before = make.case(cast.ridge)
    make.decide(before, by=cast.nell, reasons="It was zonk then.")
    undone = make.decide(case, by=cast.nell, reasons="Too quick.")
    undo_decision(decision_id=undone.pk, by=cast.nell, now=NOW)
    unlike = make.case(cast.ridge, about=make.item(cast.ridge, text="quite another thing"))
    make.decide(unlike, by=cast.nell, reasons="Not about this.")
    hidden = make.case(cast.ridge, harm="csea_image_csam")
    make.decide(hidden, by=cast.ren, reasons="Seen by Ren.")

    page = mo.get(at(case)).content.decode()

    assert "It was zonk then." in page
    assert "Too quick." in page
    assert "Not about this." not in page
    assert "Seen by Ren." not in page
    assert "Seen by Ren." in sign_in(cast.ren).get(at(case)).content.decode()


def test_the_history_of_the_account_counts_how_its_other_cases_ended(
    cast: Cast, mo: Client, case: Case
) -> None:
    for kind in ("take_down", "take_down", "none"):
        other = make.case(cast.ridge, author=cast.bram)
        against: dict[str, Any] = (
            {} if kind == "take_down" else {"ground": "none", "rule": "", "statement": ""}
        )
        make.decide(other, by=cast.nell, enforcement_kind=kind, **against)

    page = mo.get(at(case)).content.decode()

    assert "taken down 2" in page
    assert "restored 1" in page or "nothing wrong 1" in page
