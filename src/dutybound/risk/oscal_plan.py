"""A service and its controls as an OSCAL system security plan. It holds our whole document too."""

from base64 import b64encode
from collections.abc import Iterable

from dutybound.register.applies import Answer
from dutybound.risk.document import Control, ControlState
from dutybound.risk.fingerprint import content_of, digest_of
from dutybound.risk.oscal_parts import (
    ASSESSMENT_TYPE,
    PROFILE,
    Draft,
    Json,
    line,
    number,
    prop,
    prose,
    token,
)
from dutybound.risk.record_basis import STATES
from dutybound.risk.record_parts import is_writable

IMPLEMENTED = {
    ControlState.IN_PLACE: "implemented",
    ControlState.TASK: "planned",
    ControlState.ALTERNATIVE: "alternative",
    ControlState.REFUSED: "refused",
    ControlState.IDLE: "idle",
    ControlState.DECLINED: "declined",
    ControlState.UNKNOWN: "unknown",
}
"""The first three are OSCAL's own words; it allows others, and has none for these."""

NOTHING = "not-recorded"
ROLES = {
    "prepared-by": ("Completed the assessment", "completed_by"),
    "system-owner": ("Is responsible", "responsible"),
    "authorizing-official": ("Approved it", "approved_by"),
}


def the_plan(draft: Draft) -> Json:
    """What the service is, its controls, and which measure each stands behind."""
    basis = draft.basis
    service = basis.assessment.service
    return {
        "uuid": draft.uuid("ssp"),
        "metadata": draft.head(f"Online safety controls of {_name(draft)}", **_people(draft)),
        "import-profile": {"href": PROFILE},
        "system-characteristics": _characteristics(draft),
        "system-implementation": {
            "components": [
                {
                    "uuid": this_system(draft),
                    "type": "this-system",
                    "title": _name(draft),
                    "description": prose(service.description),
                    "status": {"state": "operational"},
                },
                *(_component(control) for control in basis.assessment.controls),
            ]
        },
        "control-implementation": {
            "description": "What stands behind each measure that applies.",
            "implemented-requirements": [_requirement(draft, a) for a in basis.applying],
        },
        "back-matter": {"resources": [_whole_document(draft)]},
    }


def this_system(draft: Draft) -> str:
    """The number of the service as a component."""
    return number("service", draft.basis.assessment.service.name)


def component_number(control: Control) -> str:
    """The number of a control as a component: the same in each version."""
    return number("control", control.id)


def _name(draft: Draft) -> str:
    return line(draft.basis.assessment.service.name, otherwise="A service without a name")


def _people(draft: Draft) -> Json:
    people = draft.basis.assessment.people
    named = {role: line(getattr(people, field), otherwise="") for role, (_, field) in ROLES.items()}
    named = {role: name for role, name in named.items() if name}
    parties = [
        {"uuid": number("person", name), "type": "person", "name": name}
        for name in dict.fromkeys(named.values())
    ]
    provider = line(draft.basis.assessment.service.provider, otherwise="")
    if provider:
        organisation = {"uuid": number("organization", provider), "type": "organization"}
        parties.append(organisation | {"name": provider})
    told: Json = {"parties": parties} if parties else {}
    if named:
        told["roles"] = [{"id": role, "title": ROLES[role][0]} for role in named]
        told["responsible-parties"] = [
            {"role-id": role, "party-uuids": [number("person", name)]}
            for role, name in named.items()
        ]
    return told


def _characteristics(draft: Draft) -> Json:
    basis = draft.basis
    service, approved = basis.assessment.service, basis.assessment.days.approved
    surfaces = ", ".join(surface.name for surface in service.surfaces)
    return {
        "system-ids": [
            {"identifier-type": "http://ietf.org/rfc/rfc4122", "id": this_system(draft)}
        ],
        "system-name": _name(draft),
        "description": prose(service.description),
        "props": [
            prop("monthly-uk-users-least", str(service.users.least)),
            prop("monthly-uk-users-most", str(service.users.most or "unknown")),
            *(
                prop("risk-level", basis.level(harm.id).lower(), **{"class": token(harm.id)})
                for harm in basis.harms
            ),
        ],
        **({"date-authorized": approved.isoformat()} if is_writable(approved) else {}),
        "system-information": {
            "information-types": [
                {
                    "uuid": draft.uuid("information"),
                    "title": "What users post",
                    "description": "Content that users make or share, and can meet on the service.",
                }
            ]
        },
        "status": {"state": "operational"},
        "authorization-boundary": {
            "description": prose(surfaces, otherwise="All parts of the service.")
        },
    }


def _component(control: Control) -> Json:
    states = {ControlState.IN_PLACE: "operational", ControlState.ALTERNATIVE: "operational"}
    states[ControlState.TASK] = "under-development"
    state = states.get(control.state, "other")
    return {
        "uuid": component_number(control),
        "type": "process-procedure",
        "title": line(control.title),
        "description": prose(control.description, otherwise=line(control.title)),
        "props": list(_control_props(control)),
        "status": {"state": state, "remarks": STATES[control.state]},
    }


def _control_props(control: Control) -> Iterable[Json]:
    yield prop("id", control.id)
    yield prop("state", control.state.value)
    told = (
        ("owner", control.owner),
        ("where", control.where),
        ("due", control.due.isoformat() if control.due else ""),
        ("since", control.since.isoformat() if control.since else ""),
        ("shown-to-work", control.shown_to_work),
    )
    yield from (prop(name, text) for name, text in told if text.strip())
    yield from (prop("mitigates-harm", harm) for harm in control.harms)
    yield from (prop("mitigates-factor", factor) for factor in control.factors)


def _requirement(draft: Draft, answer: Answer) -> Json:
    measure = answer.provision.id
    controls = draft.basis.controls_for(measure)
    behind = [_behind(draft, measure, control) for control in controls]
    return {
        "uuid": draft.uuid("requirement", measure),
        "control-id": token(measure),
        "props": [prop("applies-because", answer.why)],
        "by-components": behind or [_nothing(draft, answer)],
    }


def _behind(draft: Draft, measure: str, control: Control) -> Json:
    return {
        "component-uuid": component_number(control),
        "uuid": draft.uuid("behind", measure, control.id),
        "description": prose(_account(control), otherwise=line(control.title)),
        "implementation-status": {"state": IMPLEMENTED[control.state]},
    }


def _nothing(draft: Draft, answer: Answer) -> Json:
    state = IMPLEMENTED[ControlState.IDLE] if answer.idle else NOTHING
    says = "It has nothing to act on here." if answer.idle else "Nothing is recorded yet."
    return {
        "component-uuid": this_system(draft),
        "uuid": draft.uuid("behind", answer.provision.id),
        "description": says,
        "implementation-status": {"state": state},
    }


def _account(control: Control) -> str:
    """What is done, or why not, with what s.23(4) asks to be recorded."""
    texts = [control.description]
    if control.alternative is not None:
        kept = control.alternative
        texts += [kept.done_instead, kept.how_it_complies, kept.expression_and_privacy]
    if control.refusal is not None:
        no = control.refusal
        texts += [no.reason, no.severity, no.who_is_affected, no.expression_and_privacy]
    return "\n\n".join(text for text in texts if text.strip())


def _whole_document(draft: Draft) -> Json:
    assessment = draft.basis.assessment
    return {
        "uuid": draft.uuid("document"),
        "title": "The assessment, whole, as Dutybound keeps it",
        "props": [
            prop("sha-256", digest_of(assessment)),
            prop("law-as-of", draft.basis.as_of.isoformat()),
        ],
        "base64": {
            "filename": "assessment.json",
            "media-type": ASSESSMENT_TYPE,
            "value": b64encode(content_of(assessment)).decode("ascii"),
        },
    }
