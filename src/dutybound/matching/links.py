"""Links: found in text, brought to one form, and compared as a whole or by their parts.

A link is parsed as browsers parse it (WHATWG, through can_ada). Beyond that, what does not change
where it leads is taken away: user name, fragment, a last dot of the host, escapes of plain
letters, and the difference between http and https.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain, islice

import can_ada
from publicsuffixlist import PublicSuffixList

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
# A full stop a browser takes for one, and the ways people write one to slip past a filter.
_DOT = r"(?:[.\u3002\uff0e\uff61]|\[\.\]|\(\.\))"
_REST = r"(?::\d{1,5})?(?:[/?#\\][^\s<>\"]*)?"
_LINK_IN_TEXT = re.compile(
    rf"(?P<schemed>\bh(?:tt|xx)ps?:[/\\]{{1,3}}[^\s<>\"]+)"
    rf"|(?<![\w@.-])(?P<bare>{_LABEL}(?:{_DOT}(?P<ending>{_LABEL}))+{_DOT}?{_REST})",
    re.IGNORECASE,
)
# `mailto:me` has one, `localhost:8000` and `example.org:8000` have a port.
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+-]*:(?!\d)", re.IGNORECASE)
_DEFANGED = re.compile(r"\[\.\]|\(\.\)")
_SENTENCE_MARKS = ".,;:!?'*_~`|\u2019\u201d\u00bb"
_CLOSING = {")": "(", "]": "[", "}": "{"}
_UNRESERVED_ESCAPE = re.compile(r"%(?:2[dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF]|7[eE])")
MAX_PATH_PARTS = 100
"""Of a prefix signal, the host included. So no link needs to be compared by more."""

MOST_LINKS = 50_000
_MOST_NAMES_KEPT = 4096


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


class TooManyLinks(ValueError):
    """More than 50,000 links, or what looks like them, in one item: it cannot be compared."""


def links_in(text: str) -> list[str]:
    """The links a reader would see in a text, also without a scheme, in the one form.

    A text of up to 200,000 characters never raises TooManyLinks.
    """
    return _told(_written_in(text))


def links_told(text: str, sent: Iterable[str]) -> list[str]:
    """All links of an item in the one form: those sent as links, and those in its text.

    What was sent as a link and is none is read as text. Raises TooManyLinks: an item is compared
    as a whole or not at all.
    """
    return _told(chain(chain.from_iterable(map(_sent, sent)), _written_in(text)))


def without_links(text: str) -> str:
    """The text without the links a reader would see in it."""
    bared = {word: _without_its_links(word) for word in _words_that_may_hold_one(text)}
    return " ".join(bared.get(word, word) for word in text.split())


def canonical(link: str) -> str:
    """The one form of a link; ValueError for what no browser would open as a web page."""
    written = link.strip()
    if not written.startswith(("https://", "http://")):
        written = _with_scheme(written)
    if not written.isascii():
        # Half of a surrogate pair is read as browsers read it.
        written = written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "(.)" in written or "[.]" in written:
        written = _DEFANGED.sub(".", written)
    try:
        url = can_ada.parse(written)
    except ValueError:
        raise ValueError(f"expected a web address, got {link[:80]!r}") from None
    host = url.hostname.rstrip(".")
    if not host:
        raise ValueError(f"expected a web address with a host, got {link[:80]!r}")
    port = f":{url.port}" if url.port else ""
    path = url.pathname + url.search
    if "%" in path:
        path = _UNRESERVED_ESCAPE.sub(lambda found: _unescaped(found[0]), path)
    return f"{url.protocol}//{host}{port}{path}"


def clean_prefix(value: str) -> str:
    """A host and the beginning of a path, as stored: no query, no slash at the end."""
    link = canonical(value)
    if "?" in link:
        raise ValueError(f"expected a path without a query, got {value[:80]!r}")
    prefix = link.rstrip("/")
    if address(prefix).count("/") >= MAX_PATH_PARTS:
        # Longer ones are not looked for, so it would never be met.
        raise ValueError(f"expected a path of at most {MAX_PATH_PARTS} parts, got {value[:80]!r}")
    return prefix


def clean_host(value: str) -> str:
    """One host name or address, as stored."""
    host = host_of(canonical(value))
    if canonical(value).rstrip("/").removeprefix("https://") != host:
        raise ValueError(f"expected only a host such as forum.example.org, got {value[:80]!r}")
    return host


def clean_domain(value: str) -> str:
    """A domain that someone registered, as stored; it stands for all hosts below it."""
    host = clean_host(value)
    domain = registered_domain(host)
    if domain is None:
        raise ValueError(f"expected a registered domain such as example.org, got {value[:80]!r}")
    if domain != host:
        raise ValueError(f"expected a registered domain: {host} is a host of {domain}")
    return host


@lru_cache(maxsize=_MOST_NAMES_KEPT)
def registered_domain(host: str) -> str | None:
    """The part of a host name that somebody registered, by the public suffix list.

    Under an ending that the list does not know its own rule for that holds: the ending is a suffix.
    """
    if host.endswith("]") or host.rpartition(".")[2].isdecimal():
        # An address in numbers is below nobody's domain.
        return None
    domain: str | None = _suffixes().privatesuffix(host, accept_unknown=True)
    return domain


def address(link: str) -> str:
    """What is left of a canonical link without its scheme: what two links are compared by."""
    return link[link.index("//") + 2 :]


def longest_prefix(whole: bytes) -> bytes:
    """The longest address a prefix signal could have to match this one: all others begin it."""
    path = whole.partition(b"?")[0].rstrip(b"/")
    if path.count(b"/") >= MAX_PATH_PARTS:
        # Cut at once: one by one, the longer ones would take time by the square of their length.
        path = b"/".join(path.split(b"/", MAX_PATH_PARTS)[:MAX_PATH_PARTS])
    return path


def host_of(link: str) -> str:
    """The host of a canonical link, without its port."""
    host = address(link).partition("/")[0]
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host


def is_same_address(link: str, value: str) -> bool:
    """Whether a link leads to an address."""
    return address(link) == address(value)


def is_below(link: str, prefix: str) -> bool:
    """Whether a link leads to an address or to one below it."""
    return f"{_path(link)}/".startswith(f"{address(prefix)}/")


def is_on_host(link: str, host: str) -> bool:
    """Whether a link leads to a host."""
    return host_of(link) == host


def is_in_domain(link: str, domain: str) -> bool:
    """Whether a link leads to a host of a registered domain."""
    return registered_domain(host_of(link)) == domain


def _path(link: str) -> str:
    """The address of a link as far as its query."""
    return address(link).partition("?")[0].rstrip("/")


def _with_scheme(written: str) -> str:
    if re.match(r"hxxps?:", written, re.IGNORECASE):
        written = "http" + written[4:]
    if _OTHER_SCHEME.match(written):
        raise ValueError(f"expected a web address, got {written[:80]!r}")
    return written if re.match(r"https?:", written, re.IGNORECASE) else "https://" + written


def _told(candidates: Iterable[str | None]) -> list[str]:
    looked_at = list(islice(candidates, MOST_LINKS + 1))
    if len(looked_at) > MOST_LINKS:
        raise TooManyLinks(f"expected at most {MOST_LINKS} links in one item")
    return list(dict.fromkeys(link for link in looked_at if link))


def _sent(link: str) -> Iterable[str | None]:
    known = _canonical_or_none(link)
    return (known,) if known else _written_in(link)


def _written_in(text: str) -> Iterator[str | None]:
    """What looks like a link in a text: in its one form, or None when it is none."""
    for word in _words_that_may_hold_one(text):
        for found in _LINK_IN_TEXT.finditer(word):
            yield _canonical_found(found)


def _words_that_may_hold_one(text: str) -> list[str]:
    # No link has a space in it, and most words can be seen to be none without a closer look.
    return [word for word in text.split() if "." in word or ":" in word or not word.isascii()]


def _without_its_links(word: str) -> str:
    return _LINK_IN_TEXT.sub(lambda found: " " if _canonical_found(found) else found[0], word)


def _without_sentence_marks(link: str) -> str:
    """The link without the comma, full stop or bracket of the sentence around it."""
    unopened = {close: link.count(close) - link.count(_CLOSING[close]) for close in _CLOSING}
    end = len(link)
    while end and (link[end - 1] in _SENTENCE_MARKS or unopened.get(link[end - 1], 0) > 0):
        end -= 1
        if link[end] in unopened:
            unopened[link[end]] -= 1
    return link[:end]


def _canonical_found(found: re.Match[str]) -> str | None:
    ending = found["ending"]
    if ending is None:
        return _canonical_or_none(_without_sentence_marks(found["schemed"]))
    if ending.isascii() and not _is_known_ending(ending.lower()):
        return None
    link = _canonical_or_none(_without_sentence_marks(found["bare"]))
    is_below_known = link is not None and _suffixes().privatesuffix(host_of(link)) is not None
    return link if is_below_known else None


@lru_cache(maxsize=_MOST_NAMES_KEPT)
def _is_known_ending(label: str) -> bool:
    return _suffixes().publicsuffix(label) is not None


def _canonical_or_none(link: str) -> str | None:
    try:
        return canonical(link)
    except ValueError:
        return None


def _unescaped(escape: str) -> str:
    return chr(int(escape[1:], 16))
