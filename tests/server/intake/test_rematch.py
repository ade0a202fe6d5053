"""What a bank learns is looked for among the items received before, once and to the end."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from dutybound.matching import links
from dutybound_server.banks.actions import change_bank, remove_signals
from dutybound_server.banks.models import Signal
from dutybound_server.casework.models import Case, CaseEvent, Match
from dutybound_server.intake.actions import rematch
from dutybound_server.intake.models import Rematch
from dutybound_server.intake.submissions import GivenHashes, GivenPdq, SubmittedMedia
from dutybound_server.items.models import Item
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Service
from tests import make
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)
PDQ = "f8f8f0cce0f4e84d" * 4
NEAR = "f8f8f0cce0f4e84e" * 4
SHA256 = "ab" * 32


def hashed(*, pdq: str = "", sha256: str = "") -> tuple[SubmittedMedia, ...]:
    given = GivenPdq(bytes.fromhex(pdq), 100) if pdq else None
    return (SubmittedMedia("m1", hashes=GivenHashes(sha256, "", (given,) if given else ())),)


def a_mixed_day(service: Service) -> None:
    make.taken(service, "plain", text="a walk along the ridge")
    make.taken(service, "words", text="you ZONK")
    make.taken(service, "link", links=("https://example.org/page",))
    make.taken(service, "picture", media=hashed(pdq=NEAR))
    make.taken(service, "file", media=hashed(sha256=SHA256))


def subjects() -> set[str]:
    return set(Case.objects.values_list("subject", flat=True))


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("phrase", "zonk", "words"),
        ("pattern", "z[o0]nk", "words"),
        ("domain", "example.org", "link"),
        ("pdq", PDQ, "picture"),
        ("sha256", SHA256, "file"),
    ],
)
def test_a_signal_that_is_added_finds_what_came_before(
    cast: Cast, kind: str, value: str, found: str
) -> None:
    a_mixed_day(cast.ridge)
    make.taken(cast.harbour, "theirs", text="zonk", links=("https://example.org/",))
    make.bank(cast.ridge, hashes=[(kind, value)])

    rematch(now=LATER)

    assert subjects() == {found}
    match = Match.objects.get()
    assert (match.retroactive, match.found_at) == (True, LATER)
    assert Item.objects.get(external_id=found).answer["verdict"] == "allow"
    [done] = Rematch.objects.all()
    assert (done.found, done.finished_at) == (1, LATER)


def test_looking_back_twice_opens_nothing_twice(cast: Cast) -> None:
    a_mixed_day(cast.ridge)
    bank = make.bank(cast.ridge, phrases=["zonk"])

    rematch(now=LATER)
    rematch(now=LATER)
    make.signals(bank, phrases=["you"])
    rematch(now=LATER)

    assert Match.objects.count() == 2
    assert list(CaseEvent.objects.values_list("kind", flat=True)) == ["opened", "matched"]


def test_an_item_judged_with_the_signal_is_not_found_again(cast: Cast) -> None:
    make.bank(cast.ridge, phrases=["zonk"])
    make.taken(cast.ridge, text="zonk")

    rematch(now=LATER)

    assert not Match.objects.get().retroactive


def test_nothing_new_costs_three_small_questions(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_mixed_day(cast.ridge)
    make.bank(cast.ridge, phrases=["zonk"])
    rematch(now=LATER)

    with django_assert_num_queries(3):
        assert rematch(now=LATER) == 0


def test_what_teaches_nothing_costs_no_look_at_the_items(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    a_mixed_day(cast.ridge)
    bank = make.bank(cast.ridge, phrases=["zonk"])
    rematch(now=LATER)
    remove_signals(bank=bank, ids=[Signal.objects.get().pk], why="A mistake.", by="system", now=NOW)

    with django_assert_num_queries(4) as asked:
        assert rematch(now=LATER) == 0

    assert not any("items_item" in query["sql"] for query in asked)


def test_a_wider_threshold_and_a_bank_switched_on_look_back(cast: Cast) -> None:
    make.taken(cast.ridge, "picture", media=hashed(pdq=NEAR))
    bank = make.bank(cast.ridge, hashes=[("pdq", PDQ)], threshold=2, enabled=False)
    rematch(now=LATER)
    change_bank(bank=bank, changes={"enabled": True}, why="x", by="system", now=NOW)
    rematch(now=LATER)
    assert subjects() == set()

    change_bank(bank=bank, changes={"threshold": 31}, why="x", by="system", now=NOW)
    rematch(now=LATER)

    assert subjects() == {"picture"}


def test_a_signal_removed_before_the_look_back_finds_nothing(cast: Cast) -> None:
    a_mixed_day(cast.ridge)
    bank = make.bank(cast.ridge, phrases=["zonk"])
    remove_signals(bank=bank, ids=[Signal.objects.get().pk], why="A mistake.", by="system", now=NOW)

    rematch(now=LATER)

    assert subjects() == set()


def test_known_good_content_is_set_aside_in_the_past_too(cast: Cast) -> None:
    make.taken(cast.ridge, "logo", media=hashed(pdq=PDQ))
    make.bank(cast.ridge, "logos", hashes=[("pdq", PDQ)], effect="never")
    make.bank(cast.ridge, "known", hashes=[("pdq", PDQ)])

    rematch(now=LATER)

    assert subjects() == set()
    assert Match.objects.get().set_aside


def test_a_kill_between_steps_loses_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        make.taken(cast.ridge, f"post-{number}", text="zonk")
    make.bank(cast.ridge, phrases=["zonk"])
    monkeypatch.setattr("dutybound_server.intake.actions.rematches.STEP_ITEMS", 2)
    monkeypatch.setattr("dutybound_server.intake.actions.rematches.STEPS_AT_ONCE", 1)

    rematch(now=LATER)
    after_one_step = subjects()
    while rematch(now=LATER):
        pass

    assert after_one_step == {"post-0", "post-1"}
    assert len(subjects()) == 7
    assert Rematch.objects.get().found == 7
    assert [entry.kind for entry in Entry.objects.filter(kind="rematch.finished")] == [
        "rematch.finished"
    ]


def test_a_bank_that_cannot_be_loaded_keeps_no_other_waiting(cast: Cast) -> None:
    make.taken(cast.ridge, "ours", text="zonk")
    make.taken(cast.harbour, "theirs", text="zonk")
    make.bank(cast.ridge, phrases=["zonk"])
    make.bank(cast.harbour, phrases=["zonk"])
    Signal.objects.filter(bank__service=cast.ridge).update(kind="pdq")

    with pytest.raises(ValueError, match="hexadecimal"):
        rematch(now=LATER)
    assert subjects() == {"theirs"}

    Signal.objects.update(kind="phrase")
    rematch(now=LATER)
    assert subjects() == {"ours", "theirs"}


def test_a_signal_that_would_flood_the_queue_opens_no_case(cast: Cast) -> None:
    for number in range(25):
        make.taken(cast.ridge, f"post-{number}", text="the zonk" if number == 0 else "the")
    make.bank(cast.ridge, phrases=["the", "zonk"])

    rematch(now=LATER)

    assert subjects() == {"post-0"}
    assert Signal.objects.get(value="the").quarantined_at == LATER
    assert Signal.objects.get(value="zonk").quarantined_at is None


def test_private_items_are_left_alone_once_they_are_not_screened(cast: Cast) -> None:
    cast.ridge.screens_private, cast.ridge.screens_private_reason = True, "A court ordered it."
    cast.ridge.save()
    make.taken(cast.ridge, "letter", visibility="private", text="zonk")
    cast.ridge.screens_private = False
    cast.ridge.save()
    make.bank(cast.ridge, phrases=["zonk"])

    rematch(now=LATER)

    assert subjects() == set()


def test_a_bank_that_leaves_its_dry_run_opens_the_cases_it_would_have_opened(cast: Cast) -> None:
    bank = make.bank(cast.ridge, phrases=["zonk"], dry_run=True)
    make.taken(cast.ridge, "post-1", text="zonk")
    assert subjects() == set()

    change_bank(bank=bank, changes={"dry_run": False}, why="It fits.", by="staff:1", now=LATER)
    rematch(now=LATER)

    assert subjects() == {"post-1"}
    assert [(match.dry_run, match.found_at) for match in Match.objects.all()] == [(False, NOW)]


def test_a_new_description_is_no_reason_to_look_back(cast: Cast) -> None:
    bank = make.bank(cast.ridge, phrases=["zonk"])
    rematch(now=LATER)
    looked_back = Rematch.objects.count()

    change_bank(bank=bank, changes={"description": "Words"}, why="Tidy.", by="staff:1", now=LATER)
    rematch(now=LATER)

    assert Rematch.objects.count() == looked_back


def test_an_item_that_cannot_be_compared_again_is_a_question_and_stops_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.taken(cast.ridge, "many", text="a1.example a2.example a3.example")
    make.taken(cast.ridge, "later", text="a zonk")
    monkeypatch.setattr(links, "MOST_LINKS", 2)

    make.bank(cast.ridge, phrases=["zonk"])
    rematch(now=NOW)

    assert sorted(Case.objects.values_list("subject", "harm")) == [
        ("later", "harassment"),
        ("many", "other_illegal"),
    ]
    assert not Rematch.objects.filter(finished_at=None).exists()
