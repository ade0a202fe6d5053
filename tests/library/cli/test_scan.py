"""`dutybound scan`: what it looks at, what it tells, and how it goes on after a kill."""

import json
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from types import FrameType

import pytest
from click.testing import CliRunner, Result

from dutybound.cli import scan as command
from dutybound.cli.files import BadInput
from dutybound.cli.main import main
from dutybound.cli.match import matcher_of
from dutybound.cli.scanning import record, subjects, work, workers
from dutybound.cli.scanning.subjects import Batch, Place, Subject, Unread
from dutybound.cli.scanning.work import LOST, Told, compare
from dutybound.matching import Bank, Effect, Matcher, Signal, SignalKind
from dutybound.matching.bankfiles import write_bank
from tests.library.matching.decoders import DecodedHere
from tests.library.matching.photos import photo

SEED = 20261125
KNOWN, OTHER = f"{3**161:064x}"[-64:], f"{7**91:064x}"[-64:]
Run = Callable[..., Result]


@pytest.fixture
def _decoded_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what is told about files; that they are decoded apart is tested once, with a folder."""
    monkeypatch.setattr(work, "decoders", DecodedHere)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the scan in a folder with a bank that knows one hash, KNOWN."""
    monkeypatch.chdir(tmp_path)
    write("bank.jsonl", Signal(1, SignalKind.PDQ, KNOWN))
    runner = CliRunner()
    return lambda *arguments: runner.invoke(
        main, ["scan", "--bank", "bank.jsonl", "--jobs", "1", *map(str, arguments)]
    )


def write(bank: str, *signals: Signal) -> None:
    with Path(bank).open("wb") as file:
        made = Bank("demo", source="a test", harm="iia", effect=Effect.BLOCK)
        write_bank(file, bank=made, signals=signals)


def told(answer: Result) -> list[dict[str, object]]:
    return list(map(json.loads, answer.stdout.splitlines()))


# What it looks at, and what it tells


def test_a_folder_gives_a_line_for_each_match_and_none_for_what_is_clean(run: Run) -> None:
    Path("folder/inner").mkdir(parents=True)
    for name, seed in (("folder/a.png", 1), ("folder/inner/b.png", 2), ("folder/z.png", 1)):
        photo(seed=seed).save(name)
    pictured = CliRunner().invoke(main, ["hash", "--json", "folder/a.png"])
    pdq = json.loads(pictured.stdout)["frames"][0]["pdq"]
    write("bank.jsonl", Signal(1, SignalKind.PDQ, pdq))

    answer = run("folder")

    assert [line["file"] for line in told(answer)] == ["folder/a.png", "folder/z.png"]
    alone = CliRunner().invoke(main, ["match", "folder/a.png", "-b", "bank.jsonl", "--json"])
    assert answer.stdout.splitlines()[0] == alone.stdout.strip()
    assert "3 seen, 2 matched, 0 not compared" in answer.stderr
    assert answer.exit_code == 1


@pytest.mark.usefixtures("_decoded_here")
def test_what_cannot_be_read_is_told_and_stops_nothing(run: Run) -> None:
    Path("folder").mkdir()
    Path("folder/empty.png").touch()
    Path("outside.png").write_bytes(b"outside")
    os.mkfifo("folder/pipe")
    Path("folder/out").symlink_to("../outside.png")
    Path("folder/round").symlink_to(".")
    Path("list.txt").write_text("gone.png\n\nfolder\nfolder/pipe\nfolder/out\n")

    answer = run("folder", "list.txt")

    assert [(line["file"], line["verdict"], line["note"]) for line in told(answer)] == [
        ("folder/empty.png", None, "It has no bytes."),
        ("folder/out", None, subjects.LEADS_OUT),
        ("folder/pipe", None, subjects.NO_FILE),
        ("gone.png", None, "It could not be read: No such file or directory."),
        ("folder", None, "It could not be read: it is no file with content."),
        ("folder/pipe", None, "It could not be read: it is no file with content."),
        # A link that was named is followed.
        ("folder/out", "allow", "It is not a picture: only exact copies of it are found."),
    ]
    assert answer.exit_code == 2


def test_a_file_that_became_a_link_since_it_was_listed_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")

    answer = compare([subjects.File(str(tmp_path / "link"), was_named=False)], Matcher())

    assert answer.uncompared == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("hashes.txt", f"{OTHER}\n{KNOWN}\nzonk\n"),
        ("hashes.csv", f"hash\n{OTHER}\n{KNOWN.upper()}\nzonk\n"),
        ("named.csv", f"id,quality,pdq\na,100,{OTHER}\n2,50,{KNOWN}\n3,49,{KNOWN}\n"),
    ],
)
def test_hashes_of_a_list_are_compared_as_they_are(run: Run, name: str, content: str) -> None:
    Path(name).write_text(content)

    answer = run(name)

    matched, faulty = told(answer)
    assert matched["file"] == ("3" if name == "hashes.csv" else "2")
    assert matched["verdict"] == "block"
    assert "no PDQ hash" in str(faulty["note"]) or "too plain" in str(faulty["note"])


def test_hashes_that_could_be_names_of_files_are_refused(run: Run) -> None:
    Path(KNOWN).write_bytes(b"zonk")
    Path("list.txt").write_text(f"{KNOWN}\n")

    answer = run("list.txt")

    assert answer.exit_code == 2
    assert "write ./ before names of files" in answer.stderr


@pytest.mark.peers
def test_hashes_of_a_table_are_compared_as_they_are(run: Run) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    hashes = [bytes.fromhex(OTHER), bytes.fromhex(KNOWN), None, bytes.fromhex(KNOWN)]
    columns = {"id": [10, 11, 12, 13], "quality": [100, None, 100, 0], "hash": hashes}
    parquet.write_table(pa.table(columns), "hashes.parquet")
    parquet.write_table(pa.table({"id": ["a"], "pdq": [KNOWN]}), "wrong.parquet")

    answer, wrong = run("hashes.parquet"), run("wrong.parquet")

    assert [line["file"] for line in told(answer)] == ["11", "12", "13"]
    assert "3 seen" not in answer.stderr
    assert "4 seen, 1 matched, 1 not compared" in answer.stderr
    assert "expected the columns id and hash, got id, pdq" in wrong.stderr


@pytest.mark.parametrize(
    ("missing", "arguments"),
    [("pyarrow", ["hashes.parquet"]), ("ray", ["bank.jsonl", "--ray", "127.0.0.1:1"])],
)
def test_what_needs_an_extra_says_which(
    run: Run, monkeypatch: pytest.MonkeyPatch, missing: str, arguments: Sequence[str]
) -> None:
    Path("hashes.parquet").touch()
    monkeypatch.setitem(sys.modules, missing, None)

    answer = run(*arguments)

    assert answer.exit_code == 2
    assert "pip install 'dutybound[bulk]'" in answer.stderr


# Workers that die


class Here:
    """Does the work in this process, and has no worker to lose but those it is told of."""

    losses: tuple[type[Exception], ...] = (ConnectionError,)
    count = 1

    def __init__(self, matcher: Matcher | None = None, *, deadly: str = "") -> None:
        self.matcher = matcher or Matcher()
        self.deadly = deadly

    def submit(self, subjects: Sequence[Subject]) -> "Future[Told]":
        future: Future[Told] = Future()
        try:
            future.set_result(self.alone(subjects))
        except ConnectionError as loss:
            future.set_exception(loss)
        return future

    def alone(self, subjects: Sequence[Subject]) -> Told:
        if Unread(self.deadly, "") in subjects:
            raise ConnectionError
        return compare(subjects, self.matcher)


def test_a_file_that_kills_its_reader_is_told_and_costs_no_other() -> None:
    together = tuple(Unread(name, "") for name in "abcdefg")
    batch = Batch(together, Place(0, 7))

    ((answer, place),) = workers.answers([batch], Here(deadly="e"))

    assert (answer.seen, answer.uncompared, place) == (7, 7, batch.end)
    assert [line for line in map(json.loads, answer.lines) if line["note"]] == [
        {"file": "e", "verdict": None, "matches": [], "set_aside": [], "reasons": [], "note": LOST}
    ]


def test_a_process_that_dies_takes_nothing_with_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("folder").mkdir()
    for number in range(20):
        Path(f"folder/{number:02}").write_bytes(b"")

    def compare_or_die(subjects: Sequence[Subject], matcher: Matcher) -> Told:
        if any("13" in str(subject) for subject in subjects):
            os.kill(os.getpid(), signal.SIGKILL)
        return compare(subjects, matcher)

    # A process that is forked has what its parent has.
    monkeypatch.setattr("dutybound.cli.scanning.workers.compare", compare_or_die)
    answer = run("folder")

    assert [line["file"] for line in told(answer)] == [f"folder/{n:02}" for n in range(20)]
    assert [line["file"] for line in told(answer) if line["note"] == LOST] == ["folder/13"]


def test_it_reads_no_further_ahead_than_memory_allows() -> None:
    read = count()

    def endless() -> Iterator[Batch]:
        for number in read:
            yield Batch((), Place(0, number))

    taken = list(islice(workers.answers(endless(), Here()), 100))

    assert [place.within for _, place in taken] == list(range(100))
    assert next(read) < 100 + workers.BATCHES_AHEAD


# Kills


@pytest.fixture
def hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list with a match in most batches of three."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subjects, "HASHES_TOGETHER", 3)
    chosen = random.Random(SEED)
    lines = [chosen.choice([KNOWN, OTHER, OTHER, "zonk"]) for _ in range(14)]
    (tmp_path / "hashes.csv").write_text("hash\n" + "\n".join(lines))
    write("bank.jsonl", Signal(1, SignalKind.PDQ, KNOWN))
    return tmp_path / "hashes.csv"


def scanned(hashes: Path, out: Path) -> None:
    with record.kept_in(out, job=["a scan"]) as kept:
        if not kept.noted.is_finished:
            command.go_through((hashes,), kept, Here(matcher_of([Path("bank.jsonl")])))


class Lines:
    """Counts the lines of record.py that run, and lets the process be killed at one of them."""

    def __init__(self, *, kill_at: int = -1) -> None:
        self.run = 0
        self.kill_at = kill_at

    def __call__(self, frame: FrameType, event: str, _: object) -> "Lines | None":
        if frame.f_code.co_filename != record.__file__:
            return None
        self.run += event == "line"
        if self.run == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return self


def run_and_killed(hashes: Path, out: Path, *, at: int) -> bool:
    """Scan in a process of its own; whether it came to the line at which it is killed."""

    def scan() -> None:
        sys.settrace(Lines(kill_at=at))
        scanned(hashes, out)

    process = get_context("fork").Process(target=scan)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def lines_of_a_scan(hashes: Path, out: Path) -> int:
    lines, before = Lines(), sys.gettrace()
    sys.settrace(lines)
    scanned(hashes, out)
    sys.settrace(before)
    return lines.run


def test_killed_at_any_line_it_ends_as_if_nothing_had_happened(hashes: Path) -> None:
    lines = lines_of_a_scan(hashes, Path("undisturbed"))
    whole = Path("undisturbed").read_bytes()

    for at in random.Random(SEED).sample(range(1, lines + 1), 15):
        out = Path(f"out{at}")
        assert run_and_killed(hashes, out, at=at)
        scanned(hashes, out)
        assert out.read_bytes() == whole, f"killed at line {at} of {lines}"

    assert whole.count(b"\n") > 4


def test_killed_again_and_again_it_ends_all_the_same(hashes: Path) -> None:
    lines = lines_of_a_scan(hashes, Path("undisturbed"))
    chosen, kills = random.Random(SEED), 0

    while run_and_killed(hashes, Path("out"), at=chosen.randrange(1, lines // 2)):
        kills += 1

    assert Path("out").read_bytes() == Path("undisturbed").read_bytes()
    assert kills > 1


@pytest.mark.usefixtures("_decoded_here")
def test_a_file_that_could_hide_something_is_no_clean_scan(run: Run) -> None:
    photo(seed=1).save("cut.png")
    Path("cut.png").write_bytes(Path("cut.png").read_bytes()[:-500])
    Path("words.pdf").write_bytes(b"%PDF-1.7 plain")

    cut, document = run("cut.png"), run("words.pdf")

    assert (cut.exit_code, document.exit_code) == (2, 0)
    assert "1 seen, 0 matched, 1 not compared" in cut.stderr


def test_a_scan_that_is_done_has_nothing_left_to_do(run: Run) -> None:
    Path("hashes.txt").write_text(f"{KNOWN}\nzonk\n")
    first = run("hashes.txt", "--out", "out")
    written = Path("out").read_bytes()

    again = run("hashes.txt", "--out", "out")

    assert first.exit_code == again.exit_code == 1
    assert again.stderr == f"It was finished before, so nothing is looked at again:\n{first.stderr}"
    assert Path("out").read_bytes() == written


@pytest.mark.parametrize(
    ("trouble", "code", "why"),
    [(KeyboardInterrupt(), 130, "Stopped."), (OSError(28, "No space left"), 2, "No space left")],
)
def test_what_stops_a_scan_is_no_match_and_it_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch, trouble: BaseException, code: int, why: str
) -> None:
    Path("hashes.txt").write_text(f"{KNOWN}\n")

    def stop(*_: object) -> None:
        raise trouble

    with monkeypatch.context() as patch:
        patch.setattr(record.Kept, "keep", stop)
        stopped = run("hashes.txt", "--out", "out")

    assert stopped.exit_code == code
    assert why in stopped.stderr
    assert "The same command goes on from here" in stopped.stderr
    assert run("hashes.txt", "--out", "out").exit_code == 1


def another_bank() -> None:
    write("bank.jsonl", Signal(1, SignalKind.PDQ, OTHER))


def another_list() -> None:
    Path("hashes.txt").write_text(OTHER)


def no_note() -> None:
    Path("out.progress").unlink()


def odd_note() -> None:
    Path("out.progress").write_text("[]")


def lost_answers() -> None:
    Path("out").write_text("")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (another_bank, "is of another scan"),
        (another_list, "is of another scan"),
        (no_note, "not from a scan that could go on"),
        (odd_note, "is not how far a scan has come"),
        (lost_answers, "is shorter than was noted: it has 0 of"),
    ],
)
def test_nothing_goes_on_from_what_does_not_fit(
    run: Run, change: Callable[[], None], why: str
) -> None:
    Path("hashes.txt").write_text(f"{KNOWN}\n")
    run("hashes.txt", "--out", "out")
    change()
    written = Path("out").read_bytes()

    answer = run("hashes.txt", "--out", "out")

    assert answer.exit_code == 2
    assert why in answer.stderr
    assert Path("out").read_bytes() == written


def test_two_scans_do_not_write_to_one_file(hashes: Path) -> None:
    def refused() -> None:
        with pytest.raises(BadInput, match="Another scan is writing"):
            scanned(hashes, Path("out"))

    with record.kept_in(Path("out"), job=["a scan"]):
        other = get_context("fork").Process(target=refused)
        other.start()
        other.join()

    assert other.exitcode == 0
