"""Every address of the installation by its name, filled in with what a service has."""

from collections.abc import Iterator

from django.urls import URLResolver, get_resolver, reverse

from tests.security.doors.world import MANY, Things


def pages(
    found: URLResolver | None = None, *, space: str = "", outer: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    """Every address of the installation, with the names of the parts that vary in it."""
    for each in (found or get_resolver()).url_patterns:
        parts = outer | set(each.pattern.converters) | set(each.pattern.regex.groupindex)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from pages(each, space=inner, outer=parts)
        else:
            yield f"{space}{each.name}", parts


PARTS = dict(pages())


def rows(table: str) -> dict[str, dict[str, str]]:
    """Page → request → the letters of those who may."""
    heading, *lines = (line.split() for line in table.strip().splitlines())
    return {page: dict(zip(heading[1:], who, strict=True)) for page, *who in lines}


def address(page: str, things: Things, **changes: object) -> str:
    """The page about what the service has."""
    arguments = {**things.arguments(page), **changes}
    return reverse(page, kwargs={name: arguments[name] for name in PARTS[page]})


def absent(part: object) -> object:
    """Something of the same sort that nobody has."""
    return MANY if isinstance(part, int) else "nothing-of-this-name"
