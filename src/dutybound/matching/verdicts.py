"""From matches to one answer: allow, hold or block, with the reasons in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dutybound.matching.bank_index import Match
from dutybound.matching.signals import Effect, SignalKind

_STRICTEST_FIRST = ((Effect.BLOCK, "block"), (Effect.HOLD, "hold"))
_WORDING = (SignalKind.PHRASE, SignalKind.PATTERN)
_IS_WHAT = {
    SignalKind.SHA256: "is, by its SHA-256, a file",
    SignalKind.MD5: "is, by its MD5, a file",
    SignalKind.PHRASE: "has a phrase",
    SignalKind.PATTERN: "fits a pattern",
    SignalKind.URL: "has a link",
    SignalKind.URL_PREFIX: "has a link below an address",
    SignalKind.HOST: "has a link to a host",
    SignalKind.DOMAIN: "has a link to a domain",
}
_DOES_WHAT = {Effect.BLOCK: "block", Effect.HOLD: "hold", Effect.FLAG: "flag only"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the banks say about an item.

    `outcome` is "allow", "hold" or "block". `kept` are the matches that stand, those of a dry run
    too; `set_aside` those that a bank of known good content removed.
    """

    outcome: str
    kept: tuple[Match, ...] = ()
    set_aside: tuple[Match, ...] = ()
    reasons: tuple[str, ...] = ()


def judge(matches: Sequence[Match]) -> Verdict:
    """The strictest effect wins, once known good content is set aside.

    A match with a NEVER bank sets aside the other matches of the same picture; found by words,
    those by words in the same text; found by links, those by no other link. Banks in a dry run
    change nothing.
    """
    good = [match for match in matches if match.effect is Effect.NEVER and not match.dry_run]
    against = [match for match in matches if match.effect is not Effect.NEVER]
    set_aside = tuple(match for match in against if _is_known_good(match, good))
    kept = tuple(match for match in against if not _is_known_good(match, good))
    acting = {match.effect for match in kept if not match.dry_run}
    outcome = next((word for effect, word in _STRICTEST_FIRST if effect in acting), "allow")
    would_set_aside = [each for each in matches if each.effect is Effect.NEVER and each.dry_run]
    reasons = [
        *map(_reason, [*kept, *would_set_aside]),
        *(_reason_set_aside(match, good) for match in set_aside),
    ]
    return Verdict(outcome, kept, set_aside, tuple(reasons))


def _is_known_good(match: Match, good: Iterable[Match]) -> bool:
    if match.links:
        excused = {link for each in good for link in each.links}
        return excused.issuperset(match.links)
    return any(_is_about_the_same(match, each) for each in good)


def _is_about_the_same(match: Match, good: Match) -> bool:
    if match.media is None:
        return good.media is None and match.kind in _WORDING and good.kind in _WORDING
    return match.media == good.media


def _reason(match: Match) -> str:
    does = "dry run, changes nothing" if match.dry_run else _DOES_WHAT[match.effect]
    return f"{_subject(match)} {_relation(match)}: {does}."


def _reason_set_aside(match: Match, good: Iterable[Match]) -> str:
    known = sorted({each.bank for each in good if _is_known_good(match, [each])})
    by = f"bank {', '.join(known)}" if known else "banks"
    return f"{_subject(match)} {_relation(match)}: set aside, since {by} knows it as good."


def _subject(match: Match) -> str:
    if match.media is None:
        return "The text"
    return f"{'Picture' if match.kind is SignalKind.PDQ else 'File'} {match.media}"


def _relation(match: Match) -> str:
    if match.kind is SignalKind.PDQ:
        near = f"is {match.distance} of 256 bits from a signal of bank {_told_bank(match)}"
        return f"{near}, limit {match.threshold}{_told_turn(match.variant)}"
    return f"{_IS_WHAT[match.kind]} of bank {_told_bank(match)}"


def _told_bank(match: Match) -> str:
    record = f" record {match.source_record}" if match.source_record else ""
    return f"{match.bank} (source {match.source}{record})"


def _told_turn(variant: str) -> str:
    """ ", mirrored and rotated by 90°" for mirrored_90; nothing for a picture not turned."""
    if variant == "original":
        return ""
    kind, _, degrees = variant.partition("_")
    if kind == "mirrored":
        return f", mirrored and rotated by {degrees}°" if degrees else ", mirrored"
    return f", rotated by {degrees}°"
