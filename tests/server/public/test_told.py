"""A person follows what they told: where it is, what came of it, and what they can still do."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions import concerns
from dutybound_server.casework.actions.answers import point_to
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.decisions import undo_decision
from dutybound_server.casework.actions.letters import write_letter
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import Case, Concern, Desk
from dutybound_server.items import blobs
from dutybound_server.journal.models import Entry
from tests import make
from tests.cast import Cast

WORDS = "They call me a <b>zonk</b>.\nEvery day."


def told(cast: Cast, **changes: object) -> Concern:
    facts = {
        "kind": Kind.ILLEGAL_CONTENT,
        "harm": "harassment",
        "words": WORDS,
        "channel": "page",
        "email": "ann@example.com",
        **changes,
    }
    now = timezone.now()
    return take_concern(service=cast.ridge, told=Told(**facts), now=now).concern  # type: ignore[arg-type]


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def concern(cast: Cast) -> Concern:
    return told(cast)


def page_of(browser: Client, concern: Concern) -> str:
    page = browser.get(f"/told/{concern.token}/")
    assert page.status_code == 200
    return page.content.decode()


def test_every_unknown_address_gets_the_same_page(concern: Concern, browser: Client) -> None:
    addresses = ["/told/guess/", f"/told/{concern.token[:-1]}/", f"/told/{concern.reference}/add/"]
    pages = [browser.get(addresses[0]), browser.get(addresses[1]), browser.post(addresses[2])]

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1


def test_the_page_is_kept_from_search_engines_other_sites_and_caches(
    concern: Concern, browser: Client
) -> None:
    page = browser.get(f"/told/{concern.token}/")

    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies


def test_the_person_reads_where_it_is_what_comes_next_and_by_when(
    concern: Concern, browser: Client
) -> None:
    text = page_of(browser, concern)

    assert "&lt;b&gt;zonk&lt;/b&gt;" in text
    assert "Next: a person looks at it" in text
    assert "We aim to do this by" in text
    assert "999" in text
    assert "Victim Support" in text


def test_that_we_are_late_is_not_hidden(concern: Concern, browser: Client) -> None:
    Concern.objects.update(due_at=timezone.now() - timedelta(minutes=1))

    assert "We are late." in page_of(browser, concern)


def test_the_outcome_is_there_once_and_when_it_was_first_read_is_kept(
    cast: Cast, browser: Client
) -> None:
    item = make.item(cast.ridge, author=cast.bram, text="zonk")
    concern = told(cast, subjects=(Subject("item", item.external_id),))
    make.decide(Case.objects.get(), by=cast.mo, now=timezone.now())

    first, again = page_of(browser, concern), page_of(browser, concern)

    assert first == again
    assert first.count("We took it down.") == 1
    assert concern.letters.filter(read_at__isnull=True).count() == 0
    assert Entry.objects.filter(kind="concern.read").count() == 1


def test_the_person_adds_words_and_a_file(concern: Concern, browser: Client) -> None:
    file = SimpleUploadedFile("<i>.svg", b"<svg onload=alert(1)/>", content_type="image/\0svg+xml")

    browser.post(f"/told/{concern.token}/add/", {"words": "It was <i>today</i>.", "files": file})

    text = page_of(browser, concern)
    assert "It was &lt;i&gt;today&lt;/i&gt;." in text
    assert "&lt;i&gt;.svg" in text
    assert concern.attachments.get().content_type == "image/svg+xml"


@pytest.mark.parametrize("words", ["", "\0", "zonk " * 5_000])
def test_what_cannot_be_added_is_said_and_nothing_changes(
    concern: Concern, browser: Client, words: str
) -> None:
    page = browser.post(f"/told/{concern.token}/add/", {"words": words})

    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert not concern.events.filter(kind="added").exists()


@pytest.mark.parametrize("changes", [{"kind": Kind.INTIMATE_IMAGE}, {"harm": "csea"}])
def test_nobody_sends_a_picture_of_what_must_not_be_passed_on(
    cast: Cast, browser: Client, changes: dict[str, object]
) -> None:
    place = (Subject("address", "https://ridge.example/p/1"),)
    concern = told(cast, answers=make.DECLARED, subjects=place, **changes)
    file = SimpleUploadedFile("a.png", b"a bridge", content_type="image/png")

    page = browser.post(f"/told/{concern.token}/add/", {"words": "It was today.", "files": file})

    assert page.status_code == 422
    assert "It was today." in page.content.decode()
    assert not concern.attachments.exists()
    assert 'type="file"' not in page_of(browser, concern)


def test_what_was_found_by_a_hash_is_told_to_nobody(cast: Cast, browser: Client) -> None:
    item = make.item(cast.ridge)
    place = (Subject("address", "https://ridge.example/p/1"),)
    concern = told(cast, kind=Kind.INTIMATE_IMAGE, answers=make.DECLARED, subjects=place)
    point_to(
        concern_id=concern.pk, subject=Subject("item", item.external_id), by=cast.mo,
        now=timezone.now(),
    )  # fmt: skip

    text = page_of(browser, concern)

    assert "https://ridge.example/p/1" in text
    assert item.external_id not in text


def test_nobody_fills_the_disk_by_adding_on_and_on(
    concern: Concern, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = f"/told/{concern.token}/add/"

    def files(count: int) -> dict[str, object]:
        return {"files": [SimpleUploadedFile(f"{n}.png", b"a bridge") for n in range(count)]}

    assert [browser.post(add, files(10)).status_code for _ in range(4)] == [302, 302, 302, 422]
    assert concern.attachments.count() == 30
    assert browser.post(add, {"words": "x"}, CONTENT_LENGTH=str(10**9)).status_code == 413

    monkeypatch.setattr(concerns, "MOST_ADDITIONS", 3)
    assert browser.post(add, {"words": "More."}).status_code == 422
    assert concern.events.filter(kind="added").count() == 3


def test_while_the_disk_is_nearly_full_words_are_taken_and_files_are_not(
    concern: Concern, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs, "LEAST_FREE", 2**80)
    add = f"/told/{concern.token}/add/"
    file = SimpleUploadedFile("a.png", b"a bridge")

    refused = browser.post(add, {"words": "It was today.", "files": file})

    assert refused.status_code == 422
    assert "It was today." in refused.content.decode()
    assert browser.post(add, {"words": "It was today."}).status_code == 302
    assert not concern.attachments.exists()


def test_e_mails_are_stopped_and_started_again(concern: Concern, browser: Client) -> None:
    browser.post(f"/told/{concern.token}/messages/", {"wanted": "no"})
    stopped = page_of(browser, concern)
    browser.post(f"/told/{concern.token}/messages/", {"wanted": "yes"})

    assert "We do not write to you." in stopped
    assert "We write to you when there is news." in page_of(browser, concern)


def test_it_is_taken_back_only_after_a_second_yes(concern: Concern, browser: Client) -> None:
    asked = browser.get(f"/told/{concern.token}/withdraw/").content.decode()
    concern.refresh_from_db()
    assert concern.withdrawn_at is None
    assert "Yes, take it back" in asked

    browser.post(f"/told/{concern.token}/withdraw/")

    assert "You took this back" in page_of(browser, concern)
    assert Case.objects.get().status == "open"


def test_what_is_answered_cannot_be_taken_back_any_more(cast: Cast, browser: Client) -> None:
    concern = told(cast)
    write_letter(concern=concern, kind="outcome", words="It stays.", now=timezone.now())
    Concern.objects.update(decided_at=timezone.now(), outcome="no_action")

    browser.post(f"/told/{concern.token}/withdraw/")
    more = browser.post(f"/told/{concern.token}/add/", {"words": "More."})

    concern.refresh_from_db()
    assert concern.withdrawn_at is None
    assert more.status_code == 422


def test_a_fast_complaint_is_offered_about_an_intimate_image_report_alone(
    cast: Cast, browser: Client
) -> None:
    place = (Subject("address", "https://ridge.example/p/1"),)
    image = told(cast, kind=Kind.INTIMATE_IMAGE, answers=make.DECLARED, subjects=place)
    usual = told(cast)
    early = browser.post(f"/told/{image.token}/again/")
    Concern.objects.update(decided_at=timezone.now(), outcome="refused")

    begun = browser.post(f"/told/{image.token}/again/")["Location"]
    refused = browser.post(f"/told/{usual.token}/again/")["Location"]
    words = browser.get(begun, follow=True).content.decode()
    browser.post(f"{begun}words/", {"words": "It is me."})
    asked = browser.get(begun, follow=True).redirect_chain[-1][0]
    browser.post(f"{begun}reply/", {"reply": "page"})
    check = browser.get(f"{begun}check/").content.decode()
    browser.post(f"{begun}check/")

    assert early["Location"] == f"/told/{image.token}/"
    assert refused == f"/told/{usual.token}/"
    complaint = Concern.objects.get(kind=Kind.EXPEDITED)
    assert complaint.about == image
    assert "Why do you think we were wrong?" in words
    assert asked == f"{begun}reply/", "nobody is asked for a file"
    assert "Revenge Porn Helpline" in check
    page = page_of(browser, image)
    assert "Ask us to look again" not in page
    assert "You asked us to look again." in page


def test_what_was_taken_back_is_looked_at_again_and_the_old_answer_is_told_from_the_new(
    cast: Cast, browser: Client
) -> None:
    about = make.concern(cast.ridge, about=[make.item(cast.ridge)], now=timezone.now())
    case = Case.objects.get(concerned__concern=about)
    decision = make.decide(case, by=cast.mo, now=timezone.now())
    assert "We have an answer for you" in page_of(browser, about)

    undo_decision(decision_id=decision.pk, by=cast.mo, now=timezone.now())

    page = page_of(browser, about)
    assert "<h1>We are looking into it again</h1>" in page
    assert page.index("What changed") < page.index("What we told you before")

    make.decide(case, by=cast.mo, now=timezone.now())
    page = page_of(browser, about)
    assert "<h1>We have an answer for you</h1>" in page
    assert (page.count("Our answer"), page.count("What we told you before")) == (1, 2)


def test_a_closed_form_begins_nothing_and_keeps_nobody_from_complaining_of_a_refusal(
    cast: Cast, browser: Client
) -> None:
    place = (Subject("address", "https://ridge.example/p/1"),)
    image = told(cast, kind=Kind.INTIMATE_IMAGE, answers=make.DECLARED, subjects=place)
    Concern.objects.update(decided_at=timezone.now(), outcome="refused")
    Desk.objects.update(is_open=False)

    begun = browser.post(f"/told/{image.token}/again/", follow=True)

    assert browser.get("/report/ridge/").status_code == 404
    assert begun.status_code == 200
