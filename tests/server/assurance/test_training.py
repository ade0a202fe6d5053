"""Who was trained in what."""

import json
from datetime import timedelta

import pytest

from dutybound_server.assurance.actions.training import (
    TrainingRefused,
    record_training,
    withdraw_training,
)
from dutybound_server.assurance.models import Training
from dutybound_server.journal.models import Entry
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
TODAY, DAY = NOW.date(), timedelta(days=1)


def trained(cast: Cast, **changes: object) -> Training:
    given = {
        "service": cast.ridge,
        "user": cast.mo,
        "subject": "duties",
        "on": TODAY,
        "expires_on": TODAY + 300 * DAY,
        "told": "An hour with Grace.",
        "by": cast.ada,
        "now": NOW,
        **changes,
    }
    return record_training(**given)  # type: ignore[arg-type]


def test_a_training_is_recorded_and_the_words_stay_out_of_the_journal(cast: Cast) -> None:
    trained(cast)

    entry = Entry.objects.get(kind="training.recorded")
    assert json.loads(bytes(entry.body))["facts"]["person"] == f"staff:{cast.mo.pk}"
    assert "An hour" not in bytes(entry.body).decode()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("subject", {"subject": "chess"}),
        ("on", {"on": TODAY + DAY}),
        ("expires_on", {"expires_on": TODAY}),
        ("expires_on", {"expires_on": TODAY + 367 * DAY}),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, field: str, changes: dict[str, object]) -> None:
    with pytest.raises(TrainingRefused) as refused:
        trained(cast, **changes)

    assert refused.value.field == field
    assert not Training.objects.exists()


def test_nobody_of_another_service_is_trained_here(cast: Cast) -> None:
    with pytest.raises(TrainingRefused):
        trained(cast, user=cast.vic)


def test_one_that_was_not_so_is_withdrawn_once_with_the_reason(cast: Cast) -> None:
    made = trained(cast)

    with pytest.raises(TrainingRefused):
        withdraw_training(training=made, why="", by=cast.ada, now=NOW)
    assert withdraw_training(training=made, why="Mo was ill.", by=cast.ada, now=NOW)
    assert not withdraw_training(training=made, why="Again.", by=cast.ada, now=NOW)

    made.refresh_from_db()
    assert made.withdrawn_at == NOW
