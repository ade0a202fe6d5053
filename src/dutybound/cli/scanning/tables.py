"""Rows of hashes in parquet, a batch at a time; needs the optional pyarrow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dutybound.cli.files import BadInput

Row = tuple[str, str | bytes | None, int | None]
"""The id, the hash in hex or as 32 bytes, and the quality if the table has one."""

_ROWS_READ_TOGETHER = 65_536


def rows_of_parquet(path: Path, *, after: int) -> Iterator[tuple[int, Row]]:
    """Each row with its number from 1, behind the number given."""
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise BadInput(
            f"{path}: reading parquet needs pyarrow: pip install 'dutybound[bulk]'."
        ) from None
    try:
        with parquet.ParquetFile(path) as table:
            yield from _rows(table, path, after)
    except (ArrowException, OSError) as error:
        raise BadInput(f"{path}: it cannot be read as parquet: {error}") from None


def _rows(table: Any, path: Path, after: int) -> Iterator[tuple[int, Row]]:  # noqa: ANN401
    names = table.schema_arrow.names
    if not {"id", "hash"} <= set(names):
        raise BadInput(f"{path}: expected the columns id and hash, got {', '.join(names)}.")
    wanted = [name for name in ("id", "hash", "quality") if name in names]
    number = 0
    for read in table.iter_batches(batch_size=_ROWS_READ_TOGETHER, columns=wanted):
        if number + read.num_rows <= after:
            number += read.num_rows
            continue
        columns = [read.column(name).to_pylist() for name in wanted]
        for row in zip(*columns, strict=True):
            number += 1
            if number > after:
                yield number, (str(row[0]), *row[1:], *([None] * (3 - len(row))))
