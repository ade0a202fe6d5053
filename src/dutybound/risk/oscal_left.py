"""What is left to do, as an OSCAL plan of action and milestones: gaps, tasks, and the next look."""

from collections.abc import Iterable

from dutybound.register.entries import Harm
from dutybound.risk.document import Control, ControlState
from dutybound.risk.gaps import Gap, gaps, is_accepted
from dutybound.risk.oscal_parts import (
    PLAN,
    Draft,
    Json,
    at_midnight,
    line,
    prop,
    prose,
    token,
)
from dutybound.risk.oscal_plan import this_system
from dutybound.risk.record_parts import in_words

_DUTY = {"illegal": "OSA-10", "children": "OSA-12"}


def the_milestones(draft: Draft) -> Json:
    """One item for each gap, task and accepted risk, and one for the next review.

    Each names a control of the catalog.
    """
    basis = draft.basis
    name = line(basis.assessment.service.name, otherwise="a service without a name")
    risks = [_risk(draft, harm) for harm in _unmitigated(draft)]
    return {
        "uuid": draft.uuid("poam"),
        "metadata": draft.head(f"What is left to do for {name}"),
        "import-ssp": {"href": PLAN},
        "system-id": {"identifier-type": "http://ietf.org/rfc/rfc4122", "id": this_system(draft)},
        **({"risks": risks} if risks else {}),
        "poam-items": [
            *_bare_measures(draft),
            *_unknown_measures(draft),
            *_tasks(draft),
            *_refusals(draft),
            *_risks_to_treat(draft),
            *_factors_to_answer(draft),
            *_accepted(draft),
            _next_review(draft),
        ],
    }


def _unmitigated(draft: Draft) -> Iterable[Harm]:
    """Kinds that nothing stands against, as `gaps` finds them, and kinds without a level."""
    left = {gap.id for gap in _gaps(draft) if gap.kind == "harm"}
    return (h for h in draft.basis.harms if h.id in left or not draft.basis.is_rated(h.id))


def _gaps(draft: Draft) -> tuple[Gap, ...]:
    return gaps(draft.basis.assessment, as_of=draft.basis.as_of)


def _risk(draft: Draft, harm: Harm) -> Json:
    basis = draft.basis
    return {
        "uuid": draft.uuid("risk", harm.id),
        "title": line(harm.name),
        "description": prose(basis.risk(harm.id).reasons),
        "statement": f"Level: {basis.level(harm.id)}. No control stands against it.",
        "props": [prop("harm", harm.id), prop("level", basis.level(harm.id).lower())],
        "status": "open",
    }


def _item(draft: Draft, kind: str, name: str, *, control: str, title: str, says: str) -> Json:
    return {
        "uuid": draft.uuid("item", kind, name),
        "title": line(title),
        "description": prose(says),
        "props": [prop("kind", kind), prop("control-id", token(control))],
    }


def _bare_measures(draft: Draft) -> Iterable[Json]:
    for answer in draft.basis.applying:
        provision = answer.provision
        if not draft.basis.controls_for(provision.id) and not answer.idle:
            yield _item(
                draft, "measure", provision.id, control=provision.id,
                title=f"Nothing stands behind {provision.id}",
                says=f"{provision.title}. It applies because {answer.why}.",
            )  # fmt: skip


def _unknown_measures(draft: Draft) -> Iterable[Json]:
    for answer in draft.basis.unknown:
        provision = answer.provision
        item = _item(
            draft, "unknown", provision.id, control=provision.id,
            title=f"Find out whether {provision.id} applies",
            says=f"{provision.title}. This is open because {answer.why}.",
        )  # fmt: skip
        item["props"] += [prop("missing", name) for name in answer.missing]
        yield item


def _tasks(draft: Draft) -> Iterable[Json]:
    for control in _in(draft, ControlState.TASK):
        item = _item(
            draft, "task", control.id, control=_measure_of(draft, control), title=control.title,
            says=control.description or control.title,
        )  # fmt: skip
        due = control.due.isoformat() if control.due else ""
        told = (("owner", control.owner), ("due", due))
        item["props"] += [prop(name, text) for name, text in told if text.strip()]
        yield item


def _refusals(draft: Draft) -> Iterable[Json]:
    for state in (ControlState.REFUSED, ControlState.UNKNOWN):
        for control in _in(draft, state):
            measure = _measure_of(draft, control)
            yield _item(
                draft, state.value, control.id, control=measure, title=control.title,
                says=control.refusal.reason if control.refusal else control.description,
            )  # fmt: skip


def _risks_to_treat(draft: Draft) -> Iterable[Json]:
    for harm in _unmitigated(draft):
        level, is_rated = draft.basis.level(harm.id), draft.basis.is_rated(harm.id)
        item = _item(
            draft, "risk", harm.id, control=_DUTY[harm.kind],
            title=f"Treat the risk of {harm.short}" if is_rated
            else f"Give {harm.short} a level",
            says=f"Level: {level}.",
        )  # fmt: skip
        item["related-risks"] = [{"risk-uuid": draft.uuid("risk", harm.id)}]
        yield item


def _factors_to_answer(draft: Draft) -> Iterable[Json]:
    for gap in _gaps(draft):
        if gap.kind == "factor":
            yield _item(
                draft, "factor", gap.id, control=_DUTY["illegal"],
                title=f"Answer the risk factor: {draft.basis.label(gap.id)}", says=gap.says,
            )  # fmt: skip


def _accepted(draft: Draft) -> Iterable[Json]:
    """What somebody accepted is left all the same, and is due on the day they set."""
    assessment, as_of = draft.basis.assessment, draft.basis.as_of
    for accepted in assessment.accepted:
        name = accepted.harm_or_factor
        if is_accepted(name, assessment, as_of=as_of):
            item = _item(
                draft, "accepted", name, control=_DUTY["illegal"],
                title=f"Look again at what was accepted: {draft.basis.harm_or_factor(name)}",
                says=f"Accepted by {accepted.accepted_by}: {accepted.reason}",
            )  # fmt: skip
            item["props"].append(prop("due", at_midnight(accepted.review_on)))
            yield item


def _next_review(draft: Draft) -> Json:
    day = draft.basis.assessment.days.next_review
    item = _item(
        draft, "review", "next", control="OSA-23", title="Look at the assessment again",
        says=f"Next review: {in_words(day)}",
    )  # fmt: skip
    if day is not None:
        item["props"].append(prop("due", at_midnight(day)))
    return item


def _in(draft: Draft, state: ControlState) -> Iterable[Control]:
    return (control for control in draft.basis.assessment.controls if control.state is state)


def _measure_of(draft: Draft, control: Control) -> str:
    """The measure it is for; what is beyond the Codes serves the safety duties."""
    known = {line.provision.id for line in draft.basis.edition.measures}
    return next((m for m in control.measures if m in known), _DUTY["illegal"])
