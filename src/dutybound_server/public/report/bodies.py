"""How much a person may send at once: told by its length, before any of it is read."""

from django.http import HttpRequest

LARGEST_BODY = 220 * 1024 * 1024
"""Ten files of the largest size and what is sent around them."""
LONGEST_NUMBER = 18
"""Digits: more fit no row, and thousands of them no number."""


def is_too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        return False
    return len(length) > LONGEST_NUMBER or int(length) > LARGEST_BODY
