"""Links: found in text, brought to one form, and compared as a whole or by their parts.

A link is parsed as browsers parse it (WHATWG, through can_ada). Beyond that, what does not change
where it leads is taken away: user name, fragment, a last dot of the host, escapes of plain
letters, and the difference between http and https.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

import can_ada
from publicsuffixlist import PublicSuffixList

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
# A full stop a browser takes for one, and the ways people write one to slip past a filter.
_DOT = r"(?:[.\u3002\uff0e\uff61]|\[\.\]|\(\.\))"
_REST = r"(?::\d{1,5})?(?:[/?#\\][^\s<>\"]*)?"
_LINK_IN_TEXT = re.compile(
    rf"(?P<schemed>\bh(?:tt|xx)ps?:[/\\]{{1,3}}[^\s<>\"]+)"
    rf"|(?<![\w@.-])(?P<bare>{_LABEL}(?:{_DOT}{_LABEL})+{_DOT}?{_REST})",
    re.IGNORECASE,
)
# `mailto:me` has one, `localhost:8000` and `example.org:8000` have a port.
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+-]*:(?!\d)", re.IGNORECASE)
_DEFANGED = re.compile(r"\[\.\]|\(\.\)")
_SENTENCE_MARKS = ".,;:!?'*_~`|\u2019\u201d\u00bb"
_CLOSING = {")": "(", "]": "[", "}": "{"}
_UNRESERVED_ESCAPE = re.compile(r"%(?:2[dDeE]|3[0-9]|[46][1-9a-fA-F]|[57][0-9aA]|5[fF]|7[eE])")
MAX_PATH_SEGMENTS = 100


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def links_in(text: str) -> list[str]:
    """The links a reader would see in a text, also without a scheme, in the one form."""
    found = (_canonical_or_none(link) for link in _candidates(text))
    return list(dict.fromkeys(link for link in found if link))


def links_sent(link: str) -> list[str]:
    """A link sent as one, in the one form; what it holds as text when it is none."""
    known = _canonical_or_none(link)
    return [known] if known else links_in(link)


def canonical(link: str) -> str:
    """The one form of a link; ValueError for what no browser would open as a web page."""
    written = link.strip()
    if re.match(r"hxxps?:", written, re.IGNORECASE):
        written = "http" + written[4:]
    if _OTHER_SCHEME.match(written):
        raise ValueError(f"expected a web address, got {link[:80]!r}")
    if not re.match(r"https?:", written, re.IGNORECASE):
        written = "https://" + written
    try:
        url = can_ada.parse(_DEFANGED.sub(".", written))
    except ValueError:
        raise ValueError(f"expected a web address, got {link[:80]!r}") from None
    host = url.hostname.rstrip(".")
    if not host:
        raise ValueError(f"expected a web address with a host, got {link[:80]!r}")
    port = f":{url.port}" if url.port else ""
    path = _UNRESERVED_ESCAPE.sub(lambda found: _unescaped(found[0]), url.pathname + url.search)
    return f"{url.protocol}//{host}{port}{path}"


def clean_prefix(value: str) -> str:
    """A host and the beginning of a path, as stored: no query, no slash at the end."""
    link = canonical(value)
    if "?" in link:
        raise ValueError(f"expected a path without a query, got {value[:80]!r}")
    return link.rstrip("/")


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
    return link.split("//", 1)[1]


def prefixes(link: str) -> Iterator[str]:
    """Every address a prefix signal could have to match this link, shortest first."""
    path = address(link).split("?", 1)[0].rstrip("/")
    return accumulate(path.split("/")[:MAX_PATH_SEGMENTS], "{}/{}".format)


def host_of(link: str) -> str:
    """The host of a canonical link, without its port."""
    host = re.split(r"[/?]", address(link), maxsplit=1)[0]
    return re.sub(r":\d+$", "", host)


def _candidates(text: str) -> Iterator[str]:
    for found in _LINK_IN_TEXT.finditer(text):
        if found["schemed"]:
            yield _without_sentence_marks(found["schemed"])
        elif _has_known_ending(found["bare"]):
            yield _without_sentence_marks(found["bare"])


def _without_sentence_marks(link: str) -> str:
    """The link without the comma, full stop or bracket of the sentence around it."""
    unopened = {close: link.count(close) - link.count(_CLOSING[close]) for close in _CLOSING}
    end = len(link)
    while end and (link[end - 1] in _SENTENCE_MARKS or unopened.get(link[end - 1], 0) > 0):
        end -= 1
        if link[end] in unopened:
            unopened[link[end]] -= 1
    return link[:end]


def _has_known_ending(bare: str) -> bool:
    link = _canonical_or_none(_without_sentence_marks(bare))
    return link is not None and _suffixes().privatesuffix(host_of(link)) is not None


def _canonical_or_none(link: str) -> str | None:
    try:
        return canonical(link)
    except ValueError:
        return None


def _unescaped(escape: str) -> str:
    return chr(int(escape[1:], 16))
