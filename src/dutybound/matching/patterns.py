"""Regular expressions, by RE2: a search takes time in proportion to the text, whatever they say."""

from typing import Protocol

import re2

MAX_PROGRAM_STEPS = 2000
"""Size of a compiled pattern. `a{1000}` has about 1,000 steps."""


class Pattern(Protocol):
    """The part of a compiled pattern that is used here."""

    def search(self, text: bytes) -> object | None:
        """Where the pattern is first found, or None."""


def clean_pattern(value: str) -> str:
    """The pattern as written, once RE2 takes it; ValueError says why it does not."""
    compiled = compile_pattern(value)
    if compiled.search(b"") is not None:
        raise ValueError(f"expected a pattern that does not match an empty text, got {value!r}")
    return value


def compile_pattern(value: str) -> Pattern:
    """A pattern that can be searched in UTF-8, whatever the case of its letters."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    try:
        compiled = re2.compile(value.encode(), options)
    except re2.error as error:
        raise ValueError(f"expected a regular expression of RE2's syntax: {_said(error)}") from None
    if compiled.programsize > MAX_PROGRAM_STEPS:
        raise ValueError(
            f"expected a pattern of at most {MAX_PROGRAM_STEPS} steps, got {compiled.programsize}"
        )
    pattern: Pattern = compiled
    return pattern


def _said(error: Exception) -> str:
    said = error.args[0]
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
