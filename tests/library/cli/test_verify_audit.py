"""`dutybound audit-seed`, and what `verify-audit` refuses to read.

Whole bundles are made and altered in tests/server/assurance/test_audit_bundle.py, where they
come from.
"""

import json
import re
from hashlib import sha256
from pathlib import Path

from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dutybound.cases.bundle import AUDIT_FORMAT, MOST_BYTES, manifest_of, packed, statement_of
from dutybound.cli.main import main
from dutybound.ledger.notes import sign, verifier_key

NAME = "ridge.example/journal"
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = str(verifier_key(NAME, SIGNER))


def written(folder: Path, files: dict[str, bytes], *, layout: str = AUDIT_FORMAT) -> str:
    manifest = manifest_of({"audit": "a1", "service": "Ridge Forum"}, files, layout=layout)
    note = sign(statement_of(manifest, layout=layout), name=NAME, key=SIGNER)
    key = str(verifier_key(NAME, SIGNER))
    (folder / "audit.zip").write_bytes(packed(files, manifest=manifest, note=note, key=key))
    return str(folder / "audit.zip")


def test_a_seed_comes_with_its_commitment() -> None:
    answer = CliRunner().invoke(main, ["audit-seed"])

    shown = re.fullmatch(r"seed:       ([0-9a-f]{64})\ncommitment: ([0-9a-f]{64})\n", answer.stdout)
    assert shown is not None
    assert sha256(bytes.fromhex(shown[1])).hexdigest() == shown[2]


def test_the_commitment_of_a_seed_one_has_is_shown() -> None:
    answer = CliRunner().invoke(main, ["audit-seed", "--seed", "AB" * 32])

    assert f"commitment: {sha256(bytes.fromhex('ab' * 32)).hexdigest()}" in answer.stdout


def test_what_is_no_seed_exits_with_2() -> None:
    answer = CliRunner().invoke(main, ["audit-seed", "--seed", "zonk"])

    assert answer.exit_code == 2
    assert "expected a seed of 64 hex digits" in answer.output


def test_an_empty_bundle_verifies_nothing(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["verify-audit", written(tmp_path, {"a.txt": b"a"})])

    assert answer.exit_code == 1
    assert "- checkpoint: it is missing" in answer.stdout
    assert "- audit.json: it is missing" in answer.stdout
    assert "It does not verify" in answer.stdout


def test_files_that_are_not_what_they_should_be_are_named_and_end_nothing(tmp_path: Path) -> None:
    files = {
        "audit.json": b"[]",
        "cases/a.json": b"{",
        "cases/b.json": b"null",
        "checkpoint": b"\xff",
        "entries/7.json": b"[]",
        "entries/8.json": b"{}",
        "entries/8.tlog-proof": b"zonk",
        "findings/ICU-D4.jsonl": b'{"finding": 3}\n',
    }

    answer = CliRunner().invoke(main, ["verify-audit", written(tmp_path, files)])

    assert answer.exit_code == 1, answer.exception
    for name in files:
        named = name.replace(".tlog-proof", ".json")
        assert f"- {named}: " in answer.stdout, name


def test_a_bundle_of_another_kind_exits_with_2(tmp_path: Path) -> None:
    other = written(tmp_path, {"a.txt": b"a"}, layout="dutybound case bundle 1")

    answer = CliRunner().invoke(main, ["verify-audit", other])

    assert answer.exit_code == 2
    assert "expected the format 'dutybound audit bundle 1'" in answer.output


def test_a_bundle_without_its_key_says_that_one_must_be_given(tmp_path: Path) -> None:
    files = {"a.txt": b"a"}
    manifest = manifest_of({}, files, layout=AUDIT_FORMAT)
    note = sign(statement_of(manifest, layout=AUDIT_FORMAT), name=NAME, key=SIGNER)
    (tmp_path / "audit.zip").write_bytes(packed(files, manifest=manifest, note=note, key=""))

    answer = CliRunner().invoke(main, ["verify-audit", str(tmp_path / "audit.zip")])

    assert answer.exit_code == 1
    assert "give one with --key" in answer.stdout


def test_numbers_that_nothing_can_be_computed_with_are_named_and_end_nothing(
    tmp_path: Path,
) -> None:
    capacity = {
        "arrived": 1, "decided": 1, "waiting": 1, "waiting_late": 0, "may_decide": 1,
        "deciding": 1, "days": 0, "looks": 0, "most_looks_a_day": 0,
    }  # fmt: skip
    finding = {
        "measure": "ICU C6", "probe": "capacity", "version": 1, "status": "met", "says": "",
        "figures": [], "inputs": {"capacity": capacity},
    }  # fmt: skip
    files = {
        "audit.json": (
            b'{"population": [], "seed": "%s", "sample": [], "commitment": "", "wanted": 1e999,'
            b' "population_digest": ""}' % (b"0" * 64)
        ),
        "findings/ICU-C6.jsonl": json.dumps({"finding": finding, "entry": 1}).encode(),
    }

    answer = CliRunner().invoke(main, ["verify-audit", written(tmp_path, files)])

    assert answer.exit_code == 1, answer.exception
    for name in files:
        assert f"- {name}: it is not written as expected: " in answer.stdout


def test_a_bundle_writes_nothing_over_what_is_said_of_it(tmp_path: Path) -> None:
    files = {"cases/a.json": json.dumps({"case": "\x1b[2J\rIt verifies."}).encode()}
    manifest = manifest_of({"audit": "\x1b[1A", "service": "\r"}, files, layout=AUDIT_FORMAT)
    note = sign(statement_of(manifest, layout=AUDIT_FORMAT), name=NAME, key=SIGNER)
    path = tmp_path / "audit.zip"
    path.write_bytes(packed(files, manifest=manifest, note=note, key=KEY))

    answer = CliRunner().invoke(main, ["verify-audit", str(path)], color=True)

    assert answer.exit_code == 1
    assert not {"\x1b", "\r"} & set(answer.stdout)


def test_a_file_larger_than_any_bundle_exits_with_2(tmp_path: Path) -> None:
    with (tmp_path / "audit.zip").open("wb") as file:
        file.truncate(MOST_BYTES[AUDIT_FORMAT] + 1)

    answer = CliRunner().invoke(main, ["verify-audit", str(tmp_path / "audit.zip")])

    assert answer.exit_code == 2
    assert "expected at most" in answer.output
