"""A register that is wrong is refused, with the file and the line, and never half read."""

from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from dutybound.register import book
from dutybound.register.book import Register, read_register, register
from dutybound.register.loading import BadRegister, pages_under, read_page

FOLDER = files("dutybound.register").joinpath("data")
SCHEMA = FOLDER.joinpath("schema.json").read_text("utf-8")
PARSED = cache(read_page)
PAGES = dict(pages_under(FOLDER))

MODERATION = "illegal-content/content-moderation.yaml"
C15 = "- id: ICU C15\n"


@pytest.fixture(autouse=True)
def each_page_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most pages are the same in every test, and nothing changes what was parsed."""
    monkeypatch.setattr(book, "read_page", PARSED)


def read(pages: dict[str, str]) -> Register:
    return read_register(pages.items(), schema=SCHEMA)


def with_change(file: str, old: str, new: str) -> dict[str, str]:
    """The register, with one text in one file that is replaced by another."""
    assert old in PAGES[file], f"{old!r} is no longer in {file}"
    return PAGES | {file: PAGES[file].replace(old, new, 1)}


def test_the_register_itself_is_right() -> None:
    assert read(PAGES).provisions == register().provisions


WRONG = [
    ("duties.yaml", "  title: Ill", "  titel: Ill", "  titel:", "no such key; did you mean title?"),
    ("duties.yaml", "  title: Ill", "  zonk: Ill", "  zonk:", "there is no such key"),
    (
        "duties.yaml", "  title: Illegal content risk assessment\n", "", "- id: OSA-9\n",
        '"title" is a required property',
    ),
    ("duties.yaml", "dates: {in", "dates: {im", "dates: {im", "did you mean in_force?"),
    ("duties.yaml", "level: verified", "level: sure", "confidence: {level: sure", '"sure" is not'),
    ("duties.yaml", "id: OSA-9", "id: [OSA-9]", "- id: [OSA-9]", 'is not of type "string"'),
    ("vocabulary.yaml", "7000000}", "many}", "holds_when: {users_over: many", '"integer"'),
    ("facts.yaml", "kind: users", "kind: number", "  kind: number", '"number" is not one of'),
    ("duties.yaml", "{fact: likely", "{fcat: likely", "applies_when: {fcat", "did you mean fact?"),
    (
        "duties.yaml", "{fact: likely_accessed_by_children}", "{fact: likely_accessed_by_child}",
        "- id: OSA-11\n", "no fact 'likely_accessed_by_child'; did you mean likely_accessed_by",
    ),
    (
        "vocabulary.yaml", "harms: multi_risk,", "harms: multirisk,", "- id: multi_risk\n",
        "no set of harms 'multirisk'; did you mean multi_risk?",
    ),
    (
        "vocabulary.yaml", "harms: [terrorism,", "harms: [terorism,", "  multi_risk:\n",
        "no kind of harm 'terorism'; did you mean terrorism?",
    ),
    (
        MODERATION, "{ref: large}", "{ref: larg}", "- id: ICU C3\n",
        "no condition 'larg'; did you mean large?",
    ),
    (
        MODERATION, "harms: [csea_image_csam]", "harms: [csea_image]", "- id: ICU C9\n",
        "no kind of harm 'csea_image'; did you mean csea_image_csam?",
    ),
    (
        "duties.yaml", "sources: [CC, OXF, PQP]", "sources: [CC, OXG]", "- id: OSA-9\n",
        "no source 'OXG'; did you mean OXF?",
    ),
    (
        "facts.yaml", "when: {fact: child_users}", "when: {fact: child_user}",
        "- id: significant_child_users\n", "no fact 'child_user'; did you mean child_users?",
    ),
    (
        "facts.yaml", "question: uk_provider\n", "question: uk_providr\n", "- id: uk_provider",
        "no question 'uk_providr'; did you mean uk_provider?",
    ),
    (
        "risk-factors.yaml", "- id: social_media", "- id: social_medium", "questions:",
        "no fact 'social_medium'; did you mean social_media?",
    ),
    (
        "harms/illegal-content.yaml", "part_of: csea", "part_of: csae", "- id: csea_grooming",
        "no kind of harm 'csae'; did you mean csea?",
    ),
    (
        "vocabulary.yaml", "holds_when: {users_over: 7000000}", "holds_when: {ref: large}",
        "- id: large", "large on large: it rests on itself",
    ),
    (
        "illegal-content/terms.yaml", "    until: 2026-06-29\n", "", "- id: ICU G1\n",
        "ICU G1 holds on the same days as at illegal-content/terms.yaml:",
    ),
    (
        MODERATION, "submitted: 2026-06-12, laid: 2026-06-18",
        "submitted: 2026-06-12, laid: 2025-06-18", C15, "dates run backwards: 2025-06-30, 2026-06-",
    ),
    (
        MODERATION, "submitted: 2026-06-12", "submitted: 2026-06-31", C15,
        "expected a day such as 2026-06-29, got '2026-06-31'",
    ),
    (
        MODERATION, "submitted: 2026-06-12", "submitted: June", "submitted: June",
        '"June" does not match',
    ),
    ("sources.yaml", "  OXF: ", "  CC: twice\n  OXF: ", "  CC: >-", "CC is there twice"),
    ("duties.yaml", "duties:\n", "duties: [\n", "- id: OSA-9\n", "not YAML: "),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "at", "says"), WRONG, ids=lambda each: each[:24])
def test_what_is_wrong_is_told_with_file_and_line(
    file: str, old: str, new: str, at: str, says: str
) -> None:
    pages = with_change(file, old, new)

    with pytest.raises(BadRegister) as trouble:
        read(pages)

    said = str(trouble.value)
    named, line, _ = next(told for told in said.splitlines() if says in told).split(":", 2)
    assert named == file
    assert at.strip() in pages[file].splitlines()[int(line) - 1]


def test_every_wrong_key_of_every_page_is_told_at_once() -> None:
    pages = with_change("duties.yaml", "  title: Ill", "  titel: Ill")
    pages |= {"sources.yaml": PAGES["sources.yaml"].replace("caveat:", "caveta:", 1)}

    with pytest.raises(BadRegister) as trouble:
        read(pages)

    told = str(trouble.value).splitlines()
    assert [line.split(":")[0] for line in told] == ["duties.yaml"] * 2 + ["sources.yaml"] * 2


def test_a_file_of_unknown_name_is_refused() -> None:
    with pytest.raises(BadRegister, match=r"^notes\.yaml:1: no file of the register"):
        read(PAGES | {"notes.yaml": "a: b\n"})


def test_a_file_that_is_missing_is_refused() -> None:
    pages = {name: text for name, text in PAGES.items() if name != "sources.yaml"}

    with pytest.raises(BadRegister, match=r"^sources\.yaml:1: expected one such file, got 0"):
        read(pages)


def test_a_page_that_is_a_list_is_refused() -> None:
    with pytest.raises(BadRegister, match=r"^duties\.yaml:1: expected keys and values"):
        read(PAGES | {"duties.yaml": "- a\n"})


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "duties.yaml").write_bytes(b"\xff\xfe")

    with pytest.raises(BadRegister, match=r"^duties\.yaml:1: not UTF-8"):
        list(pages_under(tmp_path))


def test_versions_may_follow_each_other_without_a_gap() -> None:
    versions = [entry for entry in register().provisions if entry.id == "ICU G1"]

    assert versions[0].dates.until == versions[1].dates.in_force


def test_an_entry_knows_where_it_is_written() -> None:
    places = [(entry.id, entry.place) for entry in register().provisions]
    places += [(harm.id, harm.place) for harm in register().harms]

    for name, place in places:
        assert f"id: {name}" in PAGES[place.file].splitlines()[place.line - 1]
