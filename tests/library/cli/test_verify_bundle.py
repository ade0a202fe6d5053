"""`dutybound verify-bundle`: what it says, and how it exits."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dutybound.cases.bundle import manifest_of, packed, statement_of
from dutybound.cli.main import main
from dutybound.ledger.notes import sign, verifier_key

NAME = "ridge.example/journal"
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = verifier_key(NAME, SIGNER)
OTHER = verifier_key(NAME, Ed25519PrivateKey.from_private_bytes(bytes(32)))
FILES = {"case.json": b"{}\n"}
MANIFEST = manifest_of({"case": "4f2c", "service": "Ridge Forum"}, FILES)


def bundle(folder: Path, *, signed: bytes = MANIFEST, **changes: object) -> str:
    note = sign(statement_of(signed), name=NAME, key=SIGNER)
    parts = {"manifest": MANIFEST, "note": note, "key": str(KEY), **changes}
    (folder / "case.zip").write_bytes(packed(parts.pop("files", FILES), **parts))  # type: ignore[arg-type]
    return str(folder / "case.zip")


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["verify-bundle", *arguments])


def test_a_good_bundle_exits_with_0_and_says_what_its_own_key_proves(tmp_path: Path) -> None:
    answer = verify(bundle(tmp_path))

    assert answer.exit_code == 0
    assert "It verifies" in answer.stdout
    assert "shows only that the bundle fits itself" in answer.stdout


def test_a_given_key_is_trusted_without_a_caution(tmp_path: Path) -> None:
    answer = verify(bundle(tmp_path), "--key", str(KEY), "--json")

    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["verifies"], told["key_was_given"]) == (0, True, True)


@pytest.mark.parametrize(
    ("changes", "arguments", "finding"),
    [
        ({"files": {"case.json": b"[]\n"}}, [], "was changed"),
        ({"files": {}}, [], "missing"),
        ({"signed": b"{}"}, [], "another manifest"),
        ({"note": "none\n"}, [], "does not verify"),
        ({"key": ""}, [], "give one with --key"),
        ({}, ["--key", str(OTHER)], "did not sign it"),
    ],
)
def test_a_bundle_that_is_not_as_signed_for_exits_with_1(
    tmp_path: Path, changes: dict[str, object], arguments: list[str], finding: str
) -> None:
    answer = verify(bundle(tmp_path, **changes), *arguments)  # type: ignore[arg-type]

    assert answer.exit_code == 1
    assert finding in answer.stdout
    assert "It does not verify" in answer.stdout


def test_what_is_no_bundle_exits_with_2(tmp_path: Path) -> None:
    (tmp_path / "case.zip").write_bytes(b"no zip")

    answer = verify(str(tmp_path / "case.zip"))

    assert answer.exit_code == 2
    assert "Cannot read the bundle: expected a zip" in answer.output
