"""Documents, training and owners, as staff see and change them."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dutybound_server.assurance.actions.measure_tasks import own_measure
from dutybound_server.assurance.models import (
    Document,
    DocumentVersion,
    MeasureOwner,
    MeasureTask,
    Training,
)
from dutybound_server.journal.models import Entry
from tests.cast import NOW, Cast
from tests.server.assurance.filled import approved
from tests.server.assurance.papers import WORDS, document
from tests.server.assurance.test_measure_tasks import opened
from tests.server.console.conftest import SignIn

pytestmark = pytest.mark.django_db
AT = "/console/ridge"
TODAY, DAY = date.today, timedelta(days=1)


def sent(**changes: object) -> dict[str, object]:
    """The form as a person sends it, with words written on the page."""
    return {"title": "The letter", "words": "Grace answers.", "dated": f"{TODAY()}", **changes}


def text(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


# Documents


def test_the_page_says_what_measures_want_and_what_is_missing(cast: Cast, grace: Client) -> None:
    before = text(grace.get(f"{AT}/documents/"))
    assert "more may be wanted" in before
    approved(cast)

    page = text(grace.get(f"{AT}/documents/"))

    assert "Who answers for safety, in writing" in page
    assert "ICU A2" in page
    assert "are wanted and missing" in page


def test_words_written_on_the_page_are_held(cast: Cast, grace: Client) -> None:
    form = sent(owner=cast.sena.pk)
    answer = grace.post(f"{AT}/documents/add/accountable_person/", form, follow=True)

    version = DocumentVersion.objects.get()
    assert (version.name, version.document.owner) == ("written-here.md", cast.sena)
    assert version.expires_on == TODAY() + 366 * DAY
    assert "What it says is not judged here" in text(answer)


def test_a_file_is_held_as_two_kinds_at_once(grace: Client) -> None:
    file = SimpleUploadedFile("minutes.pdf", b"%PDF-1.7 minutes")
    form = sent(words="", file=file, also="board_minutes_children")

    grace.post(f"{AT}/documents/add/board_minutes/", form)

    kinds = Document.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["board_minutes", "board_minutes_children"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"words": ""}, "Choose a file, or write the words below."),
        ({"title": ""}, "This field is required"),
        ({"dated": "2100-01-01"}, "still to come"),
        ({"expires_on": "2100-01-01"}, "Choose a day after the one it bears"),
        ({"owner": "vic"}, "not one of the available choices"),
        ({"words": "", "file": SimpleUploadedFile("a.exe", b"MZ")}, "one of these kinds"),
    ],
)
def test_what_makes_no_sense_is_said_beside_the_field(
    cast: Cast, grace: Client, changes: dict[str, object], says: str
) -> None:
    if changes.get("owner") == "vic":
        changes = {"owner": cast.vic.pk}
    answer = grace.post(f"{AT}/documents/add/accountable_person/", sent(**changes))

    assert answer.status_code == 422
    assert says in text(answer)
    assert not Document.objects.exists()


def test_a_kind_that_is_none_is_not_found(grace: Client) -> None:
    assert grace.get(f"{AT}/documents/add/poem/").status_code == 404


def test_a_document_is_renewed_owned_and_retired(cast: Cast, grace: Client) -> None:
    held = document(cast.ridge, owner=None, by=cast.ada)
    one = f"{AT}/documents/{held.pk}/"

    grace.post(f"{one}renew/", {"words": "Ada answers.", "dated": f"{TODAY()}"})
    grace.post(f"{one}own/", {"owner": cast.sena.pk})
    page = text(grace.get(one))
    assert "newest" in page
    assert "Sena" in page
    assert grace.post(f"{one}retire/", {}).status_code == 422
    grace.post(f"{one}retire/", {"why": "Ada left."})

    held.refresh_from_db()
    assert (held.versions.count(), held.owner) == (2, cast.sena)
    assert held.retired_at is not None
    assert "It counts no more" in text(grace.get(one))


def test_a_wrong_version_says_why_on_the_document_s_page(cast: Cast, grace: Client) -> None:
    held = document(cast.ridge, owner=None, by=cast.ada)
    file = SimpleUploadedFile("a.pdf", b"no pdf")

    answer = grace.post(f"{AT}/documents/{held.pk}/renew/", {"file": file, "dated": f"{TODAY()}"})

    assert answer.status_code == 422
    assert "something else inside" in text(answer)


def test_an_auditor_reads_and_is_written_down_and_changes_nothing(
    cast: Cast, sign_in: SignIn
) -> None:
    ode = sign_in(cast.ode)
    held = document(cast.ridge, owner=None, by=cast.ada)
    one = f"{AT}/documents/{held.pk}/"

    answer = ode.post(f"{one}versions/1/")

    assert b"".join(answer.streaming_content) == WORDS  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="appointment.txt"'
    assert Entry.objects.get(kind="document.opened").actor == f"staff:{cast.ode.pk}"
    assert "Add a new version" not in text(ode.get(one))
    for refused in ("renew/", "own/", "retire/"):
        assert ode.post(f"{one}{refused}").status_code == 403
    assert ode.get(f"{AT}/documents/add/terms/").status_code == 403
    assert ode.post(f"{one}versions/9/").status_code == 404


def test_moderators_read_no_documents(cast: Cast, sign_in: SignIn) -> None:
    held = document(cast.ridge, owner=None, by=cast.ada)
    mo = sign_in(cast.mo)

    assert mo.get(f"{AT}/documents/").status_code == 403
    assert mo.post(f"{AT}/documents/{held.pk}/versions/1/").status_code == 403


def test_another_service_s_document_is_not_found(cast: Cast, grace: Client) -> None:
    theirs = document(cast.harbour, owner=None, by=cast.vic)

    assert grace.get(f"{AT}/documents/{theirs.pk}/").status_code == 404
    assert grace.post(f"{AT}/documents/{theirs.pk}/versions/1/").status_code == 404


# Training


def test_a_training_is_written_down_and_withdrawn(cast: Cast, grace: Client) -> None:
    form = {
        "user": cast.mo.pk, "subject": "duties", "on": f"{TODAY()}",
        "expires_on": f"{TODAY() + 300 * DAY}", "told": "An hour with Grace.",
    }  # fmt: skip

    page = text(grace.post(f"{AT}/training/record/", form, follow=True))
    made = Training.objects.get()
    assert "An hour with Grace." in page
    # In the duties all but Mo, who now is, and Ode, who audits; in moderation the four who decide.
    assert page.count("not trained") == 5 + 4
    assert page.count("not needed") == 1 + 3

    grace.post(f"{AT}/training/{made.pk}/withdraw/", {"why": ""})
    grace.post(f"{AT}/training/{made.pk}/withdraw/", {"why": "Mo was ill."})

    assert "An hour with Grace." not in text(grace.get(f"{AT}/training/"))


def test_a_training_that_makes_no_sense_says_why(cast: Cast, grace: Client) -> None:
    form = {"user": cast.mo.pk, "subject": "duties", "on": "2100-01-01", "expires_on": "2100-06-01"}

    answer = grace.post(f"{AT}/training/record/", form)

    assert answer.status_code == 422
    assert "still to come" in text(answer)


def test_an_auditor_reads_the_training_and_records_none(cast: Cast, sign_in: SignIn) -> None:
    ode = sign_in(cast.ode)

    assert "Write down a training" not in text(ode.get(f"{AT}/training/"))
    assert ode.post(f"{AT}/training/record/").status_code == 403


# Owners and tasks


def test_a_measure_gets_an_owner_and_loses_it(cast: Cast, grace: Client) -> None:
    approved(cast)

    grace.post(f"{AT}/owners/ICU A2/", {"owner": cast.mo.pk})
    assert MeasureOwner.objects.get().user == cast.mo
    assert "selected>Mo" in text(grace.get(f"{AT}/owners/"))
    grace.post(f"{AT}/owners/ICU A2/", {"owner": ""})

    assert not MeasureOwner.objects.exists()
    assert grace.post(f"{AT}/owners/ICU Z9/", {"owner": cast.mo.pk}).status_code == 404
    grace.post(f"{AT}/owners/ICU A2/", {"owner": cast.vic.pk})
    assert not MeasureOwner.objects.exists()


def test_what_nobody_looks_after_is_a_task_of_the_accountable_person(
    cast: Cast, sign_in: SignIn
) -> None:
    opened(cast)

    for person, is_theirs in ((cast.grace, True), (cast.sena, False)):
        yours, _, others = text(sign_in(person).get(f"{AT}/tasks/")).partition("Other tasks")
        assert ("icu-a2" in yours) is is_theirs
        assert ("icu-a2" in others) is not is_theirs


def test_an_owner_sees_their_task_and_closes_it_with_a_note(cast: Cast, sign_in: SignIn) -> None:
    own_measure(service=cast.ridge, measure="ICU A2", owner=cast.mo, by=cast.ada, now=NOW)
    task = opened(cast)
    opened(cast, measure="ICU C3")
    mo = sign_in(cast.mo)

    page = text(mo.get(f"{AT}/tasks/"))
    assert "It is at_risk." in page
    assert "ICU C3" not in page
    assert "Other tasks" not in page
    mo.post(f"{AT}/tasks/{task.pk}/close/", {"note": ""})
    assert MeasureTask.objects.filter(closed_at=None).count() == 2
    answer = mo.post(f"{AT}/tasks/{task.pk}/close/", {"note": "We ask Ada."}, follow=True)

    assert "We ask Ada." in text(answer)
    assert MeasureTask.objects.get(id=task.pk).closed_by == cast.mo


def test_others_see_all_tasks_or_none(cast: Cast, sign_in: SignIn) -> None:
    task = opened(cast)

    assert "ICU A2" in text(sign_in(cast.ode).get(f"{AT}/tasks/"))
    assert "ICU A2" not in text(sign_in(cast.nell).get(f"{AT}/tasks/"))
    close = f"{AT}/tasks/{task.pk}/close/"
    assert sign_in(cast.nell).post(close, {"note": "Mine."}).status_code == 404
    assert sign_in(cast.ode).post(close, {"note": "Mine."}).status_code == 403
    assert sign_in(cast.grace).post(close, {"note": "Done."}).status_code == 302
    assert timezone.now() >= MeasureTask.objects.get().opened_at
