"""What a service puts beside its items: a link, a form without script, or the web component.

`ITEM_TOKEN` stands for the item's signed token (`item_tokens.py`), `ITEM_ID` for anything that
tells this item from the others on the page.
"""

from django.conf import settings
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from dutybound_server.casework.models import Desk

ITEM_TOKEN, ITEM_ID = "ITEM_TOKEN", "ITEM_ID"


def report_url(desk: Desk) -> str:
    return f"{settings.ORIGIN}/report/{desk.service.slug}/"


def link_snippet(desk: Desk, *, language: str = "en") -> str:
    """A link, for pages with no room."""
    with translation.override(language):
        return format_html(
            '<a href="{}?item={}&amp;lang={}">{}</a>',
            report_url(desk), ITEM_TOKEN, language, _("Report"),
        )  # fmt: skip


def html_snippet(desk: Desk, *, language: str = "en") -> str:
    """A small form in a fold: own words at once, the rest on our page. No script, no style."""
    with translation.override(language):
        return format_html(
            _SNIPPET,
            action=report_url(desk),
            token=ITEM_TOKEN,
            id=ITEM_ID,
            language=language,
            report=_("Report"),
            danger=_("Is someone in danger now? Call 999 first."),
            ask=_("What is wrong? Use your own words."),
            go=_("Continue"),
        )


def component_snippet(desk: Desk, *, language: str = "en") -> str:
    """The web component, with a link inside for browsers without JavaScript."""
    return format_html(
        '<script src="{origin}{script}" defer></script>\n'
        '<dutybound-report service="{slug}" item="{token}" lang="{language}">'
        "{link}</dutybound-report>\n",
        origin=settings.ORIGIN,
        script=static("dutybound-report.js"),
        slug=desk.service.slug,
        token=ITEM_TOKEN,
        language=language,
        link=link_snippet(desk, language=language),
    )


_SNIPPET = """\
<details lang="{language}">
<summary>{report}</summary>
<form method="post" action="{action}" target="_blank">
<input type="hidden" name="item" value="{token}">
<input type="hidden" name="from" value="widget">
<input type="hidden" name="lang" value="{language}">
<p>{danger}</p>
<p><label for="report-{id}">{ask}</label></p>
<p><textarea id="report-{id}" name="words" rows="4" maxlength="20000"></textarea></p>
<p><button>{go}</button></p>
</form>
</details>
"""
