"""What differs between two versions, and what an answer brings with it."""

from datetime import date

from dutybound.risk.changes import Change, compare, effect_of
from dutybound.risk.document import Assessment
from tests.library.risk.test_controls import low
from tests.library.risk.test_levels import service

TODAY = date(2026, 11, 25)


def read(**parts: object) -> Assessment:
    return Assessment.model_validate(parts)


def test_nothing_differs_between_a_document_and_itself() -> None:
    assessment = service("commenting", risks={"fraud": "low"})

    assert compare(assessment, assessment) == ()
    assert effect_of(assessment, assessment, as_of=TODAY).says == ""


def test_each_answer_level_and_entry_that_differs_is_told_in_words() -> None:
    queue = {"id": "queue", "title": "A queue", "state": "task"}
    before = read(
        facts={"commenting": True, "reposting": False},
        risks={"fraud": "low"},
        controls=[queue, {"id": "old", "title": "An old one", "state": "task"}],
    )
    after = read(
        facts={"commenting": "unknown", "reposting": False, "livestreaming": "unknown"},
        risks={"fraud": {"level": "medium", "reasons": "Two reports."}},
        controls=[
            {"id": "new", "title": "A new one", "state": "task"},
            queue | {"state": "in_place"},
        ],
    )

    assert compare(before, after) == (
        Change("facts.commenting", "yes", "not known"),
        Change("facts.livestreaming", "", "not known"),
        Change("risks.fraud.level", "low", "medium"),
        Change("risks.fraud.reasons", "", "Two reports."),
        Change("controls.queue.state", "task", "in_place"),
        Change("controls.old", "An old one", ""),
        Change("controls.new", "", "A new one"),
    )


def test_entries_that_only_moved_have_not_changed() -> None:
    entries = [{"id": name, "kind": "other_held", "text": name} for name in "ab"]

    assert compare(read(evidence=entries), read(evidence=entries[::-1])) == ()


def test_switching_a_function_on_says_which_harms_and_measures_it_adds() -> None:
    before = low("likely_accessed_by_children")
    after = low("likely_accessed_by_children", "livestreaming")

    effect = effect_of(before, after, as_of=TODAY)

    assert {"csea_grooming", "hate", "terrorism"} <= set(effect.harms_added)
    assert (effect.harms_removed, effect.measures_added) == ((), ())
    assert effect.says == (
        f"That users can livestream adds {len(effect.harms_added)} kinds of harm."
    )
    assert effect_of(after, before, as_of=TODAY).says.startswith(
        "That users cannot livestream removes "
    )


def test_a_level_says_which_measures_it_adds() -> None:
    rest = dict.fromkeys(low().risks, "low") | {"hate": "medium"}
    before, after = (service(risks=rest | {"fraud": level}) for level in ("low", "medium"))

    effect = effect_of(before, after, as_of=TODAY)

    assert "ICU C3" in effect.measures_added
    assert effect.measures_removed == ("ICU D9",)
    assert effect.says.startswith("This level for fraud adds ")
    assert effect.says.endswith(" measures and removes 1 measure.")


def test_what_became_unknown_is_not_said_to_be_removed() -> None:
    before = low("livestreaming")
    after = before.model_copy(update={"facts": before.facts | {"livestreaming": None}})

    assert effect_of(before, after, as_of=TODAY).says == ""


def test_what_is_not_known_yet_neither_adds_nor_removes() -> None:
    effect = effect_of(read(), read(facts={"livestreaming": "unknown"}), as_of=TODAY)

    assert effect == ((), (), (), (), "")
