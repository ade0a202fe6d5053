"""Findings as OSCAL 1.2.1: an assessment plan, assessment results, and what they leave to do.

The four documents of the assessment are given; two are added, and the plan of action gets an item
for each open task of a measure and each risk that the records speak against. Nothing but "met" is
"satisfied".
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from dutybound.evidence.figures import Figure
from dutybound.evidence.overview import Measure, Overview, Residual, digest_of, written
from dutybound.evidence.status import STATUS_WORDS, Status
from dutybound.risk.oscal_parts import (
    ASSESSMENT_PLAN,
    CATALOG,
    MILESTONES,
    OSCAL_VERSION,
    PLAN,
    RESULTS,
    Json,
    line,
    number,
    prop,
    prose,
    token,
)

_REASONS = {Status.MET: "pass", Status.NOT_MET: "fail"}
_DUTY = "osa-10"


def with_findings(documents: Mapping[str, Json], overview: Overview) -> Mapping[str, Json]:
    """The documents of `as_oscal`, the plan and the results of the overview's findings.

    Measures that the catalog of the approved assessment does not have are left out and named.
    """
    digest = digest_of(written(overview))
    known = _controls_in(documents[CATALOG]["catalog"])
    measures = [one for one in overview.measures if one.status and token(one.id) in known]
    left_out = [one.id for one in overview.measures if token(one.id) not in known]
    draft = _Draft(overview, digest, tuple(measures), tuple(left_out))
    poam = documents[MILESTONES]["plan-of-action-and-milestones"]
    return {
        **documents,
        ASSESSMENT_PLAN: {"assessment-plan": draft.plan()},
        RESULTS: {"assessment-results": draft.results()},
        MILESTONES: {"plan-of-action-and-milestones": draft.left_to_do(poam)},
    }


def _controls_in(holder: Json) -> frozenset[str]:
    found = {control["id"] for control in holder.get("controls", ())}
    for name in ("groups", "controls"):
        for inner in holder.get(name, ()):
            found |= _controls_in(inner)
    return frozenset(found)


class _Draft:
    """What the documents share: the overview, its digest, and the measures they speak of."""

    def __init__(
        self,
        overview: Overview,
        digest: str,
        measures: tuple[Measure, ...],
        left_out: tuple[str, ...],
    ) -> None:
        self.overview, self.digest = overview, digest
        self.measures, self.left_out = measures, left_out

    def uuid(self, *names: str) -> str:
        """A number for something in this overview: the same on every machine."""
        return number("findings", self.digest, *names)

    # The plan: what is looked at, and how

    def plan(self) -> Json:
        return {
            "uuid": self.uuid("plan"),
            "metadata": self._head("How measures are looked at"),
            "import-ssp": {"href": PLAN},
            "local-definitions": {"activities": [self._activity(one) for one in self._probes()]},
            "reviewed-controls": self._reviewed(),
        }

    def _probes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.probe for one in self.measures)) or ("none",)

    def _activity(self, probe: str) -> Json:
        measures = [one for one in self.measures if one.probe == probe]
        queries = sorted({figure.query for one in measures for figure in one.figures})
        asked = {one.name: one.says for one in self.overview.queries}
        told = "\n\n".join(f"{name}: {asked.get(name, '')}" for name in queries)
        return {
            "uuid": self.uuid("activity", probe),
            "title": line(probe),
            "description": prose(told, otherwise="Nothing was looked at."),
            "props": [prop("method", "TEST"), *(prop("query", name) for name in queries)],
        }

    def _reviewed(self) -> Json:
        included = [{"control-id": token(one.id)} for one in self.measures]
        chosen: Json = {"include-controls": included} if included else {"include-all": {}}
        return {"control-selections": [chosen]}

    # The results

    def results(self) -> Json:
        return {
            "uuid": self.uuid("results"),
            "metadata": self._head("What live records show of each measure"),
            "import-ap": {"href": ASSESSMENT_PLAN},
            "results": [self._result()],
        }

    def _result(self) -> Json:
        overview, risks = self.overview, self._risks()
        observations = [one for measure in self.measures for one in self._observations(measure)]
        findings = [self._finding(one) for one in self.measures]
        left_out = f" Not in the catalog: {', '.join(self.left_out)}." if self.left_out else ""
        return {
            "uuid": self.uuid("result"),
            "title": f"Findings of {line(overview.service, otherwise='a service')}",
            "description": (
                "What probes found in live records. It says what Ofcom's Codes recommend and what "
                f"the records show, not that the service meets the law.{left_out}"
            ),
            "start": overview.since.isoformat(),
            "end": overview.made_at.isoformat(),
            "props": [
                prop("journal-checkpoint", str(overview.head.size)),
                prop("journal-root", overview.head.root or "none"),
                prop("journal-witnesses", overview.head.witnesses),
                prop("overview-sha-256", self.digest),
            ],
            "reviewed-controls": self._reviewed(),
            **({"observations": observations} if observations else {}),
            **({"risks": risks} if risks else {}),
            **({"findings": findings} if findings else {}),
        }

    def _observations(self, one: Measure) -> Iterable[Json]:
        """One for each figure; one for what was said where there is none."""
        if not one.figures:
            yield self._observation(one, "none", title=one.title, props=[])
        for place, figure in enumerate(one.figures):
            yield self._observation(
                one, str(place), title=figure.name, props=list(_figure_props(figure))
            )

    def _observation(self, one: Measure, place: str, *, title: str, props: list[Json]) -> Json:
        return {
            "uuid": self.uuid("observation", one.id, place),
            "title": line(title),
            "description": prose(one.says),
            "props": [prop("control-id", token(one.id)), *props],
            "methods": ["TEST"],
            "types": ["finding"],
            "collected": self.overview.made_at.isoformat(),
        }

    def _finding(self, one: Measure) -> Json:
        assert one.status is not None
        places = range(len(one.figures)) if one.figures else ("none",)
        state = "satisfied" if one.status is Status.MET else "not-satisfied"
        finding: Json = {
            "uuid": self.uuid("finding", one.id),
            "title": line(f"{one.id}: {one.title}"),
            "description": prose(one.says),
            "props": list(_finding_props(one)),
            "target": {
                "type": "statement-id",
                "target-id": f"{token(one.id)}_smt",
                "status": {
                    "state": state,
                    "reason": _REASONS.get(one.status, "other"),
                    "remarks": STATUS_WORDS[one.status],
                },
            },
            "related-observations": [
                {"observation-uuid": self.uuid("observation", one.id, str(place))}
                for place in places
            ],
        }
        if _is_risk(one):
            finding["related-risks"] = [{"risk-uuid": self.uuid("risk", one.id)}]
        return finding

    # Risks, and what is left to do about them

    def _risks(self) -> list[Json]:
        failing = [
            self._risk(one.id, title=f"{one.id} does not stand well", says=one.says,
                       statement=STATUS_WORDS[one.status] if one.status else "")
            for one in self.measures if _is_risk(one)
        ]  # fmt: skip
        against = [
            self._risk(one.harm, title=f"The level of {one.name} may not hold", says=one.says,
                       statement=f"Assessed as {one.level}.")
            for one in self._contradicted()
        ]  # fmt: skip
        return failing + against

    def _risk(self, name: str, *, title: str, says: str, statement: str) -> Json:
        return {
            "uuid": self.uuid("risk", name),
            "title": line(title),
            "description": prose(says),
            "statement": prose(statement),
            "status": "open",
        }

    def _contradicted(self) -> Iterable[Residual]:
        return (one for one in self.overview.residual if one.contradicts)

    def left_to_do(self, poam: Json) -> Json:
        """The plan of action, with the tasks of measures and the risks to look at again."""
        risks = [*poam.get("risks", ()), *self._risks()]
        items = [*poam["poam-items"], *self._tasks(), *self._looks_again()]
        return {
            **poam,
            "uuid": self.uuid("poam"),
            "metadata": self._head(poam["metadata"]["title"]),
            **({"risks": risks} if risks else {}),
            "poam-items": items,
        }

    def _tasks(self) -> Iterable[Json]:
        stand_badly = {one.id for one in self.measures if _is_risk(one)}
        known = {one.id for one in self.measures}
        for task in self.overview.tasks:
            if task.measure in known and task.closed_at is None:
                item = self._item(
                    "measure-task", task.measure, control=token(task.measure),
                    title=f"Put {task.measure} right", says=task.says,
                )  # fmt: skip
                item["props"].append(prop("open-since", task.opened_at.isoformat()))
                item["props"] += [prop("owner", task.owner)] if task.owner.strip() else []
                if task.measure in stand_badly:
                    item["related-risks"] = [{"risk-uuid": self.uuid("risk", task.measure)}]
                yield item

    def _looks_again(self) -> Iterable[Json]:
        for one in self._contradicted():
            item = self._item(
                "residual", one.harm, control=_DUTY,
                title=f"Look again at the level of {one.name}", says=one.says,
            )  # fmt: skip
            item["related-risks"] = [{"risk-uuid": self.uuid("risk", one.harm)}]
            yield item

    def _item(self, kind: str, name: str, *, control: str, title: str, says: str) -> Json:
        return {
            "uuid": self.uuid("item", kind, name),
            "title": line(title),
            "description": prose(says),
            "props": [prop("kind", kind), prop("control-id", control)],
        }

    def _head(self, title: str) -> Json:
        at: datetime = self.overview.made_at
        return {
            "title": line(title),
            "last-modified": at.isoformat(),
            "version": f"{at.date().isoformat()}-{self.digest[:12]}",
            "oscal-version": OSCAL_VERSION,
        }


def _is_risk(one: Measure) -> bool:
    """Whether it may harm that the measure stands so; too little to tell is no risk by itself."""
    return one.status in {Status.NOT_MET, Status.AT_RISK, Status.STALE}


def _finding_props(one: Measure) -> Iterable[Json]:
    yield prop("status", str(one.status))
    yield prop("applies", "yes" if one.applies else "unknown")
    yield prop("register-confidence", one.register_says)
    told = (("probe", one.probe), ("finding-sha-256", one.digest), ("owner", one.owner))
    yield from (prop(name, text) for name, text in told if text.strip())
    yield prop("journal-checkpoint", str(one.checkpoint))
    if one.since is not None:
        yield prop("since", one.since.isoformat())


def _figure_props(figure: Figure) -> Iterable[Json]:
    yield prop("query", figure.query)
    yield prop("unit", str(figure.unit))
    yield prop("says", figure.says)
    parts = {"value": figure.value, "of": figure.of, "low": figure.low, "high": figure.high}
    yield from (prop(name, f"{part:.10g}") for name, part in parts.items() if part is not None)
