"""Probes of comparing what comes in with what is known: ICU C9, C10 and C14."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from dutybound.evidence.figures import Figure, count, days, in_words, seconds, share
from dutybound.evidence.judging import status_of_share
from dutybound.evidence.probe import FOUR_WEEKS, QUARTER, Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of


@dataclass(frozen=True, slots=True)
class NewContent:
    """Public content that came in. `media`: its pictures and films; `in_part`: those of which no
    perceptual hash could be taken, so that they were compared by their exact bytes alone."""

    items: int
    media: int
    in_part: int


NEW_CONTENT = Query(
    "new_content",
    NewContent,
    "Of the last 28 days: public items that came in, their pictures and films, and those of which "
    "no picture could be compared.",
    ("items", "media"),
    FOUR_WEEKS,
)


@dataclass(frozen=True, slots=True)
class Matched:
    """Matches with banks of these kinds of harm, by item.

    `at_receipt`: found as it came in. `later`: found when a signal was added. `reviewed`: a
    person has decided about it since. `right`: decided against, for that harm. `unreviewed_late`:
    nobody has for more than 7 days. `excused`: signals whose matches a bank of what is harmless set
    aside, though nobody has ever decided that a match with them was wrong.
    """

    at_receipt: int = 0
    later: int = 0
    reviewed: int = 0
    right: int = 0
    unreviewed_late: int = 0
    excused: int = 0


@dataclass(frozen=True, slots=True)
class BanksSeen:
    """Banks of these kinds of harm from outside the service's own reports.

    `in_force`: switched on, not on trial, with a signal of that sort that is not removed.
    `keeping`: of those, what matches is kept from view. `newest_days`: since a signal came last.
    `unprotected`: what came in while none was in force (of what NEW_CONTENT counts), in 28 days.
    `looking_back`: banks whose new signals are not compared yet with all that was there;
    `oldest_look_back_seconds`: since when the first of those waits.
    """

    banks: int
    in_force: int
    keeping: int
    newest_days: float | None
    unprotected: int
    looking_back: int
    oldest_look_back_seconds: float | None
    matched: Matched


def _query(name: str, what: str) -> Query[BanksSeen]:
    return Query(
        name,
        BanksSeen,
        f"The banks of {what}: which are in force now and were in the last 28 days, how new their "
        "signals are, and what became of what matched in the last 90 days.",
        ("banks", "signals", "the journal", "matches", "decisions", "rematches"),
        QUARTER,
    )


CSAM_HASHES = _query("bank_csam", "hashes of child sexual abuse material")
INTIMATE_HASHES = _query("bank_intimate", "hashes of intimate images")
CSAM_LINKS = _query("bank_csam_links", "links to child sexual abuse material")

COMPARED_AIM, COMPARED_FLOOR = 0.99, 0.90
SHOWN_AIM, SHOWN_FLOOR = 0.90, 0.80
"""Of pictures and films: how many are compared by what they show, and not by their bytes alone."""
REVIEWED_AIM, REVIEWED_FLOOR = 0.95, 0.80
LOOK_BACK_SOON, LOOK_BACK_MOST = timedelta(days=1), timedelta(days=7)
PRECISE = 0.5
"""Where surely fewer of the matches that were looked at are right, the bank is set too wide."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a measure asks of matching: which banks, of what, and how new they are to be."""

    query: Query[BanksSeen]
    compares: str
    of_media: bool
    fresh_days: int


def _compared(given: Given, asked: _Asked) -> Judged:
    seen, content = given[asked.query], given[NEW_CONTENT]
    came = content.media if asked.of_media else content.items
    in_part = content.in_part if asked.of_media else 0
    figures = tuple(_figures(seen, came, in_part, asked))
    if not seen.in_force:
        return Judged(Status.NOT_MET, _nothing_in_force(seen), figures)
    compared = max(came - seen.unprotected, 0)
    share_says = status_of_share(compared, of=came, aim=COMPARED_AIM, floor=COMPARED_FLOOR)
    shown_says = status_of_share(came - in_part, of=came, aim=SHOWN_AIM, floor=SHOWN_FLOOR)
    found = [*_troubles(seen, asked), *_trouble_of_share(seen, came, share_says)]
    if shown_says in (Status.NOT_MET, Status.AT_RISK):
        found.append((shown_says, f"{in_part:,} of {came:,} were compared by their bytes alone."))
    if found:
        status = worst_of(status for status, _ in found)
        return Judged(status, next(says for one, says in found if one is status), figures)
    if Status.NOT_ENOUGH in (share_says, shown_says):
        says = f"A bank is in force; only {came:,} {asked.compares} came in 28 days."
        return Judged(Status.NOT_ENOUGH, says, figures)
    says = f"{compared:,} of {came:,} {asked.compares} were compared before anybody saw them."
    return Judged(share_says, says, figures)


def _nothing_in_force(seen: BanksSeen) -> str:
    if not seen.banks:
        return "There is no bank of such signals from outside, so nothing is compared."
    return (
        f"No bank is in force: of {seen.banks:,} each is switched off, on trial, or without a "
        "signal of that sort."
    )


Trouble = tuple[Status, str]


def _trouble_of_share(seen: BanksSeen, came: int, status: Status) -> Iterable[Trouble]:
    """What is said where too few were compared as they came in."""
    if status not in (Status.NOT_MET, Status.AT_RISK):
        return
    says = f"{seen.unprotected:,} of {came:,} came in while no bank was in force"
    if seen.looking_back:
        yield status, f"{says}, and are not compared yet."
    else:
        # Nothing waits to be looked back at, so these were compared, if late.
        yield Status.AT_RISK, f"{says}, and were compared only later."


def _troubles(seen: BanksSeen, asked: _Asked) -> Iterable[Trouble]:
    """What is wrong beside the share that was compared."""
    waits = timedelta(seconds=seen.oldest_look_back_seconds or 0.0)
    if seen.looking_back and waits > LOOK_BACK_SOON:
        status = Status.NOT_MET if waits > LOOK_BACK_MOST else Status.AT_RISK
        says = f"What was there before waits to be compared with new signals for {in_words(waits)}."
        yield status, says
    matched = seen.matched
    if matched.unreviewed_late:
        due = matched.reviewed + matched.unreviewed_late
        reviewed = status_of_share(matched.reviewed, of=due, aim=REVIEWED_AIM, floor=REVIEWED_FLOOR)
        says = f"{matched.unreviewed_late:,} matches were not looked at for over 7 days."
        yield worst_of((Status.AT_RISK, reviewed)), says
    if matched.excused:
        says = (
            "Signals that a bank of what is harmless keeps from acting, and nobody has found a "
            f"match with them wrong: {matched.excused:,}."
        )
        yield Status.AT_RISK, says
    precision = share("", matched.right, of=matched.reviewed, query=asked.query.name)
    if matched.reviewed and (precision.high or 0.0) < PRECISE:
        right = f"{matched.right:,} of {matched.reviewed:,}"
        says = f"Only {right} matches that people looked at were right: a bank matches too much."
        yield Status.AT_RISK, says
    if seen.newest_days is not None and seen.newest_days > asked.fresh_days:
        yield Status.AT_RISK, f"No signal was added for {seen.newest_days:,.0f} days."
    if not seen.keeping:
        yield Status.AT_RISK, "What matches stays in view until somebody decides: banks only flag."


def _figures(seen: BanksSeen, came: int, in_part: int, asked: _Asked) -> Iterable[Figure]:
    name, matched = asked.query.name, seen.matched
    compared = max(came - seen.unprotected, 0)
    yield count("Banks in force", seen.in_force, query=name)
    yield count("Banks of such signals", seen.banks, query=name)
    yield days("Since the newest signal", seen.newest_days, query=name)
    yield share(f"{asked.compares.capitalize()} compared as they came in, in 28 days", compared,
                of=came, query=NEW_CONTENT.name)  # fmt: skip
    if asked.of_media:
        yield count("Compared by their exact bytes alone", in_part, query=NEW_CONTENT.name)
    yield count("Came in while no bank was in force", seen.unprotected, query=name)
    yield share("Matches found as it came in, in 90 days", matched.at_receipt,
                of=matched.at_receipt + matched.later, query=name)  # fmt: skip
    yield share("Matches that a person looked at", matched.reviewed,
                of=matched.at_receipt + matched.later, query=name)  # fmt: skip
    yield share("Of those, right", matched.right, of=matched.reviewed, query=name)
    yield count("Signals set aside that nobody found wrong", matched.excused, query=name)
    yield count("Banks still looking back", seen.looking_back, query=name)
    yield seconds("The first of those for", seen.oldest_look_back_seconds, query=name)


def _probe_of(name: str, measure: str, asks: str, asked: _Asked) -> Probe:
    return Probe(
        id=name,
        version=2,
        measures=(measure,),
        asks=asks,
        met=(
            f"A bank is in force, and 99 of 100 {asked.compares} were compared before anybody saw "
            "them; what was there before is compared within a day, and matches are looked at "
            "within 7 days."
        ),
        at_risk=(
            f"No signal was added for {asked.fresh_days} days; a bank only flags; matches wait, "
            "or most that were looked at were wrong; a signal is set aside that nobody found "
            "wrong; or fewer than 99 of 100 were compared as they came."
            + (" Or fewer than 90 of 100 could be compared by what they show." * asked.of_media)
        ),
        not_met=(
            "No bank is in force now; what was there before has waited for more than 7 days; or "
            "surely fewer than 99 of 100 were compared, and fewer than 90."
        ),
        not_enough=f"A bank is in force, and too few {asked.compares} came in 28 days.",
        reads=(asked.query, NEW_CONTENT),
        judge=lambda given: _compared(given, asked),
    )


MEDIA = "pictures and films"
MATCHING: tuple[Probe, ...] = (
    _probe_of(
        "hashes_csam",
        "ICU C9",
        "Whether new pictures and films are compared with hashes of child sexual abuse material "
        "before anybody sees them, and what was there before.",
        _Asked(CSAM_HASHES, MEDIA, of_media=True, fresh_days=30),
    ),
    _probe_of(
        "links_csam",
        "ICU C10",
        "Whether new items are compared with addresses of child sexual abuse material before "
        "anybody sees them, and what was there before.",
        _Asked(CSAM_LINKS, "items", of_media=False, fresh_days=7),
    ),
    _probe_of(
        "hashes_intimate",
        "ICU C14",
        "Whether new pictures and films are compared with hashes of intimate images before "
        "anybody sees them, and what was there before.",
        _Asked(INTIMATE_HASHES, MEDIA, of_media=True, fresh_days=30),
    ),
)
