"""All of an audit as one signed zip, to be verified on another machine."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import Lag

from dutybound.cases.bundle import AUDIT_FORMAT, as_json, manifest_of, packed, statement_of
from dutybound.evidence.audited import AUDIT, STAGES
from dutybound.ledger.notes import sign
from dutybound_server.assurance.audit_queries import sampled_case
from dutybound_server.assurance.audited_cases import case_for_auditor
from dutybound_server.assurance.models import Audit, Finding
from dutybound_server.journal.entries import as_it_stands, in_utc
from dutybound_server.journal.models import Checkpoint, Entry
from dutybound_server.journal.queries import (
    Proof,
    journal_key,
    journal_origin,
    newest_checkpoint,
    newest_witnessed,
    proofs_of,
)

README = """\
This is audit {reference} of {service}, as it was given to its auditor.

  audit.json      the period, your commitment and seed, the population, the sample
  cases/          each sampled case from end to end{masked}
  findings/       what was found of each measure in the period, with the inputs of each figure:
                  whenever its status turned, and the last of each day
  entries/        the journal's entries of all that, each with its proof under the checkpoint;
                  salts where personal values were granted
  checkpoint      the signed head of the journal that the proofs lead to
  key.txt         the key that is said to sign; compare it with one you got elsewhere
  manifest.json   each file with its SHA-256, signed for in signature.note

Verify it on a machine of your own, with the library alone:

  pip install dutybound
  dutybound verify-audit {name} --key KEY

It draws the sample again, verifies each proof, holds each step of each case against its entry,
and computes each finding again from its inputs.
"""


class NotReady(Exception):
    """The bundle cannot be made yet; the sentence says why."""


def heads() -> tuple[Checkpoint, ...]:
    """Under which heads a bundle is made, the best first: what witnesses saw, then the newest."""
    return tuple(one for one in (newest_witnessed(), newest_checkpoint()) if one)


def audit_bundle(audit: Audit, *, under: Sequence[Checkpoint]) -> bytes:
    """The same bytes for the same records and the same heads; raises NotReady.

    It is made under the first of the heads that has all its entries.
    """
    if audit.drawn_at is None:
        raise NotReady("Draw the sample first: the bundle is made of it.")
    files, head = _files(audit, under)
    about = {
        "audit": audit.reference,
        "service": audit.service.name,
        "checkpoint_size": head.size,
        "masked": not audit.sees_personal,
    }
    manifest = manifest_of(about, files, layout=AUDIT_FORMAT)
    statement = statement_of(manifest, layout=AUDIT_FORMAT)
    note = sign(statement, name=journal_origin(head), key=settings.JOURNAL_KEY)
    return packed(files, manifest=manifest, note=note, key=str(journal_key(head)))


def _files(audit: Audit, under: Sequence[Checkpoint]) -> tuple[dict[str, bytes], Checkpoint]:
    stages = _stages(audit)
    cases = {name: case_for_auditor(sampled_case(audit, name), audit) for name in audit.sample}
    told = list(_told_findings(audit))
    numbers = {*stages.values(), *(line["entry"] for line in told)}
    numbers |= {step["entry"] for case in cases.values() for step in case["steps"]}
    granted = {
        step["entry"] for case in cases.values() if not case["masked"] for step in case["steps"]
    }
    head = next((one for one in under if one.size > max(numbers)), None)
    if head is None:
        raise NotReady("The journal is being sealed. Try again in a few seconds.")
    files = {
        "README.txt": _readme(audit),
        "checkpoint": head.note.encode(),
        AUDIT: as_json(_about(audit, stages)),
        **{f"cases/{name}.json": as_json(case) for name, case in cases.items()},
    }
    for measure, lines in _by_measure(told).items():
        files[f"findings/{measure.replace(' ', '-')}.jsonl"] = lines
    entries = Entry.objects.in_bulk(sorted(numbers), field_name="number")
    for number, proof in zip(entries, proofs_of(entries.values(), head=head), strict=True):
        files |= _entry_files(entries[number], proof, with_salts=number in granted)
    return dict(sorted(files.items())), head


def _stages(audit: Audit) -> dict[str, int]:
    """Stage → the number of the entry that tells of it."""
    entries = Entry.objects.filter(subject=f"audit:{audit.reference}").exclude(number=None)
    found = dict(entries.values_list("kind", "number"))
    numbers = {stage: found.get(f"audit.{stage}") for stage in STAGES}
    if None in numbers.values():
        raise NotReady("The journal has not sealed the draw yet. Try again in a few seconds.")
    return {stage: number for stage, number in numbers.items() if number is not None}


def _about(audit: Audit, stages: Mapping[str, int]) -> dict[str, Any]:
    moments = ("period_from", "period_until", "starts_at", "ends_at")
    steps = ("opened_at", "committed_at", "fixed_at", "drawn_at")
    return {
        "reference": audit.reference,
        "service": audit.service.slug,
        "purpose": audit.purpose,
        **{name: getattr(audit, name).isoformat() for name in (*moments, *steps)},
        "sees_personal": audit.sees_personal,
        "commitment": audit.commitment,
        "wanted": audit.wanted,
        "population_digest": audit.population_digest,
        "population": audit.population,
        "seed": audit.seed,
        "sample": audit.sample,
        "entries": dict(stages),
    }


def findings_of_period(audit: Audit) -> list[Finding]:
    """Each finding at which a status turned, and the last of each measure on each day."""
    found = Finding.objects.filter(
        service=audit.service, at__gte=audit.period_from, at__lt=audit.period_until
    )
    before = Window(Lag("status"), partition_by=F("measure"), order_by=[F("at"), F("id")])
    chosen: set[int] = set()
    last_of_day: dict[tuple[str, object], int] = {}
    rows = found.annotate(before=before).order_by("measure", "at", "id")
    for pk, measure, at, status, was in rows.values_list("pk", "measure", "at", "status", "before"):
        last_of_day[measure, at.date()] = pk
        if status != was:
            chosen.add(pk)
    chosen.update(last_of_day.values())
    # In bulk, since a year of them is more than one statement may name.
    kept = Finding.objects.in_bulk(sorted(chosen)).values()
    return sorted(kept, key=lambda one: (one.measure, one.at, one.pk))


def entries_of_findings(audit: Audit) -> dict[datetime, int]:
    """When something was found in the period → the number of the entry that tells of it."""
    entries = Entry.objects.filter(
        kind="measures.found",
        service=audit.service.slug,
        at__gte=audit.period_from,
        at__lt=audit.period_until,
    )
    numbered = entries.exclude(number=None).order_by("-number")
    return {at: number for at, number in numbered.values_list("at", "number") if number is not None}


def _told_findings(audit: Audit) -> Iterator[dict[str, Any]]:
    """As lines of files; one whose entry is not sealed yet is left for the next bundle."""
    numbers = entries_of_findings(audit)
    for finding in findings_of_period(audit):
        number = numbers.get(finding.at)
        if number is not None:
            yield {"finding": finding_json(finding), "at": in_utc(finding.at), "entry": number}


def finding_json(finding: Finding) -> dict[str, Any]:
    """The finding as its digest was computed."""
    names = ("measure", "probe", "version", "status", "says", "figures", "inputs")
    return {name: getattr(finding, name) for name in names}


def _by_measure(told: Iterable[dict[str, Any]]) -> dict[str, bytes]:
    lines: dict[str, list[str]] = {}
    for line in told:
        of_measure = lines.setdefault(line["finding"]["measure"], [])
        of_measure.append(json.dumps(line, ensure_ascii=False, sort_keys=True))
    return {measure: ("\n".join(of) + "\n").encode() for measure, of in lines.items()}


def _entry_files(entry: Entry, proof: Proof, *, with_salts: bool) -> dict[str, bytes]:
    name = f"entries/{entry.number}"
    # What was tampered with goes along without a proof, and the auditor's check names it.
    files = {f"{name}.json": as_it_stands(entry)}
    if proof.file:
        files[f"{name}.tlog-proof"] = proof.file.encode()
    if with_salts and entry.salts:
        files[f"{name}.salts.json"] = as_json(entry.salts)
    return files


def _readme(audit: Audit) -> bytes:
    masked = "" if audit.sees_personal else ", names and words masked"
    return README.format(
        reference=audit.reference,
        service=audit.service.name,
        masked=masked,
        name=f"audit-{audit.reference}.zip",
    ).encode()
