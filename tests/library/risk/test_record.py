"""The written record: every field the guidance asks for is in it, and what is missing is said."""

import hashlib

import pytest
import rfc8785

from dutybound.risk.document import Assessment
from dutybound.risk.drafts import board_summary
from dutybound.risk.record import written_record
from dutybound.risk.record_parts import NOT_YET, Definitions, Section, Table
from tests.library.risk.filled import TODAY, adults_only, filled_in, village_forum

RECORD = written_record(filled_in(), as_of=TODAY)


def words(section: Section) -> str:
    return "\n".join([*map(str, section.parts), *map(words, section.sections)])


def section(name: str, record: object = RECORD) -> str:
    assert hasattr(record, "walk")
    return next(words(found) for _, found in record.walk() if found.id == name)


@pytest.mark.parametrize(
    ("field", "where", "told"),
    [
        ("service name", "summary", "Ridge Forum"),
        ("service type", "summary", "A forum or chat room"),
        ("date completed", "summary", "1 November 2026"),
        ("dates updated", "summary", "10 November 2026"),
        ("who completed it", "summary", "Dev Patel"),
        ("person responsible", "summary", "Asha Rao"),
        ("who approved it", "summary", "Cora Lind"),
        ("date approved", "summary", "12 November 2026"),
        ("date reported to governance", "summary", "14 November 2026"),
        ("body reported to", "summary", "The village committee"),
        ("next review", "summary", "1 November 2027"),
        ("users", "service", "From 300 to 400"),
        ("how users were counted", "service", "Accounts seen in October."),
        ("take-down on each surface", "service", "We hold no copy."),
        ("when a claim ends", "service", "Holds until 1 March 2027"),
        ("scope", "scope", "Members post to each other."),
        ("exemptions", "scope", "The news page."),
        ("Risk Profiles consulted", "risk-profiles", "Read the June 2026 edition"),
        ("risk factors found", "risk-profiles", "Posts can hold web addresses"),
        ("extra characteristics", "risk-profiles", "Most members know each other."),
        ("level", "risk-fraud", "('Level', 'Medium')"),
        ("likelihood", "risk-fraud", "('Likelihood', 'High')"),
        ("impact", "risk-fraud", "('Impact', 'Medium')"),
        ("factors of a kind", "risk-fraud", "Message one other person"),
        ("controls of a kind", "risk-fraud", "Look at sellers first (to do)"),
        ("evidence of a kind", "risk-fraud", "Count: 1,250. 31 October 2026."),
        ("reasons", "risk-fraud", "Sellers were false twice."),
        ("doubt", "risk-fraud", "not conclusive"),
        ("structural reason", "risk-weapons", "Nothing can be sold here."),
        ("argued", "risk-hate", "One post in ten years."),
        ("levels by age", "risk-bullying", "13-15: high"),
        ("measure and Code", "measures", "ICU A2 Named accountable individual"),
        ("why a measure applies", "measures", "It is for every user-to-user service."),
        ("confidence of a measure", "measures", "partly verified"),
        ("control of a measure", "measures", "In place: Asha answers for safety."),
        ("date in effect", "measures", "17 March 2025"),
        ("task with owner and date", "measures", "Owner: Bram Hale. Due 15 January 2027."),
        ("alternative", "alternatives", "Three members decide together."),
        ("how it complies", "alternatives", "It is swift and fair."),
        ("expression and privacy", "alternatives", "Posts stay up meanwhile."),
        ("refusal", "alternatives", "Some forty teenagers."),
        ("declined", "alternatives", "They are few."),
        ("areas covered", "areas", "(h) staff policies and practices"),
        ("alternative in its area", "areas", "The committee hears appeals"),
        ("children's access", "childrens-access", "The school uses it."),
        ("outcome of it", "childrens-access", "Children are likely to access the service."),
        ("accepted risk", "accepted", "1 May 2027"),
        ("evidence", "evidence", "Our own reports"),
        ("entries not verified", "law", "PCU C2 Swift action on content harmful to children"),
        ("sources", "law", "gov.uk"),
        ("day of the law", "law", "25 November 2026"),
        ("duties", "duties", "48-hour intimate image take-down"),
        ("provider", "summary", "('Provider', 'Ridge Village Society')"),
        ("users in short", "summary", "('Monthly UK users', 'From 300 to 400')"),
        ("name", "service", "('Name', 'Ridge Forum')"),
        ("type", "service", "('Type of service', 'A forum or chat room')"),
        ("provider of it", "service", "('Provider', 'Ridge Village Society')"),
        ("address", "service", "('Address', 'https://ridge.example')"),
        ("description", "service", "('What it is', 'Talk about the village.')"),
        ("user-to-user", "scope", """("Users meet each other's posts", 'Yes')"""),
        ("UK links", "scope", "('Links with the UK', 'Yes')"),
        ("confidence of a kind", "risk-fraud", "('Register entry', 'from memory')"),
        ("state of a control", "control-1", "('State', 'In place')"),
        ("measures of a control", "control-1", "('Measures', 'ICU A2, PCU A2')"),
        ("where it runs", "control-1", "('Where it runs', '/settings/people')"),
        ("owner of a control", "control-1", "('Owner', 'Asha Rao')"),
        ("since when", "control-1", "('In effect since', '17 March 2025')"),
        ("shown to work", "control-1", "('Shown to work', 'Minutes of May.')"),
        ("what a control is", "control-2", "('What it is', 'A queue of their own.')"),
        ("harms of a control", "control-2", "('Kinds of harm', 'fraud')"),
        (
            "factors of a control",
            "control-2",
            "('Risk factors', 'Posts can hold web addresses, even as plain text')",
        ),
        ("due day of a task", "control-2", "('Due', '15 January 2027')"),
        ("measure not taken", "instead-1", "('Measures not taken', 'ICU D9')"),
        ("alternative since", "instead-1", "('In effect since', '1 April 2025')"),
        ("measure refused", "instead-2", "('Measures not taken', 'PCU G3')"),
        ("why refused", "instead-2", "('Why', 'We have no time.')"),
        ("severity", "instead-2", "('How severe the harm is', 'It is mild.')"),
        ("day of the register", "law", "('Register compiled on', '22 November 2026')"),
        ("caveat", "law", "('Caveat', 'Own-words summaries."),
    ],
)
def test_the_record_holds(field: str, where: str, told: str) -> None:
    assert told in section(where), field


def test_a_page_of_the_console_is_told_by_its_name() -> None:
    runs = {"state": "in_place", "id": "it", "title": "A queue", "where": "console:queue"}

    told = section("control-1", written_record(village_forum(controls=[runs]), as_of=TODAY))

    assert "Dutybound's console, page “Cases”" in told
    assert "console:queue" not in told


def test_a_task_without_a_name_is_left_to_who_answers_for_all_of_it() -> None:
    task = {"state": "task", "id": "it", "title": "A report button", "measures": ["ICU D2"]}
    forum = village_forum(controls=[task], people={"responsible": "Cora Lind"})

    told = written_record(forum, as_of=TODAY)

    assert "('Owner', 'Cora Lind')" in section("control-1", told)
    assert "Owner: Cora Lind" in section("measures", told)
    assert "('A report button', 'Cora Lind'" in section("board", board_summary(forum, as_of=TODAY))


def test_every_measure_that_applies_is_in_the_record_with_a_reason() -> None:
    tables = [part for _, s in RECORD.walk() if s.id == "measures" for part in s.parts]
    rows = [row for part in tables if isinstance(part, Table) for row in part.rows]

    assert [row[0].split()[0] for row in rows].count("ICU") >= 14
    assert all(row[1].endswith(".") and row[4] for row in rows)


def test_the_fingerprint_is_that_of_the_documents_canonical_json() -> None:
    digest = hashlib.sha256(rfc8785.dumps(filled_in().as_json())).hexdigest()

    assert f"('Fingerprint (SHA-256)', '{digest}')" in section("law")


def test_what_is_not_known_is_never_left_out() -> None:
    nothing = written_record(Assessment(), as_of=TODAY)

    assert "('Date completed', 'Not recorded yet.')" in section("summary", nothing)
    assert "counts as unknown, never as low" in section("risk-fraud", nothing)
    assert "whether users can livestream" in section("unknown", nothing)
    assert "treated as likely to be accessed" in section("childrens-access", nothing)
    assert "it counts as in scope" in section("scope", nothing)


def test_an_unfinished_record_says_so_on_its_first_page() -> None:
    forum = written_record(village_forum(), as_of=TODAY)

    assert forum.standing == "Draft, not approved"
    assert "Not recorded: date completed" in section("summary", forum)
    assert "Nothing stands behind" in section("summary", forum)


def test_a_name_without_a_day_approves_nothing() -> None:
    named = village_forum(people={"approved_by": "Cora Lind"})

    assert written_record(named, as_of=TODAY).standing == "Draft, not approved"


def test_an_expired_claim_is_not_known_any_more() -> None:
    later = TODAY.replace(year=2027)

    told = section("service", written_record(filled_in(), as_of=later))

    assert "('Private messages', 'Not known'" in told
    assert "This expired on 1 March 2027" in told


def test_csea_is_shown_at_least_at_its_highest_sub_kind() -> None:
    levels = village_forum().risks | {}
    raised = village_forum(risks=dict.fromkeys(levels, "low") | {"csea_grooming": "high"})

    assert "('Level', 'High')" in section("risk-csea", written_record(raised, as_of=TODAY))


def test_children_s_kinds_are_left_out_only_where_a_no_is_on_record() -> None:
    unrecorded = village_forum(facts=dict(village_forum().facts) | {"child_users": False})

    kept, left_out = (
        written_record(document, as_of=TODAY) for document in (unrecorded, adults_only())
    )

    assert "risk-bullying" in {s.id for _, s in kept.walk()}
    assert "It is not on record" in section("childrens-access", kept)
    assert "Write down which age check is used" in section("childrens-access", kept)
    assert "risk-bullying" not in {s.id for _, s in left_out.walk()}
    assert "Children are not likely" in section("childrens-access", left_out)


def test_a_level_against_a_rule_is_noted_where_it_stands_with_whose_rule_it_is() -> None:
    negligible = written_record(village_forum(risks={"fraud": "negligible"}), as_of=TODAY)

    assert "Ofcom's rules ask for more" in section("risk-fraud", negligible)
    assert "Our own rules ask for more" in section("risk-fraud")  # by our form of the table
    assert "rules ask for more" not in section("risk-other_illegal")


def test_the_same_document_gives_the_same_record_and_each_section_has_its_own_id() -> None:
    ids = [s.id for _, s in RECORD.walk()]

    assert written_record(filled_in(), as_of=TODAY) == RECORD
    assert len(ids) == len(set(ids))
    assert NOT_YET not in str([p for p in RECORD.sections[0].parts if isinstance(p, Definitions)])
