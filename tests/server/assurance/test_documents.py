"""Governance documents: held encrypted, renewed by versions, and never changed."""

import io
import json
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.db.utils import IntegrityError

from dutybound_server.assurance.actions.documents import (
    add_document,
    add_version,
    open_version,
    own_document,
    retire_document,
)
from dutybound_server.assurance.models import Document, DocumentVersion
from dutybound_server.assurance.paper_files import LARGEST, TYPES, PaperRefused, figures_in
from dutybound_server.items.actions import sweep_blobs
from dutybound_server.items.blobs import open_blob
from dutybound_server.journal.models import Entry
from tests.cast import NOW, Cast
from tests.server.assurance.papers import WORDS, document, packed, paper

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refusal(cast: Cast, **changes: object) -> str:
    """The field for which a document is refused; nothing is left of it."""
    given = {
        "service": cast.ridge,
        "kinds": ["accountable_person"],
        "title": "The letter",
        "paper": paper(),
        "owner": cast.grace,
        "by": cast.ada,
        "now": NOW,
        **changes,
    }
    with pytest.raises(PaperRefused) as refused:
        add_document(**given)  # type: ignore[arg-type]
    assert not Document.objects.exists()
    return refused.value.field


def entry(kind: str) -> dict[str, object]:
    body: dict[str, object] = json.loads(bytes(Entry.objects.get(kind=kind).body))
    return body


def test_a_document_is_held_encrypted_and_its_digest_is_in_the_journal(cast: Cast) -> None:
    held = document(cast.ridge, owner=cast.grace, by=cast.ada)

    version = held.versions.get()
    with open_blob(version.blob) as file:
        assert file.read() == WORDS
    assert WORDS not in Path(storages["media"].path(version.blob)).read_bytes()
    told = entry("document.added")
    assert told["facts"]["sha256"] == version.sha256  # type: ignore[index]
    assert told["facts"]["owner"] == f"staff:{cast.grace.pk}"  # type: ignore[index]
    assert "The letter" not in json.dumps(told)
    assert "appointment.txt" not in json.dumps(told)


def test_one_file_may_be_held_as_several_kinds(cast: Cast) -> None:
    kinds = ["board_minutes", "board_minutes_children", "board_minutes"]

    made = add_document(
        service=cast.ridge,
        kinds=kinds,
        title="Minutes",
        paper=paper(),
        owner=None,
        by=cast.ada,
        now=NOW,
    )

    assert [one.kind for one in made] == kinds[:2]
    blobs = [one.versions.get().blob for one in made]
    assert blobs[0] != blobs[1]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("kinds", {"kinds": ["poem"]}),
        ("kinds", {"kinds": []}),
        ("title", {"title": " "}),
        ("dated", {"paper": paper(dated=NOW.date() + DAY)}),
        ("expires_on", {"paper": paper(expires_on=NOW.date())}),
        ("expires_on", {"paper": paper(expires_on=NOW.date() + 367 * DAY)}),
        ("file", {"paper": paper(b"")}),
        ("file", {"paper": paper(b"a" * (LARGEST + 1))}),
        ("file", {"paper": paper(b"MZ", name="letter.exe")}),
        ("file", {"paper": paper(b"MZ", name="letter.pdf")}),
        ("file", {"paper": paper(b"%PDF-1.7", name="letter.txt")}),
        ("file", {"paper": paper(b"\xff\xfe\x00", name="letter.txt")}),
        ("file", {"paper": paper(packed("evil.exe", "x"), name="letter.docx")}),
        ("file", {"paper": paper(b"PK\x03\x04 and no zip", name="letter.odt")}),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, field: str, changes: dict[str, object]) -> None:
    assert refusal(cast, **changes) == field


def test_somebody_of_another_service_owns_nothing_here(cast: Cast) -> None:
    assert refusal(cast, owner=cast.vic) == "owner"


def test_a_test_of_a_feature_holds_for_half_a_year_only(cast: Cast) -> None:
    long = paper(expires_on=NOW.date() + 184 * DAY)

    assert refusal(cast, kinds=["blocking_test"], paper=long) == "expires_on"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7 and more", None),
        (
            "a.docx",
            packed("word/document.xml", "<w:p><w:t>Be kind</w:t></w:p><w:p>always</w:p>"),
            3,
        ),
        ("a.odt", packed("content.xml", "<text:p>Be kind</text:p>"), 2),
        ("a.md", b"# Be kind", 3),
    ],
)
def test_each_kind_of_file_is_taken_and_its_words_are_counted(
    cast: Cast, name: str, content: bytes, words: int | None
) -> None:
    (held,) = add_document(
        service=cast.ridge, kinds=["terms"], title="Terms", paper=paper(content, name=name),
        owner=None, by=cast.ada, now=NOW,
    )  # fmt: skip

    assert held.versions.get().figures.get("words") == words


def test_the_years_of_school_that_a_text_asks_for_are_counted_when_it_comes(cast: Cast) -> None:
    words = b"We remove every message that threatens another person, and tell whoever sent it. "
    held = document(cast.ridge, "terms", owner=None, by=cast.ada)
    assert "grade" not in held.versions.get().figures

    version = add_version(document=held, paper=paper(words * 20), by=cast.ada, now=NOW)

    assert 5 < version.figures["grade"] < 10


def test_a_new_version_stands_beside_the_old_one_which_is_final(cast: Cast) -> None:
    held = document(cast.ridge, owner=cast.grace, by=cast.ada)

    second = add_version(document=held, paper=paper(b"Ada answers."), by=cast.ada, now=NOW + DAY)

    assert [one.number for one in held.versions.order_by("number")] == [1, 2]
    assert second.sha256 != held.versions.get(number=1).sha256
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE assurance_documentversion SET expires_on = '2030-01-01'")


def test_the_owner_changes_and_the_journal_says_to_whom(cast: Cast) -> None:
    held = document(cast.ridge, owner=None, by=cast.ada)

    own_document(document=held, owner=cast.sena, by=cast.ada, now=NOW)
    own_document(document=held, owner=cast.sena, by=cast.ada, now=NOW)

    held.refresh_from_db()
    assert held.owner == cast.sena
    assert entry("document.owned")["facts"] == {"owner": f"staff:{cast.sena.pk}"}


def test_a_retired_document_takes_no_version_and_retires_once(cast: Cast) -> None:
    held = document(cast.ridge, owner=None, by=cast.ada)

    with pytest.raises(PaperRefused):
        retire_document(document=held, why=" ", by=cast.ada, now=NOW)
    assert retire_document(document=held, why="Grace left.", by=cast.ada, now=NOW)
    assert not retire_document(document=held, why="Again.", by=cast.ada, now=NOW)

    with pytest.raises(PaperRefused):
        add_version(document=held, paper=paper(), by=cast.ada, now=NOW)
    assert "Grace left" not in json.dumps(entry("document.retired"))


def test_who_was_handed_a_file_is_in_the_journal(cast: Cast) -> None:
    version = document(cast.ridge, owner=None, by=cast.ada).versions.get()

    open_version(version=version, by=cast.ode, now=NOW)

    told = entry("document.opened")
    assert told["actor"] == f"staff:{cast.ode.pk}"


def test_the_sweep_of_files_without_a_row_leaves_documents(cast: Cast) -> None:
    version = document(cast.ridge, owner=None, by=cast.ada).versions.get()

    sweep_blobs(now=NOW + 10_000 * DAY)

    with open_blob(DocumentVersion.objects.get(id=version.pk).blob) as file:
        assert file.read() == WORDS
    assert settings.CONTENT_KEYS


def hostile(words: str, *, how: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        archive.writestr("word/document.xml", words)
    return file


def test_words_full_of_tags_that_never_end_take_no_longer_to_count_than_others() -> None:
    began = time.process_time()

    seen = figures_in(hostile("<" * 1_000_000), content_type=TYPES["docx"])

    assert seen == {"words": 1}
    # Looking for the end of each from each would take over an hour.
    assert time.process_time() - began < 5


def test_a_document_packed_as_no_writer_packs_one_is_held_and_not_read() -> None:
    file = hostile("<w:p>Be kind.</w:p>" * 100, how=zipfile.ZIP_LZMA)
    file.getbuffer()[60] ^= 0xFF

    assert figures_in(file, content_type=TYPES["docx"]) == {}
