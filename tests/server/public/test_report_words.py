"""What the public pages say is short and plain, also for a child, and whole in Welsh."""

import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from types import ModuleType

import pytest
from django.test import Client
from django.utils import timezone

from dutybound.cases.kinds import Kind
from dutybound_server.casework.actions.concerns import take_concern
from dutybound_server.casework.actions.letters import write_letter
from dutybound_server.casework.hearing import Subject, Told
from dutybound_server.casework.models import Concern
from dutybound_server.public.report.order import STEPS
from tests import make
from tests.cast import Cast
from tests.server.public.test_report import begin, set_desk
from tests.translations import APPS, catalogue_of, messages_of, mo_of

# textstat imports it, and reading grades need nothing of it; new setuptools no longer bring it.
sys.modules.setdefault("pkg_resources", ModuleType("pkg_resources"))
import textstat  # type: ignore[import-untyped]  # noqa: E402

HARDEST = {"adult": 6.0, "child": 4.0}
LONGEST_SENTENCE = 25
SHORTEST_SENTENCE = 4
EM_DASH = "\u2014"
BLOCKS = re.compile(r"</?(?:p|li|h\d|dt|dd|div|legend|label|button|option|section|br)\b[^>]*>")
ADULT_SORTS = ("intimate", "law", "children", "complaint")

INTIMATE = {
    "age": {"adults": "yes"},
    "who": {"role": "subject"},
    "declare": {"declared": "yes"},
}
"""What leads from a private picture to all its pages."""


def sentences_in(page: str) -> list[str]:
    """What the page says itself; numbers, names, addresses and dates left out."""
    main = re.sub(r"<(textarea|bdi|nav).*?</\1>", " ", page.partition("<main")[2], flags=re.DOTALL)
    main = re.sub(r'<(strong|a) [^>]*?(?:class="(?:mono|reach)").*?</\1>', " ", main)
    pieces = [re.sub(r"<[^>]+>", " ", piece) for piece in BLOCKS.split("<" + main)]
    said = [" ".join(unescape(piece).split()) for piece in pieces]
    return [
        re.sub(r"https?://\S+|\d[\d:]*", "", one) for one in said if re.search(r"[a-z]{2}", one)
    ]


def grade_of(page: str) -> float:
    """Of whole sentences alone: buttons and headings of a word or two would flatter the page."""
    said = [one for text in sentences_in(page) for one in re.split(r"(?<=[.?:])\s", text)]
    whole = [one.rstrip(".?!:") for one in said if len(one.split()) >= SHORTEST_SENTENCE]
    return float(textstat.flesch_kincaid_grade(". ".join(whole) + "."))


def pages(cast: Cast, version: str, *, language: str = "en") -> Iterator[tuple[str, str]]:
    """Every page a person of that version can come to, each with its name."""
    browser = Client()
    set_desk(cast.ridge, offers_block=True, languages=["cy"])
    asked = {"for": version, "lang": language}
    yield "start", browser.get("/report/ridge/", asked).content.decode()
    yield "gone", browser.get("/report/ridge/nobody/words/").content.decode()
    form = begin(browser, **asked)
    steps = {step.name for step in STEPS}
    for sort in ADULT_SORTS if version == "adult" else ("mean",):
        browser.post(f"{form}words/", {"words": "A zonk."})
        browser.post(f"{form}kind/", {"sort": sort})
        browser.post(f"{form}complaint/", {"complaint": "appeal"})
        for name, said in INTIMATE.items():
            browser.post(f"{form}{name}/", said)
        for name in sorted(steps):
            answer = browser.get(f"{form}{name}/")
            if answer.status_code == 200:
                yield f"{name} after {sort}", answer.content.decode()
        yield "words missing", browser.post(f"{form}words/", {"words": ""}).content.decode()
    for name, said in {"places": {}, "files": {}, "reply": {"reply": "page"}}.items():
        browser.post(f"{form}{name}/", said)
    browser.post(f"{form}appeal/")
    yield "check", browser.get(f"{form}check/").content.decode()
    yield "sent", browser.post(f"{form}check/", follow=True).content.decode()
    yield from told_pages(browser, Concern.objects.latest("pk"))
    late = told(cast, version, language)
    yield from told_pages(browser, late, name="late")


def told(cast: Cast, version: str, language: str) -> Concern:
    told = Told(
        kind=Kind.INTIMATE_IMAGE, words="A zonk.", channel="page", email="a@example.com",
        version=version, language=language, answers=make.DECLARED,
        subjects=(Subject("address", "https://ridge.example/p/1"),),
    )  # fmt: skip
    past = timezone.now() - timedelta(days=5)
    return take_concern(service=cast.ridge, told=told, now=past).concern


def told_pages(browser: Client, concern: Concern, name: str = "told") -> Iterator[tuple[str, str]]:
    here = f"/told/{concern.token}/"
    yield name, browser.get(here).content.decode()
    yield f"{name}, take back", browser.get(f"{here}withdraw/").content.decode()
    write_letter(concern=concern, kind="outcome", words="We took it down.", now=timezone.now())
    Concern.objects.filter(pk=concern.pk).update(decided_at=timezone.now())
    yield f"{name}, decided", browser.get(here).content.decode()


@pytest.mark.parametrize("version", ["adult", "child"])
def test_every_page_can_be_read_at_the_age_it_is_for(cast: Cast, version: str) -> None:
    grades = {name: grade_of(page) for name, page in pages(cast, version)}

    assert len(grades) > 12
    assert {name: grade for name, grade in grades.items() if grade > HARDEST[version]} == {}


@pytest.mark.parametrize("version", ["adult", "child"])
def test_no_sentence_is_long_and_nothing_shouts(cast: Cast, version: str) -> None:
    said = {one for _, page in pages(cast, version) for one in sentences_in(page)}
    sentences = [one for text in said for one in re.split(r"(?<=[.?:])\s", text)]

    assert [one for one in sentences if len(one.split()) > LONGEST_SENTENCE] == []
    assert [one for one in said if "!" in one or EM_DASH in one] == []


@pytest.mark.parametrize("app", APPS)
def test_all_that_is_said_is_said_in_welsh_too_and_compiled(app: str) -> None:
    catalogue = catalogue_of(app)
    known = {(entry.msgctxt or "", entry.msgid) for entry in catalogue if entry.msgstr}

    # Else: python -m tests.translations, and translate what it adds.
    assert messages_of(app) - known == set()
    assert catalogue.to_binary() == mo_of(app).read_bytes()


@pytest.mark.parametrize("app", APPS)
def test_welsh_names_the_same_values_as_english(app: str) -> None:
    value = re.compile(r"%\(\w+\)s|<[^>]+>")

    assert [
        entry.msgid
        for entry in catalogue_of(app)
        if sorted(value.findall(entry.msgid)) != sorted(value.findall(entry.msgstr))
    ] == []


def test_a_person_who_chose_welsh_reads_welsh_to_the_end(cast: Cast) -> None:
    for name, page in pages(cast, "adult", language="cy"):
        if name == "gone":
            continue
        assert '<html lang="cy">' in page, name
        assert "Diolch" in page or "Gadael y dudalen" in page, name
        assert "Continue" not in page, name


def test_who_is_a_trusted_flagger_can_be_read_by_anybody(cast: Cast) -> None:
    make.flagger(cast.ridge, by=cast.ada, first_in_queue=True, now=timezone.now())

    assert grade_of(Client().get("/flaggers/ridge/").content.decode()) <= HARDEST["adult"]


class Outline(HTMLParser):
    """What helps somebody who listens to a page: headings, names of fields, ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.ids: list[str | None] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.described: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.headings += [tag] if tag == "h1" else []
        self.ids += [found["id"]] if found.get("id") else []
        if tag == "label":
            self.labelled.add(found.get("for") or "")
        if tag in {"input", "textarea", "select"} and found.get("type") != "hidden":
            self.fields.append(found)
        self.described |= set((found.get("aria-describedby") or "").split())


@pytest.mark.parametrize("version", ["adult", "child"])
def test_a_page_that_is_listened_to_has_one_heading_and_names_its_fields(
    cast: Cast, version: str
) -> None:
    for name, page in pages(cast, version):
        outline = Outline(page)

        assert len(outline.headings) == 1, name
        assert len(outline.ids) == len(set(outline.ids)), name
        assert {str(one.get("id")) for one in outline.fields} <= outline.labelled, name
        assert outline.described <= set(outline.ids), name
