"""A statement of reasons in the shape of the DSA Transparency Database, and what is wrong with one.

The schema lies beside this file. What it cannot say is checked here: ends before starts, two
statements of one id, and personal data in free text.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import jsonschema_rs

from dutybound.cases.personal import personal_data_in

LONGEST_GROUND = 500
LONGEST_EXPLANATION = 2000
EEA: tuple[str, ...] = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI",
    "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU",
    "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
"""Where a decision applies that is limited to no country."""
FREE_TEXT = (
    "decision_visibility_other",
    "decision_monetary_other",
    "illegal_content_legal_ground",
    "illegal_content_explanation",
    "incompatible_content_ground",
    "incompatible_content_explanation",
    "category_specification_other",
    "content_type_other",
    "decision_facts",
    "source_identity",
)
"""Fields in which people write, and so could write of people."""
ENDS = (
    "end_date_visibility_restriction",
    "end_date_monetary_restriction",
    "end_date_service_restriction",
    "end_date_account_restriction",
)

_MINORS, _SPEECH = "PROTECTION_OF_MINORS", "ILLEGAL_OR_HARMFUL_SPEECH"
_CYBER, _SECURITY = "CYBER_VIOLENCE", "RISK_FOR_PUBLIC_SECURITY"
_PRODUCTS, _OTHER = "UNSAFE_AND_PROHIBITED_PRODUCTS", "OTHER_VIOLATION_TC"
CATEGORIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "terrorism": (_SECURITY, "TERRORIST_CONTENT"),
        "csea": (_MINORS, "CHILD_SEXUAL_ABUSE_MATERIAL"),
        "csea_grooming": (_MINORS, "GROOMING_SEXUAL_ENTICEMENT_MINORS"),
        "csea_image_csam": (_MINORS, "CHILD_SEXUAL_ABUSE_MATERIAL"),
        "csea_csam_urls": (_MINORS, "CHILD_SEXUAL_ABUSE_MATERIAL"),
        "hate": (_SPEECH, "HATE_SPEECH"),
        "harassment": (_CYBER, "CYBER_HARASSMENT"),
        "ccb": (_CYBER, "CYBER_STALKING"),
        "iia": (_CYBER, "NON_CONSENSUAL_IMAGE_SHARING"),
        "extreme_porn": (_CYBER, "ADULT_SEXUAL_MATERIAL"),
        "sexual_exploitation_adults": ("VIOLENCE", "HUMAN_EXPLOITATION"),
        "human_trafficking": ("VIOLENCE", "HUMAN_TRAFFICKING"),
        "unlawful_immigration": (_SECURITY, ""),
        "fraud": ("SCAMS_AND_FRAUD", ""),
        "proceeds_of_crime": ("SCAMS_AND_FRAUD", ""),
        "drugs": (_PRODUCTS, "PROHIBITED_PRODUCTS"),
        "weapons": (_PRODUCTS, "PROHIBITED_PRODUCTS"),
        "suicide_self_harm": ("SELF_HARM", ""),
        "foreign_interference": (
            "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
            "MISINFORMATION_DISINFORMATION",
        ),
        "animal_cruelty": ("ANIMAL_WELFARE", "ANIMAL_HARM"),
        "cyberflashing": (_CYBER, "CYBER_HARASSMENT"),
        "other_illegal": ("NOT_SPECIFIED_NOTICE", ""),
        "pornography": (_MINORS, "AGE_SPECIFIC_RESTRICTIONS_MINORS"),
        "suicide": ("SELF_HARM", "SUICIDE"),
        "self_harm": ("SELF_HARM", "SELF_MUTILATION"),
        "eating_disorder": ("SELF_HARM", "CONTENT_PROMOTING_EATING_DISORDERS"),
        "abuse": (_SPEECH, "DISCRIMINATION"),
        "hate_content": (_SPEECH, "HATE_SPEECH"),
        "bullying": (_CYBER, "CYBER_BULLYING_INTIMIDATION"),
        "violence_instructions": ("VIOLENCE", "INCITEMENT_VIOLENCE_HATRED"),
        "violence_people": ("VIOLENCE", ""),
        "violence_animals": ("ANIMAL_WELFARE", "ANIMAL_HARM"),
        "dangerous_stunts": (_MINORS, "UNSAFE_CHALLENGES"),
        "harmful_substances": (_PRODUCTS, "PROHIBITED_PRODUCTS"),
        "ndc_body_stigma": (_MINORS, ""),
        "ndc_depression": (_MINORS, ""),
        "ndc_other": (_OTHER, ""),
    }
)
"""A kind of harm of the register → category and keyword there; no keyword where none fits."""


_EXPECTED = MappingProxyType(
    {
        "anyOf": "name a decision_visibility, decision_monetary, decision_provision or _account",
        "contains": "expected KEYWORD_OTHER among them",
        "falseSchema": "does not go with the rest; leave it out",
        "maxLength": "has too many characters",
        "minItems": "expected at least one",
        "minLength": "expected text",
        "pattern": "is not of the form that is expected",
    }
)
"""What the schema found wrong, in words; others speak for themselves."""


@dataclass(frozen=True, slots=True, order=True)
class Trouble:
    """One thing that is wrong with a statement: the field, and what was expected of it."""

    field: str
    says: str
    is_personal: bool = False
    """Whether somebody could be found by what stands there."""


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of one statement."""
    text = files("dutybound.cases").joinpath("data/statement-schema.json").read_text("utf-8")
    return MappingProxyType(json.loads(text))


def category_of(harm: str) -> dict[str, Any]:
    """The fields that say what kind of harm it is; raises KeyError for one we do not know."""
    category, keyword = CATEGORIES[harm]
    fields: dict[str, Any] = {"category": f"STATEMENT_CATEGORY_{category}"}
    if keyword:
        fields["category_specification"] = [f"KEYWORD_{keyword}"]
    return fields


def check_statement(statement: object) -> list[Trouble]:
    """Everything that is wrong with one statement, by field; nothing if it can be sent."""
    found = {_from_schema(error) for error in _validator().iter_errors(statement)}
    if isinstance(statement, dict):
        found.update(_ends_before_start(statement))
        found.update(_personal(statement))
    return sorted(found)


def check_statements(statements: Sequence[object]) -> list[tuple[int, Trouble]]:
    """The troubles of many that go together, each with its place from 0."""
    troubles = [
        (place, trouble)
        for place, statement in enumerate(statements)
        for trouble in check_statement(statement)
    ]
    ids = [one.get("puid") if isinstance(one, dict) else None for one in statements]
    counts = Counter(one for one in ids if isinstance(one, str))
    troubles += [
        (place, Trouble("puid", f"is used {counts[one]} times; each statement has its own"))
        for place, one in enumerate(ids)
        if isinstance(one, str) and counts[one] > 1
    ]
    return sorted(troubles)


@cache
def _validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(dict(schema()), validate_formats=True)


def _from_schema(error: jsonschema_rs.ValidationError) -> Trouble:
    path = error.instance_path
    field = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)
    kind = error.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
        return Trouble(f"{field}.{kind.property}".removeprefix("."), "is required")
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
        return Trouble(f"{field}.{kind.unexpected[0]}".removeprefix("."), "is no such field")
    expected = _EXPECTED.get(kind.name)
    if kind.name == "pattern" and path and path[-1] in {"content_date", "application_date"}:
        expected = "is too early"
    return Trouble(field.removeprefix(".") or "statement", expected or error.message[:200])


def _ends_before_start(statement: Mapping[str, Any]) -> Iterator[Trouble]:
    start = _day(statement.get("application_date"))
    for field in ENDS:
        end = _day(statement.get(field))
        if start and end and end < start:
            yield Trouble(field, f"ends before it starts, on {start.isoformat()}")


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _personal(statement: Mapping[str, Any]) -> Iterator[Trouble]:
    for field in FREE_TEXT:
        value = statement.get(field)
        if isinstance(value, str):
            for found in personal_data_in(value):
                yield Trouble(field, f"has {found.words}: {found.text[:60]}", is_personal=True)
