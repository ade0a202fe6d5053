"""An audit as a file: what it holds, what it masks, and that any change of it is named."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import LazySettings, settings
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from dutybound.cases.bundle import AUDIT_FORMAT, manifest_of, packed, statement_of
from dutybound.cli.main import main
from dutybound.evidence.draws import draw
from dutybound.ledger.notes import sign
from dutybound_server.assurance.actions.audits import note_look
from dutybound_server.assurance.audit_bundle import NotReady, audit_bundle, heads
from dutybound_server.assurance.audited_cases import case_for_auditor
from dutybound_server.assurance.models import Audit
from dutybound_server.casework.models import Case
from dutybound_server.journal.actions import seal
from dutybound_server.journal.models import Entry
from dutybound_server.journal.queries import journal_key, journal_origin, newest_checkpoint
from dutybound_server.journal.witnesses.actions import ask_witnesses
from tests.cast import Cast, on_stage
from tests.library.ledger.witnesses import witness as a_key
from tests.server.assurance.audits import LATER, WORDS, busy_service, drawn, opened
from tests.server.journal.story import take_the_guards_away
from tests.server.journal.witnessing import a_witness, policy_with

Files = dict[str, bytes]


def bundle_of(audit: Audit) -> bytes:
    return audit_bundle(audit, under=heads())


def files_in(bundle: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def verify(folder: Path, bundle: bytes, *arguments: str) -> Result:
    (folder / "audit.zip").write_bytes(bundle)
    return CliRunner().invoke(main, ["verify-audit", str(folder / "audit.zip"), *arguments])


def verdict(folder: Path, bundle: bytes, *arguments: str) -> dict[str, Any]:
    answer = verify(folder, bundle, "--json", *arguments)
    told: dict[str, Any] = json.loads(answer.stdout)
    assert answer.exit_code == (0 if told["verifies"] else 1)
    return told


def signed_again(files: Mapping[str, bytes]) -> bytes:
    """What a service that wants to look good could hand out: changed, and signed anew."""
    whole = dict(files)
    about = json.loads(whole.pop("manifest.json"))
    for name in ("signature.note", "key.txt"):
        whole.pop(name)
    told = {name: about[name] for name in about if name not in {"format", "files"}}
    manifest = manifest_of(told, whole, layout=AUDIT_FORMAT)
    head = newest_checkpoint()
    statement = statement_of(manifest, layout=AUDIT_FORMAT)
    note = sign(statement, name=journal_origin(head), key=settings.JOURNAL_KEY)
    return packed(whole, manifest=manifest, note=note, key=str(journal_key(head)))


@dataclass(frozen=True, slots=True)
class World:
    """A busy service, the audit of it, and the bundle of that."""

    cast: Cast
    cases: Mapping[str, Case]
    audit: Audit
    bundle: bytes


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One for all tests here; what a test changes in it is undone after that test."""
    with django_db_blocker.unblock(), transaction.atomic():
        theirs = on_stage()
        cases = busy_service(theirs)
        audit = drawn(theirs, now=LATER)
        yield World(theirs, cases, audit, bundle_of(audit))
        transaction.set_rollback(True)


@pytest.fixture
def cast(world: World, db: None) -> Cast:
    return world.cast


@pytest.fixture
def cases(world: World) -> Mapping[str, Case]:
    return world.cases


@pytest.fixture
def audit(world: World, db: None) -> Audit:
    return Audit.objects.get(pk=world.audit.pk)


@pytest.fixture
def bundle(world: World, db: None) -> bytes:
    return world.bundle


# A good one


def test_a_bundle_verifies_and_says_what_it_does_not_show(
    bundle: bytes, audit: Audit, tmp_path: Path
) -> None:
    told = verdict(tmp_path, bundle)

    assert told["wrong"] == []
    assert (told["verifies"], told["population"], told["cases"]) == (True, 3, 3)
    assert told["sample"] == audit.sample
    assert told["steps"] > 8
    assert told["findings"] == told["findings_recomputed"] > 0
    assert any("no witness signed it" in one for one in told["not_checked"])


def test_in_words_it_says_that_its_own_key_proves_little(bundle: bytes, tmp_path: Path) -> None:
    key = str(journal_key(newest_checkpoint()))

    without, given = (verify(tmp_path, bundle, *arguments) for arguments in ((), ("--key", key)))

    assert "It verifies" in without.stdout
    assert "shows only that the bundle fits itself" in without.stdout
    assert "shows only that the bundle fits itself" not in given.stdout
    assert "What this does not show:" in given.stdout


def test_the_same_records_give_the_same_bytes(bundle: bytes, audit: Audit) -> None:
    assert bundle_of(audit) == bundle


def test_it_verifies_where_no_server_and_no_django_is(bundle: bytes, tmp_path: Path) -> None:
    (tmp_path / "audit.zip").write_bytes(bundle)
    program = """
import sys
sys.modules["django"] = None
from dutybound.cli.main import main
try:
    main(["verify-audit", sys.argv[1]])
except SystemExit as end:
    assert not any(name.startswith("dutybound_server") for name in sys.modules)
    raise
"""

    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "audit.zip")],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert ran.returncode == 0, ran.stderr
    assert "It verifies" in ran.stdout


def test_before_the_draw_and_before_its_sealing_there_is_no_bundle(cast: Cast) -> None:
    with pytest.raises(NotReady, match="Draw the sample first"):
        bundle_of(opened(cast, now=LATER))
    before = heads()
    audit = drawn(cast, now=LATER)
    with pytest.raises(NotReady, match="being sealed"):
        audit_bundle(audit, under=before)


def test_a_bundle_is_made_under_what_witnesses_saw_and_held_against_a_policy(
    audit: Audit, tmp_path: Path, settings: LazySettings
) -> None:
    with a_witness(tmp_path / "witness") as ngo:
        settings.WITNESSES = policy_with(ngo)
        assert ask_witnesses(now=LATER) == 1
        note_look(audit=audit, thing="case:a", now=LATER)
        seal(now=LATER)
        bundle = bundle_of(audit)
        names = [(f"w{number}", one.key) for number, one in enumerate(ngo.signers)]
    policy = tmp_path / "policy"

    def asked(quorum: str, *witnesses: str) -> dict[str, Any]:
        lines = [f"log {journal_key(newest_checkpoint())}", *witnesses, f"quorum {quorum}"]
        policy.write_text("\n".join([*lines, ""]))
        return verdict(tmp_path, bundle, "--policy", str(policy))

    seen = asked("w0", *(f"witness {name} {key}" for name, key in names))
    assert (seen["verifies"], seen["witnessed_by"][0], seen["key_was_given"]) == (True, "w0", True)
    assert not any("witness" in one for one in seen["not_checked"])
    unseen = asked("w0", f"witness w0 {a_key(7).key}")
    assert [one["file"] for one in unseen["wrong"]] == ["checkpoint"]
    without = verdict(tmp_path, bundle)["not_checked"][0]
    assert "give a policy with their keys" in without


# What it masks


def test_nobody_is_named_unless_that_was_granted(bundle: bytes) -> None:
    whole = b"".join(files_in(bundle).values()).decode()

    for words in ("bram", "cleo", "example.com", "satire", "zonk of a walker", WORDS, "Mo", "Nell"):
        assert f'"{words}"' not in whole, words
    for words in ("@example.com", "satire", "zonk of a walker", "I was cruel"):
        assert words not in whole, words
    assert "masked]" in whole
    assert "salts" not in " ".join(files_in(bundle))


def test_what_was_granted_is_shown_with_its_salts_and_held_against_the_journal(
    cast: Cast, cases: Mapping[str, Case], tmp_path: Path
) -> None:
    audit = drawn(cast, sees_personal=True, now=LATER)
    bundle = bundle_of(audit)
    files = files_in(bundle)

    reported = json.loads(files[f"cases/{cases['reported'].reference}.json"])
    received = next(step for step in reported["steps"] if step["kind"] == "concern.received")
    assert received["words"]["words"] == received["personal"]["words"] == WORDS
    assert f"entries/{received['entry']}.salts.json" in files
    assert verdict(tmp_path, bundle)["wrong"] == []

    name = f"cases/{cases['reported'].reference}.json"
    files[name] = files[name].replace(b"and I was cruel", b"and I was right")
    wrong = verdict(tmp_path, signed_again(files))["wrong"]
    assert [(one["file"], "digest of something else" in one["says"]) for one in wrong] == [
        (name, True)
    ]


def test_of_something_restricted_no_word_is_shown_even_when_words_were_granted(
    cast: Cast, cases: Mapping[str, Case]
) -> None:
    audit = drawn(cast, sees_personal=True, now=LATER)

    told = case_for_auditor(cases["restricted"], audit)
    files = files_in(bundle_of(audit))

    assert cases["restricted"].reference in audit.sample
    assert told["masked"]
    assert told["content"] == {"note": "Not shown: this kind of content is shown to no auditor."}
    assert cases["restricted"].subject not in json.dumps(told)
    assert not any(f"entries/{step['entry']}.salts.json" in files for step in told["steps"])


def test_a_case_is_told_from_its_first_entry_to_its_appeal(
    audit: Audit, cases: Mapping[str, Case]
) -> None:
    told = case_for_auditor(cases["appealed"], audit)

    kinds = [step["kind"] for step in told["steps"]]
    assert [kind for kind in kinds if kind.startswith(("case.dec", "appeal", "notice"))] == [
        "case.decided", "notice.created", "appeal.lodged", "case.decided", "notice.created",
    ]  # fmt: skip
    decided = next(step for step in told["steps"] if step["kind"] == "case.decided")
    assert decided["words"]["reasons"] == ("It says zonk to a person. I asked [left out] before.")
    times = {one["what"]: one for one in told["times"]}
    assert times["appeal answered by another person"]["took_seconds"] == 3600
    assert times["first decision of the case"]["in_time"] is True


# A changed one


def changed(name: str, change: Callable[[Any], None]) -> Callable[[Files], str]:
    """Change the JSON of the first file of that beginning; the answer is its name."""

    def alter(files: Files) -> str:
        found = next(one for one in sorted(files) if one.startswith(name))
        lines = files[found].decode().splitlines() if found.endswith(".jsonl") else []
        told = json.loads(lines[0] if lines else files[found])
        change(told)
        files[found] = (
            "\n".join([json.dumps(told), *lines[1:]]) if lines else json.dumps(told)
        ).encode()
        return found

    return alter


def removed(beginning: str, ending: str = "") -> Callable[[Files], str]:
    def alter(files: Files) -> str:
        found = next(
            one for one in sorted(files) if one.startswith(beginning) and one.endswith(ending)
        )
        del files[found]
        return found

    return alter


def steered(audit: Any) -> None:  # noqa: ANN401 - JSON
    """The sample that another seed draws, as if it had been that seed."""
    audit["seed"] = "0" * 64
    audit["sample"] = list(draw(audit["population"], seed="0" * 64, wanted=1))


def smaller(audit: Any) -> None:  # noqa: ANN401 - JSON
    audit["population"] = audit["population"][:-1]


def better(line: Any) -> None:  # noqa: ANN401 - JSON
    line["finding"]["status"] = "met"
    line["finding"]["says"] = "All is well."


def fewer(case: Any) -> None:  # noqa: ANN401 - JSON
    case["steps"].pop()


def sooner(case: Any) -> None:  # noqa: ANN401 - JSON
    case["steps"][-1]["at"] = "2001-01-01T10:00:00.000000Z"


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (changed("audit.json", steered), "the seed is not the one that was committed to"),
        (changed("audit.json", smaller), "the population is not the one that was fixed"),
        (changed("audit.json", lambda one: one.pop("seed")), "not written as expected"),
        (changed("findings/", better), "the journal holds the digest of another finding"),
        (changed("findings/", better), "computed again"),
        (changed("cases/", fewer), "it leaves out what the journal has"),
        (changed("cases/", sooner), "at: the journal has"),
        (changed("entries/", lambda one: one.update(at="x")), "its proof does not verify"),
        (removed("entries/", ".tlog-proof"), "its proof is missing"),
        (removed("cases/"), "of which no file came along"),
        (removed("audit.json"), "it is missing"),
        (removed("checkpoint"), "it is missing"),
    ],
)
def test_what_was_changed_is_named_though_the_service_signed_it_again(
    bundle: bytes, tmp_path: Path, alter: Callable[[Files], str], said: str
) -> None:
    files = files_in(bundle)
    name = alter(files)

    told = verdict(tmp_path, signed_again(files))

    assert not told["verifies"]
    assert any(said in one["says"] for one in told["wrong"]), told["wrong"]
    stem = name.removesuffix(".tlog-proof")
    named = [one["file"] for one in told["wrong"]] + [one["says"] for one in told["wrong"]]
    assert any(stem.removesuffix(".json").rpartition("/")[2] in one for one in named)


def test_a_file_of_each_kind_that_is_touched_without_signing_again_is_named(
    bundle: bytes, tmp_path: Path
) -> None:
    files = files_in(bundle)
    of_each_kind = {(Path(name).parent, Path(name).suffix): name for name in files}
    for name in of_each_kind.values():
        touched = {**files, name: files[name][:-2] + b"~\n"}
        with zipfile.ZipFile(tmp_path / "audit.zip", "w") as archive:
            for one, content in touched.items():
                archive.writestr(one, content)

        answer = CliRunner().invoke(main, ["verify-audit", str(tmp_path / "audit.zip")])

        assert answer.exit_code in {1, 2}, name
        assert name in answer.output or name == "manifest.json", name


def test_a_finding_of_another_version_of_its_probe_is_left_open(
    bundle: bytes, tmp_path: Path
) -> None:
    files = files_in(bundle)
    changed("findings/", lambda line: line["finding"].update(version=99))(files)

    told = verdict(tmp_path, signed_again(files))

    assert any("it was found by version 99 of the probe" in one for one in told["not_checked"])


def test_what_is_no_bundle_exits_with_2(tmp_path: Path) -> None:
    answer = verify(tmp_path, b"no zip")

    assert answer.exit_code == 2
    assert "Cannot read the bundle: expected a zip" in answer.output


def test_an_entry_whose_row_was_changed_goes_along_and_is_named(
    audit: Audit, tmp_path: Path
) -> None:
    entry = Entry.objects.filter(kind="case.decided").first()
    assert entry is not None
    take_the_guards_away()
    Entry.objects.filter(pk=entry.pk).update(actor="staff:99")

    told = verdict(tmp_path, bundle_of(audit))

    assert f"entries/{entry.number}.json" in [one["file"] for one in told["wrong"]]


def test_what_is_sealed_later_does_not_change_what_was_drawn(audit: Audit, tmp_path: Path) -> None:
    note_look(audit=audit, thing="case:a", now=LATER)
    seal(now=LATER)

    assert verdict(tmp_path, bundle_of(audit))["sample"] == audit.sample
