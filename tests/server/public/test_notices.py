"""What the author of a post reads, and how they appeal, without JavaScript or a cookie."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dutybound_server.casework.actions.appeals import lodge_appeal
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.models import Appeal, Notice
from tests import make
from tests.cast import Cast

GROUNDS = "It was <b>satire</b>.\nTruly."


@pytest.fixture
def notice(cast: Cast) -> Notice:
    case = make.case(cast.ridge, author=cast.bram)
    make.decide(case, by=cast.mo, now=timezone.now())
    return Notice.objects.get()


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def test_the_author_reads_what_was_decided_which_rule_and_what_they_can_do(
    notice: Notice, browser: Client
) -> None:
    page = browser.get(f"/notice/{notice.token}/")

    text = page.content.decode()
    assert page.status_code == 200
    assert "We took down your post" in text
    assert "it breaks our rules (Be kind)" in text
    assert "A different person then looks at it" in text
    assert f"/notice/{notice.token}/appeal/" in text


def test_a_notice_is_kept_from_search_engines_other_sites_and_caches(
    notice: Notice, browser: Client
) -> None:
    page = browser.get(f"/notice/{notice.token}/")

    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies


def test_every_unknown_token_gets_the_same_page(notice: Notice, browser: Client) -> None:
    addresses = ["/notice/guess/", f"/notice/{notice.token[:-1]}/", "/notice/guess/appeal/"]
    addresses.append("/notice/gu%00ess/")

    pages = [browser.get(address) for address in addresses]

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert pages[0]["Referrer-Policy"] == "no-referrer"


def test_an_appeal_is_asked_checked_changed_sent_and_receipted(
    notice: Notice, browser: Client
) -> None:
    address = f"/notice/{notice.token}/appeal/"
    assert "Why do you think this is wrong?" in browser.get(address).content.decode()

    check = browser.post(address, {"step": "check", "grounds": GROUNDS})
    assert "Check your appeal" in check.content.decode()
    assert "&lt;b&gt;satire&lt;/b&gt;" in check.content.decode()
    assert "We do not tell them who you are" in check.content.decode()
    change = browser.post(address, {"step": "change", "grounds": GROUNDS})
    assert "satire&lt;/b&gt;.\nTruly.</textarea>" in change.content.decode()
    assert not Appeal.objects.exists()

    receipt = browser.post(address, {"step": "send", "grounds": GROUNDS}, follow=True)

    assert receipt.redirect_chain == [(f"/notice/{notice.token}/appeal/sent/", 302)]
    assert "We have your appeal" in receipt.content.decode()
    assert Appeal.objects.get().grounds == GROUNDS


@pytest.mark.parametrize("step", ["check", "send"])
def test_an_appeal_without_words_is_asked_for_again(
    notice: Notice, browser: Client, step: str
) -> None:
    page = browser.post(f"/notice/{notice.token}/appeal/", {"step": step, "grounds": "  "})

    assert page.status_code == 422
    assert "Tell us why you think this is wrong." in page.content.decode()
    assert not Appeal.objects.exists()


def test_a_second_appeal_comes_back_to_the_notice_that_shows_the_first(
    notice: Notice, browser: Client
) -> None:
    address = f"/notice/{notice.token}/appeal/"
    browser.post(address, {"step": "send", "grounds": GROUNDS})

    page = browser.post(address, {"step": "send", "grounds": "Again."}, follow=True)

    text = page.content.decode()
    assert page.redirect_chain == [(f"/notice/{notice.token}/", 302)]
    assert "You have appealed already" in text
    assert "satire" in text
    assert Appeal.objects.count() == 1


def test_the_answer_to_an_appeal_is_read_on_the_notice(
    cast: Cast, notice: Notice, browser: Client
) -> None:
    browser.post(f"/notice/{notice.token}/appeal/", {"step": "send", "grounds": GROUNDS})
    answer = make.decide(
        notice.decision.case, by=cast.nell, statement="We looked again and it stays down."
    )

    first = browser.get(f"/notice/{notice.token}/").content.decode()
    second = browser.get(f"/notice/{answer.notices.get().token}/").content.decode()

    assert "We looked again and it stays down." in first
    assert "The answer to your appeal about your post" in second
    assert "It is final" in second


def test_after_180_days_nobody_can_appeal(notice: Notice, browser: Client) -> None:
    long_ago = timezone.now() - timedelta(days=181)
    notice.decision.decided_at = long_ago
    notice.decision.save()

    page = browser.get(f"/notice/{notice.token}/appeal/", follow=True).content.decode()

    assert "180 days" in page
    assert "Appeal</a>" not in page


def test_without_an_appeal_there_is_no_receipt(notice: Notice, browser: Client) -> None:
    answer = browser.get(f"/notice/{notice.token}/appeal/sent/")

    assert answer["Location"] == f"/notice/{notice.token}/"


LEAVE_UP = {"ground": "none", "rule": "", "statement": "We looked again. It was satire."}


def test_who_won_their_appeal_reads_that_first(notice: Notice, browser: Client, cast: Cast) -> None:
    now, case = timezone.now(), notice.decision.case
    lodge_appeal(token=notice.token, grounds=GROUNDS, now=now)
    answer = make.decide(case, by=cast.nell, now=now, enforcement_kind="restore", **LEAVE_UP)

    page = browser.get(f"/notice/{notice.token}/").content.decode()
    told = browser.get(f"/notice/{answer.notices.get().token}/").content.decode()

    assert "<h1>Your appeal succeeded: your post can stay</h1>" in page
    assert page.index("It was satire.") < page.index("What we decided before")
    assert page.index("What we decided before") < page.index("We took down your post")
    assert "<h1>Your appeal succeeded: your post can stay</h1>" in told


def test_who_lost_their_appeal_reads_the_decision_and_the_answer(
    notice: Notice, browser: Client, cast: Cast
) -> None:
    now = timezone.now()
    lodge_appeal(token=notice.token, grounds=GROUNDS, now=now)
    make.decide(notice.decision.case, by=cast.nell, now=now)

    page = browser.get(f"/notice/{notice.token}/").content.decode()

    assert "<h1>We took down your post</h1>" in page
    assert "Our answer" in page
    assert "succeeded" not in page


def test_a_decision_taken_back_is_no_longer_shouted(
    notice: Notice, browser: Client, cast: Cast
) -> None:
    undo_decision(decision_id=notice.decision_id, by=cast.mo, now=timezone.now())

    page = browser.get(f"/notice/{notice.token}/").content.decode()

    assert "<h1>We have undone our decision about your post</h1>" in page
    assert page.index("What we decided before") < page.index("We took down your post")
