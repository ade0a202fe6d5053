"""What a service puts beside its items: small, without script, and leading to its own form."""

from html.parser import HTMLParser
from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import Client, override_settings

from dutybound_server.casework.actions.desks import desk_of
from dutybound_server.casework.models import Concern, Draft
from dutybound_server.casework.snippets import component_snippet, html_snippet, link_snippet
from dutybound_server.public.report.colours import text_on
from tests.cast import Cast
from tests.server.public.test_report import ADULT, WORDS, begin, fill

FIVE_KB = 5 * 1024


class Read(HTMLParser):
    """The tags of a snippet, and the fields that its form sends."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fields: dict[str, str] = {}
        self.action = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        assert not any(name.startswith("on") or name == "style" for name in found)
        if name := found.get("name"):
            self.fields[name] = found.get("value") or ""
        self.action = found.get("action") or self.action


def test_the_snippet_has_no_script_and_is_small_in_each_language(cast: Cast) -> None:
    desk = desk_of(cast.ridge)
    for language in ("en", "cy"):
        snippet = html_snippet(desk, language=language)

        assert len(snippet.encode()) < FIVE_KB
        assert not {"script", "style", "iframe"} & set(Read(snippet).tags)
        assert "999" in snippet


def test_what_the_snippet_sends_begins_a_form(cast: Cast) -> None:
    read = Read(html_snippet(desk_of(cast.ridge)))
    path = read.action.partition("testserver")[2]

    answer = Client(enforce_csrf_checks=True).post(path, {**read.fields, "words": "A zonk."})

    assert answer.status_code == 302
    assert "A zonk." in Draft.objects.get().answers
    assert '"channel": "widget"' in Draft.objects.get().answers


def test_a_widget_hands_over_the_words_and_the_page_asks_the_rest(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    form = begin(browser, words=WORDS, **{"from": "widget"})
    fill(browser, form, {name: said for name, said in ADULT.items() if name != "words"})
    browser.post(f"{form}check/")

    assert (Concern.objects.get().words, Concern.objects.get().channel) == (WORDS, "widget")


def test_a_name_of_a_service_cannot_break_out_of_a_snippet(cast: Cast) -> None:
    desk = desk_of(cast.ridge)
    desk.service.slug = '"><script>'

    for snippet in (html_snippet(desk), link_snippet(desk), component_snippet(desk)):
        assert "<script>" not in snippet


def test_the_component_is_small_and_asks_no_page_for_a_looser_policy() -> None:
    found = finders.find("dutybound-report.js")
    assert isinstance(found, str)
    script = Path(found).read_text()

    assert len(script.encode()) < FIVE_KB
    for loose in ("eval(", "innerHTML", "iframe", "style=", "fetch("):
        assert loose not in script


def test_pages_of_the_form_stand_in_no_frame(cast: Cast, client: Client) -> None:
    page = client.get("/report/ridge/")

    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_words_can_be_read_on_whatever_colour_a_service_has(cast: Cast, client: Client) -> None:
    desk = desk_of(cast.ridge)
    assert [text_on(one) for one in ("#ffff00", "#000080", "#777777")] == [
        "#000000",
        "#ffffff",
        "#000000",
    ]
    desk.colour = "}*{x:y}"  # as much as the column holds
    desk.save()

    css = client.get("/report/ridge/colours.css").content.decode()

    assert "x:y" not in css


@override_settings(ORIGIN="https://safety.example.org")
def test_the_guide_prints_what_the_server_makes(cast: Cast) -> None:
    desk = desk_of(cast.ridge)
    guide = (Path(__file__).parents[3] / "docs/how-to/report-form.md").read_text()

    for made in (link_snippet(desk), html_snippet(desk), component_snippet(desk)):
        assert made in guide
