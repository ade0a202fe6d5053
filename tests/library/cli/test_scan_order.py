"""A scan's order: from any place it goes on with all of the rest, and nothing twice."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutybound.cli.scanning import subjects
from dutybound.cli.scanning.subjects import Batch, Place, batches

TREES = st.recursive(
    st.just(b""),
    lambda inner: st.dictionaries(st.sampled_from(["a", "a.b", "b", "é", "-", "B"]), inner),
    max_leaves=12,
)


@settings(max_examples=25, deadline=None)
@given(tree=st.dictionaries(st.sampled_from(["a", "a b", "c"]), TREES))
def test_from_any_place_of_a_folder_it_goes_on_with_all_of_the_rest(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, object]
) -> None:
    top = tmp_path_factory.mktemp("top")
    plant(tree, top)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "FILES_TOGETHER", 1)
        whole = list(batches([top], after=None))

        assert set(files_of(whole)) == {path for path in top.rglob("*") if path.is_file()}
        for done, batch in enumerate(whole, start=1):
            assert list(batches([top], after=batch.end)) == whole[done:]


def files_of(found: list[Batch]) -> list[Path]:
    each = [subject for batch in found for subject in batch.subjects]
    return [Path(subject.path) for subject in each if isinstance(subject, subjects.File)]


def plant(tree: object, at: Path) -> None:
    if isinstance(tree, bytes):
        at.write_bytes(tree)
    elif isinstance(tree, dict):
        at.mkdir(exist_ok=True)
        for name, inner in tree.items():
            plant(inner, at / name)


def test_files_that_came_meanwhile_move_no_other(tmp_path: Path) -> None:
    for name in ("b", "d"):
        (tmp_path / name).touch()
    place = Place(0, ["b"])
    for name in ("a", "c"):
        (tmp_path / name).touch()

    rest = list(batches([tmp_path], after=place))

    assert files_of(rest) == [tmp_path / "c", tmp_path / "d"]
