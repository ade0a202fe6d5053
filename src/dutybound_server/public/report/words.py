"""What things are called on the form: short words, in every language we have."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dutybound.cases.kinds import Kind

Words = Mapping[str, str | Promise]

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "cy": "Cymraeg"})

DONT_KNOW = "unknown"

# What it is about, as the first question puts it.
LAW, CHILDREN, INTIMATE, COMPLAINT = "law", "children", "intimate", "complaint"
SORTS: Words = MappingProxyType(
    {
        LAW: _("I think it may be against the law"),
        CHILDREN: _("It can harm a child"),
        INTIMATE: _("A private picture was shared and I did not say yes"),
        COMPLAINT: _("I want to complain about how this site works"),
        DONT_KNOW: _("I do not know"),
    }
)
SORTS_FOR_CHILD: Words = MappingProxyType(
    {
        "mean": _("Someone is mean to me"),
        "asks": _("Someone wants me to do things I do not like"),
        "picture": _("A private picture of me"),
        "scary": _("It is scary"),
        "sad": _("It is about being sad or getting hurt"),
        DONT_KNOW: _("I do not know"),
    }
)

HARMS_BY_LAW: Words = MappingProxyType(
    {
        "harassment": _("Threats, abuse or stalking"),
        "hate": _("Hate against a group of people"),
        "fraud": _("A scam"),
        "suicide_self_harm": _("It tells people to hurt or kill themselves"),
        "csea": _("Sexual abuse of a child"),
        "csea_grooming": _("An adult who may want to hurt a child"),
        "ccb": _("A partner or someone at home who controls a person"),
        "cyberflashing": _("Someone sent a nude picture nobody asked for"),
        "extreme_porn": _("Very cruel sexual pictures"),
        "sexual_exploitation_adults": _("An adult is used for sex or forced into it"),
        "human_trafficking": _("People are sold or forced to work"),
        "terrorism": _("Terror"),
        "weapons": _("Guns, knives and other weapons"),
        "drugs": _("Drugs"),
        "animal_cruelty": _("Hurting animals"),
        "unlawful_immigration": _("Bringing people into the country unlawfully"),
        "proceeds_of_crime": _("Stolen money or goods"),
        "foreign_interference": _("Lies spread for another state"),
        "other_illegal": _("Something else that may be against the law"),
        DONT_KNOW: _("I do not know"),
    }
)
HARMS_FOR_CHILDREN: Words = MappingProxyType(
    {
        "bullying": _("Bullying"),
        "suicide": _("It makes suicide look good"),
        "self_harm": _("It makes self-harm look good"),
        "eating_disorder": _("It makes it look good to starve"),
        "pornography": _("Porn"),
        "abuse": _("Abuse because of who someone is"),
        "hate_content": _("Hate because of who people are"),
        "violence_instructions": _("It tells people to hurt others"),
        "violence_people": _("People badly hurt"),
        "violence_animals": _("Animals badly hurt"),
        "dangerous_stunts": _("Risky stunts and dares"),
        "harmful_substances": _("It tells people to take harmful things"),
        "ndc_body_stigma": _("It shames people for their body"),
        "ndc_depression": _("It makes people feel hopeless"),
        "ndc_other": _("Something else that can harm children"),
        DONT_KNOW: _("I do not know"),
    }
)

APPEAL = "appeal"
COMPLAINTS: Words = MappingProxyType(
    {
        APPEAL: _("You took down my post or acted on my account"),
        Kind.DUTIES: _("You do not keep people safe, or you are hard to report to"),
        Kind.PROACTIVE_TECHNOLOGY: _("A machine checked my post in a way your rules do not allow"),
        Kind.AGE: _("You got my age wrong"),
        Kind.CATEGORY_1_TERMS: _("You did not keep to your own rules"),
        Kind.CATEGORY_1_NEWS: _("You acted on a news site"),
        Kind.CATEGORY_1_JOURNALISTIC: _("You acted on journalism"),
        Kind.CATEGORY_1_DEMOCRATIC: _("You acted on political speech"),
    }
)

# What is named on the status page and in the receipt.
KINDS: Words = MappingProxyType(
    {
        Kind.ILLEGAL_CONTENT: pgettext_lazy("kind", "A report"),
        Kind.HARMFUL_TO_CHILDREN: pgettext_lazy("kind", "A report"),
        Kind.INTIMATE_IMAGE: _("A report of a private picture"),
        Kind.EXPEDITED: _("A fast complaint about a private picture"),
        Kind.APPEAL_ITEM: _("An appeal"),
        Kind.APPEAL_ACCOUNT: _("An appeal"),
    }
)
A_COMPLAINT = _("A complaint")


def kind_name(kind: str) -> str | Promise:
    """What a person calls it; all the other kinds are complaints."""
    return KINDS.get(kind, A_COMPLAINT)


def harm_name(harm: str) -> str | Promise:
    """The plain name of a kind of harm; empty where nobody named one."""
    return {**HARMS_FOR_CHILDREN, **HARMS_BY_LAW}.get(harm, "")
