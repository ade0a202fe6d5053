"""A file is kept under its name, and says what it is by the end of that name."""

import pytest

from dutybound_server.lib.downloads import download


def test_a_file_is_kept_under_its_name_and_says_what_it_is() -> None:
    answer = download(b"{}", name="entry-17.disclosure.json")

    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="entry-17.disclosure.json"'


def test_a_name_cannot_end_the_header_it_stands_in() -> None:
    assert download("", name='a"; x="b.csv')["Content-Disposition"].count('"') == 4


def test_a_file_of_no_known_kind_is_not_given() -> None:
    with pytest.raises(KeyError):
        download("<script></script>", name="page.html")
