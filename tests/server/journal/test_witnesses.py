"""Asking witnesses: what they sign is kept, what goes wrong is told, and sealing goes on."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from dutybound.cli.verify_journal import reader
from dutybound.cli.witnessing.server import WitnessServer
from dutybound.ledger.policy import policy_in, trusted
from dutybound.ledger.verify import verify_journal
from dutybound_server.journal.actions import seal
from dutybound_server.journal.export import export_journal
from dutybound_server.journal.models import Checkpoint, Entry, Tile, Witness, WitnessedHead
from dutybound_server.journal.queries import journal_key, newest_witnessed, witnessed
from dutybound_server.journal.witnesses import asking
from dutybound_server.journal.witnesses.actions import REST, ask_witnesses
from dutybound_server.journal.witnesses.words import sentence
from tests.library.ledger.witnesses import witness as a_key
from tests.server.journal.story import NOW, an_entry, entries, take_the_guards_away, the_head
from tests.server.journal.witnessing import (
    Parrot,
    a_witness,
    in_a_thread,
    policy_with,
    url_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ngo(tmp_path: Path, settings: LazySettings) -> Iterator[WitnessServer]:
    """A witness that is asked, and has seen the first three entries."""
    with a_witness(tmp_path / "witness") as server:
        settings.WITNESSES = policy_with(server)
        entries(3)
        seal(now=NOW)
        assert ask_witnesses(now=NOW) == 1
        yield server


def later(rounds: int = 1) -> timedelta:
    return REST * rounds


def write(count: int, *, rounds: int = 1) -> int:
    """Seal that many entries more, and ask; how many cosigned."""
    entries(count)
    seal(now=NOW + later(rounds))
    return ask_witnesses(now=NOW + later(rounds))


def kinds() -> list[str]:
    found = Entry.objects.filter(kind__startswith="witness.").order_by("id")
    return list(found.values_list("kind", flat=True))


def test_a_sealed_head_is_cosigned_within_a_round(ngo: WitnessServer) -> None:
    found = witnessed()

    assert (found.size, found.unwitnessed, found.since) == (3, 0, None)
    assert found.seen_by == {"ngo-0": NOW, "ngo-0-pq": NOW}
    assert sentence(found, now=NOW) == "Witnessed by ngo-0, ngo-0-pq up to entry 2."
    assert kinds() == []


def test_it_goes_on_as_the_journal_grows_over_the_borders_of_tiles(ngo: WitnessServer) -> None:
    for rounds, count in enumerate((253, 1, 300), 1):
        assert write(count, rounds=rounds) == 1

    assert witnessed().size == 3 + 253 + 1 + 300
    (log,) = ngo.memory.watched()
    assert (log.size, log.refused) == (557, ())


def test_a_head_that_was_seen_is_not_asked_about_again(ngo: WitnessServer) -> None:
    with_lines = WitnessedHead.objects.get().note

    assert ask_witnesses(now=NOW + later(5)) == 0
    assert WitnessedHead.objects.get().note == with_lines


def test_a_witness_rests_between_two_heads(ngo: WitnessServer) -> None:
    entries(1)
    seal(now=NOW)

    assert ask_witnesses(now=NOW + REST / 2) == 0
    assert ask_witnesses(now=NOW + REST) == 1


def test_the_newest_head_is_served_with_what_is_known_for_it(
    ngo: WitnessServer, client: Client
) -> None:
    policy = policy_in(f"log {journal_key(None)}\nwitness ngo {ngo.signers[0].key}\nquorum ngo\n")
    cosigned = client.get("/journal/checkpoint").content.decode()
    entries(1)
    seal(now=NOW)

    assert trusted(cosigned, policy).head.size == 3
    assert client.get("/journal/checkpoint").content.decode() == the_head().note
    assert client.get("/journal/witnessed").content.decode() == cosigned


def test_an_export_verifies_under_a_policy_up_to_what_was_seen(
    ngo: WitnessServer, tmp_path: Path
) -> None:
    policy = policy_in(f"log {journal_key(None)}\nwitness ngo {ngo.signers[0].key}\nquorum ngo\n")
    entries(2)
    seal(now=NOW)
    seen = newest_witnessed()
    assert seen
    for name, head in (("whole", the_head()), ("seen", seen)):
        export_journal(tmp_path / name, head=head, progress=lambda *_: None)

    whole = verify_journal(reader(tmp_path / "whole"), policy=policy)
    assert [str(one) for one in whole.findings] == [
        "entries 3 to 4 are not witnessed yet; up to entry 2 the journal satisfies the policy"
    ]
    assert verify_journal(reader(tmp_path / "seen"), policy=policy).verifies
    assert verify_journal(reader(tmp_path / "whole")).verifies


def test_one_head_that_was_seen_is_kept_of_each_hour(ngo: WitnessServer) -> None:
    for minutes in (10, 20, 60, 70):
        entries(1)
        seal(now=NOW + timedelta(minutes=minutes))
        ask_witnesses(now=NOW + timedelta(minutes=minutes))

    assert list(WitnessedHead.objects.order_by("size").values_list("size", flat=True)) == [5, 7]


def test_a_head_that_enough_saw_stays_while_newer_ones_wait_for_the_others(
    tmp_path: Path, settings: LazySettings
) -> None:
    with a_witness(tmp_path / "one") as one:
        with a_witness(tmp_path / "two") as two:
            both = policy_with(one, two)
            text = "\n".join(
                f"witness {name} {each.key} {each.url}" for name, each in both.witnesses.items()
            )
            settings.WITNESSES = policy_in(f"{text}\ngroup both all ngo-0 ngo-1\nquorum both\n")
            entries(3)
            seal(now=NOW)
            assert ask_witnesses(now=NOW) == 2
        for rounds in (1, 2, 3):
            assert write(1, rounds=rounds) == 1

    assert witnessed().size == 3
    # Three entries more, and the one that tells of the trouble.
    assert list(WitnessedHead.objects.order_by("size").values_list("size", flat=True)) == [3, 7]


# What nobody has seen


def test_a_journal_that_asks_nobody_is_unwitnessed_since_its_first_entry() -> None:
    an_entry(now=NOW - timedelta(days=2))
    entries(1)
    seal(now=NOW)

    found = witnessed()

    assert (found.asked, found.size, found.since) == (False, 0, NOW - timedelta(days=2))
    assert sentence(found, now=NOW) == (
        "Unwitnessed since 2026-11-21 10:00 UTC, 2 entries: this installation asks no witness "
        "(DUTYBOUND_WITNESSES)."
    )


def test_an_empty_journal_says_so() -> None:
    assert sentence(witnessed(), now=NOW) == "Nothing is sealed yet."


def test_what_came_after_the_last_witness_is_unwitnessed_since_then(ngo: WitnessServer) -> None:
    an_entry(now=NOW + timedelta(minutes=1))
    an_entry(now=NOW + timedelta(minutes=2))
    seal(now=NOW + timedelta(minutes=2))

    found = witnessed()

    assert (found.size, found.unwitnessed) == (3, 2)
    assert found.since == NOW + timedelta(minutes=1)
    assert sentence(found, now=NOW + timedelta(minutes=3)).startswith("Witnessed by")
    assert sentence(found, now=NOW + timedelta(minutes=30)) == (
        "Unwitnessed since 2026-11-23 10:01 UTC, 2 entries: witnesses saw it up to entry 2."
    )


def test_a_cosignature_that_was_altered_counts_no_more(ngo: WitnessServer) -> None:
    head = WitnessedHead.objects.get()
    WitnessedHead.objects.update(note=head.note.replace("\n3\n", "\n4\n"))

    assert witnessed().size == 0


# What goes wrong


def asked_of(parrot: Parrot, settings: LazySettings) -> Witness:
    """How it stands with a witness after one round."""
    settings.WITNESSES = policy_in(f"witness w {a_key(1).key} {url_of(parrot)}/\nquorum w")
    with in_a_thread(parrot):
        assert ask_witnesses(now=NOW) == 0
    return Witness.objects.get()


@pytest.mark.parametrize(
    ("answers", "trouble", "told"),
    [
        ([(404, b"Not here.\n")], "not_watched", "HTTP 404: Not here."),
        ([(403, b"")], "not_trusted", "HTTP 403: "),
        ([(422, b"No.\n")], "forked", "HTTP 422: No."),
        ([(409, b"7\n")], "ahead", "it has seen 7 entries, and there are 3"),
        ([(409, b"2\n"), (409, b"1\n")], "nonsense", "another size each time"),
        ([(409, b"many\n")], "nonsense", "HTTP 409: many"),
        ([(409, b"99999999999999999999\n")], "nonsense", "HTTP 409"),
        ([(409, b"9999999999999999999\n")], "nonsense", "HTTP 409"),
        ([(409, b"9223372036854775807\n")], "ahead", "9,223,372,036,854,775,807 entries"),
        ([(200, b"")], "nonsense", "none of the keys"),
        ([(200, b"zonk\xff\x00\n")], "nonsense", "expected"),
        ([(200, a_key(2).line("a\n3\n").encode())], "nonsense", "none of the keys"),
        ([(200, a_key(1).line("other\n", at=5).encode())], "nonsense", "does not fit the text"),
        ([(200, b"x" * 100_000)], "nonsense", "far too long"),
        ([(302, b"")], "nonsense", "HTTP 302"),
        ([(500, b"<html>\x00" + b"y" * 1000)], "nonsense", "HTTP 500: <html> yyy"),
    ],
)  # fmt: skip
def test_a_witness_that_answers_nonsense_is_recorded_and_stops_nothing(
    settings: LazySettings, answers: list[tuple[int, bytes]], trouble: str, told: str
) -> None:
    entries(3)
    seal(now=NOW)

    known = asked_of(Parrot(*answers), settings)

    assert (known.trouble, known.since) == (trouble, NOW)
    assert told in known.told
    assert len(known.told) <= 300
    assert kinds() == ["witness.troubled"]
    assert seal(now=NOW) == 1
    assert witnessed().troubles == (known,)
    assert not WitnessedHead.objects.exists()


def test_a_witness_that_is_down_is_recorded_and_comes_back(
    ngo: WitnessServer, tmp_path: Path, settings: LazySettings
) -> None:
    with_address = settings.WITNESSES
    settings.WITNESSES = policy_in(
        f"witness ngo-0 {ngo.signers[0].key} http://127.0.0.1:9\nquorum ngo-0"
    )
    assert write(1, rounds=1) == 0
    assert write(1, rounds=2) == 0
    down = Witness.objects.get(url="http://127.0.0.1:9")
    assert (down.trouble, down.since) == ("unreachable", NOW + later(1))
    assert witnessed().size == 3

    Witness.objects.filter(pk=down.pk).update(url=url_of(ngo) + "/")
    settings.WITNESSES = policy_in(
        f"witness ngo-0 {ngo.signers[0].key} {url_of(ngo)}/\nquorum ngo-0"
    )
    assert write(1, rounds=3) == 1
    assert kinds() == ["witness.troubled", "witness.recovered"]
    assert witnessed().troubles == ()
    assert with_address


def test_a_witness_that_drips_its_answer_is_cut_off(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "TIMEOUT_SECONDS", 0.3)
    entries(3)
    seal(now=NOW)

    known = asked_of(Parrot((200, b"x" * 100_000), drips=True), settings)

    assert known.trouble == "unreachable"
    assert "within 0.3 seconds" in known.told


def test_what_the_witness_saw_is_asked_for_when_we_do_not_know_it(ngo: WitnessServer) -> None:
    Witness.objects.all().delete()

    assert write(2) == 1

    assert witnessed().size == 5


def test_damaged_tiles_are_told_from_a_fork(ngo: WitnessServer) -> None:
    entries(1)
    seal(now=NOW)
    take_the_guards_away()
    Tile.objects.all().delete()

    assert ask_witnesses(now=NOW + later()) == 0
    assert Witness.objects.get().trouble == "broken"


def test_a_head_that_is_not_ours_is_not_asked_about(ngo: WitnessServer) -> None:
    entries(1)
    seal(now=NOW)
    take_the_guards_away()
    Checkpoint.objects.update(note="zonk")

    assert ask_witnesses(now=NOW + later()) == 0
    assert Witness.objects.get().trouble == ""


# A fork: the database of yesterday, and the key that signs


def forget_since(size: int) -> None:
    """Set the database back to when the journal had that many entries, and its key still signs."""
    take_the_guards_away()
    kept = list(Entry.objects.filter(number__lt=size).order_by("number"))
    Entry.objects.all().delete()
    Tile.objects.all().delete()
    Checkpoint.objects.all().delete()
    WitnessedHead.objects.filter(size__gt=size).delete()
    for entry in kept:
        entry.number = None
    Entry.objects.bulk_create(kept)
    seal(now=NOW)


def test_a_journal_that_was_set_back_is_refused_and_both_sides_say_so(
    ngo: WitnessServer, client: Client
) -> None:
    write(5, rounds=1)
    forget_since(3)

    assert write(1, rounds=2) == 0
    assert Witness.objects.get().trouble == "ahead"
    assert write(6, rounds=3) == 0
    assert Witness.objects.get().trouble == "forked"

    (log,) = ngo.memory.watched()
    assert log.size == 8
    assert [(one.size, one.known) for one in log.refused] == [(4, 8), (11, 8)]
    page = client.get("/journal/").content.decode()
    assert "does not follow from what it saw before" in page
    assert "there is a second one under its name" in page


def test_of_two_journals_with_one_key_a_witness_signs_one(ngo: WitnessServer) -> None:
    signed = WitnessedHead.objects.get()
    forget_since(0)
    Witness.objects.all().delete()

    assert write(9, rounds=1) == 0

    assert Witness.objects.get().trouble == "forked"
    assert len(ngo.memory.watched()[0].refused) == 1
    signed.save(force_insert=True)
    assert witnessed().size == 0, "what was signed is of the other history"
