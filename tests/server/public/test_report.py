"""Anyone tells a service what is wrong: page by page, without an account or JavaScript."""

import re
from collections.abc import Mapping
from datetime import timedelta

import jwt
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.hearing import LONGEST_WORDS, Subject
from dutybound_server.casework.item_tokens import link_for
from dutybound_server.casework.models import Concern, Delivery, Desk, Draft, DraftFile
from dutybound_server.people.models import Service
from tests import make
from tests.cast import Cast

WORDS = "They call me a <b>zonk</b> all day."


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def set_desk(service: Service, **changes: object) -> Desk:
    desk = desk_of(service)
    for name, value in changes.items():
        setattr(desk, name, value)
    desk.save()
    return desk


def begin(browser: Client, slug: str = "ridge", **said: object) -> str:
    """Begin a form; the address under which its pages are."""
    answer = browser.post(f"/report/{slug}/", said)
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def fill(browser: Client, form: str, answers: Mapping[str, object]) -> None:
    """Answer the pages in turn, and see that each is the one that comes next."""
    for name, said in answers.items():
        here = browser.get(form, follow=True)
        assert here.redirect_chain[-1][0] == f"{form}{name}/"
        answer = browser.post(f"{form}{name}/", said if isinstance(said, dict) else {name: said})
        assert answer.status_code == 302, answer.content.decode()


ADULT = {
    "words": WORDS,
    "places": "https://ridge.example/p/1\nzonker",
    "kind": {"sort": "law"},
    "harm": "harassment",
    "files": {},
    "reply": {"reply": "page"},
}

BY_PAGE = {"reply": "page"}
COMPLAINS = {"words": WORDS, "places": "", "kind": {"sort": "complaint"}}


def test_a_page_for_no_service_says_so_and_where_help_is(db: None, browser: Client) -> None:
    page = browser.get("/report/nowhere/")

    assert page.status_code == 404
    assert "999" in page.content.decode()


def test_looking_at_the_first_page_stores_no_form_and_no_cookie(
    cast: Cast, browser: Client
) -> None:
    page = browser.get("/report/ridge/")

    assert page.status_code == 200
    assert not page.cookies
    assert not Draft.objects.exists()
    assert page.content.decode().index("999") < page.content.decode().index("Start")


def test_a_person_without_an_account_tells_checks_and_gets_a_receipt(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)
    fill(browser, form, ADULT)

    check = browser.get(f"{form}check/").content.decode()
    assert "&lt;b&gt;zonk&lt;/b&gt;" in check
    sent = browser.post(f"{form}check/", follow=True).content.decode()

    concern = Concern.objects.get()
    assert (concern.kind, concern.harm, concern.channel) == (
        "illegal_content",
        "harassment",
        "page",
    )
    assert concern.words == WORDS
    assert set(concern.subjects.values_list("subject_kind", "subject")) == {
        ("address", "https://ridge.example/p/1"),
        ("address", "zonker"),
    }
    assert concern.reference in sent
    assert f"/told/{concern.token}/" in sent
    assert "Victim Support" in sent


def test_sent_twice_is_received_once_with_the_same_receipt(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    fill(browser, form, ADULT)
    first = browser.post(f"{form}check/", follow=True)

    again = browser.post(f"{form}check/", follow=True)
    step = browser.post(f"{form}words/", {"words": "Other."}, follow=True)

    assert Concern.objects.count() == 1
    assert first.content == again.content == step.content
    assert WORDS not in Draft.objects.get().answers


def test_what_nobody_knows_is_taken_as_a_report(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    fill(
        browser, form,
        {"words": "Odd.", "places": "", "kind": {"sort": "unknown"}, "files": {}, "reply": BY_PAGE},
    )  # fmt: skip
    browser.post(f"{form}check/")

    assert Concern.objects.get().kind == Kind.ILLEGAL_CONTENT
    assert Concern.objects.get().harm == ""


def test_an_empty_text_is_asked_for_again_kindly(cast: Cast, browser: Client) -> None:
    form = begin(browser)

    page = browser.post(f"{form}words/", {"words": "  \n "})

    assert page.status_code == 422
    assert "Tell us in your own words what is wrong." in page.content.decode()


def test_megabytes_of_words_are_refused_and_the_first_part_is_kept(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)

    page = browser.post(f"{form}words/", {"words": "a zonk " * 3_000_000})

    text = page.content.decode()
    assert page.status_code == 422
    assert "We kept the first part" in text
    assert LONGEST_WORDS < len(text) < LONGEST_WORDS + 10_000


def test_words_that_are_no_text_are_refused(cast: Cast, browser: Client) -> None:
    page = browser.post(f"{begin(browser)}words/", {"words": "a\0b"})

    assert page.status_code == 422
    assert "not text" in page.content.decode()


def test_letters_that_run_the_other_way_stay_within_their_own_line(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)
    fill(browser, form, {**ADULT, "words": "zonk \u202e txt.exe"})

    page = browser.get(f"{form}check/").content.decode()

    assert re.search(r'<dd dir="auto" class="told">zonk \u202e txt.exe</dd>', page)


def test_another_browser_and_another_service_cannot_open_a_form(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)
    fill(browser, form, {"words": WORDS})

    stranger = Client().get(f"{form}words/")
    elsewhere = browser.get(form.replace("/ridge/", "/harbour/") + "words/")

    assert (stranger.status_code, elsewhere.status_code) == (404, 404)
    assert "zonk" not in stranger.content.decode() + elsewhere.content.decode()


def test_two_forms_in_two_tabs_stay_two(cast: Cast, browser: Client) -> None:
    first = begin(browser)
    cookie = browser.cookies["dutybound_report"]
    of_first = (cookie["path"], cookie["httponly"], cookie["samesite"])
    second = begin(browser)

    # A browser keeps a cookie for each path, and sends a page only its own.
    assert of_first == (first, True, "Lax")
    assert browser.cookies["dutybound_report"]["path"] == second != first


def test_leaving_forgets_the_form(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    fill(browser, form, {"words": WORDS})

    gone = browser.post(f"{form}leave/")

    assert gone["Location"].startswith("https://www.bbc.co.uk/")
    assert not Draft.objects.exists()
    assert browser.get(f"{form}words/").status_code == 404


def test_a_form_is_forgotten_after_two_hours(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    Draft.objects.update(touched_at=timezone.now() - timedelta(hours=2, seconds=1))

    page = browser.get(f"{form}words/")

    assert page.status_code == 404
    assert "after two hours" in page.content.decode()


def test_a_change_of_what_it_is_about_asks_again_what_follows_from_it(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)
    fill(browser, form, ADULT)

    answer = browser.post(f"{form}kind/", {"sort": "children"})
    assert answer["Location"] == f"{form}harm/"
    browser.post(f"{form}harm/", {"harm": "bullying"})
    browser.post(f"{form}check/")

    concern = Concern.objects.get()
    assert (concern.kind, concern.harm) == ("harmful_to_children", "bullying")


# The link beside an item


def test_a_link_beside_an_item_names_it_so_that_nobody_pastes_an_address(
    cast: Cast, browser: Client
) -> None:
    item = make.item(cast.ridge, author=cast.bram, text="zonk")
    link = link_for(
        desk_of(cast.ridge), subject=Subject("item", item.external_id), now=timezone.now(),
        title="A <i>post</i> by bram", reporter="cleo", author="bram",
    )  # fmt: skip
    token = link.partition("item=")[2]

    page = browser.get(f"/report/ridge/?item={token}").content.decode()
    assert "A &lt;i&gt;post&lt;/i&gt; by bram" in page
    form = begin(browser, item=token)
    fill(browser, form, {name: said for name, said in ADULT.items() if name != "places"})
    browser.post(f"{form}check/")

    concern = Concern.objects.get()
    assert concern.subjects.get().item == item
    assert concern.account == cast.cleo


def forged(desk: Desk, **changes: object) -> str:
    claims = {"aud": "ridge", "sub": "post-1", "exp": 4_000_000_000, **changes}
    return jwt.encode(claims, "another secret of thirty-two bytes", algorithm="HS256")


def test_a_forged_or_old_link_says_so_and_the_person_goes_on_without_it(
    cast: Cast, browser: Client
) -> None:
    desk = desk_of(cast.ridge)
    old = link_for(
        desk, subject=Subject("item", "post-1"), now=timezone.now() - timedelta(days=30)
    ).partition("item=")[2]

    for token in (forged(desk), old, "not-a-token", "x" * 100_000):
        page = browser.get("/report/ridge/", {"item": token})
        assert page.status_code == 200
        assert "does not work" in page.content.decode()
    form = begin(browser, item=forged(desk))
    fill(browser, form, ADULT)
    browser.post(f"{form}check/")

    assert "post-1" not in Concern.objects.get().subjects.values_list("subject", flat=True)


def test_several_links_and_lines_are_reported_at_once(cast: Cast, browser: Client) -> None:
    desk = desk_of(cast.ridge)
    tokens = [
        link_for(desk, subject=Subject("item", f"post-{n}"), now=timezone.now()).partition("item=")[
            2
        ]
        for n in (1, 2)
    ]
    form = begin(browser, item=tokens)
    fill(browser, form, {name: said for name, said in ADULT.items() if name != "places"})
    browser.post(f"{form}places/", {"places": "post-3\npost-3\n\n"})
    browser.post(f"{form}check/")

    assert sorted(Concern.objects.get().subjects.values_list("subject", flat=True)) == [
        "post-1", "post-2", "post-3",
    ]  # fmt: skip


def test_a_wish_to_block_reaches_the_service_once(cast: Cast, browser: Client) -> None:
    desk = set_desk(cast.ridge, offers_block=True)
    make.endpoint(cast.ridge)
    token = link_for(
        desk, subject=Subject("item", "post-1"), now=timezone.now(), reporter="cleo", author="bram"
    ).partition("item=")[2]
    form = begin(browser, item=token)
    steps = {name: said for name, said in ADULT.items() if name not in {"places", "reply"}}
    fill(browser, form, {**steps, "block": "yes", "reply": {"reply": "page"}})

    browser.post(f"{form}check/")
    browser.post(f"{form}check/")

    asked = Delivery.objects.get(event="block.asked")
    assert '"blocked":"bram"' in asked.payload
    assert '"blocker":"cleo"' in asked.payload


# Files


def picture(name: str, content: bytes = b"<svg onload=alert(1)/>") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/svg+xml")


def test_files_are_kept_sealed_listed_removed_and_sent(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    fill(browser, form, {name: ADULT[name] for name in ("words", "places", "kind", "harm")})
    browser.post(f"{form}files/", {"files": [picture("a.svg"), picture("<img>.zip", b"PK\3\4")]})
    page = browser.get(f"{form}files/").content.decode()
    assert "&lt;img&gt;.zip" in page
    browser.post(f"{form}files/", {"remove": DraftFile.objects.get(name__isnull=False, size=4).pk})

    fill(browser, form, {"files": {}, "reply": BY_PAGE})
    browser.post(f"{form}files/", {"remove": "9" * 5_000})
    browser.post(f"{form}check/")

    attachment = Concern.objects.get().attachments.get()
    assert (attachment.name, attachment.content_type) == ("a.svg", "image/svg+xml")
    assert not DraftFile.objects.exists()


def test_too_many_files_are_refused_and_those_there_stay(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    fill(browser, form, {name: ADULT[name] for name in ("words", "places", "kind", "harm")})
    browser.post(f"{form}files/", {"files": [picture(f"{n}.svg") for n in range(9)]})

    page = browser.post(f"{form}files/", {"files": [picture("x.svg"), picture("y.svg")]})

    assert page.status_code == 422
    assert "up to 10 files" in page.content.decode()
    assert DraftFile.objects.count() == 9


def test_a_body_beyond_all_bounds_is_answered_before_it_is_read(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)

    page = browser.post(f"{form}words/", {"words": "x"}, CONTENT_LENGTH="9" * 5_000)

    assert page.status_code == 413
    assert "too much at once" in page.content.decode()


def test_nobody_is_asked_for_a_picture_of_a_child(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    fill(browser, form, {"words": WORDS, "places": "", "kind": {"sort": "law"}, "harm": "csea"})

    assert browser.get(f"{form}files/", follow=True).redirect_chain[-1][0] == f"{form}reply/"


# Children, complaints, languages, work


def test_a_child_is_asked_less_and_comes_first(cast: Cast, browser: Client) -> None:
    form = begin(browser, **{"for": "child"})
    fill(
        browser, form,
        {"words": "Mean.", "places": "", "kind": {"sort": "mean"}, "files": {}, "reply": BY_PAGE},
    )  # fmt: skip
    sent = browser.post(f"{form}check/", follow=True).content.decode()

    concern = Concern.objects.get()
    assert (concern.version, concern.kind, concern.harm) == (
        "child",
        "harmful_to_children",
        "bullying",
    )
    assert concern.severity >= 4
    assert "Childline" in sent


def test_a_complaint_names_its_kind_and_category_1_is_off(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    fill(browser, form, COMPLAINS)
    assert "political" not in browser.get(f"{form}complaint/").content.decode()
    assert browser.post(f"{form}complaint/", {"complaint": "category_1_news"}).status_code == 422

    fill(
        browser,
        form,
        {"complaint": "age", "files": {}, "reply": {"reply": "email", "email": "a@example.com"}},
    )
    browser.post(f"{form}check/")

    assert Concern.objects.get().kind == Kind.AGE
    assert Concern.objects.get().email == "a@example.com"


def test_whoever_lost_the_notice_of_a_decision_complains_instead(
    cast: Cast, browser: Client
) -> None:
    form = begin(browser)
    fill(
        browser, form,
        {**COMPLAINS, "complaint": "appeal", "appeal": {}, "files": {}, "reply": BY_PAGE},
    )  # fmt: skip
    browser.post(f"{form}check/")

    assert Concern.objects.get().kind == Kind.DUTIES


def test_an_address_that_is_none_is_told_beside_the_field(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    fill(browser, form, {name: said for name, said in ADULT.items() if name != "reply"})

    wrong = browser.post(f"{form}reply/", {"reply": "email", "email": "nobody"})
    none = browser.post(f"{form}reply/", {"reply": "email", "email": ""})

    assert "name@example.com" in wrong.content.decode()
    assert "Write your e-mail address" in none.content.decode()


def test_welsh_is_offered_only_where_the_service_says_so(cast: Cast, browser: Client) -> None:
    before = browser.get("/report/ridge/?lang=cy").content.decode()
    set_desk(cast.ridge, languages=["cy"])
    after = browser.get("/report/ridge/?lang=cy").content.decode()

    assert 'lang="en"' in before
    assert "Cymraeg" not in before
    assert '<html lang="cy">' in after


def test_without_the_work_a_report_waits_and_is_not_lost(cast: Cast, browser: Client) -> None:
    set_desk(cast.ridge, proof_bits=8)
    form = begin(browser)
    fill(browser, form, ADULT)

    browser.post(f"{form}check/", {"proof": "1" * 10_000})

    assert Concern.objects.get().queued is True


def test_with_the_work_done_it_goes_ahead(cast: Cast, browser: Client) -> None:
    from hashlib import sha256

    set_desk(cast.ridge, proof_bits=8)
    form = begin(browser)
    fill(browser, form, ADULT)
    page = browser.get(f"{form}check/").content.decode()
    challenge = page.partition('data-challenge="')[2].partition('"')[0]
    answer = next(
        str(n) for n in range(100_000) if sha256(f"{challenge}:{n}".encode()).digest()[0] == 0
    )

    browser.post(f"{form}check/", {"proof": answer})

    assert Concern.objects.get().queued is False


def test_an_address_in_odd_letters_is_a_form_that_is_not_here(cast: Cast, browser: Client) -> None:
    begin(browser)
    browser.cookies["dutybound_report"]["path"] = "/"

    assert browser.get("/report/ridge/é\u202e/words/").status_code == 404
    assert browser.get("/told/é\u202e/").status_code == 404


def test_files_of_forms_that_nobody_sends_cannot_fill_the_disk(cast: Cast, browser: Client) -> None:
    form = begin(browser)
    fill(browser, form, {name: ADULT[name] for name in ("words", "places", "kind", "harm")})
    browser.post(f"{form}files/", {"files": [picture("a.svg")]})
    DraftFile.objects.update(size=5 * 1024**3)

    page = browser.post(f"{form}files/", {"files": [picture("b.svg")]})

    assert "There is no room for files now." in page.content.decode()
    assert DraftFile.objects.count() == 1
