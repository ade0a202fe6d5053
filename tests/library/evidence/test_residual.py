"""What is left of a risk follows from a table, and is never below what was found."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutybound.evidence.residual import Residual, Works, residual_risks
from dutybound.evidence.status import Status
from dutybound.register.profile import LEVELS
from dutybound.risk.document import Acceptance, Assessment, Control, ControlState, Level, Risk

DAY = date(2026, 11, 23)
FRAUD = "fraud"


def control(
    *measures: str, state: ControlState = ControlState.IN_PLACE, harm: str = FRAUD, name: str = "a"
) -> Control:
    harms = (harm,) if harm else ()
    return Control(id=name, title=f"Control {name}", state=state, measures=measures, harms=harms)


def left(
    level: Level | None,
    *controls: Control,
    statuses: dict[str, Status] | None = None,
    upheld: int = 0,
    harm: str = FRAUD,
) -> Residual:
    risks = {harm: Risk(level=level)} if level else {}
    found = residual_risks(
        Assessment(risks=risks, controls=controls),
        as_of=DAY,
        statuses=statuses or {},
        upheld={harm: upheld},
    )
    return next(one for one in found if one.harm.id == harm)


def test_without_a_control_it_is_as_assessed_and_unmitigated() -> None:
    one = left("high")

    assert (one.left, one.is_unmitigated) == ("high", True)
    assert one.because == ("No control in place stands against it.",)


def test_a_task_stands_against_nothing_yet() -> None:
    one = left("high", control("ICU D14", state=ControlState.TASK))

    assert (one.left, one.is_unmitigated) == ("high", True)
    assert one.against[0].works is Works.NOT_THERE


@pytest.mark.parametrize(
    "status", [Status.NOT_MET, Status.AT_RISK, Status.NOT_ENOUGH, Status.STALE, None]
)
def test_a_control_that_is_not_borne_out_lowers_nothing(status: Status | None) -> None:
    statuses = {"ICU D14": status} if status else {}

    one = left("high", control("ICU D14"), statuses=statuses)

    assert (one.left, one.is_unmitigated) == ("high", False)


def test_one_that_is_borne_out_lowers_it_by_a_step() -> None:
    one = left("high", control("ICU D14"), statuses={"ICU D14": Status.MET})

    assert one.left == "medium"
    assert one.against[0].works is Works.BORNE_OUT


def test_one_that_fails_beside_one_that_is_borne_out_keeps_it_up() -> None:
    controls = (control("ICU D14"), control("ICU C2", name="b"))

    one = left("high", *controls, statuses={"ICU D14": Status.MET, "ICU C2": Status.NOT_MET})

    assert one.left == "high"
    assert "“Control b”" in one.because[0]


def test_a_control_of_two_measures_needs_both() -> None:
    both = control("ICU D14", "ICU C2")

    one = left("medium", both, statuses={"ICU D14": Status.MET, "ICU C2": Status.NOT_ENOUGH})

    assert one.left == "medium"


def test_what_nothing_measures_lowers_nothing() -> None:
    assert left("medium", control()).left == "medium"


def test_what_is_done_instead_of_a_measure_is_not_seen() -> None:
    instead = control("ICU D14", state=ControlState.ALTERNATIVE)

    assert left("high", instead, statuses={"ICU D14": Status.MET}).left == "high"


def test_low_is_the_lowest_that_controls_make_it() -> None:
    assert left("low", control("ICU D14"), statuses={"ICU D14": Status.MET}).left == "low"


def test_a_measure_counts_against_the_kinds_that_its_condition_names() -> None:
    matching = control("ICU C14", harm="")

    one = left("high", matching, statuses={"ICU C14": Status.MET}, harm="iia")

    assert one.left == "medium"


def test_a_control_against_all_of_csea_counts_for_its_parts() -> None:
    whole = control("ICU C9", harm="csea")

    one = left("high", whole, statuses={"ICU C9": Status.MET}, harm="csea_grooming")

    assert one.left == "medium"


@pytest.mark.parametrize(
    ("level", "upheld", "expected"),
    [("negligible", 1, "low"), ("low", 2, "low"), ("low", 3, "medium"), ("medium", 9, "medium")],
)
def test_what_was_found_keeps_it_up(level: Level, upheld: int, expected: str) -> None:
    one = left(level, upheld=upheld)

    assert one.left == expected
    assert one.is_contradicted is (level != expected)


def test_without_a_level_it_is_unknown_and_never_low() -> None:
    one = left(None, control("ICU D14"), statuses={"ICU D14": Status.MET})

    assert (one.level, one.left) == (None, None)


def test_an_accepted_risk_is_left_as_it_is() -> None:
    accepted = Acceptance(
        harm_or_factor=FRAUD,
        accepted_by="Grace",
        reason="We sell nothing.",
        review_on=DAY.replace(year=2027),
    )
    assessment = Assessment(risks={FRAUD: Risk(level="medium")}, accepted=(accepted,))

    found = residual_risks(assessment, as_of=DAY, statuses={}, upheld={})

    one = next(one for one in found if one.harm.id == FRAUD)
    assert (one.left, one.is_accepted) == ("medium", True)


@given(
    level=st.sampled_from(LEVELS),
    states=st.lists(st.sampled_from(list(ControlState)), max_size=3),
    status=st.sampled_from([*Status, None]),
    upheld=st.integers(0, 6),
)
def test_it_is_never_lower_by_more_than_a_step_nor_without_a_control_borne_out(
    level: Level, states: list[ControlState], status: Status | None, upheld: int
) -> None:
    controls = [control("ICU D14", state=s, name=str(n)) for n, s in enumerate(states)]
    statuses = {"ICU D14": status} if status else {}

    one = left(level, *controls, statuses=statuses, upheld=upheld)

    assert one.left is not None
    steps = LEVELS.index(level) - LEVELS.index(one.left)
    assert steps <= 1
    if steps == 1:
        assert status is Status.MET
        assert ControlState.IN_PLACE in states
        assert upheld < 3 or one.left == "medium"
