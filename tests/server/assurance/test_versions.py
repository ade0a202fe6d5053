"""What is approved is final, numbered, and kept."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from dutybound.risk.fingerprint import digest_of
from dutybound.risk.triggers import a_year_after
from dutybound_server.assurance.actions.drafts import answer_scope, start_draft
from dutybound_server.assurance.actions.versions import approve_draft
from dutybound_server.assurance.models import Version
from dutybound_server.assurance.queries import document_of, draft_of, newest_version, open_draft
from dutybound_server.assurance.refusals import CannotApprove, NoDraft
from dutybound_server.journal.models import Entry
from tests.cast import NOW, Cast
from tests.server.assurance.filled import TODAY, approved, finish, saving

pytestmark = pytest.mark.django_db


def test_an_unfinished_draft_is_not_approved_and_all_reasons_are_told(cast: Cast) -> None:
    draft = start_draft(service=cast.ridge, by="staff:1", now=NOW)

    with pytest.raises(CannotApprove) as met:
        approve_draft(draft=draft, revision=0, by=cast.grace, now=NOW)

    assert len(met.value.hindrances) > 1
    assert newest_version(cast.ridge) is None


def test_only_the_accountable_person_approves(cast: Cast) -> None:
    draft = finish(cast)

    for person in (cast.ada, cast.sena, cast.ode, cast.mo, cast.vic):
        with pytest.raises(PermissionDenied):
            approve_draft(draft=draft, revision=draft.revision, by=person, now=NOW)


def test_an_approved_version_is_in_the_journal_with_its_digest(cast: Cast) -> None:
    version = approved(cast)

    document = document_of(version)
    assert (version.number, document.people.approved_by) == (1, "Grace")
    assert (document.days.approved, document.law_as_of) == (TODAY, TODAY)
    facts = json.loads(bytes(Entry.objects.get(kind="assessment.approved").body))["facts"]
    assert facts["digest"] == version.digest == digest_of(document_of(version))
    assert facts["supersedes"] is None


def test_the_database_refuses_to_change_or_forget_an_approved_version(cast: Cast) -> None:
    version = approved(cast)

    with pytest.raises(DatabaseError, match="final"), transaction.atomic():
        Version.objects.filter(id=version.pk).update(digest="0" * 64)
    with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
        version.delete()
    with pytest.raises(DatabaseError, match="final"), transaction.atomic():
        Version.objects.filter(id=version.pk)._raw_delete("default")

    version.refresh_from_db()
    assert version.digest == digest_of(document_of(version))


def test_a_new_draft_begins_where_the_approved_version_ended(cast: Cast) -> None:
    first = approved(cast)
    assert open_draft(cast.ridge) is None

    draft = start_draft(service=cast.ridge, by="staff:1", now=NOW)

    document = document_of(draft)
    assert document.facts == document_of(first).facts
    assert document.people.approved_by == ""
    assert document.days.approved is None


def test_a_second_version_supersedes_the_first_which_stays_as_it_was(cast: Cast) -> None:
    first = approved(cast)
    draft = start_draft(service=cast.ridge, by="staff:1", now=NOW)

    second = approve_draft(draft=draft, revision=draft.revision, by=cast.grace, now=NOW)

    assert (second.number, newest_version(cast.ridge)) == (2, second)
    first.refresh_from_db()
    assert first.digest == digest_of(document_of(first))
    facts = json.loads(bytes(Entry.objects.filter(kind="assessment.approved").latest("id").body))[
        "facts"
    ]
    assert facts["supersedes"] == 1


def test_the_review_that_was_due_is_done_by_the_next_approval(cast: Cast) -> None:
    first = approved(cast)
    due = document_of(first).days.next_review
    a_year_later = NOW + timedelta(days=366)
    draft = start_draft(service=cast.ridge, by="staff:1", now=a_year_later)

    second = approve_draft(draft=draft, revision=draft.revision, by=cast.grace, now=a_year_later)

    assert due == a_year_after(TODAY)
    assert document_of(second).days.next_review == a_year_after(TODAY + timedelta(days=366))


def test_what_changed_since_it_was_read_is_not_approved_unread(cast: Cast) -> None:
    draft = finish(cast)
    read_at = draft.revision
    answer_scope(draft=draft, test="uk_links", answer=None, saving=saving(draft, "scope/uk_links"))

    with pytest.raises(CannotApprove, match="since you read it"):
        approve_draft(draft=draft, revision=read_at, by=cast.grace, now=NOW)


def test_an_approved_draft_takes_no_more_answers(cast: Cast) -> None:
    draft = finish(cast)
    last = saving(draft, "scope/uk_links")
    approve_draft(draft=draft, revision=draft.revision, by=cast.grace, now=NOW)

    with pytest.raises(NoDraft):
        answer_scope(draft=draft, test="uk_links", answer=None, saving=last)
    with pytest.raises(NoDraft):
        draft_of(cast.ridge)


def test_no_statement_that_empties_or_replaces_reaches_an_approved_version(cast: Cast) -> None:
    version = approved(cast)
    statement = {
        "sqlite": "INSERT OR REPLACE INTO assurance_version SELECT id, number, '{}', digest, "
        "approved_at, approved_by_id, service_id FROM assurance_version",
        "postgresql": "TRUNCATE assurance_version CASCADE",
    }[connection.vendor]

    connection.check_constraints()
    with pytest.raises(DatabaseError, match="final"), transaction.atomic():
        connection.cursor().execute(statement)

    assert Version.objects.get().digest == version.digest
