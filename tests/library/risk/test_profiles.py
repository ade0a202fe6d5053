"""A profile is read whole, or everything that is wrong with it is told, with its line."""

import json
from datetime import date

import pytest

from dutybound.risk.document import Assessment
from dutybound.risk.profiles import BadProfile, read_document, read_profile


def troubles(text: str, *, as_of: date | None = None) -> list[str]:
    with pytest.raises(BadProfile) as caught:
        read_profile(text, file="p.toml", as_of=as_of)
    return list(caught.value.lines)


def test_all_that_is_wrong_is_told_at_once_with_lines_and_the_nearest_names() -> None:
    said = troubles(
        """\
[facts]
comenting = true
posting_text_or_links = 1
[risks]
frau = "low"
hate = "hi"
[people]
completd_by = "Asha"
[[evidence]]
id = "a"
kind = "complaints"
text = "Two reports."
dated = "yesterday"
[[controls]]
id = "queue"
state = "in_place"
measures = ["ICU C99"]
"""
    )

    assert said == [
        "p.toml:2: facts.comenting: there is no fact 'comenting'; did you mean commenting?",
        'p.toml:3: facts.posting_text_or_links: expected true, false or "unknown", got 1',
        "p.toml:5: risks.frau: there is no kind of harm 'frau'; did you mean fraud?",
        (
            "p.toml:6: risks.hate.level: expected negligible, low, medium or high, "
            "got 'hi'; did you mean high?"
        ),
        "p.toml:8: people.completd_by: there is no such key here; did you mean completed_by?",
        "p.toml:13: evidence[0].dated: expected a day such as 2026-06-29, got 'yesterday'",
        "p.toml:14: controls[0].title: expected 'title', got nothing",
        "p.toml:17: controls[0].measures[0]: there is no measure 'ICU C99'; did you mean ICU C9?",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            (
                "facts.encrypted_messaging = true\n"
                "facts.direct_messaging = false\nfacts.group_messaging = false"
            ),
            (
                "p.toml:1: facts.encrypted_messaging: expected this only with direct_messaging or"
                " group_messaging, got true without it"
            ),
        ),
        (
            (
                "[facts]\nchild_users = true\nattracts_children = true\n"
                "likely_accessed_by_children = false"
            ),
            (
                "p.toml:4: facts.likely_accessed_by_children: expected true, which follows from"
                " child_users and (significant_child_users or attracts_children), got false"
            ),
        ),
        (
            "[service.users]\nleast = 5\nmost = 4",
            "p.toml:1: service.users: least (5) is more than most (4)",
        ),
        (
            '[risks]\ncsea_grooming = "high"\ncsea = "low"',
            "p.toml:3: risks.csea: expected at least high, as csea_grooming is, got low",
        ),
        (
            'law_as_of = 2026-01-01\nrisks.cyberflashing = "low"',
            (
                "p.toml:2: risks.cyberflashing: expected a kind of harm of 2026-01-01,"
                " got one of another day"
            ),
        ),
        (
            '[risks.fraud]\nlevel = "low"\nevidence = ["reports"]',
            "p.toml:3: risks.fraud.evidence[0]: there is no evidence 'reports'",
        ),
        (
            'scope.exemptions.e-mail.covers = "all"',
            (
                "p.toml:1: scope.exemptions.e-mail: there is no exemption 'e-mail';"
                " did you mean email?"
            ),
        ),
        (
            '[service]\nusers = "under 70,000"',
            (
                'p.toml:2: service.users: expected a number, one of "under 700,000",'
                ' "700,000 to 7 million", "over 7 million", or a table with least and most,'
                " got 'under 70,000'; did you mean under 700,000?"
            ),
        ),
        ("controls = 3", "p.toml:1: controls: expected a list, got 3"),
        ("a = \nb = 1", "p.toml:1: not TOML: Invalid value"),
    ],
)
def test_what_cannot_be_is_refused_with_what_it_is_at_odds_with(text: str, said: str) -> None:
    assert troubles(text) == [said]


def test_what_is_not_known_is_at_odds_with_nothing() -> None:
    text = 'facts.encrypted_messaging = true\nfacts.direct_messaging = "unknown"'

    assessment = read_profile(text, file="p.toml")

    assert assessment.facts == {"encrypted_messaging": True, "direct_messaging": None}


@pytest.mark.parametrize(
    ("users", "least", "most"),
    [
        ("1200", 1200, 1200),
        ('"under 700,000"', 0, 699_999),
        ('"700,000 to 7 million"', 700_001, 7_000_000),
        ('"over 7 million"', 7_000_001, None),
        ('{ least = 5, counted = "by hand" }', 5, None),
        ('"unknown"', 0, None),
    ],
)
def test_users_are_a_number_a_band_or_a_span(users: str, least: int, most: int | None) -> None:
    read = read_profile(f"service.users = {users}", file="p.toml").service.users

    assert (read.least, read.most) == (least, most)


def test_a_document_is_read_from_its_json_and_refused_the_same_way() -> None:
    document = Assessment.model_validate({"facts": {"commenting": None}, "risks": {"hate": "low"}})
    text = json.dumps(document.as_json(), indent=1)

    assert read_document(text, file="a.json") == document
    with pytest.raises(BadProfile, match=r"a\.json:3: facts\.comenting: .* mean commenting"):
        read_document(text.replace("commenting", "comenting"), file="a.json")
    with pytest.raises(BadProfile, match=r"a\.json:1: not JSON"):
        read_document("{", file="a.json")
    with pytest.raises(BadProfile, match=r"a\.json:1: expected a table, got a list"):
        read_document("[]", file="a.json")


@pytest.mark.parametrize("read", [read_profile, read_document])
def test_a_text_that_is_far_too_deep_is_refused(read: object) -> None:
    deep = "[" * 100_000
    text = f"a = {deep}" if read is read_profile else deep

    with pytest.raises(BadProfile):
        (read_profile if read is read_profile else read_document)(text, file="deep")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[service]\nusers = " + "9" * 5000, "p.toml:1: a number in it has too many digits"),
        ("[service]\nname = 0x" + "f" * 5000, "expected text, got a huge number"),
        ("[" + ".".join(["a"] * 3000) + "]", "p.toml:1: too many things stand inside each other"),
        ('[service]\nname = "a\\u0000b"', "without the character NUL"),
    ],
)
def test_a_hostile_profile_is_refused_like_any_other(text: str, said: str) -> None:
    (only,) = troubles(text)

    assert said in only


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"service": {"users": ' + "9" * 5000 + "}}", "too many digits"),
        ('{"risks": {"fraud": "high", "fraud": "low"}}', "the key 'fraud' is there twice"),
        ('{"facts": {"a\\ud800": true}}', "there is no fact 'a\\ud800'"),
    ],
)
def test_a_hostile_document_is_refused_in_words_that_a_page_can_show(text: str, said: str) -> None:
    with pytest.raises(BadProfile) as caught:
        read_document(text, file="d.json")

    assert said in str(caught.value)
    assert str(caught.value).encode("utf-8")


def test_two_controls_of_one_name_are_refused_since_saving_one_would_lose_the_other() -> None:
    control = {"id": "queue", "title": "The queue", "state": "in_place"}
    document = {"controls": [control, control | {"title": "Another"}, control | {"id": " "}]}

    with pytest.raises(BadProfile) as caught:
        read_document(json.dumps(document), file="d.json")

    assert caught.value.lines == (
        "d.json:1: controls[1].id: 'queue' is there twice",
        "d.json:1: controls[2].id: expected a name, got an empty one",
    )


def test_no_more_is_told_at_once_than_somebody_can_read() -> None:
    facts = {f"fact_{number}": True for number in range(1000)}

    with pytest.raises(BadProfile) as caught:
        read_document(json.dumps({"facts": facts} | facts), file="d.json")

    assert len(caught.value.lines) == 400
