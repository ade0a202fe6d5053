"""An auditor at their own pages: what they see, what is written down, and what is shut."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from dutybound.cases.bundle import AUDIT_FORMAT, opened
from dutybound.evidence.draws import commitment_of
from dutybound_server.assurance.actions.audits import end_audit
from dutybound_server.assurance.models import Audit, Document, DocumentVersion, Finding
from dutybound_server.casework.models import Case, Concern, Letter
from dutybound_server.journal.actions import seal
from dutybound_server.journal.models import Entry
from tests.cast import Cast, on_stage
from tests.security.doors.addresses import PARTS
from tests.server.assurance import audits
from tests.server.assurance.audits import SEED, busy_service
from tests.server.console.conftest import SignIn
from tests.server.journal.story import take_the_guards_away

Yesterday = tuple[Cast, dict[str, Case]]


@pytest.fixture(scope="module")
def yesterday(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Yesterday]:
    """One for all tests here; what a test changes in it is undone after that test."""
    with django_db_blocker.unblock(), transaction.atomic():
        theirs = on_stage()
        yield theirs, busy_service(theirs, now=timezone.now() - timedelta(days=1))
        transaction.set_rollback(True)


@pytest.fixture
def cast(yesterday: Yesterday, db: None) -> Cast:
    return yesterday[0]


@pytest.fixture
def cases(yesterday: Yesterday, db: None) -> dict[str, Case]:
    """What happened yesterday."""
    return {name: Case.objects.get(pk=case.pk) for name, case in yesterday[1].items()}


@pytest.fixture
def audit(cast: Cast, cases: dict[str, Case]) -> Audit:
    """An audit by Iris, who has no role anywhere."""
    return audits.opened(cast, email="iris@audit.example", now=timezone.now())


@pytest.fixture
def iris(audit: Audit, sign_in: SignIn, settings: Any) -> Client:  # noqa: ANN401 - pytest-django's
    """The auditor at her screen. A second factor is tested elsewhere."""
    settings.DEMO = True
    return sign_in(audit.auditor)


def at(audit: Audit, *parts: object) -> str:
    return "/".join(["/console/ridge/auditing", audit.reference, *map(str, parts), ""])


def page(browser: Client, address: str, *, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def draw(browser: Client, audit: Audit, *, wanted: int = 3) -> Audit:
    committed = {"commitment": commitment_of(SEED), "wanted": wanted}
    assert browser.post(at(audit, "commit"), committed).status_code == 302
    assert browser.post(at(audit, "draw"), {"seed": SEED}).status_code == 302
    seal(now=timezone.now())
    audit.refresh_from_db()
    return audit


def looked() -> list[str]:
    entries = Entry.objects.filter(kind="audit.looked").order_by("id")
    return list(entries.values_list("subject", flat=True))


# The way in


def test_the_console_leads_an_auditor_to_their_one_audit(iris: Client, audit: Audit) -> None:
    answer = iris.get("/console/", follow=True)

    assert answer.redirect_chain[-1][0] == at(audit)
    assert "The yearly audit" in answer.content.decode()
    assert "Your audit" in answer.content.decode()


def test_an_auditor_without_a_second_factor_is_sent_to_set_one_up(
    audit: Audit, sign_in: SignIn
) -> None:
    answer = sign_in(audit.auditor).get(at(audit))

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")


def test_nobody_else_and_nobody_at_another_time_finds_the_audit(
    cast: Cast, iris: Client, audit: Audit, sign_in: SignIn
) -> None:
    for person in (cast.grace, cast.ada, cast.ode, cast.vic):
        page(sign_in(person), at(audit), status=404)
    page(iris, at(audit).replace("ridge", "harbour"), status=404)

    end_audit(audit_id=audit.pk, why="Wrong period.", by=cast.ada, now=timezone.now())

    for address in (at(audit), at(audit, "measures"), at(audit, "bundle")):
        page(iris, address, status=404)
    assert iris.post(at(audit, "commit")).status_code == 404
    assert (
        "You do not work for a service yet" in iris.get("/console/", follow=True).content.decode()
    )


def addresses(case: Case, concern: Concern) -> list[str]:
    """Every address of the console, with what there is put in."""
    there = {"service": "ridge", "reference": case.reference}
    of_concerns = {"service": "ridge", "reference": concern.reference}
    return [
        reverse(
            name,
            kwargs={
                part: (of_concerns if "concern" in name else there).get(part, "1") for part in parts
            },
        )
        for name, parts in PARTS.items()
        if name.startswith("console:")
    ]


def test_an_auditor_from_outside_reads_no_other_page_and_writes_nothing_anywhere(
    iris: Client, audit: Audit, cases: dict[str, Case]
) -> None:
    concern = Concern.objects.filter(channel="page").get()
    before = Entry.objects.count()
    walked = addresses(cases["reported"], concern)

    for address in walked:
        for answer in (iris.get(address), iris.post(address)):
            allowed = {404, 405}
            if address in {"/console/", "/console/audits/"}:
                allowed |= {302}
            assert answer.status_code in allowed, (address, answer.status_code)

    assert len(walked) > 150
    assert Entry.objects.count() == before


def test_other_doors_are_shut_to_an_auditor_too(iris: Client, cases: dict[str, Case]) -> None:
    for address in ("/journal/tile/entries/000.p/1", "/flagger/ridge/x/", "/api/v1/items"):
        assert iris.get(address).status_code in {401, 404, 405}, address


# The sample


def test_an_auditor_commits_draws_and_opens_only_what_was_drawn(iris: Client, audit: Audit) -> None:
    assert "Step 1 of 2" in page(iris, at(audit))
    draw(iris, audit, wanted=1)

    shown = page(iris, at(audit))
    assert "1 of 3 cases" in shown
    assert all(one in shown for one in audit.population)
    page(iris, at(audit, "cases", audit.sample[0]))
    left = next(one for one in audit.population if one not in audit.sample)
    page(iris, at(audit, "cases", left), status=404)


def test_the_population_is_told_to_nobody_before_the_commitment(
    iris: Client, audit: Audit, cases: dict[str, Case]
) -> None:
    shown = page(iris, at(audit))

    assert not any(case.reference in shown for case in cases.values())
    assert "3" not in shown.partition("population")[2][:200]


def test_what_is_no_commitment_and_no_seed_is_said_beside_its_field(
    iris: Client, audit: Audit
) -> None:
    answer = iris.post(at(audit, "commit"), {"commitment": "abc", "wanted": 3})
    assert answer.status_code == 422
    assert "This is no commitment" in answer.content.decode()
    iris.post(at(audit, "commit"), {"commitment": commitment_of(SEED), "wanted": 3})

    answer = iris.post(at(audit, "draw"), {"seed": "0" * 64})

    assert answer.status_code == 422
    assert "This is not the seed that you committed to" in answer.content.decode()
    assert "0" * 64 in answer.content.decode()


# What is seen


def test_a_case_is_shown_from_end_to_end_with_names_and_words_masked(
    iris: Client, audit: Audit, cases: dict[str, Case]
) -> None:
    draw(iris, audit)

    shown = page(iris, at(audit, "cases", cases["appealed"].reference))
    for words in ("The case was decided", "The author appealed", "The author was told", "in time"):
        assert words in shown
    assert "I asked [left out] before" in shown
    reported = page(iris, at(audit, "cases", cases["reported"].reference))
    for words in ("bram", "cleo", "example.com", "satire", "cruel", "walker", "Nell"):
        assert words not in shown + reported, words
    assert "words, masked]" in reported


def test_of_something_restricted_the_auditor_sees_that_it_is_and_no_more(
    iris: Client, audit: Audit, cases: dict[str, Case]
) -> None:
    Audit.objects.filter(pk=audit.pk).update(sees_personal=True)
    draw(iris, audit)

    shown = page(iris, at(audit, "cases", cases["restricted"].reference))

    assert "only specially trained staff may see" in shown
    assert "Not shown: this kind of content is shown to no auditor." in shown
    assert "zonk" not in shown


def test_what_was_granted_is_shown(iris: Client, audit: Audit, cases: dict[str, Case]) -> None:
    Audit.objects.filter(pk=audit.pk).update(sees_personal=True)
    draw(iris, audit)

    assert "It was satire." in page(iris, at(audit, "cases", cases["appealed"].reference))


def test_each_step_leads_to_its_entry_and_its_proof(
    iris: Client, audit: Audit, cases: dict[str, Case]
) -> None:
    draw(iris, audit)
    entry = Entry.objects.get(kind="appeal.lodged")
    other = Entry.objects.filter(kind="staff.created").latest("number")

    shown = page(iris, at(audit, "cases", cases["appealed"].reference))
    assert at(audit, "entries", entry.number) in shown
    assert "This entry verifies" in page(iris, at(audit, "entries", entry.number))
    body = iris.get(at(audit, "entries", entry.number, "body"))
    assert json.loads(body.content)["kind"] == "appeal.lodged"
    assert page(iris, at(audit, "entries", entry.number, "proof")).startswith("c2sp.org/tlog")
    page(iris, at(audit, "entries", other.number), status=404)

    take_the_guards_away()
    Entry.objects.filter(pk=entry.pk).update(actor="staff:9")
    assert "does not verify" in page(iris, at(audit, "entries", entry.number))
    page(iris, at(audit, "entries", entry.number, "proof"), status=404)


# Figures


def test_a_figure_is_computed_again_and_a_difference_is_explained(
    iris: Client, audit: Audit
) -> None:
    finding = Finding.objects.get(measure="ICU D4")

    assert at(audit, "measures", "icu-d4") in page(iris, at(audit, "measures"))
    measure = page(iris, at(audit, "measures", "icu-d4"))
    assert at(audit, "findings", finding.pk) in measure
    assert "It comes out the same" in page(iris, at(audit, "findings", finding.pk))

    # As if no letter waited for its mail: rows that somebody altered by hand since.
    Letter.objects.update(mail_due_at=None)
    shown = page(iris, at(audit, "findings", finding.pk))
    assert "It comes out otherwise" in shown
    assert "In time" in shown


def test_a_finding_outside_the_period_or_of_nothing_is_not_there(
    cast: Cast, iris: Client, audit: Audit
) -> None:
    Audit.objects.filter(pk=audit.pk).update(period_until=audit.period_from + timedelta(hours=1))

    page(iris, at(audit, "findings", Finding.objects.earliest("pk").pk), status=404)
    page(iris, at(audit, "measures", "icu-zz"), status=404)


def test_documents_are_listed_with_their_digests(cast: Cast, iris: Client, audit: Audit) -> None:
    assert "No documents are held" in page(iris, at(audit, "documents"))
    now = timezone.now()
    held = Document.objects.create(
        service=cast.ridge, kind="accountable_person", title="Who answers", created_at=now
    )
    DocumentVersion.objects.create(
        document=held, number=1, name="who.pdf", content_type="application/pdf", size=3,
        sha256="ab" * 32, blob="x", dated=now.date(), expires_on=now.date(), added_at=now,
        added_by=cast.grace,
    )  # fmt: skip

    assert "ab" * 32 in page(iris, at(audit, "documents"))


# What is left behind


def test_everything_that_is_opened_is_journalled(
    iris: Client, audit: Audit, cases: dict[str, Case]
) -> None:
    draw(iris, audit)
    case, finding = cases["appealed"].reference, Finding.objects.get(measure="ICU D4")
    entry = Entry.objects.get(kind="appeal.lodged").number
    for parts in (
        (), ("cases", case), ("entries", entry), ("measures",), ("measures", "icu-d4"),
        ("findings", finding.pk), ("documents",), ("bundle",), ("bundle",),
    ):  # fmt: skip
        page_of = iris.get(at(audit, *parts))
        assert page_of.status_code == 200

    ref = audit.reference
    assert looked() == [
        f"audit:{ref}", f"case:{case}", f"entry:{entry}", f"audit:{ref}:measures",
        "measure:ICU D4", f"finding:{finding.pk}", f"audit:{ref}:documents",
        f"audit:{ref}:bundle",
    ]  # fmt: skip


def test_the_bundle_comes_once_the_draw_is_sealed(iris: Client, audit: Audit) -> None:
    early = iris.get(at(audit, "bundle"), follow=True)
    assert "Draw the sample first" in early.content.decode()
    draw(iris, audit)

    answer = iris.get(at(audit, "bundle"))

    assert answer["Content-Disposition"] == f'attachment; filename="audit-{audit.reference}.zip"'
    assert opened(answer.content, layout=AUDIT_FORMAT).findings == ()


def test_an_auditor_of_the_house_may_audit_as_well(
    cast: Cast, cases: dict[str, Case], sign_in: SignIn
) -> None:
    audit = audits.opened(cast, now=timezone.now())
    ode = sign_in(cast.ode)

    assert at(audit) in page(ode, "/console/ridge/audits/")
    assert "Step 1 of 2" in page(ode, at(audit))


def test_an_auditor_of_two_services_chooses(
    cast: Cast, iris: Client, audit: Audit, cases: dict[str, Case]
) -> None:
    audits.opened(cast, email="iris@audit.example", now=timezone.now())

    shown = page(iris, "/console/audits/")

    assert shown.count("The yearly audit") == 2
