"""Whether a service is in scope: doubt counts as in scope, and a "no" needs its reason."""

import pytest

from dutybound.risk.document import Assessment
from dutybound.risk.scope import ScopeAnswer, scope_of

YES = {"user_to_user": True, "uk_links": True}


def answer(**scope: object) -> ScopeAnswer:
    return scope_of(Assessment.model_validate({"scope": scope}))


def exempt(covers: str, reason: str = "") -> dict[str, object]:
    return {"limited_functionality": {"covers": covers, "reason": reason}}


def test_nothing_answered_is_not_known_and_counts_as_in_scope() -> None:
    assert answer().in_scope is None
    assert answer(user_to_user=True, uk_links="unknown").in_scope is None
    assert "counts as in scope" in answer().why


@pytest.mark.parametrize("test", ["user_to_user", "uk_links"])
def test_a_no_counts_once_somebody_said_why(test: str) -> None:
    no = YES | {test: False}

    assert answer(**no).in_scope is None
    assert answer(**no, reason="We only publish.").in_scope is False


def test_an_exemption_of_all_of_it_needs_its_reason_too() -> None:
    assert answer(**YES, exemptions=exempt("all")).in_scope is None
    out = answer(**YES, exemptions=exempt("all", "There are only comments on our articles."))

    assert out.in_scope is False
    assert "comments and reviews on your own content" in out.why


def test_an_exemption_of_a_part_leaves_the_rest_in_scope() -> None:
    part = answer(**YES, exemptions=exempt("part", "The news pages have comments only."))

    assert (part.in_scope, part.part_only) == (True, True)
    assert "The news pages have comments only." in part.why


def test_a_doubtful_exemption_is_none() -> None:
    doubt = answer(**YES, exemptions=exempt("unknown"))

    assert (doubt.in_scope, doubt.part_only) == (True, False)
    assert "Doubt counts as in scope" in doubt.why
