"""The background process: each duty is one loop that takes rows by compare-and-set."""

from collections.abc import Callable
from dataclasses import dataclass

from dutybound_server.assurance.actions.looks import look_at_measures
from dutybound_server.assurance.actions.measure_mails import mail_measure_tasks
from dutybound_server.assurance.actions.reviews import open_due_reviews
from dutybound_server.banks.files import compile_due
from dutybound_server.casework.actions.clocks import watch_clocks
from dutybound_server.casework.actions.deliveries import deliver_due
from dutybound_server.casework.actions.evidence import erase_old_snapshots
from dutybound_server.casework.actions.forgetting import (
    erase_old_concerns,
    expire_drafts,
    forget_networks,
)
from dutybound_server.casework.actions.letters import mail_letters
from dutybound_server.casework.actions.notices import mail_due
from dutybound_server.casework.actions.quality import ask_second_looks
from dutybound_server.casework.actions.reported_hashes import settle_reported_hashes
from dutybound_server.casework.actions.sanctions import end_sanctions
from dutybound_server.casework.actions.settling import settle_left
from dutybound_server.evidence.actions.authority_reports import erase_old_answers
from dutybound_server.evidence.actions.copies import copy_files
from dutybound_server.evidence.actions.preservations import follow_preservations
from dutybound_server.evidence.actions.sending import send_due
from dutybound_server.evidence.actions.stamps import stamp_due
from dutybound_server.intake.actions import erase_old_items, journal_verdicts, rematch
from dutybound_server.items.actions import sweep_blobs
from dutybound_server.journal.actions import seal
from dutybound_server.journal.witnesses.actions import ask_witnesses
from dutybound_server.project.heartbeat import beat


@dataclass(frozen=True, slots=True)
class Duty:
    """Work that is looked for again and again: `do(now=…)` answers how many things it did."""

    name: str
    every_seconds: float
    do: Callable[..., int]


DUTIES: tuple[Duty, ...] = (
    Duty("heartbeat", 10.0, beat),
    Duty("seal the journal", 1.0, seal),
    Duty("ask witnesses", 10.0, ask_witnesses),
    Duty("journal verdicts", 1.0, journal_verdicts),
    Duty("look for reported intimate images", 1.0, settle_reported_hashes),
    Duty("look back with new signals", 1.0, rematch),
    Duty("compile large banks", 10.0, compile_due),
    Duty("deliver messages", 0.5, deliver_due),
    Duty("mail notices", 2.0, mail_due),
    Duty("mail letters", 2.0, mail_letters),
    Duty("tell outcomes", 2.0, settle_left),
    Duty("end sanctions", 10.0, end_sanctions),
    Duty("watch the clocks", 15.0, watch_clocks),
    Duty("forget networks", 600.0, forget_networks),
    Duty("forget unsent forms", 300.0, expire_drafts),
    Duty("erase old concerns", 3600.0, erase_old_concerns),
    Duty("copy files of evidence", 1.0, copy_files),
    Duty("stamp evidence", 10.0, stamp_due),
    Duty("ask for second looks", 60.0, ask_second_looks),
    Duty("send reports to authorities", 10.0, send_due),
    Duty("follow preservation notices", 600.0, follow_preservations),
    Duty("erase old items", 3600.0, erase_old_items),
    Duty("erase old evidence", 3600.0, erase_old_snapshots),
    Duty("erase old reports to authorities", 3600.0, erase_old_answers),
    Duty("look at the measures", 15.0, look_at_measures),
    Duty("mail tasks about measures", 10.0, mail_measure_tasks),
    Duty("open reviews that are due", 3600.0, open_due_reviews),
    Duty("sweep files without a row", 3600.0, sweep_blobs),
)
