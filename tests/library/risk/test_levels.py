"""Levels: proposed with every reason, and held against Ofcom's rules once somebody decided."""

from datetime import date

import pytest

from dutybound.register.book import register
from dutybound.risk.document import Assessment
from dutybound.risk.levels import Rule, objections, talks_only_of_size
from dutybound.risk.proposals import kinds_to_rate, propose

TODAY = date(2026, 11, 25)
SEEN = {"id": "seen", "kind": "complaints", "text": "Three reports held.", "shows_harm": True}


def service(*present: str, users: object = 140, **parts: object) -> Assessment:
    """A service that has these facts and no others."""
    facts = dict.fromkeys((f.id for f in register().facts.values() if f.derived is None), False)
    facts |= dict.fromkeys(present, True)
    return Assessment.model_validate({"service": {"users": users}, "facts": facts, **parts})


def rules(harm: str, assessment: Assessment) -> list[Rule]:
    return [each.rule for each in objections(assessment, as_of=TODAY) if each.harm == harm]


FRAUD_FACTORS = ("user_accounts", "user_profiles", "direct_messaging", "hyperlinking")


@pytest.mark.parametrize(
    ("users", "impact", "level"),
    [
        (699_999, "low", "low"),
        (700_000, "medium", "medium"),
        ("700,000 to 7 million", "medium", "medium"),
        (7_000_000, "medium", "medium"),
        (7_000_001, "high", "high"),
        ({"least": 5}, "high", "high"),
    ],
)
def test_users_bear_on_impact_and_an_unknown_number_is_taken_as_high(
    users: object, impact: str, level: str
) -> None:
    proposal = propose("fraud", service(*FRAUD_FACTORS, users=users), as_of=TODAY)

    assert (proposal.likelihood, proposal.impact, proposal.level) == ("medium", impact, level)


def test_each_reason_names_its_rule_and_how_sure_that_is() -> None:
    because = propose("fraud", service(*FRAUD_FACTORS), as_of=TODAY).because

    assert ("users have profiles", "Ofcom's final Risk Profiles link it", "verified") in because
    assert because[-1].confidence == "recalled"


def test_evidence_on_the_service_is_at_least_medium_whatever_its_size() -> None:
    assessment = service(evidence=[SEEN | {"harms": ["animal_cruelty"]}])

    assert propose("animal_cruelty", assessment, as_of=TODAY).level == "medium"
    assert propose("animal_cruelty", service(), as_of=TODAY).level == "low"


def test_what_is_not_known_counts_as_there_and_is_said() -> None:
    proposal = propose("csea_image_csam", Assessment(), as_of=TODAY)

    assert proposal.level == "high"
    assert any("it is not known whether" in reason.says for reason in proposal.because)


@pytest.mark.parametrize(
    ("harm", "facts", "level"),
    [
        ("csea_image_csam", (), "negligible"),
        ("csea_image_csam", ("posting_images_videos",), "low"),
        (
            "csea_image_csam",
            ("posting_images_videos", "child_users", "discussion_forum_chat", "direct_messaging"),
            "medium",
        ),
        ("csea_image_csam", ("posting_images_videos", "file_storage_sharing"), "high"),
        ("csea_csam_urls", (), "negligible"),
        ("csea_csam_urls", ("posting_text_or_links",), "low"),
        ("csea_csam_urls", ("posting_text_or_links", "anonymous_or_no_account"), "high"),
        (
            "csea_csam_urls",
            ("posting_text_or_links", "discussion_forum_chat", "direct_messaging", "hyperlinking"),
            "medium",
        ),
        ("csea_grooming", ("direct_messaging",), "negligible"),
        ("csea_grooming", ("child_users",), "negligible"),
        ("csea_grooming", ("child_users", "commenting"), "low"),
        ("csea_grooming", ("child_users", "direct_messaging"), "medium"),
        ("csea_grooming", ("child_users", "commenting", "network_recommender"), "high"),
        ("csea", ("child_users", "direct_messaging"), "medium"),
    ],
)
def test_the_tables_for_child_abuse_are_followed(
    harm: str, facts: tuple[str, ...], level: str
) -> None:
    assert propose(harm, service(*facts), as_of=TODAY).level == level


def test_what_is_not_asked_because_it_cannot_be_does_not_raise_a_level() -> None:
    asked = service("child_users", "commenting")
    not_asked = {"connection_lists_visible", "encrypted_messaging", "recommender_tests"}
    facts = {name: answer for name, answer in asked.facts.items() if name not in not_asked}

    proposal = propose("csea_grooming", asked.model_copy(update={"facts": facts}), as_of=TODAY)

    assert proposal.level == "low"


def test_evidence_of_a_sub_kind_is_high_for_it_and_for_all_of_csea() -> None:
    assessment = service(evidence=[SEEN | {"harms": ["csea_csam_urls"]}])

    assert propose("csea_csam_urls", assessment, as_of=TODAY).level == "high"
    assert propose("csea", assessment, as_of=TODAY).level == "high"


def test_a_kind_without_a_level_is_unfinished() -> None:
    assert rules("fraud", service()) == [Rule.UNRATED]
    assert rules("csea", service()) == []


@pytest.mark.parametrize(
    ("risk", "broken"),
    [
        ({"level": "negligible"}, Rule.STRUCTURAL),
        ({"level": "negligible", "structural": "We are tiny, with 30 members."}, Rule.SIZE),
        ({"level": "negligible", "reasons": "A small village forum."}, Rule.SIZE),
        ({"level": "negligible", "structural": "Nobody can pay or sell here."}, None),
        ({"level": "low", "likelihood": "medium", "impact": "medium"}, Rule.TABLE),
        ({"level": "low", "likelihood": "medium", "impact": "low"}, None),
        ({"level": "high", "likelihood": "low", "impact": "low"}, None),
        ({"level": "low", "by_age": {"13-15": "medium"}}, Rule.AGE),
    ],
)
def test_each_rule_is_held_against_a_level(risk: dict[str, object], broken: Rule | None) -> None:
    assert rules("fraud", service(risks={"fraud": risk})) == ([broken] if broken else [])


def test_answers_that_leave_no_way_are_a_structural_reason_themselves() -> None:
    negligible: dict[str, object] = {"csea_image_csam": "negligible"}

    assert rules("csea_image_csam", service(risks=negligible)) == []
    with_images = service("posting_images_videos", risks=negligible)
    assert Rule.STRUCTURAL in rules("csea_image_csam", with_images)


def test_inconclusive_evidence_takes_the_higher_level() -> None:
    risk = {"level": "low", "reasons": "We are not sure.", "is_inconclusive": True}
    of_medium = service(*FRAUD_FACTORS, users=900_000, risks={"fraud": risk})

    assert rules("fraud", of_medium) == [Rule.INCONCLUSIVE]
    assert rules("fraud", service(risks={"fraud": risk})) == []


def test_evidence_speaks_for_medium_unless_somebody_argues_against_it() -> None:
    low = {"level": "low", "reasons": "It was one case.", "evidence": ["seen"]}

    assert rules("fraud", service(evidence=[SEEN], risks={"fraud": low})) == [Rule.EVIDENCE]
    argued = low | {"argued": "The one case was a test by our own staff."}
    assert rules("fraud", service(evidence=[SEEN], risks={"fraud": argued})) == []


def test_a_level_below_the_proposed_needs_a_reason_or_a_control_that_is_shown_to_work() -> None:
    def rated(reasons: str = "", **control: object) -> Assessment:
        controls = [{"id": "c", "title": "Links are checked", "harms": ["fraud"]} | control]
        return service(
            *FRAUD_FACTORS,
            users=900_000,
            risks={"fraud": {"level": "low", "reasons": reasons}},
            controls=controls if control else [],
        )

    shown = {"shown_to_work": "Two of 900 bad links got through in May."}
    assert rules("fraud", rated()) == [Rule.REASONS]
    assert rules("fraud", rated("It is hard here.")) == []
    assert rules("fraud", rated("Checked.", state="in_place")) == [Rule.CONTROLS]
    assert rules("fraud", rated("Checked.", state="task", **shown)) == [Rule.CONTROLS]
    assert rules("fraud", rated("Checked.", state="in_place", **shown)) == []


def test_csea_is_at_least_its_highest_sub_kind() -> None:
    risks = {"csea": "low", "csea_grooming": "medium"}

    assert rules("csea", service(risks=risks)) == [Rule.SUB_KIND]
    assert rules("csea", service(risks=risks | {"csea": "high"})) == []


def test_children_s_kinds_are_rated_unless_children_do_not_come_and_that_is_recorded() -> None:
    def kinds(assessment: Assessment) -> set[str]:
        return {harm.kind for harm in kinds_to_rate(assessment, as_of=TODAY)}

    recorded = {"child_users": "Photo ID is matched for everyone; tested in May."}

    assert kinds(Assessment()) == {"illegal", "children"}
    assert kinds(service()) == {"illegal", "children"}
    assert kinds(service("highly_effective_age_assurance", reasons=recorded)) == {"illegal"}


@pytest.mark.parametrize(
    ("text", "only_size"),
    [
        ("We are small. There are few of us.", True),
        ("Only 20 members; low traffic.", True),
        ("We are small, and nobody can send pictures.", False),
        ("There is no private messaging.", False),
        ("", False),
    ],
)
def test_talk_of_size_is_told_from_how_a_service_is_built(text: str, only_size: bool) -> None:
    assert talks_only_of_size(text) is only_size
