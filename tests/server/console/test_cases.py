"""The page of one case: who may read it, and what each button does."""

from django.utils import timezone

from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.cases import claim_case, open_account_case, open_case
from dutybound_server.casework.models import Case, Decision, Notice, Sanction
from tests import make
from tests.cast import NOW, Cast
from tests.server.console.conftest import SignIn

ANSWERS = {
    "enforcement_kind": "take_down",
    "ground": "terms",
    "rule": "Be kind",
    "harm": "harassment",
    "reasons": "It says zonk to a person.",
    "statement": "We took it down.",
    "drafted": "",
}


def at(case: Case, rest: str = "") -> str:
    return f"/console/ridge/cases/{case.reference}/{rest}"


def answers(**changes: str) -> dict[str, str]:
    return {**ANSWERS, **changes}


def test_the_page_explains_every_match(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge, harm="hate")

    page = sign_in(cast.mo).get(at(case)).content.decode()

    assert "known-hate" in page
    assert "source tests" in page
    assert "is the very file of a signal (SHA-256)" in page


def test_a_case_without_a_match_says_whose_doubt_opened_it(cast: Cast, sign_in: SignIn) -> None:
    doubt = "Medium m1: It could not be decoded: only exact copies of it are found."
    doubted, asked = make.item(cast.ridge), make.item(cast.ridge)
    by_us = open_case(item=doubted, harm="other_illegal", why=doubt, now=NOW)
    by_mo = open_case(item=asked, harm="bullying", why="A parent rang.", by=cast.mo, now=NOW)
    browser = sign_in(cast.nell)

    page = browser.get(at(by_us)).content.decode()
    assert f"<p>{doubt}</p>" in page
    assert "by hand" not in page
    assert (
        f"<p><strong>{cast.mo.get_full_name()}</strong>: A parent rang.</p>"
        in browser.get(at(by_mo)).content.decode()
    )


def test_what_was_posted_is_text_and_its_links_cannot_be_followed(
    cast: Cast, sign_in: SignIn
) -> None:
    item = make.item(cast.ridge, text="<script>zonk()</script>")
    item.links = '["https://shop.example/?a=1&b=<b>"]'
    item.save()
    case = make.case(cast.ridge, about=item)

    page = sign_in(cast.mo).get(at(case)).content.decode()

    assert "&lt;script&gt;zonk()" in page
    assert "<code>https://shop.example/?a=1&amp;b=&lt;b&gt;</code>" in page
    assert 'href="https://shop.example' not in page


def test_a_restricted_case_does_not_exist_for_other_staff(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge, harm="csea_image_csam")

    for person in (cast.mo, cast.sena, cast.ada, cast.ode):
        assert sign_in(person).get(at(case)).status_code == 404
        assert sign_in(person).post(at(case, "claim/")).status_code in {403, 404}
    assert sign_in(cast.ren).get(at(case)).status_code == 200


def test_one_person_claims_a_case_and_the_next_is_told_who_has_it(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make.case(cast.ridge)

    sign_in(cast.mo).post(at(case, "claim/"))
    answer = sign_in(cast.nell).post(at(case, "claim/"), follow=True)

    case.refresh_from_db()
    assert case.claimed_by == cast.mo
    assert "Not claimed: Mo works on this case" in answer.content.decode()
    assert "Mo has it until" in answer.content.decode()


def test_who_decided_is_told_that_another_person_answers_the_appeal(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make.decided_case(cast.ridge, by=cast.mo, author=cast.bram, now=timezone.now())
    token = Notice.objects.get().token
    lodge_appeal(token=token, grounds="It was satire.", now=timezone.now())

    answer = sign_in(cast.mo).post(at(case, "claim/"), follow=True)

    case.refresh_from_db()
    assert case.claimed_by is None
    assert "Not claimed. You made the decision that is appealed." in answer.content.decode()


def test_a_case_is_given_back(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge)
    claim_case(case_id=case.id, by=cast.mo, now=timezone.now())

    sign_in(cast.mo).post(at(case, "release/"))

    case.refresh_from_db()
    assert case.claimed_by is None


def test_handing_over_needs_a_word_for_the_next_person(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge)
    claim_case(case_id=case.id, by=cast.mo, now=timezone.now())
    browser = sign_in(cast.mo)

    refused = browser.post(at(case, "hand-over/"), {"note": " "}, follow=True).content.decode()
    taken = browser.post(at(case, "hand-over/"), {"note": "Ask \0Sena."}, follow=True)

    assert "Not handed over: write a word" in refused
    assert "Ask Sena." in taken.content.decode()


def test_an_auditor_reads_and_cannot_decide(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge)
    browser = sign_in(cast.ode)

    assert "data-decide" not in browser.get(at(case)).content.decode()
    assert browser.post(at(case, "decide/"), answers()).status_code == 403


def test_deciding_leads_to_the_next_free_case_and_offers_to_undo(
    cast: Cast, sign_in: SignIn
) -> None:
    case, taken, free = (make.case(cast.ridge) for _ in range(3))
    claim_case(case_id=taken.id, by=cast.nell, now=timezone.now())
    browser = sign_in(cast.mo)

    answer = browser.post(at(case, "decide/"), answers(), follow=True)

    assert answer.redirect_chain == [(at(free), 302)]
    page = answer.content.decode()
    assert f"case {case.reference}" in page
    assert at(case, f"undo/{case.decisions.get().pk}/") in page


def test_a_decision_without_reasons_is_sent_back_with_every_word_kept(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make.case(cast.ridge)

    answer = sign_in(cast.mo).post(at(case, "decide/"), answers(reasons="", rule=""))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say in a sentence why, for colleagues and auditors." in page
    assert "Nothing is decided yet" in page
    assert "We took it down." in page
    assert not Decision.objects.exists()


def test_a_decision_on_a_case_somebody_else_holds_is_refused_with_the_words_kept(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make.case(cast.ridge)
    claim_case(case_id=case.id, by=cast.nell, now=timezone.now())

    answer = sign_in(cast.mo).post(at(case, "decide/"), answers())

    assert answer.status_code == 422
    assert "Your words are kept here" in answer.content.decode()


def test_finding_nothing_wrong_asks_for_no_ground(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge)

    sign_in(cast.mo).post(at(case, "decide/"), answers(enforcement_kind="none"))

    assert case.decisions.get().ground == "none"


def test_the_draft_follows_the_choices_and_says_what_will_happen(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make.case(cast.ridge, author=cast.bram)
    browser = sign_in(cast.mo)

    piece = browser.post(
        at(case, "draft/"), answers(statement=""), headers={"HX-Request": "true"}
    ).content.decode()

    assert "it breaks our rules (Be kind)" in piece
    assert "1 item is taken down, 1 account is told (1 by e-mail). Undo for 30 days." in piece
    assert "<html" not in piece


def test_a_sanction_is_told_before_it_is_chosen_and_needs_an_end_where_it_has_one(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make.case(cast.ridge, author=cast.bram)
    mo, suspended = sign_in(cast.mo), answers(sanction="suspend")

    piece = mo.post(at(case, "draft/"), {**suspended, "days": "7"}).content.decode()
    refused = mo.post(at(case, "decide/"), suspended)
    mo.post(at(case, "decide/"), {**suspended, "days": "7"})

    assert "It counts against the account for a year; the account is suspended for 7 days" in piece
    assert "Say for how long; without an end, choose to close it." in refused.content.decode()
    sanction = Sanction.objects.get()
    assert sanction.ends_at is not None
    assert (sanction.ends_at - sanction.starts_at).days == 7


def test_an_answer_to_an_appeal_says_what_stays_for_the_account(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make.case(cast.ridge, author=cast.bram)
    decision = make.decide(case, by=cast.mo)
    lodge_appeal(token=decision.notices.get().token, grounds="It was satire.", now=NOW)
    nell = sign_in(cast.nell)

    same = nell.post(at(case, "draft/"), answers()).content.decode()
    fine = nell.post(at(case, "draft/"), answers(enforcement_kind="none")).content.decode()

    assert "For the account nothing changes: what counts already goes on." in same
    assert "What counts against the account because of this is taken back." in fine


def test_where_no_account_is_known_none_is_asked_about(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.mo).get(at(make.case(cast.ridge))).content.decode()

    assert 'name="sanction"' not in page


def test_a_case_about_an_account_offers_no_second_sanction(cast: Cast, sign_in: SignIn) -> None:
    case = open_account_case(account=cast.bram, harm="fraud", why="x", by=cast.mo, now=NOW)

    page = sign_in(cast.mo).get(at(case)).content.decode()

    assert 'name="sanction"' in page
    assert 'value="suspend"' not in page


def test_nothing_that_accuses_is_chosen_beforehand(cast: Cast, sign_in: SignIn) -> None:
    make.decide(make.case(cast.ridge, harm="hate"), by=cast.mo, ground="law", rule="Act 1986, s.4")
    case = make.case(cast.ridge, harm="hate")

    page = sign_in(cast.mo).get(at(case)).content.decode()

    assert "checked" not in page.split('id="choices"')[1].split("</form>")[0]
    assert 'name="rule" value' not in page
    assert '<option value="Act 1986, s.4">' in page


def test_no_author_is_accused_before_a_rule_is_named(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge)
    browser = sign_in(cast.mo)
    without_rule = answers(ground="law", rule="", statement="")

    piece = browser.post(at(case, "draft/"), without_rule, headers={"HX-Request": "true"})
    refused = browser.post(at(case, "decide/"), without_rule)

    assert "against the law" not in piece.content.decode()
    assert refused.status_code == 422
    assert "Name the section of the law or the rule of our terms." in refused.content.decode()
    assert not Decision.objects.exists()


def test_nothing_wrong_with_what_was_kept_from_view_says_the_same_everywhere(
    cast: Cast, sign_in: SignIn
) -> None:
    held, seen = (
        make.case(cast.ridge, about=make.item(cast.ridge, author=cast.bram, verdict=verdict))
        for verdict in ("hold", "allow")
    )
    browser, fine = sign_in(cast.mo), answers(enforcement_kind="none", statement="")

    back = browser.post(at(held, "draft/"), fine).content.decode()
    stays = browser.post(at(seen, "draft/"), fine).content.decode()

    assert "it breaks no rule. It is shown again." in back
    assert "1 item is shown again, 1 account is told" in back
    assert "it breaks no rule. Nothing changes" in stays
    assert "1 item stays as now, and nobody is told" in stays


def test_the_draft_leaves_alone_what_a_person_wrote_until_asked(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make.case(cast.ridge)
    browser = sign_in(cast.mo)

    kept = browser.post(at(case, "draft/"), answers()).content.decode()
    anew = browser.post(at(case, "draft/"), answers(anew="yes")).content.decode()

    assert "We took it down." in kept
    assert "We took it down." not in anew


def test_an_appeal_shows_the_authors_words_and_goes_to_another_person(
    cast: Cast, sign_in: SignIn
) -> None:
    now = timezone.now()
    case = make.decided_case(cast.ridge, by=cast.mo, author=cast.bram, now=now)
    notice = Notice.objects.get(decision__case=case)
    lodge_appeal(token=notice.token, grounds="It was a joke among friends.", now=now)

    mine = sign_in(cast.mo).get(at(case)).content.decode()
    theirs = sign_in(cast.nell).get(at(case)).content.decode()

    assert "It was a joke among friends." in theirs
    assert "A different person decides this appeal" in mine
    assert "A different person decides this appeal" not in theirs
    assert "data-decide" not in mine
    assert at(case, "claim/") not in mine
    assert "Undo this decision" not in mine
    assert "data-decide" in theirs


def test_an_undo_opens_the_case_again(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge)
    decision = make.decide(case, by=cast.mo, now=timezone.now())

    answer = sign_in(cast.mo).post(at(case, f"undo/{decision.pk}/"), follow=True)

    case.refresh_from_db()
    assert case.status == "open"
    assert "Undone." in answer.content.decode()


def test_the_undo_names_its_case_and_stands_not_on_another_decided_case(
    cast: Cast, sign_in: SignIn
) -> None:
    earlier, last, waiting = (make.case(cast.ridge) for _ in range(3))
    for case in (earlier, last):
        make.decide(case, by=cast.mo, now=timezone.now())
    browser = sign_in(cast.mo)

    assert f"Undo: case {last.reference} taken down" in browser.get(at(waiting)).content.decode()
    for case in (earlier, last):
        page = browser.get(at(case)).content.decode()
        assert "Undo: case" not in page
        assert "Undo this decision" in page


def test_a_decision_cannot_be_undone_through_another_case(cast: Cast, sign_in: SignIn) -> None:
    case, other = make.case(cast.ridge), make.case(cast.ridge)
    decision = make.decide(case, by=cast.mo, now=timezone.now())

    assert sign_in(cast.mo).post(at(other, f"undo/{decision.pk}/")).status_code == 404


def test_htmx_gets_the_pane_alone(cast: Cast, sign_in: SignIn) -> None:
    case = make.case(cast.ridge)

    piece = sign_in(cast.mo).get(at(case), headers={"HX-Request": "true"}).content.decode()

    assert piece.startswith("<title>")
    assert "pane-list" not in piece


def test_the_authors_other_cases_are_shown_without_restricted_ones(
    cast: Cast, sign_in: SignIn
) -> None:
    case = make.case(cast.ridge, author=cast.bram)
    earlier = make.decided_case(cast.ridge, by=cast.nell, author=cast.bram)
    restricted = make.case(cast.ridge, author=cast.bram, harm="csea_image_csam")

    page = sign_in(cast.mo).get(at(case), headers={"HX-Request": "true"}).content.decode()

    assert earlier.reference in page
    assert restricted.reference not in page


def test_the_same_words_elsewhere_are_decided_together_by_a_senior(
    cast: Cast, sign_in: SignIn
) -> None:
    first, second = (
        make.case(cast.ridge, about=make.item(cast.ridge, text="zonk zonk")) for _ in "ab"
    )
    browser = sign_in(cast.sena)
    both = {**answers(), "case": [first.reference, second.reference]}

    shown = browser.get(at(first, "same/")).content.decode()
    asked = browser.post(at(first, "same/"), both).content.decode()
    fine = browser.post(at(first, "same/"), {**both, "enforcement_kind": "none"})
    browser.post(at(first, "same/"), {**both, "decide": "yes"})

    assert second.reference in shown
    assert "2 items are taken down" in asked
    assert "2 items are shown again" in fine.content.decode()
    assert {first.decisions.count(), second.decisions.count()} == {1}
    assert sign_in(cast.mo).get(at(first, "same/")).status_code == 403


def test_a_bulk_says_what_happened_and_is_undone_as_a_whole(cast: Cast, sign_in: SignIn) -> None:
    first, second = (
        make.case(cast.ridge, about=make.item(cast.ridge, text="zonk zonk")) for _ in "ab"
    )
    browser = sign_in(cast.sena)
    both = {**answers(), "case": [first.reference, second.reference], "decide": "yes"}

    landed = browser.post(at(first, "same/"), both, follow=True).content.decode()
    decision = second.decisions.get()
    undone = browser.post(at(second, f"undo/{decision.pk}/"), {"all": "yes"}, follow=True)

    assert "You decided <strong>2 cases</strong> together" in landed
    assert "Undo: 2 cases taken down" in landed
    assert at(second, f"undo/{decision.pk}/") in landed
    assert "Undone. 2 cases are open again." in undone.content.decode()
    assert not Decision.objects.filter(undone_at=None).exists()
