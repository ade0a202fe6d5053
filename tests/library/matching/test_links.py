"""Links are found as a reader sees them, and compared as a browser would follow them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutybound.matching import (
    BadSignal,
    Bank,
    Content,
    Effect,
    Matcher,
    Signal,
    SignalKind,
    clean_value,
    links,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://Example.org/A?b#c.", ["https://example.org/A?b"]),
        (
            "see example.org, or www.example.org/a!",
            ["https://example.org/", "https://www.example.org/a"],
        ),
        ("(https://en.example.org/wiki/A_(b))", ["https://en.example.org/wiki/A_(b)"]),
        ("<a href='http://example.org/a'>", ["http://example.org/a"]),
        ("[this](https://example.org/a)", ["https://example.org/a"]),
        ("**https://example.org/a**", ["https://example.org/a"]),
        ("http://\uff25\uff38ample.org:80/a/../b/./c", ["http://example.org/b/c"]),
        ("http:\\\\example.org\\a", ["http://example.org/a"]),
        ("https://user:word@example.org./%7Ea%2f", ["https://example.org/~a%2f"]),
        ("hxxps://bad[.]example[.]org/x", ["https://bad.example.org/x"]),
        ("bad(.)example.org", ["https://bad.example.org/"]),
        (
            "bücher.de and пример.рф",
            ["https://xn--bcher-kva.de/", "https://xn--e1afmkfd.xn--p1ai/"],
        ),
        ("example。org", ["https://example.org/"]),
        ("http://0x7f.1/a http://[::1]:8000/", ["http://127.0.0.1/a", "http://[::1]:8000/"]),
        ("https://example.org/a https://example.org/a", ["https://example.org/a"]),
        ("me@example.org node.js e.g. 3.14 so.This a.b", []),
        ("https:// http://[ https://%%", []),
        ("", []),
    ],
)
def test_links_are_found_in_text(text: str, found: list[str]) -> None:
    assert links.links_in(text) == found


def meets(link: str, kind: SignalKind, value: str) -> bool:
    matcher = Matcher()
    matcher.put_bank(1, Bank("demo", "a test", "fraud", Effect.BLOCK))
    matcher.add(1, [Signal(1, kind, clean_value(kind, value))])
    return bool(matcher.match(Content(links=(link,))))


@pytest.mark.parametrize(
    ("kind", "value", "met", "not_met"),
    [
        (
            SignalKind.URL,
            "http://bad.example.org/a?b=1#top",
            ["https://BAD.example.org/a?b=1", "http://bad.example.org:80/x/../%61?b=1"],
            [
                "http://bad.example.org/a",
                "http://bad.example.org/A?b=1",
                "http://example.org/a?b=1",
            ],
        ),
        (
            SignalKind.URL_PREFIX,
            "https://bad.example.org/a/b/",
            ["bad.example.org/a/b", "http://bad.example.org/a/b/c/d?e", "bad.example.org/a/b?c"],
            ["bad.example.org/a", "bad.example.org/a/bc", "x.bad.example.org/a/b"],
        ),
        (
            SignalKind.URL_PREFIX,
            "bad.example.org",
            ["bad.example.org", "bad.example.org/a", "bad.example.org?x"],
            ["bad.example.org:8080/a", "bad.example.organic/a"],
        ),
        (
            SignalKind.HOST,
            "Bad.Example.org.",
            ["http://bad.example.org:8080/a", "bad.example.org?b"],
            ["example.org", "x.bad.example.org"],
        ),
        (
            SignalKind.DOMAIN,
            "example.co.uk",
            ["example.co.uk", "https://a.b.example.co.uk/c"],
            ["example2.co.uk", "co.uk", "example.uk"],
        ),
        (SignalKind.HOST, "127.0.0.1", ["http://2130706433/x"], ["http://127.0.0.2"]),
        (
            SignalKind.DOMAIN,
            "bad-deals.example",
            ["https://www.bad-deals.example/a"],
            ["https://other.example", "see bad-deals.example"],
        ),
        (SignalKind.DOMAIN, "bücher.de", ["xn--bcher-kva.de", "www.BÜCHER.de"], ["bucher.de"]),
        (SignalKind.DOMAIN, "someone.github.io", ["a.someone.github.io"], ["other.github.io"]),
    ],
)
def test_a_link_is_compared_by_its_whole_its_path_its_host_or_its_domain(
    kind: SignalKind, value: str, met: list[str], not_met: list[str]
) -> None:
    for link in met:
        assert meets(link, kind, value), link
    for link in not_met:
        assert not meets(link, kind, value), link


@pytest.mark.parametrize(
    ("kind", "value", "complaint"),
    [
        (SignalKind.URL, "ftp://example.org/", "expected a web address"),
        (SignalKind.URL, "javascript:alert(1)", "expected a web address"),
        (SignalKind.URL, "mailto:me@example.org", "expected a web address"),
        (SignalKind.URL, "", "expected a web address"),
        (SignalKind.URL, "https://", "expected a web address"),
        (SignalKind.URL_PREFIX, "example.org/a?b", "expected a path without a query"),
        (SignalKind.URL_PREFIX, "example.org" + "/a" * 100, "at most 100 parts"),
        (SignalKind.HOST, "example.org/a", "expected only a host"),
        (SignalKind.HOST, "example.org:8080", "expected only a host"),
        (SignalKind.DOMAIN, "github.io", "expected a registered domain"),
        (SignalKind.DOMAIN, "localhost", "expected a registered domain"),
        (SignalKind.DOMAIN, "127.0.0.1", "expected a registered domain"),
        (SignalKind.DOMAIN, "[::1]", "expected a registered domain"),
        (SignalKind.DOMAIN, "example", "expected a registered domain"),
        (SignalKind.DOMAIN, "www.example.org", "www.example.org is a host of example.org"),
    ],
)
def test_a_value_that_is_no_link_of_its_kind_is_refused(
    kind: SignalKind, value: str, complaint: str
) -> None:
    with pytest.raises(BadSignal, match=complaint):
        clean_value(kind, value)


def test_a_link_sent_as_one_may_be_a_sentence_with_one_in_it() -> None:
    assert meets("look: bad.example.org/a now", SignalKind.HOST, "bad.example.org")


def test_the_longest_prefix_is_met_far_above_the_end_of_a_path() -> None:
    longest = "example.org" + "/a" * 99

    assert meets(longest + "/a" * 3000, SignalKind.URL_PREFIX, longest)
    assert not meets(longest + "b", SignalKind.URL_PREFIX, longest)


def test_half_a_surrogate_pair_hides_no_link() -> None:
    assert meets("https://bad.example.org/\ud800", SignalKind.HOST, "bad.example.org")
    assert links.links_in("so: bad.example.org/\ud800") == ["https://bad.example.org/%EF%BF%BD"]


def test_an_item_of_more_links_than_can_be_compared_is_refused_not_passed() -> None:
    longest_text = "a.b " * 50_000

    assert links.links_told(longest_text, []) == []
    with pytest.raises(links.TooManyLinks, match="at most 50000 links"):
        Matcher().match(Content(text=longest_text, links=("example.org",)))


def test_what_was_sent_as_a_link_comes_before_what_the_text_holds() -> None:
    told = links.links_told("example.org and b.example.org", ["http://a.example.org", "no link"])

    assert told == ["http://a.example.org/", "https://example.org/", "https://b.example.org/"]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet="ab.:/\\?#@[]()%4é。 \u200b", max_size=40))
def test_any_text_has_links_in_their_one_form_or_none(text: str) -> None:
    for link in links.links_in("https://a.org/" + text):
        assert links.canonical(link) == link
        assert links.host_of(link)
