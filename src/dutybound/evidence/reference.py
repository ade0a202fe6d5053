"""The reference of measures, written from the probes themselves: docs/reference/measures.md."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dutybound.evidence.probe import Probe, Query
from dutybound.evidence.probes import PROBES
from dutybound.register.book import register
from dutybound.register.entries import Provision

HEAD = """\
# Measures, and what is looked at

What Dutybound looks at for each measure of Ofcom's Codes that a user-to-user service may have to
follow, from which records, over which time, and what it says of them. Ofcom's Codes recommend
measures; that one is *met* here says that the records bear it out, and nothing about the law.

Written by `dutybound manage write_measures_reference` from the probes, so it cannot be out of date.

**Every measure stands in one of five ways.** *Met*, *at risk*, *not met*; *not enough evidence*
where too little happened to tell, or where Dutybound cannot see it; *stale* where nothing has
looked for 45 seconds (and three times what a look takes), or where a document is past its day.

**Small numbers never say "met".** A share is met where it reaches its aim and its whole exact 95 %
interval (Clopper and Pearson, 1934) lies above the floor; it is not met where it is below the
floor and its whole interval below the aim. What is late, waiting or switched off counts at once.

**Everything is counted as of a moment.** What happened later is not seen, so the same query gives
the same figures again a year on. What was erased meanwhile, a message that was sent again after it
had died, a clock that was paused since, and the answer to an appeal that was undone since are the
exceptions: they are counted as they are now.
"""


def measures_reference() -> str:
    """The whole page."""
    listed = list(newest())
    in_order = sorted(PROBES, key=lambda one: (not one.startswith("ICU"), listed.index(one)))
    probes = {PROBES[measure].id: PROBES[measure] for measure in in_order}
    sections = (line for probe in probes.values() for line in _section(probe))
    queries = {query.name: query for probe in probes.values() for query in probe.reads}
    return (
        "\n".join([HEAD, "## Measures", "", *sections, "## Queries", "", *_table(queries)]) + "\n"
    )


def newest() -> Mapping[str, Provision]:
    """Each measure in its newest version, in the order of the register."""
    return {one.id: one for one in register().provisions if not one.is_duty}


def _section(probe: Probe) -> Iterator[str]:
    entries = [newest()[measure] for measure in probe.measures]
    yield f"### {', '.join(probe.measures)}: {entries[0].title}"
    yield ""
    yield f"{probe.asks} Probe `{probe.id}`, version {probe.version}."
    sure = ", ".join(f"{one.confidence.level} of {one.id}" for one in entries)
    yield f"How sure the register is: {sure}."
    yield ""
    yield "| it is | when |"
    yield "|---|---|"
    yield f"| met | {probe.met} |"
    yield f"| at risk | {probe.at_risk} |"
    yield f"| not met | {probe.not_met} |"
    yield f"| not enough evidence | {probe.not_enough} |"
    yield ""
    reads = ", ".join(f"[`{query.name}`](#queries)" for query in probe.reads)
    yield f"Reads {reads}."
    yield ""


def _table(queries: Mapping[str, Query[Any]]) -> Iterable[str]:
    yield "| query | counts | from | looks back |"
    yield "|---|---|---|---|"
    for name in sorted(queries):
        query = queries[name]
        window = f"{query.window.days} days" if query.window else "the moment"
        yield f"| `{name}` | {query.says} | {', '.join(query.records)} | {window} |"
