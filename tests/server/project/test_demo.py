"""The demo: a made-up service in an empty installation, and never over somebody's data."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from dutybound.cases.kinds import Kind
from dutybound_server.assurance.queries import document_of, newest_version
from dutybound_server.assurance.records import figures_of, mismatches
from dutybound_server.casework.concern_queries import visible_concerns
from dutybound_server.casework.models import (
    Appeal,
    Calibration,
    Case,
    Concern,
    Flagger,
    Judging,
    SecondLook,
)
from dutybound_server.casework.queries import case_state
from dutybound_server.evidence.models import AuthorityReport, LegalHold
from dutybound_server.items.models import Item
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Service
from dutybound_server.people.queries import key_for
from dutybound_server.project.commands import demo
from dutybound_server.project.demo.fill import KEY, PICTURE, begin
from dutybound_server.project.demo.story import CLAIMED_POST, DECISIONS, POSTS, STAFF
from tests.cast import NOW, Cast


def test_the_demo_refuses_an_installation_that_is_not_its_own(
    cast: Cast, tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    # The first here, since the others share one demo.
    settings.DATA = tmp_path

    with pytest.raises(SystemExit):
        demo.prepare_story()

    assert "not the demo" in capsys.readouterr().err
    assert Service.objects.count() == 2


@pytest.fixture(scope="module")
def story(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """One for all tests below; what a test changes in it is undone after that test."""
    files = tmp_path_factory.mktemp("data") / "demo"
    with django_db_blocker.unblock(), transaction.atomic():
        begin(files=files, now=NOW)
        yield files
        transaction.set_rollback(True)


@pytest.fixture
def begun(story: Path, db: None) -> Path:
    return story


def verdict_on(picture_or_word: str) -> set[str]:
    numbers = [
        number
        for number, post in enumerate(POSTS)
        if picture_or_word in {post.picture, *post.text.lower().replace(",", "").split()}
    ]
    posts = Item.objects.filter(external_id__in=[f"post-{1001 + number}" for number in numbers])
    return set(posts.values_list("verdict", flat=True))


def test_each_kind_of_post_gets_the_verdict_it_is_there_to_show(begun: Path) -> None:
    assert verdict_on("chelsea") == {"block"}, "known, whatever was done to it"
    assert verdict_on("coffee") == {"hold"}
    assert verdict_on("motorcycle_left") == {"allow"}, "flagged"
    assert verdict_on("coins") == {"allow"}, "a negative bank has them"
    assert verdict_on("rocket") == {"allow"}, "the bank is on trial"
    assert verdict_on("z0nk") == {"hold"}
    assert verdict_on("moon") == {"allow"}


def test_a_reason_names_a_picture_by_an_id_that_reads_well(begun: Path) -> None:
    answers = Item.objects.filter(verdict="block").values_list("answer", flat=True)

    assert any(answer["reasons"][0].startswith("Picture m1 is ") for answer in answers)


def test_some_cases_are_decided_some_wait_and_one_is_claimed(begun: Path) -> None:
    statuses = Counter(Case.objects.values_list("status", flat=True))
    claimed = Case.objects.get(claimed_until__gt=NOW)

    decided = {decision.post for decision in DECISIONS}
    assert statuses == {"decided": len(decided) + 1, "open": 16}, "and one that a refusal decided"
    assert claimed.subject == f"post-{1001 + CLAIMED_POST}"
    assert Judging.objects.get(decision__ground="law").result == "illegal"


def test_the_assessment_is_approved_with_an_answer_that_does_not_fit_the_records(
    begun: Path,
) -> None:
    ridge = Service.objects.get()
    version = newest_version(ridge)
    assert version is not None
    document = document_of(version)

    wrong = mismatches(document, figures_of(ridge, now=NOW))

    assert [one.fact for one in wrong] == ["hyperlinking"]
    assert any(one.shows_harm for one in document.evidence)
    assert document.facts["livestreaming"] is False


def test_the_files_beside_it_hold_a_key_that_works_and_a_picture(begun: Path) -> None:
    key = key_for((begun / KEY).read_text(), now=NOW)

    assert key.service.slug == "ridge"
    assert (begun / PICTURE).read_bytes().startswith(b"\xff\xd8")
    assert (begun / KEY).stat().st_mode & 0o077 == 0, "the key is for its owner alone"


def test_a_second_start_keeps_what_is_there(begun: Path, settings: Settings) -> None:
    settings.DATA = begun.parent
    entries = Entry.objects.count()

    assert demo.prepare_story() == begun
    assert Entry.objects.count() == entries


def test_people_told_it_what_is_wrong_at_every_stage_of_an_answer(begun: Path) -> None:
    told = Concern.objects.all()
    flood = told.filter(queued=True)

    assert flood.count() == 24
    assert flood.values("subjects__case").distinct().count() == 1
    assert set(told.values_list("outcome", flat=True)) == {
        "", "acted", "no_action", "refused", "overturned",
    }  # fmt: skip
    assert {75, 100} <= set(told.values_list("stage", flat=True))
    assert set(told.values_list("language", "version")) == {
        ("en", "adult"), ("en", "child"), ("cy", "adult"),
    }  # fmt: skip
    assert told.filter(paused_at__isnull=False).count() == 1
    late = told.get(breached_at__isnull=False)
    assert late.decided_at is None


def test_copies_of_a_reported_image_are_kept_from_view_and_a_refusal_is_complained_of(
    begun: Path,
) -> None:
    report = Concern.objects.get(kind=Kind.INTIMATE_IMAGE, outcome="")
    complaint = Concern.objects.get(kind=Kind.EXPEDITED)

    copies = {subject.case for subject in report.subjects.all()}
    assert len(copies) == 3
    held = {case.subject for case in copies if case and case_state(case) == "hold"}
    assert len(held) == 3
    assert complaint.about is not None
    assert complaint.about.outcome == "refused"


def test_what_an_appeal_was_right_about_is_back(begun: Path) -> None:
    appeal = Appeal.objects.get()

    assert appeal.outcome is not None
    assert case_state(appeal.outcome.case) == "restore"
    assert appeal.outcome.by != appeal.decision.by


def test_only_the_restricted_role_sees_the_report_to_the_nca(begun: Path) -> None:
    ridge = Service.objects.get()
    snapshot = AuthorityReport.objects.get().snapshot

    for person in STAFF:
        user = User.objects.get(username=person.email)
        sees = visible_concerns(user, ridge).filter(reference=snapshot.concern).exists()
        assert sees is (person.name == "Ren"), person.name
    assert LegalHold.objects.filter(kind="staff").count() == 1


def test_two_people_who_looked_blind_agree_on_most_and_talk_about_the_rest(begun: Path) -> None:
    answered = Counter(SecondLook.objects.values_list("agrees", flat=True))

    assert answered[True] == 4
    assert answered[False] == Calibration.objects.count() == 1
    assert Flagger.objects.get().concerns.count() == 2
