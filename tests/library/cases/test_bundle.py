"""A bundle shows what was changed, added or left out, and nothing unpacks without a limit."""

import io
import zipfile

import pytest

from dutybound.cases import bundle
from dutybound.cases.bundle import BadBundle, as_text, manifest_of, opened, packed, statement_of

FILES = {"case.json": b"{}\n", "case.txt": b"none\n"}
MANIFEST = manifest_of({"case": "4f2c"}, FILES)


def packed_as(**changes: bytes) -> bytes:
    files = {**FILES, **{name.replace("_", "."): one for name, one in changes.items()}}
    return packed(files, manifest=MANIFEST, note="a note", key="a key")


def test_what_was_packed_is_read_again() -> None:
    found = opened(packed_as())

    assert (found.findings, dict(found.files)) == ((), FILES)
    assert (found.statement, found.note, found.key) == (
        statement_of(MANIFEST), "a note", "a key",
    )  # fmt: skip
    assert found.manifest["case"] == "4f2c"
    assert packed_as() == packed_as()


def test_a_changed_an_added_and_a_missing_file_are_each_named() -> None:
    changed = opened(packed_as(case_json=b"[]\n", more_txt=b"")).findings
    missing = opened(packed({}, manifest=MANIFEST, note="", key="")).findings

    assert sorted(changed) == [
        "case.json was changed: its SHA-256 is not the one in the manifest.",
        "more.txt is not named in the manifest.",
    ]
    assert len(missing) == 2


def zipped(*files: tuple[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in files:
            archive.writestr(name, one)
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a zip",
        packed_as()[:-30],
        zipped(("case.json", b"{}")),
        zipped(("manifest.json", b"{"), ("signature.note", b"")),
        zipped(("manifest.json", b'{"files": []}'), ("signature.note", b"")),
        zipped(("manifest.json", MANIFEST), ("signature.note", b"\xff")),
        zipped(*((f"{number}", b"") for number in range(101))),
    ],
)
def test_what_is_no_bundle_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(BadBundle, match="expected"):
        opened(content)


def test_a_bundle_that_grows_too_large_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MOST_BYTES", {bundle.FORMAT: 1000})

    with pytest.raises(BadBundle, match="at most 1,000 bytes"):
        opened(zipped(("manifest.json", bytes(2000))))


def test_a_case_is_written_for_reading_too() -> None:
    case = {"opened_at": "today", "decisions": [{"rule": "Be kind", "reasons": "a\nb"}], "told": []}

    assert as_text(case) == (
        "opened at: today\ndecisions:\n  1:\n    rule: Be kind\n    reasons: a\n      b\n"
        "told:\n  none\n"
    )
