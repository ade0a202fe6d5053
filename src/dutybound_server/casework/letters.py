"""The words of letters, in the person's language, as short as the version for children asks."""

from collections.abc import Sequence

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dutybound.cases.judgement import AGAINST, EnforcementKind
from dutybound.cases.kinds import KINDS, Group, Kind, Outcome
from dutybound_server.casework.messages import status_url
from dutybound_server.casework.models import Concern, Decision, Letter
from dutybound_server.casework.subjects import ACCOUNT
from dutybound_server.casework.trust import trusted_with


def address_of(concern: Concern) -> str:
    """Where the person is written to; who appeals is written to as their notice was."""
    if concern.appeal_id is not None and concern.account is not None:
        return concern.account.email
    return concern.email


def acknowledgement(concern: Concern) -> str:
    """That it is here, what happens next, by when, what can come of it, and that they hear."""
    with translation.override(concern.language):
        by_when = {"by_when": _by_when(concern)}
        if trusted_with(concern.flagger, concern.harm) is not None:
            return (
                "Thank you. A person will look at it and decide by "
                f"{by_when['by_when']}, which is within the time that we agreed with you."
                f"\n\n{may_come(concern)} {_they_hear()}"
            )
        if concern.version == "child":
            thanks = _(
                "Thank you for telling us. We believe you. "
                "A person will read what you wrote. We aim to tell you what we did by %(by_when)s."
            )
            return f"{thanks % by_when}\n\n{may_come(concern)} {_they_hear()}"
        if KINDS[Kind(concern.kind)].is_statutory:
            # It says itself that they hear.
            thanks = _(
                "Thank you for telling us. A person will look at it. "
                "The law gives us until %(by_when)s to decide.\n\n"
                "We look for it everywhere on this service, and keep from view what is like it "
                "until then. Whatever we decide, you can read it on your private page."
            )
            return f"{thanks % by_when} {may_come(concern)}"
        expected = _(
            "Thank you for telling us. A person will look at it. "
            "We expect to decide by %(by_when)s; this is a usual time, not a promise."
        )
        return f"{expected % by_when}\n\n{may_come(concern)} {_they_hear()}"


def may_come(concern: Concern) -> str:
    """What can come of it (ICU D4, D5), in the language of whoever reads it now."""
    if concern.kind == Kind.INTIMATE_IMAGE:
        return _("We may take it down, or tell you why we do not.")
    if concern.kind == Kind.EXPEDITED:
        return _("We may undo what we did, or find that it was right.")
    match KINDS[Kind(concern.kind)].group:
        case Group.REPORT:
            return _("We may take something down, limit it, or find that it may stay.")
        case Group.APPEAL:
            return _("We may undo what we did, or find that it was right.")
        case Group.COMPLAINT:
            may = _("We may change what we did or how we work, or find that it was right.")
            is_claim = concern.kind == Kind.PROACTIVE_TECHNOLOGY
            return f"{may} {_they_can_claim()}" if is_claim else may


def says_what_may_come(letter: Letter) -> bool:
    """Whether an acknowledgement says what can come of it (ICU D5), as we say it today."""
    with translation.override(letter.concern.language):
        return may_come(letter.concern) in letter.words


def says_that_they_hear(letter: Letter) -> bool:
    """Whether it says that the person will be told the outcome (ICU D5), as we say it today."""
    with translation.override(letter.concern.language):
        return _they_hear() in letter.words


def says_right_to_claim(letter: Letter) -> bool:
    """Whether it says that they can claim for breach of contract (ICU D11), as we do today."""
    with translation.override(letter.concern.language):
        return _they_can_claim() in letter.words


def _they_hear() -> str:
    return _("Whatever we decide, you can read it on your private page.")


def _they_can_claim() -> str:
    return _("If we did not keep to our terms, you can also sue us for breach of contract.")


def outcome_words(concern: Concern, outcome: Outcome, decisions: Sequence[Decision]) -> str:
    """What we found of a report or an appeal, and what we did."""
    with translation.override(concern.language):
        if concern.appeal_id is not None:
            return _of_appeal(outcome)
        if concern.version == "child":
            return _for_child(outcome)
        return f"{_of_report(outcome, decisions)}\n\n{_what_now(outcome)}"


def unfounded_words(concern: Concern, attribute: str) -> str:
    """That we do not look further into it, why, and that this can be wrong."""
    with translation.override(concern.language):
        return _(
            "We read what you told us. We will not look further into it. "
            "We do this only where something is clearly without ground: %(attribute)s\n\n"
            "If we got this wrong, tell us again and say what we missed. "
            "A different person checks what we set aside like this."
        ) % {"attribute": attribute}


def taken_back_words(concern: Concern) -> str:
    """That the outcome they were told does not stand any more."""
    with translation.override(concern.language):
        return _(
            "We have taken back what we decided. We are looking at it again. "
            "You can read here what comes of it."
        )


def changed_words(concern: Concern, outcome: Outcome, decisions: Sequence[Decision]) -> str:
    """What we find now, after we told them something else or took it back."""
    with translation.override(concern.language):
        again = _("We looked again. This is our answer now.")
    return f"{again}\n\n{outcome_words(concern, outcome, decisions)}"


def _by_when(concern: Concern) -> str:
    """A day and time as people say them; the letter may be read later, so no “tomorrow”."""
    due, now = timezone.localtime(concern.due_at), timezone.localtime(concern.received_at)
    return date_format(due, "j F, H:i" if due.year == now.year else "j F Y, H:i")


def letter_subject(letter: Letter) -> str:
    """What the e-mail says before it is opened: nothing that others need not know."""
    concern = letter.concern
    about = {"service": concern.service.name, "reference": concern.reference}
    with translation.override(concern.language):
        if letter.kind == "acknowledged":
            return _("%(service)s: we have what you told us (%(reference)s)") % about
        return _("%(service)s: an answer for you (%(reference)s)") % about


def letter_mail(letter: Letter) -> str:
    """The letter as plain text, with the way to its page and out of these mails (ICU D6)."""
    concern = letter.concern
    with translation.override(concern.language):
        here = _("You can read this again, add to it, or stop these e-mails here:")
        secret = _("Keep this address to yourself: whoever has it can read this.")
    url = status_url(concern)
    return f"{letter.words}\n\n{here}\n{url}\n\n{secret}\n\n{concern.service.name}\n"


def _of_report(outcome: Outcome, decisions: Sequence[Decision]) -> str:
    if outcome is Outcome.NO_ACTION:
        return _(
            "We looked at what you told us about. "
            "We found that it does not break the law or our rules, so it may stay."
        )
    if len(decisions) == 1:
        return _("We looked at what you told us about.") + " " + _what_we_did(decisions[0])
    acted = sum(1 for decision in decisions if decision.enforcement_kind in AGAINST)
    counts = {"acted": acted, "all": len(decisions)}
    return (
        _("We looked at the %(all)s things you told us about. We acted on %(acted)s of them.")
        % counts
    )


def _what_we_did(decision: Decision) -> str:
    is_account = decision.case.subject_kind == ACCOUNT
    match EnforcementKind(decision.enforcement_kind):
        case EnforcementKind.TAKE_DOWN:
            return _("We closed the account.") if is_account else _("We took it down.")
        case EnforcementKind.RESTRICT:
            if is_account:
                return _("We limited what the account can do.")
            return _("We limited who can see it.")
        case _other:
            return _("We put a warning on it.")


def _what_now(outcome: Outcome) -> str:
    if outcome is Outcome.NO_ACTION:
        return _("Thank you for telling us. If you see more of it, please tell us again.")
    return _("Thank you for telling us. It helps to keep others safe.")


def _for_child(outcome: Outcome) -> str:
    if outcome is Outcome.NO_ACTION:
        return _(
            "We looked at what you told us. It does not break the rules, so it can stay. "
            "It was right to tell us. You did nothing wrong."
        )
    return _(
        "We looked at what you told us, and we did something about it. "
        "It was right to tell us. You did nothing wrong."
    )


def _of_appeal(outcome: Outcome) -> str:
    if outcome is Outcome.OVERTURNED:
        return _(
            "A different person looked at it. You were right. We have put back what we took away."
        )
    return _(
        "A different person looked at it. Our decision stays. "
        "You can read why in the message we sent you about it."
    )
