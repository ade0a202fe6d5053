"""Words that explain a decision to the public and name nobody."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from dutybound.cases.personal import personal_data_in
from dutybound.cases.statements import LONGEST_EXPLANATION
from dutybound_server.casework.models import Decision, PublishedWords
from dutybound_server.casework.refusals import DecisionRefused
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import staff_actor


@transaction.atomic
def publish_words(*, decision_id: int, words: str, by: User, now: datetime) -> PublishedWords:
    """Explain a decision to the public in other words than its author was told.

    Raises DecisionRefused for words that somebody could be found by.
    """
    decision = Decision.objects.select_related("case__service").get(id=decision_id)
    words = words.strip()
    if not words:
        raise DecisionRefused("words", "Explain the decision in a sentence or two.")
    if len(words) > LONGEST_EXPLANATION:
        raise DecisionRefused(
            "words", f"Keep it to {LONGEST_EXPLANATION:,} characters; this has {len(words):,}."
        )
    found = personal_data_in(words)
    if found:
        raise DecisionRefused("words", f"Leave out {found[0].words}: {found[0].text}")
    written, _ = PublishedWords.objects.update_or_create(
        decision=decision, defaults={"words": words, "by": by, "at": now}
    )
    append(
        kind="statement.worded",
        service=decision.case.service.slug,
        subject=f"case:{decision.case.reference}",
        actor=staff_actor(by),
        now=now,
        facts={"decision": decision.pk},
        personal={"words": words},
    )
    return written
