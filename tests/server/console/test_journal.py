"""The journal's screens: what happened, and whether it still is what was sealed."""

import pytest
from django.db import transaction
from django.test import Client

from dutybound.ledger.proofs import verify_proof
from dutybound_server.journal.actions import append, seal
from dutybound_server.journal.models import Checkpoint, Entry, Tile
from dutybound_server.journal.queries import journal_key
from tests.cast import NOW, Cast
from tests.server.journal.story import take_the_guards_away, the_head


@pytest.fixture
def ode(cast: Cast, client: Client) -> Client:
    """The auditor of Ridge Forum, whose journal has three entries of its own."""
    take_the_guards_away()
    Entry.objects.all().delete()
    happened("case.opened", "case:4f2c", facts={"harm": "fraud"})
    happened("bank.changed", "bank:Known links")
    happened("case.decided", "case:4f2c", personal={"note": "It was satire."})
    happened("case.decided", "case:9999", service="harbour")
    seal(now=NOW)
    client.force_login(cast.ode)
    return client


@transaction.atomic
def happened(kind: str, subject: str, *, service: str = "ridge", **more: dict[str, str]) -> Entry:
    return append(
        kind=kind,
        service=service,
        subject=subject,
        actor="staff:7",
        now=NOW,
        facts=more.get("facts", {}),
        personal=more.get("personal", {}),
    )


def page(client: Client, address: str = "", *, status: int = 200) -> str:
    answer = client.get(f"/console/ridge/journal/{address}")
    assert answer.status_code == status
    return answer.content.decode()


def test_the_list_tells_the_head_and_the_newest_entries_first(ode: Client) -> None:
    happened("case.noted", "case:4f2c")

    text = page(ode)

    assert "4 entries" in text
    assert "No outside witness yet" in text
    assert str(journal_key(the_head())) in text.replace("&#x27;", "'")
    assert text.index("case.noted") < text.index("bank.changed") < text.index("case.opened")
    assert "pending" in text


def test_entries_of_another_service_are_not_shown(ode: Client) -> None:
    assert "case:9999" not in page(ode)
    page(ode, "3/", status=404)
    page(ode, "3/proof/", status=404)
    page(ode, "3/entry/", status=404)


def test_entries_are_found_by_what_happened_and_to_what(ode: Client) -> None:
    by_kind = page(ode, "?kind=bank.")
    by_subject = page(ode, "?subject=case:4f2c")

    assert "bank.changed" in by_kind
    assert "case.opened" not in by_kind
    assert "case.opened" in by_subject
    assert "bank:Known" not in by_subject
    assert "No entry begins like this" in page(ode, "?kind=zonk")


def test_older_entries_are_a_page_away(ode: Client) -> None:
    for number in range(60):
        happened("item.held", f"item:{number:03}")

    first = page(ode, "?kind=item.")
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = page(ode, older)

    assert "item:010" in first
    assert "item:009" not in first
    assert "item:009" in second
    assert 'rel="next"' not in second


def test_nonsense_in_the_address_is_an_empty_search(ode: Client) -> None:
    assert "case.opened" in page(ode, "?before=zonk&kind=" + "k" * 300)


def test_an_entry_shows_its_facts_and_its_proof(ode: Client) -> None:
    text = page(ode, "0/")

    assert "This entry verifies" in text
    assert "&quot;harm&quot;: &quot;fraud&quot;" in text
    assert "c2sp.org/tlog-proof@v1" in text


def test_a_personal_value_is_shown_as_a_digest_and_told_once_its_salt_is_erased(
    ode: Client,
) -> None:
    assert "salted digest of a personal value" in page(ode, "2/")
    assert "satire" not in page(ode, "2/")

    Entry.objects.filter(number=2).update(salts={})

    assert "whose salt is erased" in page(ode, "2/")
    assert "This entry verifies" in page(ode, "2/")


def test_the_two_files_prove_the_entry_elsewhere(ode: Client) -> None:
    entry = ode.get("/console/ridge/journal/2/entry/")
    proof = ode.get("/console/ridge/journal/2/proof/")

    assert "attachment" in entry["Content-Disposition"]
    assert "attachment" in proof["Content-Disposition"]
    key = journal_key(the_head())
    assert verify_proof(proof.content.decode(), entry.content, key=key).size == 4


@pytest.mark.parametrize(
    "harm",
    [
        lambda: Entry.objects.filter(number=0).update(subject="case:0000"),
        lambda: Entry.objects.filter(number=0).update(body=b"zonk"),
        lambda: Entry.objects.filter(number=0).update(body=b"[]"),
        lambda: Tile.objects.all().delete(),
        lambda: Checkpoint.objects.update(note="zonk"),
    ],
    ids=["column", "body", "another body", "tiles", "checkpoint"],
)
def test_an_entry_that_was_tampered_with_says_so(ode: Client, harm: object) -> None:
    harm()  # type: ignore[operator]

    assert "This entry does not verify" in page(ode, "0/")
    page(ode, "0/proof/", status=404)
    page(ode, "0/entry/")
    page(ode)


def test_a_journal_that_is_not_sealed_yet_says_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.ode)

    text = page(client)

    assert "Nothing is sealed yet" in text
    assert "the worker is not running" in text


def test_only_staff_who_may_audit_read_the_journal(ode: Client, cast: Cast) -> None:
    for who, status in ((cast.mo, 403), (cast.vic, 404), (cast.ada, 200)):
        ode.force_login(who)
        for address in ("", "0/", "0/entry/", "0/proof/"):
            page(ode, address, status=status)
