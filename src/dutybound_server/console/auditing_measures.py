"""An auditor at the measures: how each stood in the period, and any figure computed again."""

import json
from itertools import zip_longest

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dutybound.evidence.probes import PROBES
from dutybound.evidence.status import WORST_FIRST
from dutybound.risk.controls import control_id
from dutybound_server.assurance.audit_bundle import entries_of_findings
from dutybound_server.assurance.measure_letters import title_of
from dutybound_server.assurance.models import Audit, Document, Finding
from dutybound_server.assurance.recomputing import found_again
from dutybound_server.assurance.standing_queries import figure_in, history, how_measures_stand
from dutybound_server.console.auditing import for_auditor, looked
from dutybound_server.console.measure_charts import chart_of
from dutybound_server.people.access import StaffRequest

SHOWN = 60


@require_GET
@for_auditor
def measures(request: StaffRequest, audit: Audit) -> HttpResponse:
    looked(audit, f"audit:{audit.reference}:measures")
    standing = how_measures_stand(request.service, now=timezone.now())
    context = {
        "active": "auditing",
        "audit": audit,
        "measures": sorted(standing, key=lambda one: WORST_FIRST.index(one.status)),
    }
    return render(request, "console/auditing/measures.html", context)


@require_GET
@for_auditor
def measure(request: StaffRequest, audit: Audit, measure: str) -> HttpResponse:
    """How one measure stood in the period, with the journal's entry of each finding."""
    name = next((one for one in PROBES if control_id(one) == measure), None)
    if name is None:
        raise Http404("No probe looks at a measure of this number.")
    looked(audit, f"measure:{name}")
    found = history(request.service, name).filter(
        at__gte=audit.period_from, at__lt=audit.period_until
    )
    findings, numbers = list(found), entries_of_findings(audit)
    newest = findings[-SHOWN:][::-1]
    context = {
        "active": "auditing",
        "audit": audit,
        "measure": name,
        "title": title_of(name),
        "probe": PROBES[name],
        "chart": chart_of(findings, now=audit.period_until),
        "newest": newest[0] if newest else None,
        "figures": [figure_in(one) for one in newest[0].figures] if newest else [],
        "findings": [(one, numbers.get(one.at)) for one in newest],
        "total": len(findings),
    }
    return render(request, "console/auditing/measure.html", context)


@require_GET
@for_auditor
def again(request: StaffRequest, audit: Audit, finding_id: int) -> HttpResponse:
    """One finding as it was kept, beside the same computed from the rows as they are now."""
    finding = Finding.objects.filter(
        pk=finding_id, service=request.service,
        at__gte=audit.period_from, at__lt=audit.period_until,
    ).first()  # fmt: skip
    if finding is None:
        raise Http404("There is no such finding in the period.")
    looked(audit, f"finding:{finding.pk}")
    answer = found_again(finding)
    then = [figure_in(one) for one in finding.figures]
    now = answer.found.figures if answer.found else ()
    context = {
        "active": "auditing",
        "audit": audit,
        "finding": finding,
        "answer": answer,
        "figures": list(zip_longest(then, now)),
        "inputs": json.dumps(finding.inputs, indent=2),
        "entry": entries_of_findings(audit).get(finding.at),
    }
    return render(request, "console/auditing/again.html", context)


@require_GET
@for_auditor
def documents(request: StaffRequest, audit: Audit) -> HttpResponse:
    """What is held in writing: each version with its SHA-256, so that a copy can be compared."""
    looked(audit, f"audit:{audit.reference}:documents")
    held = Document.objects.filter(service=request.service).prefetch_related("versions")
    context = {
        "active": "auditing",
        "audit": audit,
        "documents": held.order_by("kind", "title", "id"),
    }
    return render(request, "console/auditing/documents.html", context)
