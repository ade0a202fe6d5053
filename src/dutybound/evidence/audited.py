"""What an audit's bundle says, held against the journal's entries that came with it.

It is given the entries whose proofs verified, and compares: the draw with its seed, each step of
each case with its entry, each finding with its digest in the journal and with what the probe says
of the same inputs today. What it cannot compare it says.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import rfc8785

from dutybound.evidence.draws import BadDraw, commitment_of, draw, population_digest
from dutybound.evidence.probe import BadInputs, find_again
from dutybound.evidence.probes import PROBES

AUDIT = "audit.json"
CASE = re.compile(r"cases/([!-~]+)\.json")
FINDINGS = re.compile(r"findings/[!-~]+\.jsonl")
ENTRY = re.compile(r"entries/(0|[1-9][0-9]{0,18})\.json")
STAGES = ("opened", "committed", "fixed", "drawn")
"""In this order they were journalled; only then could neither side steer the sample."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that is not what it should be, and why."""

    file: str
    says: str

    def __str__(self) -> str:
        return f"{self.file}: {self.says}"


@dataclass(slots=True)
class Checked:
    """What was looked at, what is wrong, and what could not be checked."""

    sample: tuple[str, ...] = ()
    population: int = 0
    cases: int = 0
    steps: int = 0
    findings: int = 0
    recomputed: int = 0
    wrong: list[Trouble] = field(default_factory=list)
    unchecked: list[Trouble] = field(default_factory=list)


_MISSHAPEN = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError)
"""What reading a file of any other shape raises; numbers can be none that a probe divides by."""


class _Bad(Exception):
    """A file cannot be read as what it should be."""


def check(files: Mapping[str, bytes], *, entries: Mapping[int, bytes]) -> Checked:
    """Compare all of it; `entries` are those whose proofs verified."""
    checked = Checked()
    told = {number: _entry(body) for number, body in entries.items()}
    for name in sorted(files):
        try:
            if name == AUDIT:
                _check_draw(_json(files[name]), told, files, checked)
            elif CASE.fullmatch(name):
                _check_case(name, _json(files[name]), told, files, checked)
            elif FINDINGS.fullmatch(name):
                _check_findings(name, files[name], told, checked)
        except (_Bad, BadDraw) as problem:
            checked.wrong.append(Trouble(name, str(problem)))
        except _MISSHAPEN as problem:
            says = f"it is not written as expected: {type(problem).__name__} {problem}"
            checked.wrong.append(Trouble(name, says))
    if AUDIT not in files:
        checked.wrong.append(Trouble(AUDIT, "it is missing"))
    return checked


# The draw


def _check_draw(
    audit: Mapping[str, Any],
    entries: Mapping[int, Mapping[str, Any]],
    files: Mapping[str, bytes],
    checked: Checked,
) -> None:
    population, seed = list(audit["population"]), str(audit["seed"])
    checked.sample, checked.population = tuple(audit["sample"]), len(population)
    wrong = list(_wrong_with_draw(audit, population, seed))
    wrong += _wrong_with_stages(audit, entries)
    missing = [one for one in checked.sample if f"cases/{one}.json" not in files]
    if missing:
        wrong.append(f"the sample has {', '.join(missing)}, of which no file came along")
    checked.wrong += [Trouble(AUDIT, says) for says in wrong]


def _wrong_with_draw(audit: Mapping[str, Any], population: list[str], seed: str) -> Iterator[str]:
    if commitment_of(seed) != audit["commitment"]:
        yield "the seed is not the one that was committed to"
    if population_digest(population) != audit["population_digest"]:
        yield "the population is not the one that was fixed"
    drawn = draw(population, seed=seed, wanted=int(audit["wanted"]))
    if list(drawn) != list(audit["sample"]):
        yield f"the seed draws {', '.join(drawn) or 'nothing'}, not what is said"


def _wrong_with_stages(
    audit: Mapping[str, Any], entries: Mapping[int, Mapping[str, Any]]
) -> Iterator[str]:
    """Each stage as the journal has it, and one after another."""
    expected: Mapping[str, Mapping[str, Any]] = {
        "opened": {name: audit[name] for name in ("period_from", "period_until", "sees_personal")},
        "committed": {"commitment": audit["commitment"], "wanted": audit["wanted"]},
        "fixed": {
            "population_digest": audit["population_digest"],
            "count": len(audit["population"]),
        },
        "drawn": {"seed": audit["seed"], "sample": audit["sample"]},
    }
    numbers = [int(audit["entries"][stage]) for stage in STAGES]
    if numbers != sorted(set(numbers)):
        yield "the journal does not have the stages of the draw in their order"
    for stage, number in zip(STAGES, numbers, strict=True):
        entry = entries.get(number)
        if entry is None:
            yield f"entry {number}, which tells when it was {stage}, did not come with a good proof"
        elif (entry["kind"], entry["subject"]) != (
            f"audit.{stage}",
            f"audit:{audit['reference']}",
        ):
            yield f"entry {number} does not tell that the audit was {stage}"
        elif any(entry["facts"].get(name) != fact for name, fact in expected[stage].items()):
            yield f"entry {number} says otherwise what was {stage}"


# The cases


def _check_case(
    name: str,
    case: Mapping[str, Any],
    entries: Mapping[int, Mapping[str, Any]],
    files: Mapping[str, bytes],
    checked: Checked,
) -> None:
    checked.cases += 1
    subjects = {f"case:{case['case']}", *(f"concern:{one}" for one in case["concerns"])}
    if name != f"cases/{case['case']}.json":
        checked.wrong.append(Trouble(name, f"it tells of case {case['case']}"))
    told = set()
    for step in case["steps"]:
        checked.steps += 1
        told.add(int(step["entry"]))
        entry = entries.get(int(step["entry"]))
        wrong = _wrong_with_step(step, entry, subjects, files)
        checked.wrong += [Trouble(name, f"step at entry {step['entry']}: {says}") for says in wrong]
    left = [n for n, entry in entries.items() if entry["subject"] in subjects and n not in told]
    if left:
        says = f"it leaves out what the journal has in {', '.join(map(str, sorted(left)))}"
        checked.wrong.append(Trouble(name, says))


def _wrong_with_step(
    step: Mapping[str, Any],
    entry: Mapping[str, Any] | None,
    subjects: set[str],
    files: Mapping[str, bytes],
) -> Iterator[str]:
    if entry is None:
        yield "the entry did not come with a good proof"
        return
    if entry["subject"] not in subjects:
        yield f"the entry is about {entry['subject']}"
    for part, name in (("kind", "kind"), ("at", "at"), ("by", "actor"), ("facts", "facts")):
        if step[part] != entry[name]:
            yield f"{part}: the journal has {json.dumps(entry[name])[:200]}"
    salts = _salts(files, int(step["entry"]))
    for what, value in step.get("personal", {}).items():
        salt = bytes.fromhex(salts.get(what, ""))
        if sha256(salt + str(value).encode()).hexdigest() != entry["personal"].get(what):
            yield f"{what}: the journal holds a digest of something else"


def _salts(files: Mapping[str, bytes], number: int) -> Mapping[str, str]:
    written = files.get(f"entries/{number}.salts.json")
    return dict(_json(written)) if written else {}


# The findings


def _check_findings(
    name: str, lines: bytes, entries: Mapping[int, Mapping[str, Any]], checked: Checked
) -> None:
    for number, line in enumerate(lines.splitlines(), 1):
        written, place = _json(line), f"line {number}"
        finding = written["finding"]
        checked.findings += 1
        for says in _wrong_with_finding(written, finding, entries):
            checked.wrong.append(Trouble(name, f"{place}: {says}"))
        wrong, why_not = _recomputed(finding)
        if why_not:
            checked.unchecked.append(Trouble(name, f"{place}: {why_not}"))
            continue
        checked.recomputed += 1
        if wrong:
            checked.wrong.append(Trouble(name, f"{place}: {wrong}"))


def _wrong_with_finding(
    written: Mapping[str, Any],
    finding: Mapping[str, Any],
    entries: Mapping[int, Mapping[str, Any]],
) -> Iterator[str]:
    digest = sha256(rfc8785.dumps(dict(finding))).hexdigest()
    entry = entries.get(int(written["entry"]))
    if entry is None:
        yield f"entry {written['entry']} did not come with a good proof"
        return
    if entry["kind"] != "measures.found" or entry["at"] != written["at"]:
        yield f"entry {written['entry']} does not tell of findings of {written['at']}"
        return
    kept = entry["facts"]["findings"].get(finding["measure"])
    if kept != [finding["status"], digest]:
        yield f"{finding['measure']}: the journal holds the digest of another finding"


def _recomputed(finding: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with the finding, or why it cannot be computed again."""
    measure, probe = finding["measure"], PROBES.get(finding["measure"])
    if probe is None:
        return "", f"{measure} cannot be recomputed: this library has no probe of it"
    if (probe.id, probe.version) != (finding["probe"], finding["version"]):
        return "", (
            f"{measure} cannot be recomputed: it was found by version {finding['version']} of the "
            f"probe {finding['probe']}, this library has version {probe.version} of {probe.id}"
        )
    try:
        again = find_again(probe, measure, finding["inputs"]).as_json()
    except BadInputs as problem:
        return f"{measure} cannot be computed from its inputs: {problem}", ""
    differs = [name for name in again if not _same(again[name], finding[name])]
    return (f"{measure}: computed again, {', '.join(differs)} differ" if differs else ""), ""


def _same(one: object, other: object) -> bool:
    """Equal; numbers as far as two machines' arithmetic agrees."""
    match one, other:
        case bool(), _:
            return one is other
        case float() | int(), float() | int():
            return math.isclose(one, other, rel_tol=1e-9)
        case dict(), dict():
            return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
        case list(), list():
            return len(one) == len(other) and all(map(_same, one, other))
    return one == other


# Reading


def _json(content: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise _Bad(f"expected JSON: {problem}") from None


def _entry(body: bytes) -> Mapping[str, Any]:
    """An entry of the journal; its proof verified, so only a broken journal has another shape."""
    nothing = {"kind": "", "subject": "", "actor": "", "at": "", "facts": {}, "personal": {}}
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return nothing
    return {**nothing, **read} if isinstance(read, dict) else nothing
